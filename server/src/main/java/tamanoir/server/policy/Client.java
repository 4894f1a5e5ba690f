package tamanoir.server.policy;

import java.net.Inet6Address;
import java.net.InetAddress;

/// Who is connected, as far as the network tells.
///
/// `name` is the host name that leads back to the address, `unknown` where there is none; `reverseName` is
/// what the address alone claims. `trouble` is true when the names could not be found out, which proves
/// nothing.
public record Client(InetAddress address, int port, String name, String reverseName, boolean trouble) {
    public static final String UNKNOWN = "unknown";

    /// A client whose names were not looked up or are not known.
    public static Client nameless(InetAddress address, int port) {
        return new Client(address, port, UNKNOWN, UNKNOWN, false);
    }

    /// The address in its short form: `192.0.2.1`, `2001:db8::1` (RFC 5952 §4).
    public String addressText() {
        return text(address);
    }

    /// `name[address]`, as logs and rejects have it.
    @Override
    public String toString() {
        return name + "[" + addressText() + "]";
    }

    /// As an address literal without brackets: `192.0.2.1`, `IPv6:2001:db8::1` (RFC 5321 §4.1.3).
    public String literal() {
        return address instanceof Inet6Address ? "IPv6:" + addressText() : addressText();
    }

    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address.getHostAddress();
        }
        byte[] octets = six.getAddress();
        int bestAt = -1;
        int bestLength = 1; // RFC 5952 §4.2.2: a single group of zeros is not shortened
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && octets[2 * (i + length)] == 0 && octets[2 * (i + length) + 1] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestAt = i;
                bestLength = length;
            }
            i += length;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestAt) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString((octets[2 * i] & 0xFF) << 8 | (octets[2 * i + 1] & 0xFF)));
        }
        return text.toString();
    }
}
