package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The set-up of a new server: how long its address lives, and whom its checks ask.
public final class SetupParameters {
    private SetupParameters() {}

    public static final Parameter<Duration> SETUP_TOKEN_LIFETIME = Parameter.time(
            "setup_token_lifetime",
            "24h",
            ChronoUnit.HOURS,
            "How long after a start the address of the set-up page works; the next start prints another.");
    public static final Parameter<Integer> SETUP_ATTEMPT_LIMIT = Parameter.count(
            "setup_attempt_limit",
            10,
            1,
            10_000,
            "Wrong set-up tokens that one client may send in ten minutes before it must wait.");
    public static final Parameter<Duration> SETUP_CHECK_TIMEOUT = Parameter.time(
            "setup_check_timeout", "5s", ChronoUnit.SECONDS, "How long one check of the set-up may take at most.");
    public static final Parameter<List<String>> SETUP_TIME_SERVERS = Parameter.list(
            "setup_time_servers",
            "pool.ntp.org",
            "Time servers (NTP) that the clock is compared with, host or host:port.");
    public static final Parameter<List<String>> SETUP_PORT25_TARGETS = Parameter.list(
            "setup_port25_targets",
            "gmail.com, outlook.com",
            "Mail domains, or address:port, whose mail server is called to see whether port 25 is open outwards.");
    public static final Parameter<List<String>> SETUP_BLOCKLISTS = Parameter.list(
            "setup_blocklists",
            "zen.spamhaus.org",
            "DNS block lists that are asked about the own address; empty for none.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SETUP_TOKEN_LIFETIME,
                SETUP_ATTEMPT_LIMIT,
                SETUP_CHECK_TIMEOUT,
                SETUP_TIME_SERVERS,
                SETUP_PORT25_TARGETS,
                SETUP_BLOCKLISTS);
    }
}
