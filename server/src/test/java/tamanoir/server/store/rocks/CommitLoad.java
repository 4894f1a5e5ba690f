package tamanoir.server.store.rocks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;

/// Measures commits a second: `folder threads seconds bodyOctets`. Each commit is what a delivery writes: eight small
/// rows, one of them rewritten, and a body, conditional on the account's version.
final class CommitLoad {
    private static final Space HEAD = new Space(0, Space.Family.META);
    private static final Space LIST = new Space(3, Space.Family.META);
    private static final Space FACTS = new Space(4, Space.Family.META);
    private static final Space LOG = new Space(7, Space.Family.LOG);
    private static final Space BODY = new Space(0x11, Space.Family.BODY);

    private CommitLoad() {}

    public static void main(String[] args) throws InterruptedException {
        Path folder = Path.of(args[0]);
        int threads = Integer.parseInt(args[1]);
        long seconds = Long.parseLong(args[2]);
        int size = Integer.parseInt(args[3]);
        try (RocksStore store = new RocksStore(folder, Settings.standard(), new Trace("store", "load"))) {
            run(store, threads, 2, size);
            Map<String, Long> times = threadTimes();
            long cpu = cpu();
            long began = System.nanoTime();
            long groups = store.figures().groups();
            long commits = run(store, threads, seconds, size);
            double took = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "threads=%d body=%d commits/s=%.0f group=%.1f cpu_us/commit=%.0f%n",
                    threads,
                    size,
                    commits / took,
                    (double) commits / (store.figures().groups() - groups),
                    (cpu() - cpu) / 1e3 / commits);
            threadTimes().forEach((name, ticks) -> {
                long used = ticks - times.getOrDefault(name, 0L);
                if (used > 0) {
                    System.out.printf("  %-18s %6.1f us/commit%n", name, used * 10_000.0 / commits);
                }
            });
        }
    }

    /// Ticks (of 10 ms) of processor time by the name of the thread, native ones included, where the system tells.
    private static Map<String, Long> threadTimes() {
        Map<String, Long> times = new TreeMap<>();
        File[] tasks = new File("/proc/self/task").listFiles();
        for (File task : tasks == null ? new File[0] : tasks) {
            try {
                String[] facts = Files.readString(task.toPath().resolve("stat")).split("[()]", -1);
                String[] numbers = facts[facts.length - 1].trim().split(" ", -1);
                times.merge(
                        facts[1].replaceAll("[-# 0-9]+$", ""),
                        Long.parseLong(numbers[11]) + Long.parseLong(numbers[12]),
                        Long::sum);
            } catch (IOException ended) {
                // Between the list and the look.
            }
        }
        return times;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long run(RocksStore store, int threads, long seconds, int size) throws InterruptedException {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        long[] counts = new long[threads];
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int me = t;
            all.add(Thread.ofVirtual().start(() -> {
                Partition account = Partition.of('A', 1000 + me);
                byte[] body = new byte[size];
                Random random = new Random(me);
                for (int i = 0; i < size; i++) {
                    body[i] = (byte) (32 + (random.nextInt() >>> 26));
                }
                long version;
                try (var snapshot = store.snapshot()) {
                    version = snapshot.version(account);
                }
                while (System.nanoTime() < until) {
                    if (!(store.commit(delivery(account, version, body)) instanceof Commit.Done)) {
                        throw new IllegalStateException("nobody else writes here");
                    }
                    version++;
                    counts[me]++;
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        return Arrays.stream(counts).sum();
    }

    private static Batch delivery(Partition account, long version, byte[] body) {
        byte[] id = ByteBuffer.allocate(16).putLong(version).putLong(version).array();
        byte[] row = new byte[48];
        Batch batch = new Batch(account, version)
                .put(HEAD, new byte[] {0}, row)
                .put(HEAD, new byte[] {1}, row)
                .put(LIST, id, row)
                .put(FACTS, id, row);
        for (int i = 0; i < 3; i++) {
            byte[] key = Arrays.copyOf(id, 17);
            key[16] = (byte) i;
            batch.put(FACTS, key, row);
        }
        return batch.put(LOG, id, row).put(BODY, id, body);
    }
}
