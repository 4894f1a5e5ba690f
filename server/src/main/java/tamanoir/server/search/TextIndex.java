package tamanoir.server.search;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;

/// The open index of one account: who writes it, and what searches see of it.
///
/// One at a time writes, holding `turn`; any number search, each over the reader that it took, with the [Coverage] that
/// belongs to it. Files are read by platform threads only: a file system call holds a virtual thread's carrier. Plain
/// reads rather than mapped files, because hundreds of small indexes come and go.
///
/// Whatever goes wrong in here is an [IOException]: the index is thrown away and made again, since mail is not lost
/// with
/// it.
final class TextIndex implements AutoCloseable {
    private static final double BUFFER_MEBIBYTES = 16;

    private final Directory directory;
    private final IndexWriter writer;
    private final int derivation;
    private final Semaphore turn = new Semaphore(1, true);

    private volatile Shown shown;

    /// Written by who has the turn.
    private Coverage coverage;

    private boolean dirty;

    /// A reader and what is in it.
    private record Shown(DirectoryReader reader, Coverage coverage) {}

    private TextIndex(Directory directory, IndexWriter writer, int derivation, Coverage coverage) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.derivation = derivation;
        this.coverage = coverage;
        this.shown = new Shown(DirectoryReader.open(writer), coverage);
    }

    /// Opens it, or makes an empty one.
    ///
    /// @throws IOException when it is damaged, or of another derivation
    static TextIndex open(Path folder, int derivation) throws IOException {
        Directory directory = new NIOFSDirectory(folder);
        try {
            boolean exists = DirectoryReader.indexExists(directory);
            IndexWriterConfig config = new IndexWriterConfig()
                    .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
                    .setUseCompoundFile(true)
                    .setCommitOnClose(false);
            IndexWriter writer = new IndexWriter(directory, config);
            try {
                Optional<Coverage> coverage =
                        exists ? Coverage.of(userData(writer), derivation) : Optional.of(Coverage.NONE);
                if (coverage.isEmpty()) {
                    throw new IOException("made by another release");
                }
                return new TextIndex(directory, writer, derivation, coverage.get());
            } catch (IOException | RuntimeException e) {
                writer.rollback();
                throw e;
            }
        } catch (IOException e) {
            directory.close();
            throw e;
        } catch (RuntimeException e) {
            // A damaged file may look like anything.
            directory.close();
            throw new IOException(e);
        }
    }

    private static Map<String, String> userData(IndexWriter writer) {
        Map<String, String> data = new java.util.HashMap<>();
        Iterable<Map.Entry<String, String>> entries = writer.getLiveCommitData();
        if (entries != null) {
            entries.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        }
        return data;
    }

    /// Reads every octet and compares the checksums.
    void check() throws IOException {
        try (Reading reading = read()) {
            for (LeafReaderContext leaf : reading.reader().leaves()) {
                if (leaf.reader() instanceof CodecReader reader) {
                    reader.checkIntegrity();
                }
            }
        }
    }

    // ---- searching ---------------------------------------------------------------------------------------------

    /// A view of the index that stays as it is; to be closed.
    static final class Reading implements AutoCloseable {
        private final Shown mine;

        private Reading(Shown mine) {
            this.mine = mine;
        }

        DirectoryReader reader() {
            return mine.reader;
        }

        Coverage coverage() {
            return mine.coverage;
        }

        @Override
        public void close() throws IOException {
            mine.reader.decRef();
        }
    }

    Reading read() {
        while (true) {
            Shown newest = shown;
            if (newest.reader.tryIncRef()) {
                return new Reading(newest);
            }
        }
    }

    // ---- writing, by who has the turn ----------------------------------------------------------------------------

    void enter() throws InterruptedException {
        turn.acquire();
    }

    boolean tryEnter(long nanoseconds) throws InterruptedException {
        return turn.tryAcquire(nanoseconds, TimeUnit.NANOSECONDS);
    }

    void leave() {
        turn.release();
    }

    /// What has been taken in; more than searches see until [#show].
    Coverage coverage() {
        return coverage;
    }

    void add(Document document) throws IOException {
        writer.addDocument(document);
        dirty = true;
    }

    void remove(List<Long> messages) throws IOException {
        if (!messages.isEmpty()) {
            writer.deleteDocuments(Documents.anyOf(messages));
            dirty = true;
        }
    }

    void covers(Coverage now) {
        dirty |= !now.equals(coverage);
        coverage = now;
    }

    boolean isDirty() {
        return dirty;
    }

    /// From now on searches see what was added.
    void show() throws IOException {
        Shown before = shown;
        DirectoryReader newer = DirectoryReader.openIfChanged(before.reader, writer);
        if (newer != null) {
            shown = new Shown(newer, coverage);
            before.reader.decRef();
        } else if (!before.coverage.equals(coverage)) {
            shown = new Shown(before.reader, coverage);
        }
    }

    /// Makes it durable.
    void commit() throws IOException {
        if (dirty) {
            writer.setLiveCommitData(coverage.asUserData(derivation).entrySet());
            writer.commit();
            dirty = false;
        }
    }

    int size() {
        return shown.reader.numDocs();
    }

    /// What is not committed is taken in again next time. Nobody has the turn, or ever will.
    @Override
    public void close() throws IOException {
        try (directory) {
            try (writer) {
                commit();
            } finally {
                shown.reader.decRef();
            }
        }
    }

    /// Lets go of it without writing anything: it is damaged.
    void abandon() {
        try (directory) {
            writer.rollback();
        } catch (IOException | RuntimeException e) {
            // It was damaged already, and is deleted next.
            return;
        }
    }
}
