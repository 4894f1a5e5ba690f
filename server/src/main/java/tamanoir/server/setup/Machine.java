package tamanoir.server.setup;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;

/// What the operating system says of this machine, sizes in octets; -1 and empty where it says nothing.
public record Machine(
        long memory,
        long heap,
        String diskFolder,
        long diskFree,
        String diskKind,
        long openFiles,
        List<InetAddress> addresses) {
    public Machine {
        addresses = List.copyOf(addresses);
    }

    public static Machine here(Config config) {
        long memory = -1;
        long files = -1;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory = system.getTotalMemorySize(); // In a container, what it may use.
            if (system instanceof UnixOperatingSystemMXBean unix) {
                files = unix.getMaxFileDescriptorCount();
            }
        }
        Path folder = existing(config.get(NetParameters.DATA_DIRECTORY).orElse(config.home()));
        long free = -1;
        String kind = "";
        try {
            FileStore disk = Files.getFileStore(folder);
            free = disk.getUsableSpace();
            kind = disk.type().toLowerCase(Locale.ROOT);
        } catch (IOException _) {
            // Said as "unknown" by the check.
        }
        return new Machine(memory, Runtime.getRuntime().maxMemory(), folder.toString(), free, kind, files, own());
    }

    private static Path existing(Path folder) {
        Path here = folder.toAbsolutePath();
        while (here.getParent() != null && Files.notExists(here)) {
            here = here.getParent();
        }
        return here;
    }

    /// The addresses of the network cards, without those that only this machine or its cable knows.
    private static List<InetAddress> own() {
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (card.isUp() && !card.isLoopback()) {
                    for (InetAddress address : Collections.list(card.getInetAddresses())) {
                        if (!address.isLinkLocalAddress() && !address.isLoopbackAddress()) {
                            all.add(address);
                        }
                    }
                }
            }
        } catch (SocketException _) {
            return List.of();
        }
        return all;
    }
}
