package tamanoir.server.store.rocks;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobSweep;
import tamanoir.server.store.Commit;
import tamanoir.server.store.FolderBlobs;
import tamanoir.server.store.Inspection;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;
import tamanoir.server.store.Verified;

/// The store of one server: rows in RocksDB, blobs as files.
///
/// One process at a time has it open; the kernel's lock on `rows/LOCK` ends with the process. Owns every native
/// resource below it: closing the store closes them all, in order, after the last reader has left.
public final class RocksStore implements Store {
    private static final long FIRST_SWEEP_MINUTE = 10;
    private static final long SWEEP_MINUTES = 6 * 60;

    private final FolderBlobs blobs;
    private final Notices notices = new Notices();
    private final Readers readers;
    private final Writer writer;
    private final Reclaim reclaim;
    private final Thread keeper;

    /// Opens the store in `folder`, making it when it is not there: rows under `rows/`, blobs under `blobs/`.
    ///
    /// @throws Unavailable when another process has it open, or it cannot be read or made
    public RocksStore(Path folder, Settings settings, Trace trace) {
        this(folder, folder.resolve("blobs"), settings, trace);
    }

    /// The same with the blobs elsewhere, perhaps on another disk.
    public RocksStore(Path folder, Path blobs, Settings settings, Trace trace) {
        this(folder, blobs, settings, trace, freeSpace(folder));
    }

    RocksStore(Path folder, Path blobs, Settings settings, Trace trace, LongSupplier free) {
        Path rows = folder.resolve("rows");
        try {
            Files.createDirectories(rows);
        } catch (IOException e) {
            throw new Unavailable("the store cannot be opened", "the folder " + rows + " cannot be made: " + e, e);
        }
        NativeLibrary.load(folder.resolve("native"));
        this.readers = new Readers(settings.readers());
        try {
            this.writer = new Writer(
                    rows, settings, readers, new Room(free, settings.reserveOctets(), trace), notices, trace);
        } catch (RocksDBException e) {
            readers.close();
            notices.close();
            throw new Unavailable("the store cannot be opened", explain(rows, e), e);
        }
        try {
            // With the database open, for it empties the place of what is arriving: no other server may be at work.
            this.blobs = new FolderBlobs(blobs, settings.reserveOctets());
        } catch (Unavailable e) {
            writer.close();
            readers.close();
            notices.close();
            throw e;
        }
        NativeLibrary.removeLeftovers(folder.resolve("native"));
        this.reclaim = new Reclaim(trace);
        this.keeper = Thread.ofVirtual().name("store keeper").start(() -> keep(settings, trace));
    }

    /// Looks after the store until it is closed: every minute at the room of deleted bodies, some minutes after the
    /// start and then every few hours at the blobs to which nobody refers.
    private void keep(Settings settings, Trace trace) {
        BlobSweep sweep = new BlobSweep(this, blobs, settings.grace(), InstantSource.system(), trace);
        try {
            for (long minute = 1; ; minute++) {
                Thread.sleep(Duration.ofMinutes(1));
                try {
                    reclaim(reclaim);
                    if (minute % SWEEP_MINUTES == FIRST_SWEEP_MINUTE) {
                        sweep.sweepQuietly();
                    }
                } catch (Unavailable down) {
                    // The writer has said so, and is busy with it.
                } catch (RuntimeException bug) {
                    trace.bug(bug);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    void reclaim(Reclaim how) {
        Engine engine = writer.engine();
        engine.enter();
        try {
            readers.<@Nullable Void>run(() -> {
                how.look(engine);
                return null;
            });
        } finally {
            engine.exit();
        }
    }

    private static LongSupplier freeSpace(Path folder) {
        try {
            Files.createDirectories(folder);
            FileStore disk = Files.getFileStore(folder);
            return () -> {
                try {
                    return disk.getUsableSpace();
                } catch (IOException e) {
                    // The write will tell.
                    return Long.MAX_VALUE;
                }
            };
        } catch (IOException e) {
            throw new Unavailable("the store cannot be opened", "the folder " + folder + " cannot be made: " + e, e);
        }
    }

    private static String explain(Path rows, RocksDBException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("lock")
                ? rows + " is in use: another server runs on this folder; stop it, or name another folder with --home"
                : rows + " cannot be opened: " + text;
    }

    @Override
    public Snapshot snapshot() {
        return writer.engine().view();
    }

    @Override
    public Commit commit(List<Batch> batches) {
        Batch.check(batches);
        return writer.commit(new Request(batches));
    }

    @Override
    public FolderBlobs blobs() {
        return blobs;
    }

    @Override
    public Notices notices() {
        return notices;
    }

    /// What the store has done and holds.
    ///
    /// @throws Unavailable when it is down
    public Figures figures() {
        Engine engine = writer.engine();
        engine.enter();
        try {
            return new Figures(
                    writer.commits(),
                    writer.groups(),
                    writer.octets(),
                    writer.failures(),
                    engine.sum("rocksdb.total-sst-files-size") + engine.body("rocksdb.total-blob-file-size"),
                    engine.body("rocksdb.total-blob-file-size"),
                    engine.body("rocksdb.live-blob-file-garbage-size"),
                    engine.sum("rocksdb.cur-size-all-mem-tables"),
                    engine.body("rocksdb.actual-delayed-write-rate") > 0
                            || engine.body("rocksdb.is-write-stopped") > 0);
        } catch (RocksDBException e) {
            throw Engine.unreadable(e);
        } finally {
            engine.exit();
        }
    }

    /// Makes a copy that can be opened as a store, while this one is in use: `target/rows` and `target/blobs`,
    /// of hard links where both are on one disk. Rows come first and blobs afterwards, as a blob outlives its
    /// last reference by the grace of [tamanoir.server.store.BlobSweep]. `target` appears when the copy is
    /// complete, not before.
    ///
    /// @throws Unavailable when `target` exists already, or it cannot be made
    public FolderBlobs.Copied checkpoint(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        if (parent == null || Files.exists(whole)) {
            throw new Unavailable("the copy failed", whole + " exists already; name a new folder");
        }
        try {
            Files.createDirectories(parent);
            Path partial = Files.createTempDirectory(parent, whole.getFileName() + ".partial-");
            try {
                checkpointRows(partial.resolve("rows"));
                FolderBlobs.Copied copied = blobs.copyTo(partial.resolve("blobs"));
                Files.move(partial, whole);
                return copied;
            } catch (IOException | RuntimeException e) {
                remove(partial);
                throw e;
            }
        } catch (IOException e) {
            throw new Unavailable("the copy failed", "making " + whole + ": " + e, e);
        }
    }

    private void checkpointRows(Path target) {
        Engine engine = writer.engine();
        engine.enter();
        try {
            readers.<@Nullable Void>run(() -> {
                engine.checkpoint(target);
                return null;
            });
        } finally {
            engine.exit();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// Compares rows and blobs with each other, and with `hashes` every checksum and every blob with its name; while
    /// the store is in use.
    ///
    /// @throws Unavailable when it is down
    public Verified verify(boolean hashes) {
        Inspection inspection = new Inspection(this, blobs, hashes);
        if (hashes) {
            for (int family = 0; family <= Space.Family.values().length; family++) {
                readThrough(family, inspection);
            }
        }
        return inspection.run();
    }

    /// Reads all rows of a family, in pieces, as a recovery waits for whoever is inside the engine.
    private void readThrough(int family, Inspection inspection) {
        byte[] next = new byte[0];
        while (next != null) {
            byte[] from = next;
            Engine engine = writer.engine();
            engine.enter();
            try {
                next = readers.<byte @Nullable []>run(() -> engine.readFrom(family, from));
            } catch (Unavailable e) {
                inspection.add(new Verified.Finding.Damage(e.detail()));
                return;
            } finally {
                engine.exit();
            }
        }
    }

    @Override
    public void close() {
        keeper.interrupt();
        writer.close();
        readers.close();
        notices.close();
    }
}
