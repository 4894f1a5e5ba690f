package tamanoir.mail.sieve.extension;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.text.BadSyntax;

/// A `mailto` URI (RFC 6068): recipients and header fields. Immutable.
public record Mailto(List<String> to, Map<String, List<String>> fields) {
    public Mailto {
        to = List.copyOf(to);
        fields = Map.copyOf(fields);
    }

    /// Why it is none; empty when it is one.
    static Optional<String> problem(String uri) {
        try {
            of(uri);
            return Optional.empty();
        } catch (BadSyntax e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// @throws BadSyntax when it cannot be read
    public static Mailto of(String uri) {
        if (!uri.regionMatches(true, 0, "mailto:", 0, 7)) {
            throw new BadSyntax("it does not begin with mailto:");
        }
        int question = uri.indexOf('?');
        List<String> to = new ArrayList<>();
        String path = uri.substring(7, question < 0 ? uri.length() : question);
        addresses(path, to);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (question >= 0) {
            for (String pair : uri.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw new BadSyntax("'" + pair + "' is not name=value");
                }
                String name = decoded(pair.substring(0, equals)).toLowerCase(Locale.ROOT);
                String value = decoded(pair.substring(equals + 1));
                if (!Fields.isName(name)) {
                    throw new BadSyntax("'" + name + "' is no header field");
                }
                if (name.equals("to") || name.equals("cc") || name.equals("bcc")) {
                    addresses(pair.substring(equals + 1), name.equals("to") ? to : new ArrayList<>());
                }
                fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new Mailto(to, fields);
    }

    private static void addresses(String text, List<String> into) {
        if (text.isEmpty()) {
            return;
        }
        for (AddressList.Mailbox one : AddressList.parse(decoded(text)).mailboxes()) {
            into.add(Base.address(one.localPart() + "@" + one.domain()));
        }
    }

    private static String decoded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%'
                    && !(i + 2 < text.length() && text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}"))) {
                throw new BadSyntax("a % is not followed by two hexadecimal digits");
            }
            if (c <= ' ' || c == 127 || "\"<>[]\\^`{|}".indexOf(c) >= 0) {
                throw new BadSyntax("the character '" + c + "' must be written with %");
            }
        }
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
