package tamanoir.server.config;

import java.util.List;

/// One `name = value` that somebody wrote, unexpanded, and where. `service` is empty for the plain form and
/// holds the service of `service/name = value`. `lines` are the physical lines it was written on.
record Setting(String service, String name, String text, Place place, List<Line> lines) {
    Setting {
        lines = List.copyOf(lines);
    }

    /// A physical line, of which a logical line may have several.
    record Line(int number, String text) {}

    /// A line of a file; line 0 when the whole thing is meant.
    record Place(String file, int line) {
        static final Place NOWHERE = new Place("", 0);
        static final Place COMMAND_LINE = new Place("command line", 0);

        @Override
        public String toString() {
            return line > 0 ? file + ":" + line : file;
        }
    }

    /// The name as it was written.
    String fullName() {
        return service.isEmpty() ? name : service + "/" + name;
    }

    /// The physical line that a message is about: the one that holds the word it quotes first; else the first.
    Place placeOf(String message) {
        int from = message.indexOf('"');
        int to = message.indexOf('"', from + 1);
        if (from >= 0 && to > from + 1) {
            String quoted = message.substring(from + 1, to);
            // The last part of a path stands in the line even where a $name stands before it.
            for (String word : List.of(quoted, quoted.substring(quoted.lastIndexOf('/') + 1))) {
                for (Line line : lines) {
                    if (!word.isEmpty() && line.text.contains(word)) {
                        return new Place(place.file, line.number);
                    }
                }
            }
        }
        return place;
    }

    /// The physical line in which a word stands alone; else the first.
    Place placeOfWord(String word) {
        for (Line line : lines) {
            for (int at = line.text.indexOf(word); at >= 0; at = line.text.indexOf(word, at + 1)) {
                int end = at + word.length();
                if ((at == 0 || ends(line.text.charAt(at - 1)))
                        && (end == line.text.length() || ends(line.text.charAt(end)))) {
                    return new Place(place.file, line.number);
                }
            }
        }
        return place;
    }

    private static boolean ends(char c) {
        return c == ',' || c == '=' || c == '{' || c == '}' || Character.isWhitespace(c);
    }
}
