package tamanoir.server.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;

/// The source files of tls_server_sni_maps: a host name, then PEM files with key and chain.
final class SniMaps {
    private static final Set<String> INDEXED = Set.of("hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash");

    private SniMaps() {}

    /// Where a name stands twice, the first wins, as with lookups.
    static Map<String, List<Path>> read(Path home, List<String> tables) throws IOException {
        Map<String, List<Path>> all = new LinkedHashMap<>();
        for (String table : tables) {
            int colon = table.indexOf(':');
            String type = colon < 0 ? "" : table.substring(0, colon);
            if (!INDEXED.contains(type)) {
                throw new BadSyntax("tls_server_sni_maps: \"" + table
                        + "\": the names must be known at the start, so only a file of lines will do, as hash:/path");
            }
            Path file = home.resolve(table.substring(colon + 1));
            lines(file, Files.readAllLines(file)).forEach(all::putIfAbsent);
        }
        return all;
    }

    private static Map<String, List<Path>> lines(Path file, List<String> lines) {
        Map<String, List<Path>> found = new LinkedHashMap<>();
        List<Path> current = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            List<String> words = new ArrayList<>(List.of(line.strip().split("[\\s,]+")));
            if (Character.isWhitespace(line.charAt(0))) {
                if (found.isEmpty()) {
                    throw new BadSyntax(file + ":" + number + ": the line begins with a blank but continues nothing");
                }
            } else {
                current = new ArrayList<>();
                found.putIfAbsent(words.removeFirst(), current);
            }
            Path folder = file.toAbsolutePath().getParent();
            for (String word : words) {
                current.add(folder == null ? Path.of(word) : folder.resolve(word));
            }
        }
        found.forEach((name, files) -> {
            if (files.isEmpty()) {
                throw new BadSyntax(file + ": no file stands behind " + name);
            }
        });
        return found;
    }
}
