package tamanoir.server.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// What counts as one client: an IPv4 address, or the network part of an IPv6 address, since whoever has
/// one of those has 2^64 of them. A key for counting.
public record ClientNetwork(boolean ipv6, long high, long low) {
    /// `ipv6PrefixLength` bits of an IPv6 address tell clients apart, 0 to 128
    /// (smtpd_client_ipv6_prefix_length).
    public static ClientNetwork of(InetAddress address, int ipv6PrefixLength) {
        return of(address, 32, ipv6PrefixLength);
    }

    /// The same, with the bits that count of an IPv4 address, 0 to 32 (smtpd_client_ipv4_prefix_length).
    public static ClientNetwork of(InetAddress address, int ipv4PrefixLength, int ipv6PrefixLength) {
        byte[] octets = address.getAddress();
        int prefix = octets.length == 4 ? ipv4PrefixLength : ipv6PrefixLength;
        for (int bit = prefix; bit < 8 * octets.length; bit++) {
            octets[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return octets.length == 4
                ? new ClientNetwork(false, number(octets, 0, 4), 0)
                : new ClientNetwork(true, number(octets, 0, 8), number(octets, 8, 16));
    }

    /// The first address of the network.
    public String text() {
        byte[] octets = ipv6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) high).array();
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(byte[] octets, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = (number << 8) | (octets[i] & 0xFF);
        }
        return number;
    }
}
