package tamanoir.server.policy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.delivery.Subaddress;
import tamanoir.server.tables.LookupTable;

/// How an access(5) table is asked: which keys, in which order. Immutable.
///
/// `parentsMatch`: `example.com` stands for all below it (`parent_domain_matches_subdomains` has smtpd_access_maps),
/// else that is written `.example.com`.
record AccessTable(LookupTable table, boolean parentsMatch, Subaddress subaddress, String nullSenderKey) {
    Optional<String> forHost(String host) {
        return first(hostKeys(host));
    }

    /// The host name first, then the address and its networks.
    Optional<String> forClient(Client client) {
        Optional<String> byName = client.name().equals(Client.UNKNOWN) ? Optional.empty() : forHost(client.name());
        return byName.isPresent() ? byName : forAddress(client.address());
    }

    Optional<String> forAddress(InetAddress address) {
        String text = Client.text(address);
        List<String> keys = new ArrayList<>();
        keys.add(text);
        if (!table.wantsWholeKeyOnly()) {
            char between = address instanceof Inet6Address ? ':' : '.';
            String left = text;
            for (int at = left.lastIndexOf(between); at > 0; at = left.lastIndexOf(between)) {
                left = left.substring(0, at);
                keys.add(left);
            }
        }
        return first(keys);
    }

    Optional<String> forSender(ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null _ -> table.lookup(nullSenderKey);
            case ReversePath.Sender some -> forAddress(some.address());
        };
    }

    Optional<String> forAddress(Address address) {
        String quoted = address.quotedLocalPart();
        String domain = address.domain().name();
        List<String> keys = new ArrayList<>();
        keys.add(quoted + "@" + domain);
        if (!table.wantsWholeKeyOnly()) {
            Optional<Subaddress.Split> split = subaddress.split(address.localPart());
            split.ifPresent(s -> keys.add(s.user() + "@" + domain));
            keys.addAll(hostKeys(domain));
            keys.add(quoted + "@");
            split.ifPresent(s -> keys.add(s.user() + "@"));
        }
        return first(keys);
    }

    private List<String> hostKeys(String host) {
        List<String> keys = new ArrayList<>();
        keys.add(host);
        if (!table.wantsWholeKeyOnly()) {
            for (int dot = host.indexOf('.'); dot >= 0 && dot + 1 < host.length(); dot = host.indexOf('.', dot + 1)) {
                keys.add(parentsMatch ? host.substring(dot + 1) : host.substring(dot));
            }
        }
        return keys;
    }

    private Optional<String> first(List<String> keys) {
        for (String key : keys) {
            Optional<String> value = table.lookup(key);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    static boolean isFqdn(Domain domain) {
        return domain.isLiteral() || domain.name().indexOf('.') > 0;
    }
}
