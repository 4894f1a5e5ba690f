package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Searching in mail.
public final class SearchParameters {
    private SearchParameters() {}

    public static final Parameter<Optional<Path>> SEARCH_DIRECTORY = Parameter.file(
            "search_directory",
            "$data_directory/search",
            "The folder of the search indexes, one an account; they are made anew when they are missing.");
    public static final Parameter<Integer> SEARCH_OPEN_INDEXES = Parameter.count(
            "search_open_indexes",
            64,
            1,
            100_000,
            "Search indexes open at a time; who is idle longest is closed first.");
    public static final Parameter<Integer> SEARCH_INDEX_PENDING = Parameter.count(
            "search_index_pending",
            64,
            1,
            1_000_000,
            "New messages of an account after which its search index takes them in.");
    public static final Parameter<Duration> SEARCH_INDEX_IDLE = Parameter.time(
            "search_index_idle",
            "10m",
            ChronoUnit.MINUTES,
            "How long after new mail, be it never so little, a search index takes it in.");
    public static final Parameter<Duration> SEARCH_TIME_LIMIT = Parameter.time(
            "search_time_limit",
            "2s",
            ChronoUnit.SECONDS,
            "How long a search may look through messages that are in no index yet; then it answers what it has.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SEARCH_DIRECTORY, SEARCH_OPEN_INDEXES, SEARCH_INDEX_PENDING, SEARCH_INDEX_IDLE, SEARCH_TIME_LIMIT);
    }
}
