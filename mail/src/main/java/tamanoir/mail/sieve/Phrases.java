package tamanoir.mail.sieve;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds variables (RFC 5229 §3) and encoded characters (RFC 5228 §2.4.2.4) in the strings of a script.
final class Phrases {
    private final Compiler compiler;

    Phrases(Compiler compiler) {
        this.compiler = compiler;
    }

    /// @throws Wrong when an encoded character is none
    Phrase of(Argument.Text text) {
        String value = text.value();
        if (compiler.has("encoded-character") && value.contains("${")) {
            value = decoded(value, text.place());
        }
        return compiler.has("variables") && value.contains("${") ? template(value, text.place()) : Phrase.of(value);
    }

    // ---- encoded characters -------------------------------------------------------------------------------------

    private static String decoded(String text, Place place) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf("${", at);
            if (open < 0) {
                return out.append(text, at, text.length()).toString();
            }
            int close = text.indexOf('}', open);
            Optional<String> characters =
                    close < 0 ? Optional.empty() : characters(text.substring(open + 2, close), place);
            if (characters.isPresent()) {
                out.append(text, at, open).append(characters.get());
                at = close + 1;
            } else {
                out.append(text, at, open + 2);
                at = open + 2;
            }
        }
    }

    private static Optional<String> characters(String inside, Place place) {
        int colon = inside.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String kind = inside.substring(0, colon);
        boolean hex = kind.equalsIgnoreCase("hex");
        if (!hex && !kind.equalsIgnoreCase("unicode")) {
            return Optional.empty();
        }
        String[] numbers = inside.substring(colon + 1).strip().split("[ \\t\\r\\n]+");
        List<Integer> values = new ArrayList<>();
        for (String number : numbers) {
            if (number.isEmpty()
                    || (hex && number.length() > 2)
                    || !number.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                return Optional.empty();
            }
            String plain = number.replaceFirst("^0+(?=.)", "");
            values.add(plain.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(plain, 16));
        }
        if (hex) {
            byte[] octets = new byte[values.size()];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) (int) values.get(i);
            }
            try {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(java.nio.ByteBuffer.wrap(octets))
                        .toString());
            } catch (CharacterCodingException e) {
                // What is no UTF-8 is no text; whoever needs a name of it will say so.
                return Optional.of(new String(octets, StandardCharsets.UTF_8));
            }
        }
        StringBuilder text = new StringBuilder();
        for (int value : values) {
            if (value > Character.MAX_CODE_POINT || (value >= 0xD800 && value <= 0xDFFF)) {
                throw new Wrong(place, "invalid unicode character in encoded character substitution: " + inside);
            }
            text.appendCodePoint(value);
        }
        return Optional.of(text.toString());
    }

    // ---- variables -----------------------------------------------------------------------------------------------

    private sealed interface Piece {
        record Plain(String text) implements Piece {}

        record Matched(int number) implements Piece {}

        record Variable(String name) implements Piece {}

        record Environment(String item) implements Piece {}

        record Foreign(String space, String name) implements Piece {}
    }

    private record Template(List<Piece> pieces) implements Phrase {
        @Override
        public String in(Run run) {
            StringBuilder text = new StringBuilder();
            for (Piece piece : pieces) {
                text.append(
                        switch (piece) {
                            case Piece.Plain(String plain) -> plain;
                            case Piece.Matched(int number) -> run.matched(number);
                            case Piece.Variable(String name) ->
                                name.regionMatches(true, 0, "global.", 0, 7)
                                        ? run.global(name.substring(7))
                                        : run.variable(name);
                            case Piece.Environment(String item) ->
                                run.host().environment(item).orElse("");
                            case Piece.Foreign(String space, String name) ->
                                run.host().variable(space, name).orElse("");
                        });
            }
            return text.toString();
        }

        @Override
        public Optional<String> constant() {
            return Optional.empty();
        }
    }

    private Phrase template(String text, Place place) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("${", at);
            int close = open < 0 ? -1 : text.indexOf('}', open);
            if (close < 0) {
                plain.append(text, at, text.length());
                break;
            }
            String inside = text.substring(open + 2, close);
            Optional<Piece> piece = piece(inside, place);
            if (piece.isPresent()) {
                plain.append(text, at, open);
                if (!plain.isEmpty()) {
                    pieces.add(new Piece.Plain(plain.toString()));
                    plain.setLength(0);
                }
                pieces.add(piece.get());
                at = close + 1;
            } else {
                plain.append(text, at, open + 2);
                at = open + 2;
            }
        }
        if (pieces.isEmpty()) {
            return Phrase.of(plain.toString());
        }
        if (!plain.isEmpty()) {
            pieces.add(new Piece.Plain(plain.toString()));
        }
        return new Template(List.copyOf(pieces));
    }

    private Optional<Piece> piece(String inside, Place place) {
        if (!inside.isEmpty() && inside.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String number = inside.replaceFirst("^0+(?=.)", "");
            if (number.length() > 2 || Integer.parseInt(number) > 99) {
                throw new Wrong(place, "match value index " + number + " is out of range (max=99)");
            }
            return Optional.of(new Piece.Matched(Integer.parseInt(number)));
        }
        if (isName(inside)) {
            return Optional.of(new Piece.Variable(inside));
        }
        int dot = inside.indexOf('.');
        if (dot <= 0) {
            return Optional.empty();
        }
        String space = inside.substring(0, dot);
        String rest = inside.substring(dot + 1);
        if (space.equalsIgnoreCase("global") && isName(rest) && compiler.has("include")) {
            return Optional.of(new Piece.Variable("global." + rest));
        }
        if (space.equalsIgnoreCase("env") && compiler.has("vnd.dovecot.environment") && isDotted(rest)) {
            return Optional.of(new Piece.Environment(rest.replace('_', '-')));
        }
        if (compiler.language().hasNamespace(space) && isDotted(rest)) {
            return Optional.of(new Piece.Foreign(space, rest));
        }
        if (isName(space) && isDotted(rest)) {
            throw new Wrong(place, "the variable namespace '" + space + "' is unknown");
        }
        return Optional.empty();
    }

    private static boolean isDotted(String text) {
        for (String one : text.split("\\.", -1)) {
            if (!isName(one)) {
                return false;
            }
        }
        return true;
    }

    /// RFC 5229 §3: a letter or underline, then letters, digits, underlines.
    static boolean isName(String text) {
        return !text.isEmpty()
                && (text.charAt(0) == '_' || isLetter(text.charAt(0)))
                && text.chars().allMatch(c -> c == '_' || isLetter(c) || (c >= '0' && c <= '9'));
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
