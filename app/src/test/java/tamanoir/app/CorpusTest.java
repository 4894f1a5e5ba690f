package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every message of the public MIME corpus comes in by SMTP and goes out by IMAP octet for octet, below the fields that
/// this server put on top.
@Timeout(120)
class CorpusTest {
    @TempDir
    Path folder;

    @Test
    void whatComesInBySmtpGoesOutByImapOctetForOctet() throws IOException {
        Optional<Path> corpus = corpus();
        if (corpus.isEmpty()) {
            System.err.println("NOT RUN: shared/testdata/mime is absent; the corpus did not pass through SMTP");
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(corpus.get())) {
            files = all.filter(file -> file.toString().matches(".*\\.(eml|msg)"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(100);
        // The client is a stranger: only for friends are header addresses completed.
        try (House house = House.of(folder.resolve("home"), "local_header_rewrite_clients =", "junk_filter = no")
                        .start()
                        .people("alice");
                Wire smtp = new Wire(house.port("smtp"));
                Wire imap = new Wire(house.port("imap"))) {
            smtp.expect("220");
            smtp.say("EHLO corpus.example.net\r\n", "250");
            imap.expect("* OK");
            imap.say("a LOGIN alice " + House.SECRET + "\r\n", "a OK");
            int number = 0;
            for (Path file : files) {
                byte[] message = lines(Files.readAllBytes(file));
                smtp.say("MAIL FROM:<corpus@example.net> BODY=8BITMIME\r\n", "250");
                smtp.say("RCPT TO:<alice@example.com>\r\n", "250");
                smtp.say("DATA\r\n", "354");
                smtp.write(stuffed(message));
                smtp.say(".\r\n", "250");
                number++;
                imap.say("b SELECT INBOX\r\n", "b OK");
                byte[] stored = imap.literal("c FETCH " + number + " BINARY.PEEK[]\r\n", "c OK");
                String name = corpus.get().relativize(file).toString();
                String expected = new String(message, StandardCharsets.ISO_8859_1);
                assertThat(new String(stored, StandardCharsets.ISO_8859_1))
                        .as(name)
                        .endsWith("\r\n" + expected);
            }
            assertThat(house.run("verify").out()).contains(files.size() + " messages checked, 0 findings");
        }
    }

    /// What a client that speaks SMTP sends for a file: lines end with CRLF, the last one too (RFC 5321 §2.3.8).
    private static byte[] lines(byte[] file) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(file.length + 100);
        int before = 0;
        for (byte octet : file) {
            if (octet == '\n' && before != '\r') {
                lines.write('\r');
            }
            lines.write(octet);
            before = octet;
        }
        if (before != '\n') {
            lines.writeBytes(new byte[] {'\r', '\n'});
        }
        return lines.toByteArray();
    }

    /// RFC 5321 §4.5.2.
    private static byte[] stuffed(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 100);
        boolean start = true;
        for (byte octet : message) {
            if (start && octet == '.') {
                out.write('.');
            }
            out.write(octet);
            start = octet == '\n';
        }
        return out.toByteArray();
    }

    private static Optional<Path> corpus() {
        String told = System.getProperty("tamanoir.shared", "");
        if (!told.isEmpty()) {
            return Optional.of(Path.of(told, "testdata/mime")).filter(Files::isDirectory);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path corpus = at.resolve("shared/testdata/mime");
            if (Files.isDirectory(corpus)) {
                return Optional.of(corpus);
            }
        }
        return Optional.empty();
    }

    /// A client of octets.
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Wire(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        void write(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
        }

        void say(String text, String wanted) throws IOException {
            write(text.getBytes(StandardCharsets.US_ASCII));
            expect(wanted);
        }

        /// Reads up to the line that begins so and is the last of its reply.
        void expect(String wanted) throws IOException {
            String line;
            do {
                line = line();
                // SMTP answers with one code; IMAP tells other things before the tagged line.
                boolean mayDiffer = !Character.isDigit(wanted.charAt(0)) && !line.startsWith(wanted.substring(0, 2));
                boolean refused = !line.startsWith(wanted) && !mayDiffer;
                assertThat(refused).as(line).isFalse();
            } while (!line.startsWith(wanted) || (line.length() > 3 && line.charAt(3) == '-'));
        }

        /// The literal in the answer to a FETCH of one item.
        byte[] literal(String command, String wanted) throws IOException {
            write(command.getBytes(StandardCharsets.US_ASCII));
            String line = line();
            int brace = line.lastIndexOf('{');
            assertThat(brace).as(line).isPositive();
            byte[] octets = in.readNBytes(Integer.parseInt(line.substring(brace + 1, line.length() - 1)));
            expect(wanted);
            return octets;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet; (octet = in.read()) != '\n'; ) {
                assertThat(octet).as("the server closed after: " + line).isNotNegative();
                line.write(octet);
            }
            return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
