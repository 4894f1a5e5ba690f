package tamanoir.server.search;

import java.nio.file.Path;
import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.SearchParameters;

/// What an administrator may set of searching.
///
/// @param folder of the indexes, one folder an account
/// @param openIndexes indexes open at a time; each costs some files and, while it is written, memory
/// @param pending messages that an index may lag behind before it is visited
/// @param idle after which it is visited for fewer
/// @param patience how long a question may look through messages that no index has yet
/// @param derivation how messages become terms: [Coverage#DERIVATION]; another one in tests
public record SearchSettings(
        Path folder, int openIndexes, int pending, Duration idle, Duration patience, int derivation) {
    public static SearchSettings in(Path folder) {
        return new SearchSettings(folder, 64, 64, Duration.ofMinutes(10), Duration.ofSeconds(2), Coverage.DERIVATION);
    }

    /// As main.cf says.
    public static SearchSettings from(Config config) {
        return new SearchSettings(
                config.get(SearchParameters.SEARCH_DIRECTORY).orElseThrow(),
                config.get(SearchParameters.SEARCH_OPEN_INDEXES),
                config.get(SearchParameters.SEARCH_INDEX_PENDING),
                config.get(SearchParameters.SEARCH_INDEX_IDLE),
                config.get(SearchParameters.SEARCH_TIME_LIMIT),
                Coverage.DERIVATION);
    }
}
