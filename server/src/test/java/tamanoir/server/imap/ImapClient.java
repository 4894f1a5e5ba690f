package tamanoir.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client that sends what it is told and keeps what it hears. One character an octet throughout.
final class ImapClient implements AutoCloseable {
    private static final Pattern LITERAL = Pattern.compile("~?\\{(\\d+)}$");

    private final Socket socket;
    private final InputStream in;
    private int tags;
    final String greeting;

    ImapClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
        greeting = response();
    }

    /// What came for one command: untagged responses (literals in place) and the tagged one without its tag.
    record Talk(List<String> untagged, String tagged) {
        List<String> with(String part) {
            return untagged.stream().filter(l -> l.contains(part)).toList();
        }

        String only() {
            assertThat(untagged).hasSize(1);
            return untagged.getFirst();
        }
    }

    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("closed after: " + line);
            }
            if (c == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                assertThat(text).as("lines end in CRLF").endsWith("\r");
                return text.substring(0, text.length() - 1);
            }
            line.write(c);
        }
    }

    /// One response with its literals as `{n}` CRLF octets.
    String response() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            String line = line();
            text.append(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                return text.toString();
            }
            byte[] octets = in.readNBytes(Integer.parseInt(literal.group(1)));
            text.append("\r\n").append(new String(octets, StandardCharsets.ISO_8859_1));
        }
    }

    String nextTag() {
        return "t" + ++tags;
    }

    /// Sends a command under a new tag and reads up to its answer.
    Talk command(String text) throws IOException {
        String tag = nextTag();
        send(tag + " " + text + "\r\n");
        return until(tag);
    }

    Talk until(String tag) throws IOException {
        List<String> untagged = new ArrayList<>();
        while (true) {
            String response = response();
            if (response.startsWith(tag + " ")) {
                return new Talk(untagged, response.substring(tag.length() + 1));
            }
            assertThat(response).as("neither untagged nor tagged").matches("(?s)[*+] .*");
            untagged.add(response);
        }
    }

    Talk ok(String text) throws IOException {
        Talk talk = command(text);
        assertThat(talk.tagged()).as(text).startsWith("OK ");
        return talk;
    }

    Talk no(String text) throws IOException {
        Talk talk = command(text);
        assertThat(talk.tagged()).as(text).startsWith("NO ");
        return talk;
    }

    Talk bad(String text) throws IOException {
        Talk talk = command(text);
        assertThat(talk.tagged()).as(text).startsWith("BAD ");
        return talk;
    }

    /// APPENDs with a literal that does not wait.
    Talk append(String arguments, String message) throws IOException {
        return ok("APPEND " + arguments + " {" + message.length() + "+}\r\n" + message);
    }

    boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
