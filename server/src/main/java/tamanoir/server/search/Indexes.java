package tamanoir.server.search;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tamanoir.server.directory.AccountId;
import tamanoir.server.observe.Trace;

/// The indexes of all accounts: opened when they are wanted, lent out, closed when others were used more lately, thrown
/// away when they are damaged.
///
/// Used by platform threads. `lock` guards the map and what its slots say; files are touched outside of it, by whoever
/// has marked the slot as moving, and others wait for that.
final class Indexes implements AutoCloseable {
    private static final Trace TRACE = new Trace("search", "");

    private final Path folder;
    private final int most;
    private final int derivation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Least recently used first.
    private final LinkedHashMap<IndexName, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    private static final class Slot {
        @Nullable
        TextIndex index;

        int uses;

        /// Somebody opens, closes or deletes it.
        boolean moving = true;

        boolean damaged;
    }

    Indexes(SearchSettings settings) {
        this.folder = settings.folder();
        this.most = settings.openIndexes();
        this.derivation = settings.derivation();
    }

    /// An open index in use; to be closed.
    final class Lease implements AutoCloseable {
        private final IndexName name;
        private final Slot slot;

        private Lease(IndexName name, Slot slot) {
            this.name = name;
            this.slot = slot;
        }

        TextIndex index() {
            return Objects.requireNonNull(slot.index);
        }

        /// It is thrown away as soon as nobody uses it, and made again by whoever asks next.
        void damaged(IOException reason) {
            TRACE.warn("search index damaged", "index", name, "reason", reason);
            lock.lock();
            try {
                slot.damaged = true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            release(name, slot);
        }
    }

    /// @throws IOException when the disk does not take it
    Lease open(IndexName name) throws IOException, InterruptedException {
        Slot slot;
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new IOException("the server stops");
                }
                Slot there = slots.get(name);
                if (there == null) {
                    slot = new Slot();
                    slots.put(name, slot);
                    break;
                }
                if (!there.moving && !there.damaged) {
                    there.uses++;
                    return new Lease(name, there);
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        TextIndex index = null;
        try {
            index = opened(name);
        } finally {
            lock.lock();
            try {
                slot.moving = false;
                slot.index = index;
                slot.uses = 1;
                if (index == null) {
                    slots.remove(name);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        closeSome();
        return new Lease(name, slot);
    }

    private TextIndex opened(IndexName name) throws IOException {
        Path path = path(name);
        Files.createDirectories(path);
        try {
            return TextIndex.open(path, derivation);
        } catch (IOException e) {
            TRACE.info("search index made anew", "index", name, "reason", e);
            delete(path);
            Files.createDirectories(path);
            return TextIndex.open(path, derivation);
        }
    }

    private Path path(IndexName name) {
        return folder.resolve(name.toString());
    }

    private void release(IndexName name, Slot slot) {
        boolean discard;
        lock.lock();
        try {
            slot.uses--;
            discard = slot.damaged && slot.uses == 0 && !slot.moving;
            if (discard) {
                slot.moving = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (discard) {
            throwAway(name, slot);
        }
    }

    private void throwAway(IndexName name, Slot slot) {
        try {
            TextIndex index = slot.index;
            if (index != null) {
                index.abandon();
            }
            delete(path(name));
            deleteIfEmpty(Objects.requireNonNull(path(name).getParent()));
        } catch (IOException e) {
            TRACE.warn("search index not deleted", "index", name, "reason", e);
        } finally {
            forget(name);
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            return; // The account has another index
        }
    }

    private void forget(IndexName name) {
        lock.lock();
        try {
            slots.remove(name);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Deletes the index of an account that is no more.
    void discard(IndexName name) throws InterruptedException {
        Slot slot;
        lock.lockInterruptibly();
        try {
            while (true) {
                slot = slots.get(name);
                if (slot == null) {
                    slot = new Slot();
                    slots.put(name, slot);
                    break;
                }
                if (slot.uses == 0 && !slot.moving) {
                    slot.moving = true;
                    break;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        throwAway(name, slot);
    }

    private void closeSome() {
        while (true) {
            IndexName name = null;
            Slot slot = null;
            lock.lock();
            try {
                if (slots.size() <= most) {
                    return;
                }
                for (Map.Entry<IndexName, Slot> entry : slots.entrySet()) {
                    if (entry.getValue().uses == 0 && !entry.getValue().moving) {
                        name = entry.getKey();
                        slot = entry.getValue();
                        slot.moving = true;
                        break;
                    }
                }
            } finally {
                lock.unlock();
            }
            if (name == null || slot == null) {
                return; // All are in use; who comes later closes some
            }
            shut(name, slot);
        }
    }

    private void shut(IndexName name, Slot slot) {
        try {
            TextIndex index = slot.index;
            if (index != null) {
                index.close();
            }
        } catch (IOException | RuntimeException e) {
            TRACE.warn("search index not closed", "index", name, "reason", e);
        } finally {
            forget(name);
        }
    }

    /// Those that exist, whether they are open or not.
    List<IndexName> all() {
        List<IndexName> all = new ArrayList<>();
        try (var folders = Files.newDirectoryStream(folder)) {
            for (Path path : folders) {
                try {
                    AccountId account = new AccountId(
                            Long.parseUnsignedLong(path.getFileName().toString(), 16));
                    for (Kind kind : Kind.values()) {
                        if (Files.isDirectory(path.resolve(kind.folder()))) {
                            all.add(new IndexName(account, kind));
                        }
                    }
                } catch (NumberFormatException e) {
                    TRACE.debug("no index", "path", path);
                }
            }
        } catch (IOException e) {
            return List.of(); // There is none yet
        }
        return all;
    }

    private static void delete(Path path) throws IOException {
        if (Files.notExists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// Closes what is not in use; nobody opens any more.
    @Override
    public void close() {
        List<Map.Entry<IndexName, Slot>> idle = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (Map.Entry<IndexName, Slot> entry : slots.entrySet()) {
                if (entry.getValue().uses == 0 && !entry.getValue().moving) {
                    entry.getValue().moving = true;
                    idle.add(Map.entry(entry.getKey(), entry.getValue()));
                }
            }
        } finally {
            lock.unlock();
        }
        idle.forEach(entry -> shut(entry.getKey(), entry.getValue()));
    }
}
