package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// A list of networks such as `mynetworks`: `192.0.2.0/24`, `[2001:db8::]/32`, single addresses, tables, `!` for
/// exceptions; the first that matches decides. Immutable.
public final class NetworkList implements Predicate<InetAddress> {
    private sealed interface Entry {
        record Network(byte[] address, int bits) implements Entry {}

        record Table(LookupTable table) implements Entry {}
    }

    private record Rule(boolean wanted, Entry entry) {}

    private final List<Rule> rules = new ArrayList<>();

    /// @throws BadSyntax when a word is no network
    public NetworkList(List<String> words, Tables tables) {
        for (String word : words) {
            boolean wanted = !word.startsWith("!");
            String text = wanted ? word : word.substring(1);
            rules.add(new Rule(wanted, entry(text, tables)));
        }
    }

    private static Entry entry(String text, Tables tables) {
        int slash = text.lastIndexOf('/');
        String host = slash > 0 && text.indexOf(":/") < 0 ? text.substring(0, slash) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            int bits = slash > 0 ? Integer.parseInt(text.substring(slash + 1)) : address.length * 8;
            if (bits < 0 || bits > address.length * 8) {
                throw new BadSyntax("\"" + text + "\" has a wrong network length");
            }
            return new Entry.Network(address, bits);
        } catch (NumberFormatException e) {
            throw new BadSyntax("\"" + text + "\" has a wrong network length");
        } catch (IllegalArgumentException e) {
            if (text.indexOf(':') > 0) {
                return new Entry.Table(tables.open(text));
            }
            throw new BadSyntax("\"" + text + "\" is no network; write 192.0.2.0/24 or [2001:db8::]/32");
        }
    }

    /// True when it names everybody on the Internet.
    public boolean hasEverybody() {
        return rules.stream().anyMatch(r -> r.wanted && r.entry instanceof Entry.Network n && n.bits == 0);
    }

    @Override
    public boolean test(InetAddress address) {
        byte[] octets = address.getAddress();
        for (Rule rule : rules) {
            boolean matches = switch (rule.entry) {
                case Entry.Network network -> isIn(octets, network);
                case Entry.Table table ->
                    table.table.lookup(Client.text(address)).isPresent();
            };
            if (matches) {
                return rule.wanted;
            }
        }
        return false;
    }

    private static boolean isIn(byte[] octets, Entry.Network network) {
        if (octets.length != network.address.length) {
            return false;
        }
        for (int bit = 0; bit < network.bits; bit += 8) {
            int left = Math.min(8, network.bits - bit);
            int mask = 0xFF << (8 - left) & 0xFF;
            if (((octets[bit / 8] ^ network.address[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
