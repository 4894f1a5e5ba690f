package tamanoir.server.setup;

import java.net.InetAddress;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// `host`, `host:port`, `[address]:port` of a parameter. `host` is a name or an address without brackets.
record HostAndPort(String host, int port) {
    static HostAndPort of(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (text.startsWith("[") ? colon > text.indexOf(']') : text.indexOf(':') == colon);
        try {
            String host = (hasPort ? text.substring(0, colon) : text).replaceFirst("^\\[(.*)]$", "$1");
            return new HostAndPort(host, hasPort ? Integer.parseInt(text.substring(colon + 1)) : defaultPort);
        } catch (NumberFormatException e) {
            throw new BadSyntax("\"" + text + "\" is neither a host nor host:port");
        }
    }

    /// The address, when the host is written as one.
    Optional<InetAddress> literal() {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
