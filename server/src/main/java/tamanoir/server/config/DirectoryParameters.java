package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Where people come from.
public final class DirectoryParameters {
    private DirectoryParameters() {}

    public static final Parameter<String> DIRECTORY_SOURCES = Parameter.text(
            "directory_sources",
            "internal",
            "Who knows people, asked in this order: internal (the accounts of the store), system, passwd-file:FILE, ldap:FILE,"
                    + " sql:FILE; in braces with options, { ldap:people.conf, domains=example.com example.org }.");
    public static final Parameter<Duration> DIRECTORY_CACHE_TIME = Parameter.time(
            "directory_cache_time",
            "60s",
            ChronoUnit.SECONDS,
            "How long the answer of a source outside, and a password it confirmed, is remembered.");
    public static final Parameter<Duration> DIRECTORY_NEGATIVE_CACHE_TIME = Parameter.time(
            "directory_negative_cache_time",
            "10s",
            ChronoUnit.SECONDS,
            "How long it is remembered that a source outside knows nobody of a name.");
    public static final Parameter<Integer> DIRECTORY_CACHE_SIZE =
            Parameter.count("directory_cache_size", 50_000, 1, 100_000_000, "Answers of sources outside in memory.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(DIRECTORY_SOURCES, DIRECTORY_CACHE_TIME, DIRECTORY_NEGATIVE_CACHE_TIME, DIRECTORY_CACHE_SIZE);
    }
}
