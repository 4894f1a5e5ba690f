package tamanoir.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;

/// A small file of `name = value` lines, as Postfix's ldap_table(5) and mysql_table(5) and Dovecot's LDAP and
/// SQL settings have them. A line that begins with a blank, or follows one that ends with a backslash,
/// continues the one before it; `#` begins a comment line. Values may be secrets, so none is ever printed.
/// Immutable.
public final class KeyValueFile {
    private static final long LARGEST = 1 << 20;

    private record Entry(String value, int line) {}

    private final String place;
    private final Map<String, Entry> entries;

    private KeyValueFile(String place, Map<String, Entry> entries) {
        this.place = place;
        this.entries = entries;
    }

    /// Reads a file.
    ///
    /// @throws BadSyntax when it cannot be read or a line is no `name = value`; the message says which
    public static KeyValueFile read(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw new BadSyntax(path + ": the file is larger than a megabyte");
            }
            return of(path.toString(), Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BadSyntax(path + ": " + Reading.reason(e));
        }
    }

    /// The same of a text; `place` is what messages call it.
    public static KeyValueFile of(String place, String text) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        int start = 0;
        int number = 0;
        boolean goesOn = false;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.stripTrailing();
            String content = line.stripLeading();
            if (!goesOn && (content.isEmpty() || content.startsWith("#"))) {
                continue;
            }
            boolean continues = goesOn || (content.length() < line.length() && start > 0);
            if (!continues) {
                put(entries, place, start, current);
                start = number;
            }
            goesOn = content.endsWith("\\");
            current.append(continues ? " " : "")
                    .append(goesOn ? content.substring(0, content.length() - 1).stripTrailing() : content);
        }
        put(entries, place, start, current);
        return new KeyValueFile(place, entries);
    }

    private static void put(Map<String, Entry> entries, String place, int line, StringBuilder text) {
        String whole = text.toString().strip();
        text.setLength(0);
        if (line == 0 || whole.isEmpty()) {
            return;
        }
        int equals = whole.indexOf('=');
        if (equals <= 0) {
            throw new BadSyntax(place + ":" + line + ": every line is \"name = value\" or a comment");
        }
        entries.put(
                whole.substring(0, equals).strip(),
                new Entry(whole.substring(equals + 1).strip(), line));
    }

    /// The values of a map, for parameters that stand in main.cf itself.
    public static KeyValueFile of(String place, Map<String, String> values) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        values.forEach((name, value) -> entries.put(name, new Entry(value, 0)));
        return new KeyValueFile(place, entries);
    }

    public Optional<String> text(String name) {
        Entry entry = entries.get(name);
        return entry == null ? Optional.empty() : Optional.of(entry.value);
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /// Words between blanks and commas.
    public List<String> words(String name) {
        return Words.of(text(name, ""));
    }

    public int number(String name, int otherwise, int least, int most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with what is allowed.
        }
        throw wrong(name, "it is a number from " + least + " to " + most);
    }

    public boolean flag(String name, boolean otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        return switch (text.get()) {
            case "yes", "true", "y", "1" -> true;
            case "no", "false", "n", "0" -> false;
            default -> throw wrong(name, "it is yes or no");
        };
    }

    /// What is wrong with a value, with its place.
    public BadSyntax wrong(String name, String why) {
        Entry entry = entries.get(name);
        return new BadSyntax(
                place + (entry == null || entry.line == 0 ? "" : ":" + entry.line) + ": " + name + ": " + why);
    }

    public Set<String> names() {
        return entries.keySet();
    }

    /// The file's name, for messages.
    public String place() {
        return place;
    }

    @Override
    public String toString() {
        return place;
    }
}
