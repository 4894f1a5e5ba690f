package tamanoir.server.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.dns.Srv;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.SmtpParameters;

/// Asks /etc/hosts for addresses first (smtp_host_lookup = native), and for everything else the domain name
/// system.
///
/// Used by any number of threads; what was read is swapped as a whole.
public final class HostsFile implements Dns {
    private static final Duration TTL = Duration.ofMinutes(1);

    private final Path file;
    private final Dns dns;
    private volatile Seen seen = new Seen(FileTime.fromMillis(-1), Map.of(), Map.of());

    private record Seen(
            FileTime modified, Map<String, List<InetAddress>> byName, Map<InetAddress, List<String>> byAddress) {}

    public HostsFile(Path file, Dns dns) {
        this.file = file;
        this.dns = dns;
    }

    /// What smtp_host_lookup says: `native` asks the file of this machine first, as its own programs do.
    ///
    /// @throws BadSyntax when it says anything else
    public static Dns where(Config config, Dns dns) {
        List<String> words = config.get(SmtpParameters.SMTP_HOST_LOOKUP);
        for (String word : words) {
            if (!word.equals("dns") && !word.equals("native")) {
                throw new BadSyntax("smtp_host_lookup: \"" + word + "\" is neither dns nor native");
            }
        }
        return words.contains("native") ? new HostsFile(Path.of("/etc/hosts"), dns) : dns;
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return dns.mx(domain);
    }

    @Override
    public Answer<Srv> srv(String name) {
        return dns.srv(name);
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return known(host, 4) ? address(host, 4) : dns.a(host);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return known(host, 16) ? address(host, 16) : dns.aaaa(host);
    }

    /// A host of the file has the addresses of the file, and no others.
    @Override
    public Answer<InetAddress> addresses(String host) {
        List<InetAddress> addresses = look().byName().getOrDefault(folded(host), List.of());
        return addresses.isEmpty() ? dns.addresses(host) : new Answer.Found<>(addresses, TTL, false);
    }

    @Override
    public Answer<String> txt(String name) {
        return dns.txt(name);
    }

    @Override
    public Answer<String> ns(String domain) {
        return dns.ns(domain);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        List<String> names = look().byAddress().getOrDefault(address, List.of());
        return names.isEmpty() ? dns.ptr(address) : new Answer.Found<>(names, TTL, false);
    }

    private boolean known(String host, int length) {
        return look().byName().getOrDefault(folded(host), List.of()).stream()
                .anyMatch(address -> address.getAddress().length == length);
    }

    private Answer<InetAddress> address(String host, int length) {
        return new Answer.Found<>(
                look().byName().getOrDefault(folded(host), List.of()).stream()
                        .filter(address -> address.getAddress().length == length)
                        .toList(),
                TTL,
                false);
    }

    private static String folded(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private Seen look() {
        Seen last = seen;
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(last.modified())) {
                last = read(modified);
                seen = last;
            }
        } catch (IOException _) {
            return last; // Being replaced, or not there: what was known stays.
        }
        return last;
    }

    private Seen read(FileTime modified) throws IOException {
        Map<String, List<InetAddress>> byName = new HashMap<>();
        Map<InetAddress, List<String>> byAddress = new HashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            if (words.length < 2) {
                continue;
            }
            InetAddress address;
            try {
                address = InetAddress.ofLiteral(words[0]);
            } catch (IllegalArgumentException _) {
                continue; // As the C library, pass over what is no address.
            }
            for (int i = 1; i < words.length; i++) {
                byName.computeIfAbsent(folded(words[i]), _ -> new ArrayList<>()).add(address);
            }
            byAddress.computeIfAbsent(address, _ -> new ArrayList<>()).add(folded(words[1]));
        }
        return new Seen(modified, byName, byAddress);
    }
}
