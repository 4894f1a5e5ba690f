package tamanoir.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import tamanoir.server.observe.Unavailable;

/// Blobs as files `ab/cd/<hash>` below one folder; what is still arriving lies in `arriving/` below it.
///
/// A blob is whole or absent: its octets are synced under a temporary name, then it is renamed, then its folder is
/// synced, all in the caller's thread, so that a mail of 50 MB never holds up the commits of others. The time of the
/// last `keep` is the file's modification time: who removes blobs without links ([BlobSweep]) asks it and leaves young
/// ones alone, and that is what makes "keep, then commit the link" safe without a row in between.
///
/// Used by any number of threads. `lock` orders "it exists already, renew its time" against "it is old, delete it"; it
/// is held for a few file-system calls and never over octets or the store.
public final class FolderBlobs implements Blobs {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER = 64 * 1024;

    private final Path folder;
    private final Path arriving;
    private final long reserve;
    private final AtomicLong names = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;

    /// Shards whose folder this process has synced into place; guarded by `lock`.
    private final BitSet durable = new BitSet(BlobRows.SHARDS);

    /// A blob's file: its size and when it was last kept.
    record Kept(long size, Instant at) {}

    /// Opens or makes the folder and removes what was arriving when the last process ended. Takes no new blob when
    /// fewer than `reserve` octets are free.
    ///
    /// @throws Unavailable when the folder cannot be used
    public FolderBlobs(Path folder, long reserve) {
        this(folder, reserve, InstantSource.system());
    }

    FolderBlobs(Path folder, long reserve, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.arriving = folder.resolve("arriving");
        this.reserve = reserve;
        try {
            Files.createDirectories(arriving);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(arriving)) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new Unavailable("the blob folder cannot be used", folder + ": " + e, e);
        }
    }

    public Path folder() {
        return folder;
    }

    @Override
    public Spool spool() {
        requireRoom();
        return new FileSpool(arriving.resolve(Long.toString(names.incrementAndGet())));
    }

    @Override
    public FileChannel open(BlobHash hash) {
        try {
            return FileChannel.open(path(hash), StandardOpenOption.READ);
        } catch (IOException e) {
            throw unreadable(hash, e);
        }
    }

    @Override
    public long size(BlobHash hash) {
        try {
            return Files.size(path(hash));
        } catch (IOException e) {
            throw unreadable(hash, e);
        }
    }

    public boolean exists(BlobHash hash) {
        return Files.exists(path(hash));
    }

    /// Deletes the blob when nobody kept it since `cutoff`; answers whether it is gone.
    boolean deleteUnlessKeptSince(BlobHash hash, Instant cutoff) throws IOException {
        Path path = path(hash);
        lock.lock();
        try {
            if (Files.getLastModifiedTime(path).toInstant().isAfter(cutoff)) {
                return false;
            }
            Files.deleteIfExists(path);
            return true;
        } catch (NoSuchFileException gone) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The shards (first two octets of the hash) that have a folder.
    SortedSet<Integer> shards() throws IOException {
        SortedSet<Integer> shards = new TreeSet<>();
        try (DirectoryStream<Path> firsts = Files.newDirectoryStream(folder, "[0-9a-f][0-9a-f]")) {
            for (Path first : firsts) {
                try (DirectoryStream<Path> seconds = Files.newDirectoryStream(first, "[0-9a-f][0-9a-f]")) {
                    for (Path second : seconds) {
                        shards.add(Integer.parseInt("" + first.getFileName() + second.getFileName(), 16));
                    }
                }
            }
        }
        return shards;
    }

    /// The blobs of a shard. What has no blob's name is left alone: it is not ours.
    Map<BlobHash, Kept> list(int shard) throws IOException {
        String name = String.format("%04x", shard);
        Map<BlobHash, Kept> files = new HashMap<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(folder.resolve(name.substring(0, 2), name.substring(2)))) {
            for (Path file : all) {
                String text = String.valueOf(file.getFileName());
                if (text.startsWith(name) && NAME.matcher(text).matches()) {
                    try {
                        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                        files.put(
                                new BlobHash(HexFormat.of().parseHex(text)),
                                new Kept(facts.size(), facts.lastModifiedTime().toInstant()));
                    } catch (NoSuchFileException deleted) {
                        // While we looked.
                    }
                }
            }
        } catch (NoSuchFileException none) {
            // No folder, no blobs.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /// What [#copyTo] has put into the copy.
    public record Copied(long blobs, long octets) {}

    /// Links every blob into another folder of the same disk, or copies it when that is on another one. A blob
    /// is never changed in place, so a link is as good as a copy. What is deleted meanwhile is left out: nobody
    /// referred to it.
    ///
    /// @throws Unavailable when a blob cannot be copied
    public Copied copyTo(Path target) {
        long count = 0;
        long octets = 0;
        try {
            Files.createDirectories(target);
            for (int shard : shards()) {
                String name = String.format("%04x", shard);
                Path place = target.resolve(name.substring(0, 2), name.substring(2));
                Files.createDirectories(place);
                for (Map.Entry<BlobHash, Kept> blob : list(shard).entrySet()) {
                    if (copy(path(blob.getKey()), place.resolve(blob.getKey().toString()))) {
                        count++;
                        octets += blob.getValue().size();
                    }
                }
                sync(place);
            }
            sync(target);
            return new Copied(count, octets);
        } catch (IOException e) {
            throw new Unavailable("the copy failed", "copying " + folder + " to " + target + ": " + e, e);
        }
    }

    private static boolean copy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
            return true;
        } catch (NoSuchFileException deleted) {
            return false;
        } catch (IOException | UnsupportedOperationException anotherDisk) {
            try {
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
                try (FileChannel file = FileChannel.open(to, StandardOpenOption.WRITE)) {
                    file.force(true);
                }
                return true;
            } catch (NoSuchFileException deleted) {
                return false;
            }
        }
    }

    /// Where a blob of that hash lies.
    Path path(BlobHash hash) {
        String name = hash.toString();
        return folder.resolve(name.substring(0, 2), name.substring(2, 4), name);
    }

    /// Syncs the folders above a shard's folder once in the life of the process: they may have been made by us, by
    /// another thread that has not synced them yet, or by a process that was killed before it could.
    private void placeForGood(int shard, Path parent) throws IOException {
        lock.lock();
        try {
            if (durable.get(shard)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        Path above = parent.getParent();
        if (above != null) {
            sync(above);
        }
        sync(folder);
        lock.lock();
        try {
            durable.set(shard);
        } finally {
            lock.unlock();
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void requireRoom() {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < reserve) {
                throw new DiskFull("free=" + free + " reserve=" + reserve + " folder=" + folder);
            }
        } catch (IOException e) {
            throw new Unavailable("try again later", folder + ": " + e, e);
        }
    }

    private static Unavailable unreadable(BlobHash hash, IOException e) {
        return new Unavailable("this message cannot be read at the moment", "blob " + hash + ": " + e, e);
    }

    private final class FileSpool implements Spool {
        private final Path temporary;
        private final FileChannel file;
        private final MessageDigest digest;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private long size;
        private long checkRoomAt = 1 << 20;
        private boolean kept;

        FileSpool(Path temporary) {
            this.temporary = temporary;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
                this.file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void write(byte[] array, int offset, int length) {
            digest.update(array, offset, length);
            size += length;
            int from = offset;
            int left = length;
            while (left > 0) {
                int some = Math.min(left, buffer.remaining());
                buffer.put(array, from, some);
                from += some;
                left -= some;
                if (!buffer.hasRemaining()) {
                    flush();
                }
            }
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public BlobHash keep() {
            flush();
            BlobHash hash = new BlobHash(digest.digest());
            Path path = path(hash);
            Path parent = path.getParent();
            if (parent == null) {
                throw new IllegalStateException("a blob lies in a folder");
            }
            try {
                if (!renew(path)) {
                    file.force(false);
                    file.close();
                    Files.createDirectories(parent);
                    Files.setLastModifiedTime(temporary, FileTime.from(clock.instant()));
                    lock.lock();
                    try {
                        // An equal blob that came meanwhile is replaced by the same octets.
                        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
                    } finally {
                        lock.unlock();
                    }
                    kept = true;
                }
                // Also when it was there: whoever put it there may not have synced its folder yet.
                sync(parent);
                placeForGood(BlobRows.shard(hash), parent);
            } catch (IOException e) {
                throw failed(e);
            }
            close();
            return hash;
        }

        /// Whether the blob was there already, whole; then it is young again.
        private boolean renew(Path path) throws IOException {
            lock.lock();
            try {
                // A file of another size was cut by a broken disk: ours replaces it.
                if (Files.size(path) != size) {
                    return false;
                }
                Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
                return true;
            } catch (NoSuchFileException absent) {
                return false;
            } finally {
                lock.unlock();
            }
        }

        private void flush() {
            if (size >= checkRoomAt) {
                requireRoom();
                checkRoomAt = size + (1 << 20);
            }
            buffer.flip();
            try {
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
            } catch (IOException e) {
                throw failed(e);
            }
            buffer.clear();
        }

        /// An I/O error while writing is nearly always a full disk; the text of the error goes to the log.
        private Unavailable failed(IOException e) {
            close();
            String text = String.valueOf(e.getMessage());
            return text.contains("No space left") || text.contains("quota")
                    ? new DiskFull(temporary + ": " + text)
                    : new Unavailable("try again later", temporary + ": " + e, e);
        }

        @Override
        public void close() {
            try {
                if (file.isOpen()) {
                    file.close();
                }
                if (!kept) {
                    Files.deleteIfExists(temporary);
                }
            } catch (IOException e) {
                // The next start removes what lies here.
            }
        }
    }
}
