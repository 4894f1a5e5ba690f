package tamanoir.server.store.rocks;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Partition;

/// The process that [KillTest] kills: `folder threads seed bodyOctets`. Says on standard output what the store has
/// acknowledged, with the newest log file and its size at that moment, which is not before the end of the commit.
final class KillVictim {
    /// So small that tables are written and merged all the time.
    static final Settings SETTINGS = Settings.standard().withReserve(0).withMemory(8 << 20, 1 << 20);

    private KillVictim() {}

    public static void main(String[] args) throws InterruptedException {
        Path folder = Path.of(args[0]);
        int threads = Integer.parseInt(args[1]);
        RocksStore store = new RocksStore(folder, SETTINGS, new Trace("store", "victim"));
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            Depositor depositor = new Depositor(store, i, Long.parseLong(args[2]), Integer.parseInt(args[3]));
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        depositor.step((partition, version) -> say(folder, partition, version));
                    }
                } catch (IOException | RuntimeException | Error e) {
                    e.printStackTrace();
                    end.countDown();
                }
            });
        }
        end.await();
        System.exit(1);
    }

    private static void say(Path folder, Partition partition, long version) {
        PrintStream out = System.out;
        Log log = Log.newest(folder);
        byte[] line = (partition.id() + " " + version + " " + log.number() + " " + log.size() + "\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        synchronized (out) {
            out.write(line, 0, line.length);
            out.flush();
        }
    }

    /// A write-ahead log file.
    record Log(long number, long size, File file) {
        static Log newest(Path folder) {
            Log newest = new Log(-1, 0, folder.toFile());
            File[] files = folder.resolve("rows").toFile().listFiles();
            if (files != null) {
                for (File file : files) {
                    if (file.getName().endsWith(".log")) {
                        long number = Long.parseLong(file.getName().replace(".log", ""));
                        if (number > newest.number) {
                            newest = new Log(number, file.length(), file);
                        }
                    }
                }
            }
            return newest;
        }
    }
}
