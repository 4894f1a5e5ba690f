package tamanoir.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Verified.Finding;

/// Compares rows and files with each other, while the store is in use. Reads only.
///
/// Used by one thread, once.
public final class Inspection {
    private final Store store;
    private final FolderBlobs files;
    private final boolean hashes;
    private final List<Finding> findings = new ArrayList<>();
    private long findingsInAll;
    private long partitions;
    private long blobs;
    private long links;
    private long unlinked;
    private long strays;
    private long strayOctets;

    /// @param hashes whether to read every blob and compare its octets with its name; takes as long as the disk needs
    public Inspection(Store store, FolderBlobs files, boolean hashes) {
        this.store = store;
        this.files = files;
        this.hashes = hashes;
    }

    /// Adds what another part of the inspection found.
    public void add(Finding finding) {
        findingsInAll++;
        if (findings.size() < Verified.MOST) {
            findings.add(finding);
        }
    }

    /// @throws Unavailable when the store is down or the blob folder cannot be listed
    public Verified run() {
        Set<Integer> shards = new TreeSet<>();
        try (Snapshot snapshot = store.snapshot()) {
            for (char kind = 0; kind < 128; kind++) {
                snapshot.partitions(kind, partition -> {
                    versionOf(snapshot, partition);
                    if (partition.kind() == 'B') {
                        shards.add((int) partition.number());
                    }
                    return true;
                });
            }
        }
        try {
            shards.addAll(files.shards());
            for (int shard : shards) {
                inspect(shard);
            }
        } catch (IOException e) {
            throw new Unavailable("try again later", "inspecting " + files.folder() + ": " + e, e);
        }
        return new Verified(partitions, blobs, links, unlinked, strays, strayOctets, findings, findingsInAll);
    }

    private void versionOf(Snapshot snapshot, Partition partition) {
        try {
            snapshot.version(partition);
            partitions++;
        } catch (Unavailable e) {
            add(new Finding.UnreadableVersion(partition, e.detail()));
        }
    }

    private void inspect(int number) throws IOException {
        // Rows before files, the other way round than the sweep: a blob is kept before its row is written, so what has
        // a row here has a file; it loses the file after the row, so what has lost it since is asked about again.
        Map<BlobHash, Long> sizes = new HashMap<>();
        Map<BlobHash, Long> owners = new HashMap<>();
        rows(number, sizes, owners);
        Map<BlobHash, FolderBlobs.Kept> present = files.list(number);

        Set<BlobHash> named = new HashSet<>(sizes.keySet());
        named.addAll(owners.keySet());
        blobs += sizes.size();
        for (BlobHash hash : named) {
            long count = owners.getOrDefault(hash, 0L);
            links += count;
            if (count == 0) {
                unlinked++;
            }
            Long written = sizes.get(hash);
            FolderBlobs.Kept file = present.get(hash);
            if (written == null) {
                add(new Finding.UnknownBlob(hash, count));
            }
            if (file == null) {
                if (isStillNamed(hash)) {
                    add(new Finding.MissingBlob(hash, count));
                }
            } else if (written != null && file.size() != written) {
                add(new Finding.WrongSize(hash, written, file.size()));
            } else if (hashes) {
                compare(hash);
            }
        }
        for (Map.Entry<BlobHash, FolderBlobs.Kept> file : present.entrySet()) {
            if (!named.contains(file.getKey())) {
                strays++;
                strayOctets += file.getValue().size();
            }
        }
    }

    private void rows(int number, Map<BlobHash, Long> sizes, Map<BlobHash, Long> owners) {
        Partition partition = BlobRows.partition(number);
        byte[] all = new byte[0];
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(partition, BlobRows.BLOB, all, all, (key, value) -> {
                BlobRows.size(value)
                        .ifPresentOrElse(
                                size -> sizes.put(BlobRows.hash(key), size),
                                () -> add(new Finding.Damage("a blob row of unknown format in " + partition)));
                return true;
            });
            snapshot.scan(partition, BlobRows.LINK, all, all, (key, value) -> {
                owners.merge(BlobRows.hash(key), 1L, Long::sum);
                return true;
            });
        }
    }

    private boolean isStillNamed(BlobHash hash) {
        Partition partition = BlobRows.partition(BlobRows.shard(hash));
        byte[] first = hash.octets();
        boolean[] found = {false};
        try (Snapshot snapshot = store.snapshot()) {
            if (snapshot.get(partition, BlobRows.BLOB, first).isPresent()) {
                return true;
            }
            snapshot.scan(partition, BlobRows.LINK, first, new byte[0], (key, value) -> {
                found[0] = BlobRows.hash(key).equals(hash);
                return false;
            });
        }
        return found[0];
    }

    private void compare(BlobHash hash) {
        try (InputStream in = files.stream(hash)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            if (!Arrays.equals(digest.digest(), hash.octets())) {
                add(new Finding.WrongHash(hash));
            }
        } catch (IOException | Unavailable e) {
            if (isStillNamed(hash)) {
                add(new Finding.MissingBlob(hash, 0));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
