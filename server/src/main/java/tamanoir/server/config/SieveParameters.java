package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Sieve scripts: what people may keep, what scripts may do, and which run for everybody. The names are Dovecot's where
/// it has them.
public final class SieveParameters {
    private SieveParameters() {}

    public static final Parameter<Boolean> SIEVE_FILTER =
            Parameter.flag("sieve_filter", true, "Run Sieve scripts on mail that comes to local mailboxes.");
    public static final Parameter<Long> SIEVE_MAX_SCRIPT_SIZE =
            Parameter.octets("sieve_max_script_size", 256L << 10, "Octets of one script; 1048576 (1 MiB) at most.");
    public static final Parameter<Integer> SIEVE_QUOTA_MAX_SCRIPTS =
            Parameter.count("sieve_quota_max_scripts", 100, 1, 10_000, "Scripts that one account may have.");
    public static final Parameter<List<String>> SIEVE_BEFORE = Parameter.list(
            "sieve_before",
            "",
            "Scripts that run for everybody before their own: files, or folders whose *.sieve files run by name.");
    public static final Parameter<List<String>> SIEVE_AFTER = Parameter.list(
            "sieve_after",
            "",
            "Scripts that run for everybody after their own, as long as the message is still to be kept: files or"
                    + " folders.");
    public static final Parameter<Optional<Path>> SIEVE_DEFAULT =
            Parameter.file("sieve_default", "", "The script of accounts that have no active one.");
    public static final Parameter<Optional<Path>> SIEVE_GLOBAL =
            Parameter.file("sieve_global", "", "The folder of NAME.sieve for: include :global \"NAME\".");
    public static final Parameter<List<String>> SIEVE_EXTENSIONS = Parameter.list(
            "sieve_extensions",
            "",
            "Extensions that scripts may use: names alone are the whole list; +name adds to the default, -name takes"
                    + " away.");
    public static final Parameter<List<String>> SIEVE_GLOBAL_EXTENSIONS = Parameter.list(
            "sieve_global_extensions",
            "vnd.dovecot.report",
            "Extensions for scripts of the administrator alone: sieve_before, sieve_after, sieve_default, and what they"
                    + " include from sieve_global.");
    public static final Parameter<Integer> SIEVE_MAX_ACTIONS = Parameter.count(
            "sieve_max_actions", 32, 1, 1_000, "Actions of the scripts of one account for one message.");
    public static final Parameter<Integer> SIEVE_MAX_REDIRECTS = Parameter.count(
            "sieve_max_redirects", 4, 0, 1_000, "Redirects of the scripts of one account for one message.");
    public static final Parameter<Integer> SIEVE_MAX_STEPS = Parameter.count(
            "sieve_max_steps",
            2_000_000,
            1_000,
            100_000_000,
            "Commands, tests and comparisons of one script for one message; what needs more is stopped, and the message"
                    + " kept.");
    public static final Parameter<Integer> SIEVE_MAX_INCLUDES =
            Parameter.count("sieve_max_includes", 10, 1, 100, "How deep scripts may include each other.");
    public static final Parameter<Duration> SIEVE_VACATION_MIN_PERIOD = Parameter.time(
            "sieve_vacation_min_period",
            "1d",
            ChronoUnit.SECONDS,
            "The shortest time after which somebody gets another vacation reply.");
    public static final Parameter<Duration> SIEVE_VACATION_DEFAULT_PERIOD = Parameter.time(
            "sieve_vacation_default_period",
            "7d",
            ChronoUnit.SECONDS,
            "The time after which somebody gets another vacation reply when a script does not say.");
    public static final Parameter<Duration> SIEVE_VACATION_MAX_PERIOD = Parameter.time(
            "sieve_vacation_max_period", "90d", ChronoUnit.SECONDS, "The longest such time that is remembered.");
    public static final Parameter<Boolean> SIEVE_VACATION_DONT_CHECK_RECIPIENT = Parameter.flag(
            "sieve_vacation_dont_check_recipient",
            false,
            "Vacation replies go out although none of the owner's addresses stands in To or Cc (against RFC 5230).");
    public static final Parameter<Integer> SIEVE_SCRIPT_CACHE_SIZE =
            Parameter.count("sieve_script_cache_size", 1_000, 10, 1_000_000, "Compiled scripts that stay in memory.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SIEVE_FILTER,
                SIEVE_MAX_SCRIPT_SIZE,
                SIEVE_QUOTA_MAX_SCRIPTS,
                SIEVE_BEFORE,
                SIEVE_AFTER,
                SIEVE_DEFAULT,
                SIEVE_GLOBAL,
                SIEVE_EXTENSIONS,
                SIEVE_GLOBAL_EXTENSIONS,
                SIEVE_MAX_ACTIONS,
                SIEVE_MAX_REDIRECTS,
                SIEVE_MAX_STEPS,
                SIEVE_MAX_INCLUDES,
                SIEVE_VACATION_MIN_PERIOD,
                SIEVE_VACATION_DEFAULT_PERIOD,
                SIEVE_VACATION_MAX_PERIOD,
                SIEVE_VACATION_DONT_CHECK_RECIPIENT,
                SIEVE_SCRIPT_CACHE_SIZE);
    }
}
