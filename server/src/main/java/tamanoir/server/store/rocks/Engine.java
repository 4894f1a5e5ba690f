package tamanoir.server.store.rocks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;

/// One opening of the native database, and everything native that belongs to it.
///
/// Native memory forgives nothing: a read on a closed database ends the process. So whoever calls into it stands
/// between [#enter] and [#exit], and [#close] first shuts the gate, then waits until nobody is inside, then releases
/// the snapshots that are still open, then the rest in the reverse order of its making. A snapshot held by a slow
/// client therefore cannot hold up recovery; its next read is refused.
final class Engine {
    private static final long MIB = 1L << 20;
    private static final byte VERSION_FORMAT = 1;
    private static final int SHUT = Integer.MIN_VALUE;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Map<Space.Family, ColumnFamilyHandle> families = new EnumMap<>(Space.Family.class);
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();
    private final WriteOptions synced;
    private final AtomicInteger inside = new AtomicInteger();
    private final Set<View> views = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Thread closer;

    final Readers readers;
    final RocksDB database;
    final ColumnFamilyHandle versions;

    /// @throws RocksDBException when the folder is in use, damaged or the disk is full
    Engine(Path folder, Settings settings, Readers readers) throws RocksDBException {
        this.readers = readers;
        try {
            this.synced = own(new WriteOptions().setSync(true));
            Cache cache = own(new LRUCache(settings.cacheOctets(), -1, false, 0.5));
            WriteBufferManager memory = own(new WriteBufferManager(settings.memtableOctets(), cache));
            BloomFilter bloom = own(new BloomFilter(10, false));
            long memtables = settings.memtableOctets();

            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            descriptors.add(describe("default", family(new ColumnFamilyOptions(), cache, bloom, memtables / 8)));
            for (Space.Family family : Space.Family.values()) {
                ColumnFamilyOptions options = switch (family) {
                    case META ->
                        family(new ColumnFamilyOptions(), cache, bloom, memtables / 4)
                                .useFixedLengthPrefixExtractor(Partition.PREFIX);
                    case LOG ->
                        family(new ColumnFamilyOptions(), cache, bloom, memtables / 8)
                                .useFixedLengthPrefixExtractor(Partition.PREFIX);
                    case QUEUE ->
                        family(compactOnDeletion(), cache, bloom, memtables / 8)
                                .useFixedLengthPrefixExtractor(Partition.PREFIX);
                    case BODY ->
                        bodies(family(new ColumnFamilyOptions(), cache, bloom, memtables / 2)
                                .useFixedLengthPrefixExtractor(Partition.PREFIX));
                };
                descriptors.add(describe(family.name().toLowerCase(Locale.ROOT), options));
            }

            DBOptions options = own(options(memory, memtables));
            this.database = RocksDB.open(options, folder.toString(), descriptors, handles);
            owned.push(database);
            handles.forEach(this::own);
            this.versions = handles.getFirst();
            int next = 1;
            for (Space.Family family : Space.Family.values()) {
                families.put(family, handles.get(next++));
            }
        } catch (RocksDBException | RuntimeException e) {
            release();
            throw e;
        }
    }

    private static DBOptions options(WriteBufferManager memory, long memtables) {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setWriteBufferManager(memory)
                // A log kept alive by a family that is seldom written would grow for ever, and so would the start.
                .setMaxTotalWalSize(memtables)
                // The log up to its last whole record; "absolute consistency" would refuse to open after a torn tail.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // Anything else may leave a hole in the log that a later, acknowledged record lies behind.
                .setWalBytesPerSync(0)
                .setBytesPerSync(MIB)
                .setMaxOpenFiles(512)
                .setMaxBackgroundJobs(2)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(2 * MIB)
                .setKeepLogFileNum(3);
    }

    /// A queue entry lives for a second: files full of graves are compacted before anybody must walk over them. (Only
    /// the options of a whole database take the collector in this binding; those of a family copy it from there.)
    private ColumnFamilyOptions compactOnDeletion() {
        Options whole = own(new Options());
        whole.setTablePropertiesCollectorFactory(
                List.of(own(TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(4096, 2048, 0.5))));
        return new ColumnFamilyOptions(whole);
    }

    private static ColumnFamilyOptions family(
            ColumnFamilyOptions options, Cache cache, BloomFilter bloom, long memtable) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(bloom)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setBlockSize(8 * 1024);
        return options.setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(memtable)
                .setMaxWriteBufferNumber(4)
                .setLevelCompactionDynamicLevelBytes(true);
    }

    /// Values of 1 KiB and more lie in blob files beside the tree, so that compaction moves keys only; [Reclaim] gets
    /// the room of deleted ones back. The tree holds some sixty octets a body: small files and levels, or one
    /// compaction while reclaiming would rewrite the bodies of millions of messages at once.
    private static ColumnFamilyOptions bodies(ColumnFamilyOptions options) {
        return options.setEnableBlobFiles(true)
                .setMinBlobSize(1024)
                .setBlobFileSize(64 * MIB)
                .setBlobCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setEnableBlobGarbageCollection(false)
                .setBlobGarbageCollectionAgeCutoff(1.0)
                .setBlobGarbageCollectionForceThreshold(0.2)
                .setTargetFileSizeBase(2 * MIB)
                .setMaxBytesForLevelBase(16 * MIB)
                .setMaxCompactionBytes(8 * MIB);
    }

    /// Whether compactions of bodies rewrite the blob files that they come across.
    void collectBodies(boolean on) throws RocksDBException {
        database.setOptions(
                Objects.requireNonNull(families.get(Space.Family.BODY)),
                MutableColumnFamilyOptions.builder()
                        .setEnableBlobGarbageCollection(on)
                        .build());
    }

    private ColumnFamilyDescriptor describe(String name, ColumnFamilyOptions options) {
        return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), own(options));
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    ColumnFamilyHandle family(Space space) {
        return Objects.requireNonNull(families.get(space.family()));
    }

    // ---- the gate -------------------------------------------------------------------------------------------------

    /// @throws Unavailable when the gate is shut
    void enter() {
        if (!tryEnter()) {
            throw new Unavailable("try again later", "the store is closing or recovering");
        }
    }

    boolean tryEnter() {
        if (inside.incrementAndGet() > 0) {
            return true;
        }
        exit();
        return false;
    }

    void exit() {
        if (inside.decrementAndGet() == SHUT) {
            LockSupport.unpark(closer);
        }
    }

    /// Closes everything. `meanwhile` is called again and again while somebody is still inside: it must answer
    /// those who wait for the caller, or a visitor of rows that commits would wait for us and we for it.
    void close(Runnable meanwhile) {
        closer = Thread.currentThread();
        inside.addAndGet(SHUT);
        while (inside.get() != SHUT) {
            meanwhile.run();
            LockSupport.parkNanos(this, 10_000_000);
        }
        views.forEach(View::release);
        database.cancelAllBackgroundWork(true);
        release();
    }

    private void release() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("native resources close without exceptions", e);
            }
        }
    }

    // ---- what the store does ----------------------------------------------------------------------------------------

    View view() {
        enter();
        try {
            View view = new View(this);
            views.add(view);
            return view;
        } finally {
            exit();
        }
    }

    void forget(View view) {
        views.remove(view);
    }

    Set<View> views() {
        return views;
    }

    /// The version of a partition now; called by the writer, which alone changes it.
    long version(Partition partition) throws RocksDBException {
        return version(database.get(versions, partition.key()));
    }

    void putVersion(WriteBatch batch, Partition partition, long version) throws RocksDBException {
        batch.put(
                versions,
                partition.key(),
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put(VERSION_FORMAT)
                        .putLong(version)
                        .array());
    }

    static long version(byte @Nullable [] value) {
        if (value == null) {
            return 0;
        }
        if (value.length != 1 + Long.BYTES || value[0] != VERSION_FORMAT) {
            throw new Unavailable("try again later", "a version row of unknown format " + value[0]);
        }
        return ByteBuffer.wrap(value).getLong(1);
    }

    void write(WriteBatch batch) throws RocksDBException {
        database.write(synced, batch);
    }

    /// Writes the memory tables into files, so that the next start has no log to read. Without it nothing is lost.
    void flush() throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            database.flush(options, handles);
        }
    }

    long sum(String property) throws RocksDBException {
        return database.getAggregatedLongProperty(property);
    }

    long body(String property) throws RocksDBException {
        return database.getLongProperty(Objects.requireNonNull(families.get(Space.Family.BODY)), property);
    }

    /// Makes a copy by hard links, with everything that is committed now.
    void checkpoint(Path target) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
        }
    }

    /// Reads rows and so compares the checksums of what holds them, bodies included; answers where to go on, null at
    /// the end.
    ///
    /// @param number of the column family in the order of their making
    /// @throws RocksDBException when a checksum is not right
    byte @Nullable [] readFrom(int number, byte[] from) throws RocksDBException {
        try (ReadOptions options = new ReadOptions()
                        .setFillCache(false)
                        .setTotalOrderSeek(true)
                        .setReadaheadSize(MIB);
                RocksIterator rows = database.newIterator(handles.get(number), options)) {
            long octets = 0;
            for (rows.seek(from); rows.isValid(); rows.next()) {
                octets += rows.value().length + 64;
                if (octets > 8 * MIB) {
                    // This row is read twice: it is the first of the next piece.
                    return rows.key();
                }
            }
            rows.status();
            return null;
        }
    }

    static boolean isIncomplete(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Incomplete;
    }

    static Unavailable unreadable(RocksDBException e) {
        return new Unavailable("try again later", "reading the store: " + e.getMessage(), e);
    }
}
