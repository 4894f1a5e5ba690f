package tamanoir.server.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// What counts as one client: an IPv4 address, or the /64 of an IPv6 address, since who has one of those has them all.
record Network(String octets) {
    static Network of(InetAddress client) {
        byte[] octets = client.getAddress();
        return new Network(
                HexFormat.of().formatHex(client instanceof Inet6Address ? Arrays.copyOf(octets, 8) : octets));
    }

    @Override
    public String toString() {
        return octets;
    }
}
