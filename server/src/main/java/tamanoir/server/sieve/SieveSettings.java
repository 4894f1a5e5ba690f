package tamanoir.server.sieve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Limits;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SieveParameters;

/// How main.cf wants scripts. `size` is in octets of UTF-8; `before` and `after` are files or folders; `extensions` and
/// `globalExtensions` are in the words of main.cf.
public record SieveSettings(
        boolean on,
        int size,
        int mostScripts,
        List<Path> before,
        List<Path> after,
        Optional<Path> standard,
        Optional<Path> global,
        List<String> extensions,
        List<String> globalExtensions,
        Limits limits,
        Vacation vacation,
        int cached,
        String hostname,
        String domain,
        String delimiter) {
    /// RFC 6131 §2.1: the bounds of what a script may ask for. `checkRecipient` is RFC 5230 §4.5.
    public record Vacation(Duration usual, Duration shortest, Duration longest, boolean checkRecipient) {}

    private static final int LARGEST = 1 << 20;

    public SieveSettings {
        before = List.copyOf(before);
        after = List.copyOf(after);
        extensions = List.copyOf(extensions);
        globalExtensions = List.copyOf(globalExtensions);
    }

    public static SieveSettings defaults() {
        return from(Config.of(Path.of(""), java.util.Map.of()));
    }

    public static SieveSettings from(Config config) {
        int size = (int) Math.min(LARGEST, config.get(SieveParameters.SIEVE_MAX_SCRIPT_SIZE));
        Limits usual = Limits.DEFAULT;
        Limits limits = new Limits(
                size,
                usual.nesting(),
                usual.arguments(),
                config.get(SieveParameters.SIEVE_MAX_STEPS),
                config.get(SieveParameters.SIEVE_MAX_ACTIONS),
                config.get(SieveParameters.SIEVE_MAX_REDIRECTS),
                config.get(SieveParameters.SIEVE_MAX_INCLUDES),
                usual.variables(),
                usual.variable());
        return new SieveSettings(
                config.get(SieveParameters.SIEVE_FILTER),
                size,
                config.get(SieveParameters.SIEVE_QUOTA_MAX_SCRIPTS),
                paths(config, config.get(SieveParameters.SIEVE_BEFORE)),
                paths(config, config.get(SieveParameters.SIEVE_AFTER)),
                config.get(SieveParameters.SIEVE_DEFAULT),
                config.get(SieveParameters.SIEVE_GLOBAL),
                config.get(SieveParameters.SIEVE_EXTENSIONS),
                config.get(SieveParameters.SIEVE_GLOBAL_EXTENSIONS),
                limits,
                new Vacation(
                        config.get(SieveParameters.SIEVE_VACATION_DEFAULT_PERIOD),
                        config.get(SieveParameters.SIEVE_VACATION_MIN_PERIOD),
                        config.get(SieveParameters.SIEVE_VACATION_MAX_PERIOD),
                        !config.get(SieveParameters.SIEVE_VACATION_DONT_CHECK_RECIPIENT)),
                config.get(SieveParameters.SIEVE_SCRIPT_CACHE_SIZE),
                config.get(NetParameters.MYHOSTNAME),
                config.get(NetParameters.MYDOMAIN),
                config.get(CleanupParameters.RECIPIENT_DELIMITER));
    }

    /// What a script can ask about this server (RFC 5183 §4.1), the same for every message.
    Optional<String> environment(String item) {
        return switch (item) {
            case "domain" -> Optional.of(domain);
            case "host" -> Optional.of(hostname);
            case "location" -> Optional.of("MDA");
            case "phase" -> Optional.of("during");
            case "name" -> Optional.of("Tamanoir");
            default -> Optional.empty();
        };
    }

    private static List<Path> paths(Config config, List<String> names) {
        return names.stream()
                .map(name -> config.home().resolve(name).normalize())
                .toList();
    }
}
