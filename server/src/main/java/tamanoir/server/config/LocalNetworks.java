package tamanoir.server.config;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// What this machine says about itself: its name, and the networks it is in.
final class LocalNetworks {
    private LocalNetworks() {}

    /// The machine's own name, without asking the network.
    static String hostName() {
        String name = "";
        try {
            Path kernel = Path.of("/proc/sys/kernel/hostname");
            name = Files.isReadable(kernel)
                    ? Files.readString(kernel).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = ""; // The machine has a name that it cannot resolve, or none.
        } catch (IOException e) {
            name = "";
        }
        boolean usable = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '$');
        return usable ? name.toLowerCase(Locale.ROOT) : "localhost";
    }

    /// The default of `mynetworks`: loopback, and what `style` (host, subnet, class) makes of the own addresses.
    static String of(String style) {
        List<String> networks = new ArrayList<>(List.of("127.0.0.0/8", "[::1]/128"));
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress at : one.getInterfaceAddresses()) {
                    InetAddress address = at.getAddress();
                    if (!address.isLoopbackAddress()) {
                        networks.add(network(address, at.getNetworkPrefixLength(), style));
                    }
                }
            }
        } catch (SocketException e) {
            return String.join(" ", networks); // Loopback alone is the safe answer.
        }
        return String.join(" ", networks.stream().distinct().toList());
    }

    private static String network(InetAddress address, int prefix, String style) {
        byte[] bytes = address.getAddress();
        int full = bytes.length * 8;
        int bits = full;
        if (style.equals("subnet") && prefix >= 0) {
            bits = prefix;
        } else if (style.equals("class")) {
            int first = bytes[0] & 0xff;
            bits = address instanceof Inet6Address ? prefix : first < 128 ? 8 : first < 192 ? 16 : 24;
        }
        for (int i = 0; i < bytes.length; i++) {
            int keep = Math.clamp(bits - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - keep));
        }
        try {
            String text = InetAddress.getByAddress(bytes).getHostAddress();
            return (bytes.length == 4 ? text : "[" + text + "]") + "/" + bits;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
