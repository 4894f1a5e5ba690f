package tamanoir.server.filter.draft;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import tamanoir.mail.text.BadSyntax;

/// Where a filter listens: `inet:host:port` or `unix:path`, as main.cf writes it. Immutable.
public record Endpoint(String text, String host, int port, Path path) {
    /// @throws BadSyntax when it is neither
    public static Endpoint of(String text, Path home) {
        if (text.startsWith("unix:") || text.startsWith("local:")) {
            String path = text.substring(text.indexOf(':') + 1);
            if (!path.isEmpty()) {
                return new Endpoint(text, "", 0, home.resolve(path));
            }
        }
        if (text.startsWith("inet:")) {
            String rest = text.substring("inet:".length());
            int at = rest.indexOf('@'); // libmilter's inet:port@host
            int colon = rest.lastIndexOf(':');
            String host = at > 0 ? rest.substring(at + 1) : colon < 0 ? "" : rest.substring(0, colon);
            String port = at > 0 ? rest.substring(0, at) : rest.substring(colon + 1);
            try {
                int number = Integer.parseInt(port);
                if (number > 0 && number < 65536) {
                    String plain = host.replace("[", "").replace("]", "");
                    return new Endpoint(text, plain.isEmpty() ? "localhost" : plain, number, home);
                }
            } catch (NumberFormatException _) {
                // Said below.
            }
        }
        throw new BadSyntax("\"" + text + "\" is no address of a filter; allowed are inet:host:port and unix:path");
    }

    boolean isLocal() {
        return host.isEmpty();
    }

    SocketChannel channel() throws IOException {
        if (isLocal()) {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // many small packets that each want an answer
        return channel;
    }

    SocketAddress address() throws IOException {
        return isLocal() ? UnixDomainSocketAddress.of(path) : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Override
    public String toString() {
        return text;
    }
}
