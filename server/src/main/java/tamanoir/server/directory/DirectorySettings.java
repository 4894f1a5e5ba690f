package tamanoir.server.directory;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.StoreParameters;

/// How sign-in is bounded and how passwords are kept.
///
/// @param hashesAtOnce password hashes computed side by side; each burns a core for some 30 ms and takes
///     `hashMemoryKib` of heap
/// @param hashesWaiting sign-ins that may wait for that; who comes on top is told to try later
/// @param longestWait for one hash, after which the client is told to try later
/// @param rememberSuccess how long a right password is recognised without a new hash
/// @param hashMemoryKib Argon2id memory; with `hashRounds` and `hashLanes` the first choice of OWASP's table
/// @param scramIterations RFC 7677 §4: at least 4096
/// @param cacheEntries answers kept in memory of each kind
public record DirectorySettings(
        int hashesAtOnce,
        int hashesWaiting,
        Duration longestWait,
        Duration rememberSuccess,
        int hashMemoryKib,
        int hashRounds,
        int hashLanes,
        int scramIterations,
        int cacheEntries) {
    public DirectorySettings {
        if (hashesAtOnce < 1 || hashesWaiting < 1 || hashMemoryKib < 8 || hashRounds < 1 || hashLanes < 1) {
            throw new IllegalArgumentException("at least one hash at a time, 8 KiB, one round, one lane");
        }
        if (scramIterations < 4096) {
            throw new IllegalArgumentException("SCRAM-SHA-256 takes at least 4096 iterations (RFC 7677 §4)");
        }
    }

    /// As main.cf says.
    public static DirectorySettings from(Config config) {
        DirectorySettings standard = defaults();
        int atOnce = config.get(StoreParameters.PASSWORD_HASH_CONCURRENCY);
        return new DirectorySettings(
                atOnce == 0 ? standard.hashesAtOnce : atOnce,
                standard.hashesWaiting,
                standard.longestWait,
                standard.rememberSuccess,
                standard.hashMemoryKib,
                standard.hashRounds,
                standard.hashLanes,
                standard.scramIterations,
                standard.cacheEntries);
    }

    public static DirectorySettings defaults() {
        return new DirectorySettings(
                Runtime.getRuntime().availableProcessors(),
                256,
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                19 * 1024,
                2,
                1,
                10_000,
                100_000);
    }
}
