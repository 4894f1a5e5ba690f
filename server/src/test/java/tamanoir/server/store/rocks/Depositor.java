package tamanoir.server.store.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// Commits of which it can be told afterwards whether each is whole or absent. One thread's: it alone writes to its two
/// partitions.
///
/// Commit `v` of a partition writes `v` into the head, row `v` into two families and a body, and deletes row `v - 50`;
/// now and then it spans both partitions, now and then it links a blob. What the octets are follows from `v`.
final class Depositor {
    private static final Space HEAD = new Space(0, Space.Family.META);
    private static final Space ROWS = new Space(3, Space.Family.META);
    private static final Space LOG = new Space(7, Space.Family.LOG);
    private static final Space BODY = new Space(0x11, Space.Family.BODY);
    private static final int LIVING = 50;
    private static final int BLOB = 70_000;

    /// Is told what the store has acknowledged.
    interface Witness {
        void acknowledged(Partition partition, long version);
    }

    private final Store store;
    private final Random random;
    private final int bodySize;
    private final Partition[] mine;
    private final long[] versions = new long[2];

    Depositor(Store store, int number, long seed, int bodySize) {
        this.store = store;
        this.random = new Random(seed + number);
        this.bodySize = bodySize;
        this.mine = partitions(number).toArray(Partition[]::new);
        readVersions();
    }

    static List<Partition> partitions(int number) {
        return List.of(Partition.of('A', 2L * number), Partition.of('A', 2L * number + 1));
    }

    /// After a commit of which nobody knows whether it was written.
    void readVersions() {
        try (Snapshot snapshot = store.snapshot()) {
            versions[0] = snapshot.version(mine[0]);
            versions[1] = snapshot.version(mine[1]);
        }
    }

    void step(Witness witness) throws IOException {
        int one = random.nextInt(2);
        List<Batch> batches = new ArrayList<>();
        boolean both = random.nextInt(4) == 0;
        if (both) {
            batches.add(batch(0, "with " + (versions[1] + 1)));
            batches.add(batch(1, "with " + (versions[0] + 1)));
        } else if (random.nextInt(32) == 0) {
            BlobHash hash = keep(blob(mine[one], versions[one] + 1));
            batches.add(batch(one, "blob " + hash));
            batches.addAll(new BlobLinks()
                    .link(hash, BLOB, mine[one], versions[one] + 1)
                    .batches());
        } else {
            batches.add(batch(one, ""));
        }
        if (!(store.commit(batches) instanceof Commit.Done)) {
            throw new AssertionError("nobody else writes here");
        }
        for (int i = 0; i < 2; i++) {
            if (both || i == one) {
                witness.acknowledged(mine[i], ++versions[i]);
            }
        }
    }

    private BlobHash keep(byte[] octets) throws IOException {
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(octets, 0, octets.length);
            return spool.keep();
        }
    }

    private Batch batch(int which, String note) {
        Partition partition = mine[which];
        long next = versions[which] + 1;
        byte[] key = key(next);
        return new Batch(partition, versions[which])
                .put(HEAD, new byte[0], key)
                .put(ROWS, key, key)
                .delete(ROWS, key(next - LIVING))
                .put(LOG, key, note.getBytes(UTF_8))
                .put(BODY, key, body(partition, next));
    }

    private byte[] body(Partition partition, long version) {
        byte[] body = new byte[bodySize];
        new Random(partition.id() * 31 + version).nextBytes(body);
        return body;
    }

    private static byte[] blob(Partition partition, long version) {
        byte[] blob = new byte[BLOB];
        new Random(partition.id() * 37 + version).nextBytes(blob);
        return blob;
    }

    private static byte[] key(long version) {
        return ByteBuffer.allocate(8).putLong(version).array();
    }

    // ---- afterwards ------------------------------------------------------------------------------------------------

    /// Every commit is whole or absent, absent ones are the last, and none that is in `acknowledged` is.
    static void check(Store store, int number, int bodySize, long[] acknowledged) {
        List<Partition> both = partitions(number);
        Depositor as = new Depositor(store, number, 0, bodySize);
        try (Snapshot snapshot = store.snapshot()) {
            for (int i = 0; i < 2; i++) {
                Partition partition = both.get(i);
                Partition other = both.get(1 - i);
                long version = snapshot.version(partition);
                assertThat(version).as("version of " + partition).isGreaterThanOrEqualTo(acknowledged[i]);
                if (version == 0) {
                    continue;
                }
                assertThat(snapshot.get(partition, HEAD, new byte[0])).hasValue(key(version));
                keys(snapshot, partition, ROWS, Math.max(1, version - LIVING + 1), version);
                keys(snapshot, partition, LOG, 1, version);
                keys(snapshot, partition, BODY, 1, version);
                snapshot.scan(partition, BODY, new byte[0], new byte[0], (key, value) -> {
                    long at = ByteBuffer.wrap(key).getLong();
                    assertThat(value).as("body " + at).isEqualTo(as.body(partition, at));
                    return true;
                });
                snapshot.scan(partition, LOG, new byte[0], new byte[0], (key, value) -> {
                    long at = ByteBuffer.wrap(key).getLong();
                    String[] words = new String(value, UTF_8).split(" ", 2);
                    if (words[0].equals("with")) {
                        assertThat(snapshot.get(other, LOG, key(Long.parseLong(words[1]))))
                                .as("the other half of " + partition + " " + at)
                                .hasValue(("with " + at).getBytes(UTF_8));
                    } else if (words[0].equals("blob")) {
                        byte[] octets = blob(partition, at);
                        BlobHash hash = new BlobHash(java.util.HexFormat.of().parseHex(words[1]));
                        assertThat(new Body.Large(hash, BLOB)
                                        .load(store.blobs())
                                        .toByteArray())
                                .isEqualTo(octets);
                    }
                    return true;
                });
            }
        }
    }

    private static void keys(Snapshot snapshot, Partition partition, Space space, long from, long to) {
        long[] next = {from};
        snapshot.scan(partition, space, new byte[0], new byte[0], (key, value) -> {
            assertThat(ByteBuffer.wrap(key).getLong())
                    .as(partition + " space " + space.code())
                    .isEqualTo(next[0]++);
            return true;
        });
        assertThat(next[0] - 1).as(partition + " space " + space.code()).isEqualTo(to);
    }
}
