package tamanoir.server.policy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;

/// Names clients by PTR, and believes a name only when it leads back to the address (RFC 1912 §2.1).
public record ReverseNames(Dns dns) implements ClientNames {
    /// PTR records that are tried at most.
    private static final int MOST_NAMES = 5;

    @Override
    public Client of(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        int port = peer.getPort();
        if (address.isLoopbackAddress()) {
            return new Client(address, port, "localhost", "localhost", false);
        }
        return switch (dns.ptr(address)) {
            case Answer.Found<String> found -> named(address, port, found);
            case Answer.Failed<String> _ -> new Client(address, port, Client.UNKNOWN, Client.UNKNOWN, true);
            case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> Client.nameless(address, port);
        };
    }

    private Client named(InetAddress address, int port, Answer.Found<String> found) {
        String reverse = Client.UNKNOWN;
        boolean trouble = false;
        for (String name :
                found.records().subList(0, Math.min(MOST_NAMES, found.records().size()))) {
            if (!HostNames.isHostName(name)) {
                continue; // a name that is none cannot be written into a log or header
            }
            reverse = reverse.equals(Client.UNKNOWN) ? name : reverse;
            Answer<InetAddress> forward = dns.addresses(name);
            if (forward.recordsOrNone().contains(address)) {
                return new Client(address, port, name, name, false);
            }
            trouble |= forward.isFailed();
        }
        return new Client(address, port, Client.UNKNOWN, reverse, trouble);
    }
}
