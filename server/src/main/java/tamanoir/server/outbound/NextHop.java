package tamanoir.server.outbound;

import java.util.Locale;
import java.util.Map;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// Where a transport sends mail, as an administrator writes it (postconf(5), `relayhost`).
///
/// `host`, `host:port`: the mail exchangers of the domain `host`. `[host]`, `[host]:port`: that very host, which may be
/// an IP address. `inet:host:port` is the same as `[host]:port`. With LMTP no form asks for mail exchangers. `text` is
/// kept as written: it is the key of password tables. `port` 0 means the protocol's own.
public record NextHop(String text, String host, boolean exchangers, int port) {
    private static final Map<String, Integer> PORT_NAMES =
            Map.of("smtp", 25, "smtps", 465, "submissions", 465, "submission", 587, "lmtp", 24);

    /// @throws BadSyntax when it is none of the forms
    public static NextHop of(String text, boolean lmtp) {
        String rest = text.strip();
        if (rest.startsWith("unix:")) {
            throw new BadSyntax("\"" + text + "\": other servers are reached over TCP here; write inet:host:port");
        }
        boolean inet = rest.startsWith("inet:");
        if (inet) {
            rest = rest.substring("inet:".length());
        }
        int close = rest.startsWith("[") ? rest.indexOf(']') : -1;
        if (rest.startsWith("[") && close < 0) {
            throw new BadSyntax("\"" + text + "\": the bracket is not closed");
        }
        String host = close > 0 ? rest.substring(1, close) : hostOf(rest);
        String after = close > 0 ? rest.substring(close + 1) : rest.substring(host.length());
        if (host.isEmpty() || (!after.isEmpty() && !after.startsWith(":"))) {
            throw new BadSyntax("\"" + text + "\" is not host, host:port, [host] or [host]:port");
        }
        int port = after.isEmpty() ? 0 : port(after.substring(1), text);
        if (host.regionMatches(true, 0, "IPv6:", 0, 5)) {
            host = host.substring(5);
        }
        return new NextHop(
                text.strip(), isAddress(host) ? host : Domain.of(host).ascii(), close < 0 && !inet && !lmtp, port);
    }

    /// The nexthop that is a recipient's own domain.
    public static NextHop of(Domain domain) {
        String ascii = domain.ascii();
        return domain.isLiteral() ? of(ascii, false) : new NextHop(ascii, ascii, true, 0);
    }

    private static String hostOf(String rest) {
        int colon = rest.lastIndexOf(':');
        return colon < 0 ? rest : rest.substring(0, colon);
    }

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static int port(String name, String text) {
        Integer known = PORT_NAMES.get(name.toLowerCase(Locale.ROOT));
        if (known != null) {
            return known;
        }
        try {
            int port = Integer.parseInt(name);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new BadSyntax("\"" + text + "\": \"" + name + "\" is neither a port number nor a known service");
    }

    /// A port as `smtp_tcp_port` names it.
    ///
    /// @throws BadSyntax when it is none
    public static int port(String name) {
        return port(name, name);
    }
}
