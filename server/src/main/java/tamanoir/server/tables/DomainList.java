package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.address.Domain;

/// A list of domains, such as `mydestination`: names, `.name` for all below it, tables. The first entry that matches
/// decides; one with `!` decides "no". Immutable.
///
/// Files (`/path`) were replaced by their words when the configuration was read.
public final class DomainList {
    private sealed interface Entry {
        record Name(String name) implements Entry {}

        record Table(LookupTable table) implements Entry {}
    }

    private record Wanted(Entry entry, boolean yes) {}

    private final List<Wanted> entries;
    private final boolean parents;

    private DomainList(List<Wanted> entries, boolean parents) {
        this.entries = List.copyOf(entries);
        this.parents = parents;
    }

    /// The words of a list parameter. `parents` is true when `parent_domain_matches_subdomains` names the parameter:
    /// then a name matches all below it too.
    ///
    /// @throws BadSyntax when a table cannot be
    public static DomainList of(List<String> words, Tables tables, boolean parents) {
        List<Wanted> entries = new ArrayList<>();
        for (String word : words) {
            boolean yes = !word.startsWith("!");
            String text = yes ? word : word.substring(1);
            boolean table = text.indexOf(':') > 0 && !text.startsWith("[");
            entries.add(new Wanted(
                    table ? new Entry.Table(tables.open(text)) : new Entry.Name(text.toLowerCase(Locale.ROOT)), yes));
        }
        return new DomainList(entries, parents);
    }

    public boolean contains(Domain domain) {
        String written = domain.name().toLowerCase(Locale.ROOT);
        return contains(written) || (!written.equals(domain.ascii()) && contains(domain.ascii()));
    }

    private boolean contains(String domain) {
        for (Wanted wanted : entries) {
            boolean found = switch (wanted.entry) {
                case Entry.Name name -> matches(domain, name.name, parents);
                case Entry.Table table -> isIn(table.table, domain, parents);
            };
            if (found) {
                return wanted.yes;
            }
        }
        return false;
    }

    /// True when the list has no entry at all.
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    static boolean matches(String name, String pattern, boolean parents) {
        if (name.isEmpty()) {
            return false;
        }
        if (pattern.startsWith(".")) {
            return !parents && name.endsWith(pattern);
        }
        return name.equals(pattern) || (parents && name.endsWith("." + pattern));
    }

    /// Asks a table for the name, then for the domains above it in the form that `parents` says.
    static boolean isIn(LookupTable table, String name, boolean parents) {
        String part = name;
        while (!part.isEmpty()) {
            if (table.lookup(part).isPresent()) {
                return true;
            }
            int dot = part.indexOf('.', 1);
            if (dot < 0 || table.wantsWholeKeyOnly()) {
                return false;
            }
            part = part.substring(parents ? dot + 1 : dot);
        }
        return false;
    }
}
