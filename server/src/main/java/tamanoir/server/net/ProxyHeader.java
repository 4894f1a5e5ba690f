package tamanoir.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tamanoir.mail.text.BadSyntax;

/// The header that a proxy in front puts before everything else (haproxy's PROXY protocol, versions 1 and 2).
sealed interface ProxyHeader {
    /// Who is connected with whom.
    record Told(InetSocketAddress client, InetSocketAddress server) implements ProxyHeader {}

    /// The proxy speaks for itself (a health check), or does not know.
    record Itself() implements ProxyHeader {}

    /// Reads at least one octet, at most `length`.
    interface Source {
        int read(byte[] target, int offset, int length) throws IOException;
    }

    String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    /// Octets of a version 1 line with its CRLF at most (§2.1).
    int LONGEST_LINE = 107;
    /// Octets behind a version 2 head at most: addresses and some notes, certificates among them.
    int LONGEST_BODY = 4096;

    /// @throws BadSyntax when it is no such header
    static ProxyHeader read(Source source) throws IOException {
        // Neither form is shorter than 15 octets: "PROXY UNKNOWN\r\n".
        byte[] head = new byte[LONGEST_LINE];
        fully(source, head, 0, 15);
        if (new String(head, 0, 12, StandardCharsets.ISO_8859_1).equals(SIGNATURE)) {
            fully(source, head, 15, 1);
            return second(head, source);
        }
        if (!new String(head, 0, 6, StandardCharsets.ISO_8859_1).equals("PROXY ")) {
            throw new BadSyntax("a PROXY header is expected and something else came");
        }
        int length = 15;
        while (head[length - 1] != '\n') {
            if (length == LONGEST_LINE) {
                throw new BadSyntax("the PROXY line is too long");
            }
            fully(source, head, length, 1);
            length++;
        }
        return first(new String(head, 0, length, StandardCharsets.ISO_8859_1));
    }

    private static void fully(Source source, byte[] target, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            done += source.read(target, offset + done, length - done);
        }
    }

    /// §2.1: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 25`
    private static ProxyHeader first(String line) {
        if (!line.endsWith("\r\n")) {
            throw new BadSyntax("the PROXY line does not end with CRLF");
        }
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Itself();
        }
        boolean known = words[1].equals("TCP4") || words[1].equals("TCP6");
        if (!known || words.length != 6) {
            throw new BadSyntax("the PROXY line is malformed");
        }
        int length = words[1].equals("TCP4") ? 4 : 16;
        return new Told(
                new InetSocketAddress(address(words[2], length), port(words[4])),
                new InetSocketAddress(address(words[3], length), port(words[5])));
    }

    private static InetAddress address(String text, int length) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (address.getAddress().length == length) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new BadSyntax("the PROXY line has a bad address");
    }

    private static int port(String text) {
        if (text.matches("0|[1-9]\\d{0,4}") && Integer.parseInt(text) < 65536) {
            return Integer.parseInt(text);
        }
        throw new BadSyntax("the PROXY line has a bad port");
    }

    /// §2.2: signature, version and command, family, length; then addresses and notes (TLVs), which we pass over.
    private static ProxyHeader second(byte[] head, Source source) throws IOException {
        int length = unsigned(head, 14);
        if ((head[12] & 0xF0) != 0x20 || length > LONGEST_BODY) {
            throw new BadSyntax("the PROXY header is of an unknown version or too long");
        }
        byte[] body = new byte[length];
        fully(source, body, 0, length);
        int command = head[12] & 0x0F;
        if (command == 0) {
            return new Itself(); // LOCAL
        }
        if (command != 1) {
            throw new BadSyntax("the PROXY header has an unknown command");
        }
        return switch (head[13]) {
            case 0x11 -> told(body, 4);
            case 0x21 -> told(body, 16);
            default -> new Itself(); // Not TCP over IP: the proxy's own address must do.
        };
    }

    private static ProxyHeader told(byte[] body, int size) {
        if (body.length < 2 * size + 4) {
            throw new BadSyntax("the PROXY header is too short for its addresses");
        }
        try {
            return new Told(
                    new InetSocketAddress(
                            InetAddress.getByAddress(Arrays.copyOfRange(body, 0, size)), unsigned(body, 2 * size)),
                    new InetSocketAddress(
                            InetAddress.getByAddress(Arrays.copyOfRange(body, size, 2 * size)),
                            unsigned(body, 2 * size + 2)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    private static int unsigned(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | (octets[at + 1] & 0xFF);
    }
}
