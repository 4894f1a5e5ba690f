package tamanoir.server.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// A list of domains as main.cf writes it: names, `.example.com` for everything below, tables, `!` for exceptions; the
/// first that matches decides. Immutable.
public final class DomainList {
    private sealed interface Entry {
        record Names(Set<String> names) implements Entry {}

        record Below(String suffix) implements Entry {}

        record Table(LookupTable table) implements Entry {}
    }

    private record Rule(boolean wanted, Entry entry) {}

    private final List<Rule> rules;
    private final boolean parentsMatch;

    /// `parentsMatch`: `example.com` stands for what is below it too (`parent_domain_matches_subdomains`).
    public DomainList(List<String> words, Tables tables, boolean parentsMatch) {
        this.parentsMatch = parentsMatch;
        List<Rule> made = new ArrayList<>();
        List<String> run = new ArrayList<>();
        for (String word : words) {
            boolean wanted = !word.startsWith("!");
            String text = wanted ? word : word.substring(1);
            if (text.indexOf(':') > 0 && !text.startsWith("[")) {
                flush(run, made);
                made.add(new Rule(wanted, new Entry.Table(tables.open(text))));
            } else if (text.startsWith(".")) {
                flush(run, made);
                made.add(new Rule(wanted, new Entry.Below(ascii(text.substring(1)))));
            } else if (wanted) {
                run.add(ascii(text));
            } else {
                flush(run, made);
                made.add(new Rule(false, new Entry.Names(Set.of(ascii(text)))));
            }
        }
        flush(run, made);
        this.rules = List.copyOf(made);
    }

    private static void flush(List<String> run, List<Rule> rules) {
        if (!run.isEmpty()) {
            rules.add(new Rule(true, new Entry.Names(run.stream().collect(Collectors.toUnmodifiableSet()))));
            run.clear();
        }
    }

    private static String ascii(String name) {
        try {
            return Domain.of(name).ascii();
        } catch (BadSyntax e) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public boolean has(Domain domain) {
        for (Rule rule : rules) {
            if (matches(rule.entry, domain.ascii())) {
                return rule.wanted;
            }
        }
        return false;
    }

    private boolean matches(Entry entry, String name) {
        return switch (entry) {
            case Entry.Names names -> names.names.contains(name) || (parentsMatch && anyParent(names.names, name));
            case Entry.Below below -> name.endsWith(below.suffix) && isBelow(name, below.suffix);
            case Entry.Table table -> inTable(table.table, name);
        };
    }

    private static boolean anyParent(Set<String> names, String name) {
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (names.contains(name.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String name, String suffix) {
        int at = name.length() - suffix.length() - 1;
        return at >= 0 && name.charAt(at) == '.';
    }

    private boolean inTable(LookupTable table, String name) {
        if (table.lookup(name).isPresent()) {
            return true;
        }
        if (!table.wantsWholeKeyOnly()) {
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                if (table.lookup(parentsMatch ? name.substring(dot + 1) : name.substring(dot))
                        .isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }
}
