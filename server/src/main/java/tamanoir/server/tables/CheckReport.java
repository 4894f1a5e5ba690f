package tamanoir.server.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.MasterCf;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Problem;
import tamanoir.server.config.QueueParameters;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.observe.Trace;

/// A configuration looked at as a whole: what `tamanoir check` prints, and what a start or a reload must pass.
///
/// Beyond the values, which [Config#load] reads, it opens every table, looks for the files that are named, and finds
/// values that do not go together. Rooms above add what only they know (are the certificates good, are the actions of
/// the header checks known) as [Part]s. The problems come in the order of the files.
public record CheckReport(Config config, Tables tables, List<Problem> problems) {
    public CheckReport {
        problems = List.copyOf(problems);
    }

    /// What another room has to say about a configuration.
    public interface Part {
        List<Problem> check(Config config, Tables tables);
    }

    /// Reads and checks `home`. `before` are the tables in use, which stay open where nothing changed; `clock` and
    /// `trace` are for new ones.
    public static CheckReport of(
            Path home,
            Map<String, String> overrides,
            Optional<Tables> before,
            Clock clock,
            Trace trace,
            List<Part> parts) {
        Loaded loaded = Config.load(home, overrides);
        Config config = loaded.config();
        Tables tables = before.isPresent() ? before.get().next(config) : new Tables(config, clock, trace);
        Set<Problem> problems = new LinkedHashSet<>(loaded.problems());
        List<Config> services = new ArrayList<>(List.of(config));
        config.services().forEach(service -> services.add(config.service(service)));
        Set<String> said = new HashSet<>();
        for (Config service : services) {
            problems.addAll(openTables(service, tables, said));
        }
        tables.keep(said);
        problems.addAll(relaying(config, services));
        problems.addAll(certificates(config));
        problems.addAll(limits(config));
        problems.addAll(names(config));
        problems.addAll(MasterCf.notes(home));
        for (Part part : parts) {
            problems.addAll(part.check(config, tables));
        }
        return new CheckReport(config, tables, inFileOrder(home, problems));
    }

    /// True when there is no error.
    public boolean isUsable() {
        return errors().isEmpty();
    }

    public List<Problem> errors() {
        return problems.stream()
                .filter(p -> p.severity() == Problem.Severity.ERROR)
                .toList();
    }

    /// Opens what is in use and is not in `said`: a table that several parameters name, or a default passes on, is
    /// complained about once, where somebody wrote it.
    private static List<Problem> openTables(Config config, Tables tables, Set<String> said) {
        List<Problem> problems = new ArrayList<>();
        List<Config.TableUse> uses = config.tables().stream()
                .sorted(Comparator.comparing(use -> !config.isSet(use.parameter())))
                .toList();
        for (Config.TableUse use : uses) {
            if (!said.add(use.table())) {
                continue;
            }
            try {
                for (Problem problem : tables.open(use.table()).problems()) {
                    // A file that is not there is the fault of the line that names it.
                    String where = problem.file().isEmpty() ? "" : problem.file() + ": ";
                    String message = "\"" + use.table() + "\": " + where + problem.message();
                    problems.add(
                            problem.line() > 0
                                    ? problem
                                    : problem.severity() == Problem.Severity.WARNING
                                            ? config.warning(use.parameter(), message)
                                            : config.error(use.parameter(), message));
                }
            } catch (BadSyntax e) {
                problems.add(config.error(use.parameter(), String.valueOf(e.getMessage())));
            }
        }
        return problems;
    }

    /// Postfix's own safeguard: one of the two lists must end in a refusal, else all mail is refused.
    private static List<Problem> relaying(Config config, List<Config> services) {
        Set<String> refusals =
                Set.of("reject", "defer", "defer_if_permit", "reject_unauth_destination", "defer_unauth_destination");
        List<Problem> problems = new ArrayList<>();
        Set<List<String>> said = new HashSet<>();
        for (Config service : services) {
            List<String> words = new ArrayList<>(service.get(SmtpdParameters.SMTPD_RELAY_RESTRICTIONS));
            words.addAll(service.get(SmtpdParameters.SMTPD_RECIPIENT_RESTRICTIONS));
            if (words.stream().noneMatch(refusals::contains) && said.add(words)) {
                problems.add(service.error(
                        SmtpdParameters.SMTPD_RECIPIENT_RESTRICTIONS,
                        "neither this list nor smtpd_relay_restrictions holds reject, defer, defer_if_permit,"
                                + " reject_unauth_destination or defer_unauth_destination, so that all mail would be"
                                + " refused; add reject_unauth_destination behind what may relay"));
            }
        }
        for (String network : config.get(NetParameters.MYNETWORKS)) {
            if (network.endsWith("/0")) {
                problems.add(config.error(
                        NetParameters.MYNETWORKS,
                        "\"" + network + "\" is the whole Internet, which would make this server an open relay"));
            }
        }
        return problems;
    }

    private static List<Problem> certificates(Config config) {
        List<Problem> problems = new ArrayList<>();
        Optional<Path> certificate = config.get(TlsParameters.SMTPD_TLS_CERT_FILE);
        Optional<Path> key = config.get(TlsParameters.SMTPD_TLS_KEY_FILE);
        if (certificate.isPresent() && key.isPresent()) {
            boolean hasCertificate = Files.exists(certificate.get());
            boolean hasKey = Files.exists(key.get());
            if (!hasCertificate && !hasKey) {
                problems.add(config.note(
                        TlsParameters.SMTPD_TLS_CERT_FILE,
                        certificate.get() + " does not exist; the next start makes a self-signed certificate there"));
            } else if (!hasCertificate) {
                problems.add(config.error(
                        TlsParameters.SMTPD_TLS_CERT_FILE, certificate.get() + ": no such file, but its key is there"));
            } else if (!hasKey) {
                problems.add(config.error(
                        TlsParameters.SMTPD_TLS_KEY_FILE, key.get() + ": no such file, but its certificate is there"));
            }
        }
        readable(config, TlsParameters.SMTPD_TLS_ECCERT_FILE, true).ifPresent(problems::add);
        readable(config, TlsParameters.SMTPD_TLS_ECKEY_FILE, true).ifPresent(problems::add);
        readable(config, TlsParameters.SMTPD_TLS_CAFILE, false).ifPresent(problems::add);
        readable(config, TlsParameters.SMTPD_TLS_CAPATH, false).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> readable(Config config, Parameter<Optional<Path>> parameter, boolean needed) {
        Optional<Path> file = config.get(parameter);
        if (file.isEmpty() || !config.isSet(parameter) || Files.isReadable(file.get())) {
            return Optional.empty();
        }
        String why = file.get() + (Files.exists(file.get()) ? ": cannot be read" : ": no such file");
        return Optional.of(
                needed
                        ? config.error(parameter, why)
                        : config.warning(parameter, why + "; the server goes on without it"));
    }

    private static List<Problem> limits(Config config) {
        List<Problem> problems = new ArrayList<>();
        long message = config.get(SmtpdParameters.MESSAGE_SIZE_LIMIT);
        for (Parameter<Long> mailbox :
                List.of(LocalParameters.MAILBOX_SIZE_LIMIT, LocalParameters.VIRTUAL_MAILBOX_LIMIT)) {
            long limit = config.get(mailbox);
            if (limit > 0 && (message == 0 || limit < message)) {
                problems.add(config.warning(
                        mailbox,
                        limit + " is less than message_size_limit (" + (message == 0 ? "no limit" : message)
                                + "), so that a message may be taken which fits no mailbox"));
            }
        }
        Duration least = config.get(QueueParameters.MINIMAL_BACKOFF_TIME);
        if (least.compareTo(config.get(QueueParameters.MAXIMAL_BACKOFF_TIME)) > 0) {
            problems.add(config.error(
                    QueueParameters.MINIMAL_BACKOFF_TIME,
                    "it is more than maximal_backoff_time; the first is the"
                            + " shortest wait between two attempts, the second the longest"));
        }
        if (config.get(QueueParameters.BOUNCE_QUEUE_LIFETIME)
                        .compareTo(config.get(QueueParameters.MAXIMAL_QUEUE_LIFETIME))
                > 0) {
            problems.add(config.warning(
                    QueueParameters.BOUNCE_QUEUE_LIFETIME,
                    "it is more than maximal_queue_lifetime, which counts then"));
        }
        return problems;
    }

    private static List<Problem> names(Config config) {
        List<Problem> problems = new ArrayList<>();
        String host = config.get(NetParameters.MYHOSTNAME);
        if (host.indexOf('.') < 0) {
            problems.add(config.warning(
                    NetParameters.MYHOSTNAME,
                    "\"" + host + "\" is no full name; other servers refuse a greeting without a domain"));
        }
        if (!config.get(SmtpdParameters.SMTPD_BANNER).startsWith(host)) {
            problems.add(config.warning(
                    SmtpdParameters.SMTPD_BANNER, "the greeting must begin with $myhostname (RFC 5321 §4.3.1)"));
        }
        // A domain in two classes is routed by the first that knows it, which surprises whoever wrote the second.
        Map<String, Parameter<?>> owner = new HashMap<>();
        for (Parameter<List<String>> list : List.of(
                CleanupParameters.MYDESTINATION,
                CleanupParameters.VIRTUAL_ALIAS_DOMAINS,
                LocalParameters.VIRTUAL_MAILBOX_DOMAINS,
                LocalParameters.RELAY_DOMAINS)) {
            for (String domain : config.get(list)) {
                Parameter<?> before = owner.putIfAbsent(domain, list);
                if (before != null && !before.equals(list) && !domain.contains(":")) {
                    problems.add(config.warning(
                            list,
                            "\"" + domain + "\" is in " + before.name()
                                    + " too, which counts; a domain belongs in one of the two"));
                }
            }
        }
        return problems;
    }

    /// main.cf first, then other files by name, then what has no place.
    private static List<Problem> inFileOrder(Path home, Set<Problem> problems) {
        String main = home.resolve("main.cf").toString();
        Comparator<Problem> order = Comparator.comparingInt(
                        (Problem p) -> p.file().equals(main) ? 0 : p.file().isEmpty() ? 2 : 1)
                .thenComparing(Problem::file)
                .thenComparingInt(Problem::line);
        return problems.stream().sorted(order).toList();
    }
}
