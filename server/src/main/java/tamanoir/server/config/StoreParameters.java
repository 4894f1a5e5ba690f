package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Where and how mail is kept.
public final class StoreParameters {
    private StoreParameters() {}

    public static final Parameter<Optional<Path>> STORE_DIRECTORY =
            Parameter.file("store_directory", "$data_directory", "The folder of the database, in rows/ below it.");
    public static final Parameter<Optional<Path>> STORE_BLOB_DIRECTORY =
            Parameter.file("store_blob_directory", "$data_directory/blobs", "The folder of large message bodies.");
    public static final Parameter<Long> STORE_CACHE_SIZE =
            Parameter.octets("store_cache_size", "64M", "Memory for rows that were read lately.");
    public static final Parameter<Long> STORE_WRITE_BUFFER_SIZE =
            Parameter.octets("store_write_buffer_size", "32M", "Memory for rows that were written lately.");
    public static final Parameter<Duration> STORE_DELETED_RETENTION = Parameter.time(
            "store_deleted_retention",
            "7d",
            ChronoUnit.DAYS,
            "How long an expunged body stays on disk, so that a backup in progress finds it.");
    public static final Parameter<Long> QUOTA_DEFAULT = Parameter.octets(
            "quota_default", 0, "Size of all mail of an account that has no quota of its own, 0 for no limit.");
    public static final Parameter<Integer> PASSWORD_HASH_CONCURRENCY = Parameter.count(
            "password_hash_concurrency",
            0,
            0,
            Integer.MAX_VALUE,
            "Passwords checked at a time; 0 for one a processor.");
    public static final Parameter<Duration> AUTH_FAILURE_DELAY = Parameter.time(
            "auth_failure_delay", "2s", ChronoUnit.SECONDS, "How long the answer to a wrong password is held back.");

    public static final Parameter<Integer> AUTH_BAN_FAILURE_LIMIT = Parameter.count(
            "auth_ban_failure_limit",
            10,
            0,
            1000,
            "Wrong passwords from one address block or for one name before each further one has to wait, 0 for never.");
    public static final Parameter<Duration> AUTH_BAN_TIME = Parameter.time(
            "auth_ban_time",
            "1h",
            ChronoUnit.SECONDS,
            "How long an address block that guesses passwords has to wait at most; the wait doubles up to this.");
    public static final Parameter<Duration> AUTH_BAN_NAME_TIME = Parameter.time(
            "auth_ban_name_time",
            "1m",
            ChronoUnit.SECONDS,
            "How long a name that is guessed at has to wait at most; keep it short, its owner waits too.");
    public static final Parameter<List<String>> AUTH_BAN_EXEMPT_NETWORKS = Parameter.addresses(
            "auth_ban_exempt_networks",
            "",
            "Networks whose wrong passwords never ban anybody, as 192.0.2.0/24; a webmail on another machine.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                STORE_DIRECTORY,
                STORE_BLOB_DIRECTORY,
                STORE_CACHE_SIZE,
                STORE_WRITE_BUFFER_SIZE,
                STORE_DELETED_RETENTION,
                QUOTA_DEFAULT,
                PASSWORD_HASH_CONCURRENCY,
                AUTH_FAILURE_DELAY,
                AUTH_BAN_FAILURE_LIMIT,
                AUTH_BAN_TIME,
                AUTH_BAN_NAME_TIME,
                AUTH_BAN_EXEMPT_NETWORKS);
    }
}
