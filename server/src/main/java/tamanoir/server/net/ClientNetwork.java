package tamanoir.server.net;

import java.net.InetAddress;

/// What counts as one client: an IPv4 address, or the network part of an IPv6 address, since whoever has one of those
/// has 2^64 of them. A key for counting.
public record ClientNetwork(boolean ipv6, long high, long low) {
    /// `ipv6PrefixLength` bits of an IPv6 address tell clients apart, 0 to 128 (smtpd_client_ipv6_prefix_length).
    public static ClientNetwork of(InetAddress address, int ipv6PrefixLength) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return new ClientNetwork(false, number(octets, 0, 4), 0);
        }
        for (int bit = ipv6PrefixLength; bit < 128; bit++) {
            octets[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return new ClientNetwork(true, number(octets, 0, 8), number(octets, 8, 16));
    }

    private static long number(byte[] octets, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = (number << 8) | (octets[i] & 0xFF);
        }
        return number;
    }
}
