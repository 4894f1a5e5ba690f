package tamanoir.server.net;

import java.net.InetAddress;
import java.util.Arrays;
import tamanoir.mail.text.BadSyntax;

/// The addresses that share their first bits: `192.0.2.0/24`, `[2001:db8::]/32`, or one address.
public record AddressRange(byte[] network, int prefixLength) {
    /// Reads an address or a network in CIDR form; brackets around IPv6 may be left out.
    ///
    /// @throws BadSyntax when it is neither
    public static AddressRange of(String text) {
        int slash = text.lastIndexOf('/');
        String literal = (slash < 0 ? text : text.substring(0, slash)).replaceFirst("^\\[(.*)]$", "$1");
        byte[] network;
        try {
            network = InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException _) {
            throw new BadSyntax("\"" + text + "\" is no address or network; write 192.0.2.0/24 or [2001:db8::]/32");
        }
        int prefixLength = network.length * 8;
        if (slash >= 0) {
            String bits = text.substring(slash + 1);
            if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > prefixLength) {
                throw new BadSyntax("\"" + text + "\": the number behind the slash is 0 to " + prefixLength);
            }
            prefixLength = Integer.parseInt(bits);
        }
        return new AddressRange(network, prefixLength);
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != network.length) {
            return false;
        }
        int whole = prefixLength / 8;
        int rest = prefixLength % 8;
        return Arrays.equals(octets, 0, whole, network, 0, whole)
                && (rest == 0 || ((octets[whole] ^ network[whole]) & 0xFF) >> (8 - rest) == 0);
    }
}
