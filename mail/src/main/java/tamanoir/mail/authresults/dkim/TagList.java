package tamanoir.mail.authresults.dkim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// `name=value; name=value` (RFC 6376 §3.2). Names keep their case; values lose blanks at their ends, not inside.
public record TagList(Map<String, String> tags) {
    public TagList {
        tags = Map.copyOf(tags);
    }

    /// @throws BadSyntax when a tag has no name, stands twice or is no `name=value`
    public static TagList parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        String[] pieces = text.split(";", -1);
        for (int i = 0; i < pieces.length; i++) {
            String piece = trimmed(pieces[i]);
            if (piece.isEmpty()) {
                if (i == pieces.length - 1) {
                    break; // one may stand behind the last tag
                }
                throw new BadSyntax("an empty tag");
            }
            int equals = piece.indexOf('=');
            String name = equals < 0 ? "" : trimmed(piece.substring(0, equals));
            if (!isName(name)) {
                throw new BadSyntax("\"" + shortened(piece) + "\" is not name=value");
            }
            if (tags.putIfAbsent(name, trimmed(piece.substring(equals + 1))) != null) {
                throw new BadSyntax("the tag " + name + " stands twice"); // RFC 6376 §3.2: invalid as a whole
            }
        }
        return new TagList(tags);
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || !isLetter(name.charAt(0))) {
            return false;
        }
        return name.chars().allMatch(c -> isLetter((char) c) || (c >= '0' && c <= '9') || c == '_');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String shortened(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() > 40 ? plain.substring(0, 40) + "…" : plain;
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    /// Without any blank, for base64 and lists.
    public Optional<String> packed(String name) {
        return get(name).map(value -> {
            StringBuilder packed = new StringBuilder(value.length());
            value.chars().filter(c -> !isBlank((char) c)).forEach(c -> packed.append((char) c));
            return packed.toString();
        });
    }

    /// @throws BadSyntax when it is not there or empty
    public String required(String name) {
        return packed(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new BadSyntax("the tag " + name + " is missing"));
    }
}
