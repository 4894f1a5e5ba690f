package tamanoir.server.setup;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import tamanoir.server.config.NetParameters;
import tamanoir.server.net.PublicAddress;
import tamanoir.server.setup.Checks.Ground;

/// Under which addresses the world sees this machine, as far as it can know itself: those of its cards that are
/// public, and what `proxy_interfaces` names when something in front has them. Immutable.
final class Addresses {
    private final List<InetAddress> visible;

    Addresses(Ground ground) {
        List<InetAddress> all = new ArrayList<>();
        ground.machine().addresses().stream().filter(PublicAddress::isPublic).forEach(all::add);
        for (String word : ground.config().get(NetParameters.PROXY_INTERFACES)) {
            try {
                all.add(InetAddress.ofLiteral(word));
            } catch (IllegalArgumentException _) {
                // A name: the check of the names looks it up.
            }
        }
        visible = all.stream().distinct().toList();
    }

    List<InetAddress> visible() {
        return visible;
    }

    List<InetAddress> four() {
        return visible.stream().filter(Inet4Address.class::isInstance).toList();
    }

    List<InetAddress> six() {
        return visible.stream().filter(Inet6Address.class::isInstance).toList();
    }

    static String text(List<InetAddress> addresses) {
        return String.join(", ", addresses.stream().map(Addresses::text).toList());
    }

    /// RFC 5952, as it stands in a zone file.
    static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] octets = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((octets[2 * i] & 0xff) << 8) | (octets[2 * i + 1] & 0xff);
        }
        int from = -1;
        int longest = 1; // §4.2.2: one group alone is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                from = i;
                longest = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
