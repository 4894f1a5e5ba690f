package tamanoir.mail.message;

/// A place in the unfolded text of a structured field, and how to get past what may stand there (RFC 5322 §3.2).
final class Words {
    private final String text;
    int at;

    Words(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /// The character here, or -1 at the end.
    int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    /// Goes past `c` if it stands here.
    boolean skip(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    /// White space and comments (RFC 5322 §3.2.2).
    void skipBlanksAndComments() {
        skipBlanks();
        while (peek() == '(') {
            comment();
            skipBlanks();
        }
    }

    /// The inside of the comment that begins here, quotes undone; nested comments keep their parentheses. Not
    /// closed, it goes to the end.
    String comment() {
        StringBuilder inside = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                inside.append(text.charAt(at++));
                continue;
            }
            if (c == '(' && depth++ == 0) {
                continue;
            }
            if (c == ')' && --depth == 0) {
                break;
            }
            inside.append(c);
        }
        return inside.toString();
    }

    /// The inside of the quoted string that begins here, quotes undone (RFC 5322 §3.2.4). Not closed, it goes to
    /// the end.
    String quoted() {
        StringBuilder inside = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            inside.append(c);
        }
        return inside.toString();
    }

    /// A token of RFC 2045 §5.1, here up to a blank or one of `stops`.
    String until(String stops) {
        int from = at;
        while (at < text.length() && !isBlank(text.charAt(at)) && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    static String withoutComments(String value) {
        if (value.indexOf('(') < 0) {
            return value;
        }
        Words words = new Words(value);
        StringBuilder kept = new StringBuilder(value.length());
        while (!words.atEnd()) {
            if (words.peek() == '(') {
                words.comment();
                kept.append(' ');
            } else {
                kept.append(value.charAt(words.at++));
            }
        }
        return kept.toString();
    }
}
