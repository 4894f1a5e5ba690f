package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;

/// Logical lines of a table file: a line that begins with a blank continues the one before; empty lines and comments
/// count for nothing, also in between.
final class TableLines {
    private TableLines() {}

    /// `number` is the first physical line. Continuations keep their leading blanks.
    record Line(int number, String text) {}

    static List<Line> of(String file, String text) {
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
                throw new tamanoir.mail.text.BadSyntax(
                        file + ":" + number + ": the line begins with a blank but continues nothing");
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
}
