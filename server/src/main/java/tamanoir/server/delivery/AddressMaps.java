package tamanoir.server.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.delivery.Subaddress.Split;
import tamanoir.server.tables.LookupTable;

/// Looks an address up in tables the way canonical(5) and virtual(5) say. Immutable.
///
/// Keys, each asked of every table before the next key: `user+detail@domain`, `user@domain`, `user+detail`, `user`
/// (the last two only where the domain is one of this machine), `@domain`. Tables of patterns get the whole address,
/// once.
public final class AddressMaps {
    /// `key` is the one that matched; `extension` is the `+detail` that the key left out, empty for none.
    public record Match(String value, String extension, boolean wholeDomain) {}

    private final List<LookupTable> tables;
    private final Subaddress subaddress;
    private final Predicate<Domain> bareNames;

    /// `bareNames`: domains whose users may be written without them.
    public AddressMaps(List<LookupTable> tables, Subaddress subaddress, Predicate<Domain> bareNames) {
        this.tables = List.copyOf(tables);
        this.subaddress = subaddress;
        this.bareNames = bareNames;
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public Optional<Match> find(Address address) {
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        String local = address.localPart();
        String quoted = address.quotedLocalPart();
        String domain = address.domain().name();
        Optional<Split> split = subaddress.split(local);
        Optional<String> value = ask(quoted + "@" + domain, true);
        if (value.isPresent()) {
            return Optional.of(new Match(value.get(), "", false));
        }
        if (split.isPresent()) {
            value = ask(split.get().user() + "@" + domain, false);
            if (value.isPresent()) {
                return Optional.of(new Match(value.get(), split.get().extension(), false));
            }
        }
        if (bareNames.test(address.domain())) {
            value = ask(quoted, false);
            if (value.isPresent()) {
                return Optional.of(new Match(value.get(), "", false));
            }
            if (split.isPresent()) {
                value = ask(split.get().user(), false);
                if (value.isPresent()) {
                    return Optional.of(new Match(value.get(), split.get().extension(), false));
                }
            }
        }
        return ask("@" + domain, false).map(v -> new Match(v, "", true));
    }

    private Optional<String> ask(String key, boolean whole) {
        for (LookupTable table : tables) {
            if (whole || !table.wantsWholeKeyOnly()) {
                Optional<String> value = table.lookup(key);
                if (value.isPresent()) {
                    return value;
                }
            }
        }
        return Optional.empty();
    }

    /// The addresses on a right-hand side, separated by commas or blanks; quotes and brackets respected.
    public static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && quoted && i + 1 < value.length()) {
                word.append(c).append(value.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                word.append(c);
            } else if (!quoted && (c == ',' || Character.isWhitespace(c))) {
                add(words, word);
            } else if (quoted || (c != '<' && c != '>')) {
                word.append(c);
            }
        }
        add(words, word);
        return words;
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
