package tamanoir.server.config;

import java.util.ArrayList;
import java.util.List;
import tamanoir.server.config.Setting.Place;

/// Reads the lines of a `main.cf`, before any meaning.
///
/// A logical line starts in the first column. A line that begins with a blank continues it; empty lines and lines
/// whose first character after blanks is `#` count for nothing, also between a line and its continuation.
final class MainCf {
    private MainCf() {}

    /// One logical line, the number of its first physical line, and all of those.
    record Logical(int number, String text, List<Setting.Line> lines) {}

    /// The settings of `text` in order; what is not one is reported and left out.
    static List<Setting> settings(String file, String text, List<Problem> problems) {
        List<Setting> settings = new ArrayList<>();
        for (Logical line : logicalLines(file, text, problems)) {
            Place place = new Place(file, line.number);
            int equals = line.text.indexOf('=');
            String left =
                    equals < 0 ? line.text : line.text.substring(0, equals).strip();
            if (equals < 0) {
                problems.add(Problem.error(
                        place,
                        "\"" + shortened(left) + "\" has no \"=\"; every line is \"name = value\" or a comment"));
                continue;
            }
            int slash = left.indexOf('/');
            String service = slash < 0 ? "" : left.substring(0, slash);
            String name = left.substring(slash + 1);
            if (!isName(name)) {
                problems.add(Problem.error(
                        place, "\"" + shortened(left) + "\" is no parameter name; a name has letters, digits and _"));
                continue;
            }
            settings.add(
                    new Setting(service, name, line.text.substring(equals + 1).strip(), place, line.lines));
        }
        return settings;
    }

    /// A dash may stand in the name of a service: `policy-server_time_limit`. `$name` cannot refer to such a name.
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> Expansion.isNameCharacter((char) c) || c == '-' || c == '.');
    }

    /// Logical lines of any file in this style, tables included. Continuations keep their leading blanks.
    static List<Logical> logicalLines(String file, String text, List<Problem> problems) {
        List<Logical> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        List<Setting.Line> pieces = new ArrayList<>();
        int start = 0;
        int number = 0;
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                end = text.length();
            }
            String line = text.substring(at, end > at && text.charAt(end - 1) == '\r' ? end - 1 : end);
            at = end + 1;
            number++;
            String content = line.stripLeading();
            if (content.isEmpty() || content.charAt(0) == '#') {
                continue;
            }
            if (content.length() < line.length()) {
                if (start == 0) {
                    problems.add(Problem.warning(
                            new Place(file, number),
                            "\"" + shortened(content)
                                    + "\" begins with a blank but continues nothing; the line is ignored"));
                } else {
                    current.append(line);
                    pieces.add(new Setting.Line(number, line));
                }
                continue;
            }
            if (start > 0) {
                lines.add(new Logical(start, current.toString(), List.copyOf(pieces)));
            }
            current.setLength(0);
            current.append(line);
            pieces.clear();
            pieces.add(new Setting.Line(number, line));
            start = number;
        }
        if (start > 0) {
            lines.add(new Logical(start, current.toString(), List.copyOf(pieces)));
        }
        return lines;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
