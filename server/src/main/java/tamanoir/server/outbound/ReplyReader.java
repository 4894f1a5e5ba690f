package tamanoir.server.outbound;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.net.Connection;
import tamanoir.server.net.LineTooLong;

/// Reads the replies of a server (RFC 5321 §4.2.1): tolerant in form, bounded in size.
///
/// The enhanced status (RFC 2034) is taken off each line; a reply without one gets the empty status. Control characters
/// become `?`, so that no reply can make a line of its own in a log or a report.
final class ReplyReader {
    private static final int LONGEST_LINE = 2048;
    private static final int MOST_LINES = 200;

    private final Connection connection;

    ReplyReader(Connection connection) {
        this.connection = connection;
    }

    /// @throws IOException when the server has gone, keeps us waiting, or talks nonsense
    Reply read() throws IOException {
        List<String> lines = new ArrayList<>(1);
        String status = "";
        while (true) {
            String line = printable(line());
            int code = code(line);
            boolean more = line.length() > 3 && line.charAt(3) == '-';
            String text = line.length() > 4 ? line.substring(4) : "";
            int statusEnd = statusEnd(text, line.charAt(0));
            if (statusEnd > 0) {
                status = text.substring(0, statusEnd);
                text = text.substring(statusEnd).stripLeading();
            }
            if (lines.size() < MOST_LINES) {
                lines.add(text);
            }
            if (!more) {
                return new Reply(code, status, lines);
            }
            if (lines.size() == MOST_LINES) {
                throw new IOException("a reply of more than " + MOST_LINES + " lines");
            }
        }
    }

    private String line() throws IOException {
        try {
            return connection.readLine(LONGEST_LINE).octets().utf8();
        } catch (LineTooLong e) {
            throw new IOException("a reply line of more than " + LONGEST_LINE + " octets", e);
        }
    }

    private static int code(String line) throws IOException {
        if (line.length() >= 3) {
            int code = 0;
            for (int i = 0; i < 3; i++) {
                char c = line.charAt(i);
                code = c >= '0' && c <= '9' && code >= 0 ? code * 10 + c - '0' : -1;
            }
            // RFC 5321 §4.2.1: the first digit is 2 to 5.
            if (code >= 200 && code <= 599 && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-')) {
                return code;
            }
        }
        throw new IOException("bad reply: " + (line.length() > 100 ? line.substring(0, 100) : line));
    }

    /// The length of `class.subject.detail` at the start, when its class is that of the code; else 0.
    private static int statusEnd(String text, char kind) {
        if (text.length() < 5 || text.charAt(0) != kind || text.charAt(1) != '.') {
            return 0;
        }
        int i = 2;
        int dots = 1;
        int digits = 0;
        for (; i < text.length() && text.charAt(i) != ' '; i++) {
            char c = text.charAt(i);
            if (c == '.' && dots == 1 && digits > 0) {
                dots++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                digits++;
            } else {
                return 0;
            }
        }
        return dots == 2 && digits > 0 ? i : 0;
    }

    private static String printable(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i)) || line.charAt(i) == 0x2028 || line.charAt(i) == 0x2029) {
                return line.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]", "?");
            }
        }
        return line;
    }
}
