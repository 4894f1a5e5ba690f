package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One client of the port for strangers, from an address of its own, line by line.
final class Visitor implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;

    Visitor(MailOnLoopback up, String from) throws IOException {
        this(up, from, "smtp");
    }

    Visitor(MailOnLoopback up, String from, String service) throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), up.port(service)));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /// Goes without a word, in the midst of a session.
    void hangUp() throws IOException {
        socket.close();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The last line of a reply; empty when the server has hung up.
    String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "" : line;
    }

    /// `null` as a word when the server has hung up.
    String line() throws IOException {
        return String.valueOf(in.readLine());
    }

    String say(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    /// The keywords in the answer to EHLO.
    List<String> hello() throws IOException {
        send("EHLO client.example\r\n");
        List<String> keywords = new ArrayList<>();
        String line = line();
        while (line.startsWith("250-")) {
            keywords.add(line.substring(4));
            line = line();
        }
        keywords.add(line.substring(4));
        return keywords;
    }

    /// What a whole session hears at RCPT.
    String rcpt() throws IOException {
        say("EHLO client.example");
        say("MAIL FROM:<someone@client.example>");
        return say("RCPT TO:<ann@example.com>");
    }

    String deliver() throws IOException {
        String rcpt = rcpt();
        if (!rcpt.startsWith("250")) {
            return rcpt;
        }
        assertThat(say("DATA")).startsWith("354");
        return say("From: a@client.example\r\n\r\nHello\r\n.");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
