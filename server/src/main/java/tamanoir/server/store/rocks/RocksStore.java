package tamanoir.server.store.rocks;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.FolderBlobs;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// The store of one server on one disk: rows in RocksDB under `rows/`, blobs as files under `blobs/`.
///
/// One process at a time has it open; the kernel's lock on `rows/LOCK` ends with the process. Owns every native
/// resource below it: closing the store closes them all, in order, after the last reader has left.
public final class RocksStore implements Store {
    private final FolderBlobs blobs;
    private final Notices notices = new Notices();
    private final Readers readers;
    private final Writer writer;

    /// Opens the store in `folder`, making it when it is not there.
    ///
    /// @throws Unavailable when another process has it open, or it cannot be read or made
    public RocksStore(Path folder, Settings settings, Trace trace) {
        this(folder, settings, trace, freeSpace(folder));
    }

    RocksStore(Path folder, Settings settings, Trace trace, LongSupplier free) {
        Path rows = folder.resolve("rows");
        try {
            Files.createDirectories(rows);
        } catch (IOException e) {
            throw new Unavailable("the store cannot be opened", "the folder " + rows + " cannot be made: " + e, e);
        }
        this.blobs = new FolderBlobs(folder.resolve("blobs"), settings.reserveOctets());
        this.readers = new Readers(settings.readers());
        try {
            this.writer = new Writer(
                    rows, settings, readers, new Room(free, settings.reserveOctets(), trace), notices, trace);
        } catch (RocksDBException e) {
            readers.close();
            notices.close();
            throw new Unavailable("the store cannot be opened", explain(rows, e), e);
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

    @Override
    public void close() {
        writer.close();
        readers.close();
        notices.close();
    }
}
