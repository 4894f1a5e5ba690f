package tamanoir.mail.authresults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.authresults.AuthenticationResults.Method;
import tamanoir.mail.authresults.AuthenticationResults.Property;
import tamanoir.mail.text.BadSyntax;

/// Reads an Authentication-Results value once from left to right (RFC 8601 §2.2). Used by one thread.
final class ResultsReader {
    /// More results than any server writes; a longer field is not read.
    private static final int MOST_METHODS = 100;

    private static final int DEEPEST_COMMENT = 20;

    private final String text;
    private int at;
    private String comment = "";

    ResultsReader(String text) {
        this.text = text;
    }

    AuthenticationResults read() {
        String server = server();
        int version = 1;
        skip();
        if (isDigit(peek())) {
            version = number();
            skip();
        }
        List<Method> methods = new ArrayList<>();
        while (at < text.length()) {
            expect(';');
            skip();
            if (at == text.length() && !methods.isEmpty()) {
                break; // one semicolon too many is common
            }
            String name = keyword();
            skip();
            if (name.equals("none") && methods.isEmpty() && at == text.length()) {
                return new AuthenticationResults(server, version, List.of());
            }
            methods.add(method(name));
            if (methods.size() > MOST_METHODS) {
                throw new BadSyntax("the field has too many results");
            }
        }
        if (methods.isEmpty()) {
            throw new BadSyntax("the field has no result");
        }
        return new AuthenticationResults(server, version, methods);
    }

    String server() {
        skip();
        return value();
    }

    private Method method(String name) {
        if (peek() == '/') {
            at++;
            skip();
            if (number() != 1) {
                throw new BadSyntax("the result is of another version"); // §2.2: must be ignored
            }
            skip();
        }
        expect('=');
        skip();
        comment = "";
        String result = keyword().toLowerCase(Locale.ROOT);
        String reason = "";
        List<Property> properties = new ArrayList<>();
        skip();
        String remark = comment;
        while (at < text.length() && peek() != ';') {
            String type = keyword();
            skip();
            if (type.equals("reason") && peek() == '=') {
                at++;
                skip();
                reason = value();
            } else {
                expect('.');
                skip();
                String property = keyword();
                skip();
                expect('=');
                skip();
                properties.add(new Property(type, property, pvalue()));
            }
            skip();
        }
        return new Method(name, result, reason, remark, properties);
    }

    // ---- tokens ------------------------------------------------------------------------------------------------

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new BadSyntax("\"" + c + "\" is missing");
        }
        at++;
    }

    /// White space and comments.
    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment = comment();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    private String comment() {
        StringBuilder inner = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                inner.append(text.charAt(at++));
                continue;
            }
            if (c == '(' && ++depth > DEEPEST_COMMENT) {
                throw new BadSyntax("comments in comments in comments");
            }
            if (c == ')' && --depth == 0) {
                return inner.toString();
            }
            if (c != '(' || depth > 1) {
                inner.append(c);
            }
        }
        throw new BadSyntax("a comment is not closed");
    }

    private String keyword() {
        int from = at;
        while (isKeyword(peek())) {
            at++;
        }
        if (from == at) {
            throw new BadSyntax("a word is missing");
        }
        return text.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private int number() {
        int from = at;
        while (isDigit(peek())) {
            at++;
        }
        if (from == at || at - from > 6) {
            throw new BadSyntax("a number is missing");
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private String value() {
        if (peek() == '"') {
            return quoted();
        }
        int from = at;
        while (isToken(peek())) {
            at++;
        }
        if (from == at) {
            throw new BadSyntax("a value is missing");
        }
        return text.substring(from, at);
    }

    /// A value, or an address, whose local part may be quoted. Slashes and equal signs are no token, but base64 in
    /// `header.b=` is common, and so are colons in IPv6 addresses.
    private String pvalue() {
        StringBuilder value = new StringBuilder();
        if (peek() == '"') {
            value.append(quoted());
            if (peek() != '@') {
                return value.toString();
            }
        }
        while (isToken(peek()) || (peek() != 0 && "@/=:?".indexOf(peek()) >= 0)) {
            value.append(text.charAt(at++));
        }
        if (value.isEmpty()) {
            throw new BadSyntax("a value is missing");
        }
        return value.toString();
    }

    private String quoted() {
        StringBuilder inner = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return inner.toString();
            }
            inner.append(c == '\\' && at < text.length() ? text.charAt(at++) : c);
        }
        throw new BadSyntax("a quoted text is not closed");
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /// RFC 5321 §4.1.2: letters, digits and hyphens; underscores are in the names of properties (§2.7.6).
    static boolean isKeyword(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '_';
    }

    /// RFC 2045 §5.1, and what is not ASCII (RFC 8601 §2.2, RFC 6532).
    static boolean isToken(int c) {
        return c > ' ' && c != 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
