package tamanoir.server.tables;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// `key value` files, as postmap reads them: hash, btree, lmdb, cdb, dbm, texthash.
///
/// The key ends at the first blank; a key with blanks stands in double quotes. Keys are kept in lower case, the first
/// of two equal keys wins.
final class MapFormat {
    private MapFormat() {}

    static Snapshot read(String file, String text) {
        Map<String, String> entries = new HashMap<>();
        for (TableLines.Line line : TableLines.of(file, text)) {
            int split = keyEnd(file, line);
            String key = unquoted(line.text().substring(0, split));
            String value = line.text().substring(split).strip();
            if (value.isEmpty()) {
                throw new BadSyntax(
                        file + ":" + line.number() + ": \"" + key + "\" has no value; a line is \"key value\"");
            }
            entries.putIfAbsent(key.toLowerCase(Locale.ROOT), value);
        }
        return new Entries(Map.copyOf(entries));
    }

    private static int keyEnd(String file, TableLines.Line line) {
        String text = line.text();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && Character.isWhitespace(c)) {
                return i;
            }
        }
        if (quoted) {
            throw new BadSyntax(file + ":" + line.number() + ": a quote is not closed");
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
    record Entries(Map<String, String> entries) implements Snapshot {
        @Override
        public Optional<String> lookup(String key) {
            return Optional.ofNullable(entries.get(key.toLowerCase(Locale.ROOT)));
        }

        @Override
        public int size() {
            return entries.size();
        }
    }
}
