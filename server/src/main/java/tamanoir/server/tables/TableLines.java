package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;

/// Logical lines of a table file: a line that begins with a blank continues the one before; empty lines and comments
/// count for nothing, also in between.
final class TableLines {
    private TableLines() {}

    /// `number` is the first physical line. Continuations keep their leading blanks.
    record Line(int number, String text) {}

    static List<Line> of(String text) {
        List<Line> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int start = 0;
        int number = 0;
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                end = text.length();
            }
            String line = text.substring(at, end).stripTrailing();
            at = end + 1;
            number++;
            String content = line.stripLeading();
            if (content.isEmpty() || content.charAt(0) == '#') {
                continue;
            }
            if (content.length() < line.length()) {
                if (start > 0) {
                    current.append(line);
                    continue;
                }
                throw new WrongTable(number, "the line begins with a blank but continues nothing");
            }
            if (start > 0) {
                lines.add(new Line(start, current.toString()));
            }
            current.setLength(0);
            current.append(line);
            start = number;
        }
        if (start > 0) {
            lines.add(new Line(start, current.toString()));
        }
        return lines;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x0b;
    }

    /// Where the first blank stands, or the end.
    static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
