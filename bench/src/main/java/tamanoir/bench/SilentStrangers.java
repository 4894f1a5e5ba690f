package tamanoir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What clients cost that connect and say nothing: `SilentStrangers port pid [count]` opens that many (5,000) to a
/// server on this machine, from 40 for each loopback address, and reads the resident memory of its process before,
/// while all of them wait for the greeting, and when they have got it. Meanwhile a good client comes again and again,
/// and the time to its greeting is told.
public final class SilentStrangers {
    private static final int PER_ADDRESS = 40;

    private SilentStrangers() {}

    public static void main(String[] words) throws IOException {
        int port = Integer.parseInt(words[0]);
        Path status = Path.of("/proc", words[1], "status");
        int count = words.length > 2 ? Integer.parseInt(words[2]) : 5000;
        open(port, 200, 200).forEach(SilentStrangers::close); // Classes and code are there now.
        LockSupport.parkNanos(3_000_000_000L);
        greeting(port); // The good client has its pass.
        long before = resident(status);
        System.out.printf("before: %.1f MiB resident; a known client is greeted in %s%n", mib(before), greeting(port));
        List<SocketChannel> silent = open(port, count, 100);
        System.out.printf(
                "%d connected: %.1f MiB more; a known client is greeted in %s%n",
                count, mib(resident(status) - before), greeting(port));
        for (int second = 5; second <= 20; second += 5) {
            LockSupport.parkNanos(5_000_000_000L);
            System.out.printf(
                    "after %d s: %.1f MiB more, %.1f KiB each; a known client is greeted in %s%n",
                    second,
                    mib(resident(status) - before),
                    (resident(status) - before) / 1024.0 / count,
                    greeting(port));
        }
        silent.forEach(SilentStrangers::close);
    }

    private static List<SocketChannel> open(int port, int count, int firstNetwork) throws IOException {
        List<SocketChannel> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int address = i / PER_ADDRESS;
            SocketChannel one = SocketChannel.open();
            one.bind(new InetSocketAddress(
                    InetAddress.getByAddress(
                            new byte[] {127, (byte) firstNetwork, (byte) (address / 250), (byte) (address % 250 + 1)}),
                    0));
            one.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            all.add(one);
        }
        return all;
    }

    private static void close(SocketChannel one) {
        try {
            one.close();
        } catch (IOException gone) {
            // So it is closed.
        }
    }

    /// The milliseconds to the last line of the greeting, and that line's code.
    private static String greeting(int port) throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 77, 0, 1}), 0));
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = String.valueOf(in.readLine());
            while (line.startsWith("220-")) {
                line = String.valueOf(in.readLine());
            }
            socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return String.format(
                    "%.1f ms (%s)", (System.nanoTime() - begin) / 1e6, line.substring(0, Math.min(3, line.length())));
        }
    }

    private static long resident(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException(status + " has no VmRSS");
    }

    private static double mib(long octets) {
        return octets / 1048576.0;
    }
}
