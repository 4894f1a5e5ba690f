package tamanoir.bench.gatekeeper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tamanoir.app.Ground;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// One server in a process of its own, with accounts user01 to user20 of example.com.
final class House implements AutoCloseable {
    static final int USERS = 20;
    private static final int PATIENCE_SECONDS = 180;

    private final Process process;
    private final int smtp;
    private final int imap;

    /// @param launcher the script that starts the server
    /// @param options of the JVM, in one line
    House(Path home, Path launcher, int offset, String config, String options) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("main.cf"), config + """
                myhostname = mail.example.com
                mydomain = example.com
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                mynetworks = 127.0.0.1/32
                smtpd_client_connection_count_limit = 0
                log_level = info
                maillog_file = %s/log
                port_offset = %d
                """.formatted(home, offset));
        try (Ground ground = Ground.open(home, Map.of())) {
            Domain domain = Domain.of("example.com");
            ground.office().directory().addDomain(domain);
            for (int i = 1; i <= USERS; i++) {
                ground.office().directory().addAccount(new Address(user(i), domain), user(i), "secret", 0);
            }
        }
        ProcessBuilder start = new ProcessBuilder(launcher.toString(), "serve", "--home", home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile());
        start.environment().put("TAMANOIR_JAVA_OPTS", options);
        process = start.start();
        smtp = offset + 25;
        imap = offset + 143;
        for (int tries = 0; !answers(imap); tries++) {
            if (tries > PATIENCE_SECONDS * 10 || !process.isAlive()) {
                process.destroy();
                throw new IOException("the server in " + home + " did not start; see its files out and log");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    static String user(int number) {
        return "user%02d".formatted(number);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == '*';
        } catch (IOException e) {
            return false;
        }
    }

    /// As the client of sender.example, not as this machine.
    Socket stranger() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(SignedMail.CLIENT), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), smtp));
        socket.setTcpNoDelay(true);
        return socket;
    }

    /// Puts letters where they do not belong and moves them, as a person does who teaches the filter: `junk` into Junk,
    /// `wanted` out of it.
    void teach(List<byte[]> junk, List<byte[]> wanted) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), imap)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            String greeting = in.readLine();
            if (greeting == null || !greeting.startsWith("* OK")) {
                throw new IOException("IMAP greets with " + greeting);
            }
            command(in, out, "LOGIN user01@example.com secret");
            for (byte[] letter : junk) {
                append(in, out, "INBOX", letter);
            }
            for (byte[] letter : wanted) {
                append(in, out, "Junk", letter);
            }
            command(in, out, "SELECT INBOX");
            command(in, out, "MOVE 1:" + junk.size() + " Junk");
            command(in, out, "SELECT Junk");
            command(in, out, "MOVE 1:" + wanted.size() + " INBOX");
            command(in, out, "LOGOUT");
        }
    }

    private static void append(BufferedReader in, OutputStream out, String mailbox, byte[] letter) throws IOException {
        int length = letter.length - 3; // without the dot
        out.write(("a APPEND " + mailbox + " {" + length + "+}\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(letter, 0, length);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        expectOk(in, "APPEND");
    }

    private static void command(BufferedReader in, OutputStream out, String line) throws IOException {
        out.write(("a " + line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        expectOk(in, line);
    }

    private static void expectOk(BufferedReader in, String asked) throws IOException {
        String line = in.readLine();
        while (line != null && !line.startsWith("a ")) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith("a OK")) {
            throw new IOException(asked + " is answered with " + line);
        }
    }

    /// CPU time of the process so far, nanoseconds.
    long cpu() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the server did not stop in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
