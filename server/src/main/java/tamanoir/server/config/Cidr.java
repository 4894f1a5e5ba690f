package tamanoir.server.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// A block of addresses as main.cf and cidr tables write it: `192.0.2.0/24`, `2001:db8::/32`, or one address alone.
/// Immutable.
///
/// IPv6 may stand in brackets, as main.cf writes it: `[2001:db8::]/32`, `[2001:db8::/32]`.
public final class Cidr {
    private final byte[] network;
    private final int prefix;

    private Cidr(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /// @throws BadSyntax when it is no block, or has bits set below the prefix: then the author meant something else
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        String base = slash < 0 ? text : text.substring(0, slash);
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (base.startsWith("[")) {
            if (base.endsWith("]")) {
                base = base.substring(1, base.length() - 1);
            } else if (length.endsWith("]")) {
                base = base.substring(1);
                length = length.substring(0, length.length() - 1);
            }
        }
        byte[] address = literal(base)
                .orElseThrow(() -> new BadSyntax("\"" + text + "\" is no network; allowed is address or address/bits"))
                .getAddress();
        int most = address.length * 8;
        int prefix = slash < 0 ? most : bits(text, length, most);
        byte[] network = masked(address, prefix);
        if (!java.util.Arrays.equals(network, address)) {
            throw new BadSyntax("\"" + text + "\" has bits set behind the network; perhaps " + new Cidr(network, prefix)
                    + " is meant");
        }
        return new Cidr(network, prefix);
    }

    private static int bits(String text, String length, int most) {
        boolean digits =
                !length.isEmpty() && length.length() <= 3 && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Integer.parseInt(length) > most) {
            throw new BadSyntax("\"" + text + "\" has no number from 0 to " + most + " behind the slash");
        }
        return Integer.parseInt(length);
    }

    /// An address in numbers, never a name, so that nothing is asked of the network.
    public static Optional<InetAddress> literal(String text) {
        try {
            boolean six = text.indexOf(':') >= 0;
            if (six ? text.indexOf('%') >= 0 || text.startsWith("[") : !isDottedQuad(text)) {
                return Optional.empty();
            }
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Four numbers; the system's parser takes `127.1` and octal forms too, which nobody should mean.
    private static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
            if (part.length() > 1 && part.charAt(0) == '0') {
                return false;
            }
        }
        return true;
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int keep = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] &= (byte) (0xff << (8 - keep));
        }
        return masked;
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != network.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (network[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((network[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    /// The form in which Postfix keys tables: `192.0.2.1`, `2001:db8::1`.
    public static String text(InetAddress address) {
        return address instanceof Inet6Address ? compressed(address.getAddress()) : address.getHostAddress();
    }

    /// RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    private static String compressed(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int bestAt = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; ) {
            int j = i;
            while (j < 8 && groups[j] == 0) {
                j++;
            }
            if (j - i > bestLength) {
                bestAt = i;
                bestLength = j - i;
            }
            i = Math.max(j, i + 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestAt) {
                text.append(i == 0 ? "::" : ":");
                i += bestLength - 1;
                continue;
            }
            text.append(Integer.toHexString(groups[i]));
            if (i < 7) {
                text.append(':');
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr c && c.prefix == prefix && java.util.Arrays.equals(c.network, network);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(network) * 31 + prefix;
    }

    @Override
    public String toString() {
        try {
            return text(InetAddress.getByAddress(network)) + "/" + prefix;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
