package tamanoir.server.tables;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.server.config.Cidr;

/// A list of clients, such as `mynetworks`: networks, addresses, host names and their domains, tables. The first entry
/// that matches decides; one with `!` decides "no". Immutable.
///
/// Files (`/path`) were replaced by their words when the configuration was read.
public final class NetworkList {
    private sealed interface Entry {
        record Block(Cidr cidr) implements Entry {}

        record Host(String name) implements Entry {}

        record Table(LookupTable table) implements Entry {}
    }

    private record Wanted(Entry entry, boolean yes) {}

    private final List<Wanted> entries;
    private final boolean parents;

    private NetworkList(List<Wanted> entries, boolean parents) {
        this.entries = List.copyOf(entries);
        this.parents = parents;
    }

    /// The words of a list parameter. `parents` is true when `parent_domain_matches_subdomains` names the parameter.
    ///
    /// @throws BadSyntax when an entry is no network, name or table
    public static NetworkList of(List<String> words, Tables tables, boolean parents) {
        List<Wanted> entries = new ArrayList<>();
        for (String word : words) {
            boolean yes = !word.startsWith("!");
            String text = yes ? word : word.substring(1);
            entries.add(new Wanted(entry(text, tables), yes));
        }
        return new NetworkList(entries, parents);
    }

    private static Entry entry(String text, Tables tables) {
        boolean network = text.startsWith("[") || Cidr.literal(text).isPresent() || text.indexOf('/') >= 0;
        int colon = text.indexOf(':');
        if (colon > 0
                && Character.isLetter(text.charAt(0))
                && Cidr.literal(beforeSlash(text)).isEmpty()) {
            return new Entry.Table(tables.open(text));
        }
        return network ? new Entry.Block(Cidr.of(text)) : new Entry.Host(text.toLowerCase(Locale.ROOT));
    }

    private static String beforeSlash(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    /// True when the client's address is in the list.
    public boolean matches(InetAddress client) {
        return matches("", client);
    }

    /// True when the client's name (empty when unknown) or address is in the list.
    public boolean matches(String name, InetAddress client) {
        String low = name.toLowerCase(Locale.ROOT);
        String address = Cidr.text(client);
        for (Wanted wanted : entries) {
            boolean found = switch (wanted.entry) {
                case Entry.Block block -> block.cidr.contains(client);
                case Entry.Host host -> DomainList.matches(low, host.name, parents);
                case Entry.Table table ->
                    table.table.lookup(address).isPresent() || DomainList.isIn(table.table, low, parents);
            };
            if (found) {
                return wanted.yes;
            }
        }
        return false;
    }
}
