package tamanoir.server.tables;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.tables.Snapshot.Entry;

/// Files of keys and values. Keys are kept in lower case, the first of two equal keys wins.
///
/// Two forms: `key value` as postmap reads it (hash, btree, lmdb, cdb, dbm, sdbm, texthash) and `name: value`
/// of aliases(5) as postalias reads it. In both a key with blanks stands in double quotes.
final class MapFormat {
    private MapFormat() {}

    /// `key value`: the key ends at the first blank.
    static Snapshot pairs(String text) {
        Map<String, Entry> entries = new HashMap<>();
        for (TableLines.Line line : TableLines.of(text)) {
            int split = keyEnd(line, false);
            add(entries, line, split, split);
        }
        return new Entries(Map.copyOf(entries));
    }

    /// `name: value`: the key ends at the first colon.
    static Snapshot aliases(String text) {
        Map<String, Entry> entries = new HashMap<>();
        for (TableLines.Line line : TableLines.of(text)) {
            int colon = keyEnd(line, true);
            if (colon == line.text().length()) {
                throw new WrongTable(
                        line.number(), "\"" + line.text() + "\" has no colon; a line of an alias file is name: value");
            }
            String value = add(entries, line, colon, colon + 1);
            try {
                AliasTargets.parse(value, Path.of(""));
            } catch (BadSyntax e) {
                String key = line.text().substring(0, colon).strip();
                throw new WrongTable(line.number(), "\"" + key + "\": " + e.getMessage());
            }
        }
        return new Entries(Map.copyOf(entries));
    }

    /// The lines of passwd(5) and group(5), whole, by their first field.
    static Snapshot accounts(String text) {
        Map<String, Entry> entries = new HashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#' && line.charAt(0) != '+' && line.charAt(0) != '-') {
                entries.putIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), new Entry(line, number));
            }
        }
        return new Entries(Map.copyOf(entries));
    }

    private static String add(Map<String, Entry> entries, TableLines.Line line, int keyEnd, int valueStart) {
        String key = unquoted(line.text().substring(0, keyEnd)).strip();
        String value = line.text().substring(valueStart).strip();
        if (key.isEmpty() || value.isEmpty()) {
            throw new WrongTable(
                    line.number(), key.isEmpty() ? "the key is missing" : "\"" + key + "\" has no value behind it");
        }
        entries.putIfAbsent(key.toLowerCase(Locale.ROOT), new Entry(value, line.number()));
        return value;
    }

    private static int keyEnd(TableLines.Line line, boolean atColon) {
        String text = line.text();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (atColon ? c == ':' : TableLines.isBlank(c))) {
                return i;
            }
        }
        if (quoted) {
            throw new WrongTable(line.number(), "a quote is not closed");
        }
        return text.length();
    }

    private static String unquoted(String key) {
        if (key.indexOf('"') < 0) {
            return key;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '\\' && i + 1 < key.length()) {
                plain.append(key.charAt(++i));
            } else if (c != '"') {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /// A map in memory.
    record Entries(Map<String, Entry> entries) implements Snapshot {
        @Override
        public Optional<Entry> find(String key) {
            return Optional.ofNullable(entries.get(key.toLowerCase(Locale.ROOT)));
        }

        @Override
        public List<Entry> all() {
            return List.copyOf(entries.values());
        }

        @Override
        public int size() {
            return entries.size();
        }
    }
}
