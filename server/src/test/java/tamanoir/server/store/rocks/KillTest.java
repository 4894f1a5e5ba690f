package tamanoir.server.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;

/// Kills a process in the middle of its commits, again and again on the same folder, and looks at what is left. Every
/// second time the newest log is cut as well, as a power cut would have torn it. More rounds with
/// `-Dtamanoir.kills=100`.
@Timeout(600)
class KillTest {
    private static final int THREADS = 8;

    @TempDir
    Path folder;

    private record Acknowledged(long partition, long version, long log, long size) {}

    @Test
    void whatWasAcknowledgedIsThereAfterAKillAndCommitsAreWholeOrAbsent() throws Exception {
        long seed = Long.getLong("tamanoir.seed", new Random().nextLong());
        Random random = new Random(seed);
        int rounds = Integer.getInteger("tamanoir.kills", 6);
        long commits = 0;
        long torn = 0;
        try {
            for (int round = 0; round < rounds; round++) {
                int bodySize = 3000;
                List<Acknowledged> all = runAndKill(random, bodySize);
                commits += all.size();
                if (round % 2 == 1) {
                    long before = all.size();
                    all = tear(all, random);
                    torn += before - all.size();
                }
                check(all, bodySize);
            }
        } catch (Exception | Error e) {
            throw new AssertionError("seed " + seed + " (-Dtamanoir.seed=" + seed + ")", e);
        }
        System.out.println("killed " + rounds + " times in " + commits + " commits, " + torn + " of them torn off");
        assertThat(commits).isPositive();
    }

    private List<Acknowledged> runAndKill(Random random, int bodySize) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillVictim.class.getName(),
                        folder.toString(),
                        "" + THREADS,
                        "" + random.nextLong(),
                        "" + bodySize))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Acknowledged> all = new ArrayList<>();
        try (BufferedReader said = victim.inputReader(StandardCharsets.US_ASCII)) {
            long killAt = Long.MAX_VALUE;
            String line;
            while ((line = said.readLine()) != null) {
                String[] words = line.split(" ", -1);
                if (words.length < 4 || words[3].isEmpty()) {
                    break;
                }
                all.add(new Acknowledged(
                        Long.parseLong(words[0]),
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3])));
                if (killAt == Long.MAX_VALUE) {
                    killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(600));
                }
                if (System.nanoTime() > killAt) {
                    // SIGKILL; what it has said until then is still in the pipe.
                    victim.toHandle().destroyForcibly();
                }
            }
            if (killAt == Long.MAX_VALUE) {
                throw new AssertionError("the victim died by itself");
            }
        } finally {
            victim.destroyForcibly().waitFor();
        }
        return all;
    }

    /// Cuts octets off the newest log; answers what must still be there.
    private List<Acknowledged> tear(List<Acknowledged> all, Random random) throws IOException {
        KillVictim.Log log = KillVictim.Log.newest(folder);
        long left = Math.max(0, log.size() - 1 - random.nextInt(random.nextInt(3) == 0 ? 500_000 : 20_000));
        try (RandomAccessFile file = new RandomAccessFile(log.file(), "rw")) {
            file.setLength(left);
        }
        return all.stream()
                .filter(a -> a.log < log.number() || (a.log == log.number() && a.size <= left))
                .toList();
    }

    private void check(List<Acknowledged> all, int bodySize) {
        try (RocksStore store = new RocksStore(folder, KillVictim.SETTINGS, new Trace("store", "test"))) {
            for (int number = 0; number < THREADS; number++) {
                long[] last = new long[2];
                for (int i = 0; i < 2; i++) {
                    long id = Depositor.partitions(number).get(i).id();
                    last[i] = all.stream()
                            .filter(a -> a.partition == id)
                            .mapToLong(Acknowledged::version)
                            .max()
                            .orElse(0);
                }
                Depositor.check(store, number, bodySize, last);
            }
            assertThat(store.verify(true).findings()).isEmpty();
        }
    }
}
