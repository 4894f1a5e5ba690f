package tamanoir.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Accept and deliver: the rate of messages from the first MAIL to the last 250, by size and number of sessions.
///
/// `SmtpLoad HOST PORT SERVER-PID [MESSAGES]`: mail for user001..user100@example.com; one connection a session, kept.
public final class SmtpLoad {
    private static final int USERS = 100;

    private SmtpLoad() {}

    public static void main(String[] args) throws Exception {
        String host = args[0];
        int port = Integer.parseInt(args[1]);
        ProcessHandle server = ProcessHandle.of(Long.parseLong(args[2])).orElseThrow();
        int messages = args.length > 3 ? Integer.parseInt(args[3]) : 20_000;
        run(host, port, server, 1024, 10, messages); // warm-up, not shown
        System.out.println("| octets | sessions | messages/s | server CPU ms a message |\n|---|---|---|---|");
        for (int size : new int[] {1024, 10_240, 1_048_576}) {
            for (int sessions : new int[] {1, 10, 50}) {
                System.out.println(run(
                        host, port, server, size, sessions, size > 100_000 ? Math.max(messages / 40, 50) : messages));
            }
        }
    }

    private static String run(String host, int port, ProcessHandle server, int size, int sessions, int messages)
            throws Exception {
        byte[] body = message(size);
        AtomicInteger left = new AtomicInteger(messages);
        long cpu = server.info().totalCpuDuration().orElseThrow().toNanos();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().start(() -> session(host, port, body, left, first)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuMillis = (server.info().totalCpuDuration().orElseThrow().toNanos() - cpu) / 1e6;
        return String.format("| %d | %d | %.0f | %.3f |", size, sessions, messages / seconds, cpuMillis / messages);
    }

    private static void session(String host, int port, byte[] body, AtomicInteger left, int first) {
        try (Socket socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            expect(in, "220");
            say(socket, in, "EHLO load.example.com\r\n", "250");
            int user = first;
            while (left.getAndDecrement() > 0) {
                user = (user + 7) % USERS;
                say(socket, in, "MAIL FROM:<load@corp.example>\r\n", "250");
                say(socket, in, String.format("RCPT TO:<user%03d@example.com>\r\n", user + 1), "250");
                say(socket, in, "DATA\r\n", "354");
                socket.getOutputStream().write(body);
                expect(in, "250");
            }
            say(socket, in, "QUIT\r\n", "221");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] message(int size) {
        StringBuilder text = new StringBuilder("From: load@corp.example\r\nTo: someone@example.com\r\nSubject: load\r\n"
                + "Date: Wed, 25 Nov 2026 02:00:00 +0000\r\nMessage-ID: <load@corp.example>\r\n\r\n");
        int line = 0;
        while (text.length() < size) {
            text.append("Line ").append(line++).append(" of a message with words that compress as words do.\r\n");
        }
        return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    static void say(Socket socket, InputStream in, String line, String wanted) throws IOException {
        socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        expect(in, wanted);
    }

    static void expect(InputStream in, String wanted) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\n') {
                line.append((char) c);
            } else if (line.length() > 3 && line.charAt(3) == '-') {
                line.setLength(0);
            } else if (line.indexOf(wanted) == 0) {
                return;
            } else {
                throw new IOException("wanted " + wanted + ", got " + line);
            }
        }
    }
}
