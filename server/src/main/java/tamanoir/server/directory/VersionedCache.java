package tamanoir.server.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// Answers read from one partition, each good for as long as the partition has the version at which it was read. Names
/// that do not exist are answers too. Used by any number of threads.
final class VersionedCache<K, V> {
    private record Answer<V>(long version, V value) {}

    private final Store store;
    private final Partition partition;
    private final LongSupplier version;
    private final BiFunction<Snapshot, K, V> read;
    private final Cache<K, Answer<V>> answers;

    VersionedCache(
            Store store, Partition partition, LongSupplier version, int entries, BiFunction<Snapshot, K, V> read) {
        this.store = store;
        this.partition = partition;
        this.version = version;
        this.read = read;
        this.answers = Caffeine.newBuilder().maximumSize(entries).build();
    }

    V get(K key) {
        Answer<V> known = answers.getIfPresent(key);
        if (known != null && known.version >= version.getAsLong()) {
            return known.value;
        }
        try (Snapshot snapshot = store.snapshot()) {
            V value = read.apply(snapshot, key);
            answers.put(key, new Answer<>(snapshot.version(partition), value));
            return value;
        }
    }
}
