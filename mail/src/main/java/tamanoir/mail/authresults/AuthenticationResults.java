package tamanoir.mail.authresults;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// The field that tells what a receiving server found out (RFC 8601). Immutable.
///
/// `server` is the authserv-id: whose word this is. No method means that nothing was checked ("none").
public record AuthenticationResults(String server, int version, List<Method> methods) {
    public static final String NAME = "Authentication-Results";

    /// `reason` and `comment` are for people and may be empty.
    public record Method(String name, String result, String reason, String comment, List<Property> properties) {
        public Method {
            properties = List.copyOf(properties);
        }

        public Method(String name, Result result, Property... properties) {
            this(name, result.word(), "", "", List.of(properties));
        }

        public Method because(String text) {
            return new Method(name, result, text, comment, properties);
        }

        public Method remarking(String text) {
            return new Method(name, result, reason, text, properties);
        }

        /// The value of one property, as `("header", "d")`.
        public Optional<String> property(String type, String property) {
            return properties.stream()
                    .filter(p -> p.type().equalsIgnoreCase(type) && p.name().equalsIgnoreCase(property))
                    .map(Property::value)
                    .findFirst();
        }
    }

    /// What was looked at: `smtp.mailfrom=example.net` (§2.2, ptype).
    public record Property(String type, String name, String value) {}

    public AuthenticationResults {
        methods = List.copyOf(methods);
    }

    public AuthenticationResults(String server, List<Method> methods) {
        this(server, 1, methods);
    }

    /// Reads the unfolded value of a field.
    ///
    /// @throws BadSyntax when it is not one: such a field proves nothing
    public static AuthenticationResults parse(String value) {
        return new ResultsReader(value).read();
    }

    /// Whose word a field claims to be, even if the rest of it is broken: a forged one need not be well-formed.
    public static Optional<String> claimed(String value) {
        try {
            return Optional.of(new ResultsReader(value).server());
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }

    /// §2.2: authserv-ids are compared without regard to case.
    public boolean isFrom(String name) {
        return server.equalsIgnoreCase(name);
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    /// The whole field, folded, ended by CRLF. Whatever the values hold, it is one field.
    public String toField() {
        return NAME + ": " + payload() + "\r\n";
    }

    /// The value, folded between methods and properties; also what an ARC-Authentication-Results field has behind its
    /// instance (RFC 8617 §4.1.1).
    public String payload() {
        StringBuilder text = new StringBuilder(value(server));
        if (version != 1) {
            text.append(' ').append(version);
        }
        if (methods.isEmpty()) {
            return text.append("; none").toString();
        }
        for (Method method : methods) {
            text.append(";\r\n\t").append(keyword(method.name())).append('=').append(keyword(method.result()));
            if (!method.comment().isEmpty()) {
                text.append(" (").append(comment(method.comment())).append(')');
            }
            if (!method.reason().isEmpty()) {
                text.append("\r\n\t reason=").append(quoted(method.reason()));
            }
            int column = 72; // each property on a line of its own once the line is full
            for (Property property : method.properties()) {
                String written =
                        keyword(property.type()) + "." + keyword(property.name()) + "=" + pvalue(property.value());
                boolean fits = method.reason().isEmpty() && column - written.length() > 30;
                text.append(fits ? " " : "\r\n\t ").append(written);
                column = fits ? column - written.length() : 72 - written.length();
            }
        }
        return text.toString();
    }

    private static String keyword(String text) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ResultsReader.isKeyword(c)) {
                word.append(c);
            }
        }
        return word.isEmpty() ? "x" : word.toString();
    }

    /// A token or a quoted string (§2.2, value).
    private static String value(String text) {
        return !text.isEmpty() && text.chars().allMatch(ResultsReader::isToken) ? text : quoted(text);
    }

    /// `local@domain` and `@domain` may stand unquoted where both are tokens.
    private static String pvalue(String text) {
        int at = text.lastIndexOf('@');
        boolean address = at >= 0
                && at + 1 < text.length()
                && text.chars().filter(c -> c == '@').count() == 1
                && text.replace("@", "").chars().allMatch(ResultsReader::isToken);
        return address ? text : value(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < ' ' || c == 127 ? ' ' : c);
        }
        return quoted.append('"').toString();
    }

    private static String comment(String text) {
        StringBuilder comment = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == ')' || c == '\\') {
                comment.append('\\');
            }
            comment.append(c < ' ' || c == 127 ? ' ' : c);
        }
        return comment.toString();
    }
}
