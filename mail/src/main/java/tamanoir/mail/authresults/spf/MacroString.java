package tamanoir.mail.authresults.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.text.BadSyntax;

/// A text with holes that the check fills (RFC 7208 §7). Immutable.
public record MacroString(List<Piece> pieces) {
    /// A run of text, or a hole.
    sealed interface Piece {
        record Literal(String text) implements Piece {}

        /// `%{letter digits r delimiters}`. `parts` 0 keeps all; `escaped` for a letter in upper case (§7.3).
        record Macro(char letter, int parts, boolean reversed, String delimiters, boolean escaped) implements Piece {}
    }

    /// What a letter stands for.
    interface Values {
        String value(char letter);
    }

    private static final String LETTERS = "slodipvh";
    private static final String DELIMITERS = ".-+,/_=";

    public MacroString {
        pieces = List.copyOf(pieces);
    }

    /// Any macro-string; `c`, `r` and `t` are for explanations only (§7.2).
    ///
    /// @throws BadSyntax when a `%` begins nothing
    static MacroString parse(String text) {
        return parse(text, LETTERS);
    }

    /// The text of an explanation (§6.2).
    static MacroString explanation(String text) {
        return parse(text, LETTERS + "crt");
    }

    /// A domain-spec: it ends in a hole or in a label that may be a top-level one (§7.1).
    static MacroString domain(String text) {
        MacroString spec = parse(text);
        if (spec.pieces.isEmpty()) {
            throw new BadSyntax("a domain is missing");
        }
        boolean open = spec.pieces.getLast() instanceof Piece.Macro;
        if (!open && !endsInTopLabel(text)) {
            throw new BadSyntax("the domain has no top-level label at its end");
        }
        return spec;
    }

    private static boolean endsInTopLabel(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int dot = name.lastIndexOf('.');
        String label = name.substring(dot + 1);
        if (dot < 0 || label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        boolean digitsOnly = true;
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && !isLetter(c) && c != '-') {
                return false;
            }
            digitsOnly &= digit;
        }
        return !digitsOnly;
    }

    private static MacroString parse(String text, String letters) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '%') {
                literal.append(c);
                continue;
            }
            switch (i < text.length() ? text.charAt(i++) : 0) {
                case '%' -> literal.append('%');
                case '_' -> literal.append(' ');
                case '-' -> literal.append("%20");
                case '{' -> {
                    int end = text.indexOf('}', i);
                    if (end < 0) {
                        throw new BadSyntax("a macro is not closed");
                    }
                    if (!literal.isEmpty()) {
                        pieces.add(new Piece.Literal(literal.toString()));
                        literal.setLength(0);
                    }
                    pieces.add(macro(text.substring(i, end), letters));
                    i = end + 1;
                }
                default -> throw new BadSyntax("\"%\" is followed by none of \"{\", \"%\", \"_\", \"-\"");
            }
        }
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
        }
        return new MacroString(pieces);
    }

    private static Piece macro(String text, String letters) {
        char letter = text.isEmpty() ? 0 : text.charAt(0);
        char low = Character.toLowerCase(letter);
        if (letter > 127 || letters.indexOf(low) < 0) {
            throw new BadSyntax("there is no macro %{" + text + "}");
        }
        int at = 1;
        int parts = 0;
        int digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            parts = Math.min(1000, parts * 10 + text.charAt(at) - '0');
            at++;
        }
        if (at > digits && parts == 0) {
            throw new BadSyntax("%{" + text + "} keeps no part"); // §7.1: nonzero
        }
        boolean reversed = at < text.length() && (text.charAt(at) == 'r' || text.charAt(at) == 'R');
        at += reversed ? 1 : 0;
        String delimiters = text.substring(at);
        if (!delimiters.chars().allMatch(c -> DELIMITERS.indexOf(c) >= 0)) {
            throw new BadSyntax("there is no macro %{" + text + "}");
        }
        return new Piece.Macro(low, parts, reversed, delimiters.isEmpty() ? "." : delimiters, letter != low);
    }

    /// The text with its holes filled.
    String expand(Values values) {
        StringBuilder whole = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal literal -> whole.append(literal.text());
                case Piece.Macro macro -> {
                    String value = transform(values.value(macro.letter()), macro);
                    whole.append(macro.escaped() ? escape(value) : value);
                }
            }
        }
        return whole.toString();
    }

    /// As a name to look up: without a dot at the end, and without labels at the left when it is longer than a name can
    /// be (§7.3).
    String expandName(Values values) {
        String name = expand(values);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        while (name.length() > 253) {
            int dot = name.indexOf('.');
            if (dot < 0) {
                return name;
            }
            name = name.substring(dot + 1);
        }
        return name;
    }

    private static String transform(String value, Piece.Macro macro) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            if (macro.delimiters().indexOf(value.charAt(i)) >= 0) {
                parts.add(value.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(value.substring(from));
        if (macro.reversed()) {
            Collections.reverse(parts);
        }
        int kept = macro.parts() == 0 ? parts.size() : Math.min(macro.parts(), parts.size());
        return String.join(".", parts.subList(parts.size() - kept, parts.size()));
    }

    private static String escape(String value) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isLetter(c) || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c)); // RFC 3986 §2.1
            }
        }
        return escaped.toString();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
