package tamanoir.mail.smtp;

import java.util.List;

/// One reply: code, enhanced status code (RFC 3463; empty for greetings, `354` and EHLO), one or more lines of text.
///
/// `status` is like `5.1.1`. Immutable.
public record Reply(int code, String status, List<String> lines) {
    public Reply {
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("reply " + code);
        }
        for (String line : lines) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a reply line holds a line break");
            }
        }
        lines = List.copyOf(lines);
    }

    public static Reply of(int code, String status, String text) {
        return new Reply(code, status, List.of(text));
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /// The lines as sent, `250-…` and a last `250 …`, each ended by CRLF (RFC 5321 §4.2.1; RFC 2034 §4).
    public String toWire() {
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            wire.append(code).append(i + 1 < lines.size() ? '-' : ' ');
            if (!status.isEmpty()) {
                wire.append(status).append(' ');
            }
            wire.append(lines.get(i)).append("\r\n");
        }
        return wire.toString();
    }

    /// For logs and reports, one line: `550 5.1.1 No such user`.
    @Override
    public String toString() {
        return code + " " + (status.isEmpty() ? "" : status + " ") + String.join(" ", lines);
    }
}
