package tamanoir.server.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.tables.LookupTable;

/// aliases(5): a local name and the members it stands for. Immutable; the tables notice changes of their files.
public final class Aliases {
    /// An `:include:` file longer than this is no list of a person's making.
    private static final long LARGEST_INCLUDE = 8L << 20;

    /// Files within files at most.
    private static final int DEEPEST_INCLUDE = 10;

    /// One member on a right-hand side, as written.
    public sealed interface Member {
        /// An address, perhaps without a domain.
        record Person(String text) implements Member {}

        /// `|command`.
        record Command(String text) implements Member {}

        /// `/file/name` or a mailbox folder.
        record File(String text) implements Member {}
    }

    private final List<LookupTable> tables;
    private final Path home;

    /// `home` is what `$config_directory` stands for, and where relative `:include:` files are.
    public Aliases(List<LookupTable> tables, Path home) {
        this.tables = List.copyOf(tables);
        this.home = home;
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    /// The members of an alias, include files opened; empty when there is no such alias.
    ///
    /// @throws Unavailable when a table or file cannot be read: mail waits
    public Optional<List<Member>> members(String name) {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<Member> members = new ArrayList<>();
        collect(value.get(), members, 0);
        return Optional.of(members);
    }

    private Optional<String> value(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        for (LookupTable table : tables) {
            // A pattern could let a stranger name his own command; Postfix forbids patterns here in part, we ask all.
            Optional<String> value = table.lookup(key);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private void collect(String text, List<Member> members, int depth) {
        for (String word : split(text)) {
            String plain = word.startsWith("\"") && word.endsWith("\"") && word.length() > 1
                    ? word.substring(1, word.length() - 1)
                    : word;
            if (plain.startsWith("|")) {
                members.add(new Member.Command(plain));
            } else if (plain.startsWith("/")) {
                members.add(new Member.File(plain));
            } else if (plain.regionMatches(true, 0, ":include:", 0, 9)) {
                include(plain.substring(9).strip(), members, depth + 1);
            } else {
                members.add(new Member.Person(word));
            }
        }
    }

    private void include(String name, List<Member> members, int depth) {
        if (depth > DEEPEST_INCLUDE) {
            throw trouble(":include: files name each other in a circle, or are nested too deep: " + name);
        }
        String expanded = name;
        for (String form : List.of("${config_directory}", "$(config_directory)", "$config_directory")) {
            expanded = expanded.replace(form, home.toString());
        }
        Path file = home.resolve(expanded);
        try {
            if (Files.size(file) > LARGEST_INCLUDE) {
                throw trouble(":include: file " + file + " is too large");
            }
            for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    collect(text, members, depth);
                }
            }
        } catch (IOException e) {
            throw trouble(":include: file " + file + " cannot be read: " + e);
        }
    }

    private static Unavailable trouble(String detail) {
        return new Unavailable("mail system configuration error", detail);
    }

    /// Words between commas; blanks separate too, unless quoted. A display name before `<address>` is dropped.
    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            if (c == '\\' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                word.append(c);
            } else if (c == ',' && (!quoted || i == text.length())) {
                add(words, word.toString().strip());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return words;
    }

    private static void add(List<String> words, String item) {
        if (item.isEmpty()) {
            return;
        }
        int open = item.lastIndexOf('<');
        if (open >= 0 && item.endsWith(">") && !item.startsWith("\"|")) {
            words.add(item.substring(open + 1, item.length() - 1));
        } else if (item.startsWith("\"") || item.startsWith("|") || item.regionMatches(true, 0, ":include:", 0, 9)) {
            words.add(item);
        } else {
            for (String part : item.split("\\s+")) {
                words.add(part);
            }
        }
    }
}
