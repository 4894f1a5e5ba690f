package tamanoir.server.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/// The servers to ask, in order: those of the settings, else those of resolv.conf, which is looked at again every few
/// seconds, since networks come and go.
///
/// Used by all lookups; the one field is swapped as a whole.
final class NameServers {
    private static final long LOOK_NANOS = 5_000_000_000L;

    private final List<InetSocketAddress> fixed;
    private final Path file;
    private volatile Seen seen = new Seen(FileTime.fromMillis(0), List.of(), false, System.nanoTime() - LOOK_NANOS);

    private record Seen(FileTime modified, List<InetSocketAddress> servers, boolean trustAd, long at) {}

    NameServers(List<InetSocketAddress> fixed, Path file) {
        this.fixed = fixed;
        this.file = file;
    }

    List<InetSocketAddress> all() {
        return fixed.isEmpty() ? look().servers() : fixed;
    }

    /// `options trust-ad` (resolv.conf(5)): whoever wrote the file vouches for the servers and the way to them.
    boolean trustAd() {
        return fixed.isEmpty() && look().trustAd();
    }

    private Seen look() {
        Seen last = seen;
        if (System.nanoTime() - last.at() < LOOK_NANOS) {
            return last;
        }
        Seen now;
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            now = modified.equals(last.modified()) && !last.servers().isEmpty()
                    ? new Seen(modified, last.servers(), last.trustAd(), System.nanoTime())
                    : read(modified);
        } catch (IOException _) {
            // As resolv.conf(5): without the file, the server of this machine.
            now = new Seen(FileTime.fromMillis(0), localhost(), false, System.nanoTime());
        }
        seen = now;
        return now;
    }

    private Seen read(FileTime modified) throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        boolean trustAd = false;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals("nameserver") && words.length > 1) {
                try {
                    servers.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), DnsSettings.PORT));
                } catch (IllegalArgumentException _) {
                    // Not an address: as the C library, pass over it.
                }
            } else if (words[0].equals("options")) {
                trustAd |= List.of(words).contains("trust-ad");
            }
        }
        return new Seen(modified, servers.isEmpty() ? localhost() : List.copyOf(servers), trustAd, System.nanoTime());
    }

    private static List<InetSocketAddress> localhost() {
        return List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), DnsSettings.PORT));
    }
}
