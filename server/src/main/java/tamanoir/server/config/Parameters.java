package tamanoir.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All parameters there are, from the classes of their rooms.
public final class Parameters {
    private static final Map<String, Parameter<?>> BY_NAME = byName();
    private static final List<Parameter<?>> ALL = BY_NAME.values().stream()
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .toList();

    private Parameters() {}

    /// Every parameter, by name.
    public static List<Parameter<?>> all() {
        return ALL;
    }

    public static Optional<Parameter<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Those that take effect only at the next start: what is bound, opened or sized once.
    public static Set<Parameter<?>> needRestart() {
        return NetParameters.needRestart();
    }

    /// The parameters of one room.
    record Section(String title, List<Parameter<?>> parameters) {}

    /// All of them, room by room.
    static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Names, listeners, connections", NetParameters.all()));
        sections.add(new Section("Receiving mail", SmtpdParameters.all()));
        sections.add(new Section("Policy: verified addresses, greylisting", PolicyParameters.all()));
        sections.add(new Section("Where mail comes from: SPF, DKIM, DMARC, ARC", AuthresultsParameters.all()));
        sections.add(new Section("DNS", DnsParameters.all()));
        sections.add(new Section("TLS for clients", TlsParameters.all()));
        sections.add(new Section("Screening clients", PostscreenParameters.all()));
        sections.add(new Section("Addresses, headers, content", CleanupParameters.all()));
        sections.add(new Section("Filters outside: milters, rspamd, spamd, clamd", FilterParameters.all()));
        sections.add(new Section("Junk", JunkParameters.all()));
        sections.add(new Section("Sieve", SieveParameters.all()));
        sections.add(new Section("Local mail", LocalParameters.all()));
        sections.add(new Section("Queue and reports", QueueParameters.all()));
        sections.add(new Section("Sending mail", SmtpParameters.all()));
        sections.add(new Section("IMAP", ImapParameters.all()));
        sections.add(new Section("POP3", Pop3Parameters.all()));
        sections.add(new Section("ManageSieve", ManageSieveParameters.all()));
        sections.add(new Section("Web", WebParameters.all()));
        sections.add(new Section("Set-up", SetupParameters.all()));
        sections.add(new Section("JMAP", JmapParameters.all()));
        sections.add(new Section("Search", SearchParameters.all()));
        sections.add(new Section("Personal data, sending later", PersonalParameters.all()));
        sections.add(new Section("Store and accounts", StoreParameters.all()));
        sections.add(new Section("Sources of people", DirectoryParameters.all()));
        sections.add(new Section("Compatibility", CompatibilityParameters.all()));
        sections.add(new Section("Planned", PlannedParameters.all()));
        List<Parameter<?>> others = new ArrayList<>();
        sections.forEach(section -> others.addAll(section.parameters));
        sections.add(new Section("LMTP client", LmtpParameters.all(others)));
        return sections;
    }

    private static Map<String, Parameter<?>> byName() {
        Map<String, Parameter<?>> byName = new HashMap<>();
        for (Section section : sections()) {
            for (Parameter<?> parameter : section.parameters) {
                if (byName.put(parameter.name(), parameter) != null) {
                    throw new IllegalStateException(parameter.name() + " is defined twice");
                }
            }
        }
        return byName;
    }
}
