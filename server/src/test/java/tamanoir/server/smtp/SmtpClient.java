package tamanoir.server.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tamanoir.server.testkit.TestCertificates;

/// A client of a test, one reply at a time.
final class SmtpClient implements AutoCloseable {
    private Socket socket;
    private InputStream in;
    final String greeting;

    SmtpClient(int port) throws IOException {
        this(port, false);
    }

    SmtpClient(int port, boolean tls) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        if (tls) {
            socket = TestCertificates.trustingAll(socket, Optional.empty());
        }
        in = new java.io.BufferedInputStream(socket.getInputStream());
        greeting = reply();
    }

    /// Sends a line and reads the reply to it.
    String say(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    SmtpClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    SmtpClient send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
        return this;
    }

    /// A whole reply, lines joined by a line feed; empty at the end of the connection.
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        while (true) {
            String line = line();
            if (line.isEmpty()) {
                return reply.toString();
            }
            reply.append(reply.isEmpty() ? "" : "\n").append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return reply.toString();
            }
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    void startTls() throws IOException {
        startTls(TestCertificates.clientContext());
    }

    /// Shows a certificate where it is asked for one.
    void startTls(java.security.KeyStore own) throws IOException {
        startTls(TestCertificates.clientContext(own));
    }

    private void startTls(javax.net.ssl.SSLContext context) throws IOException {
        say("STARTTLS");
        socket = TestCertificates.over(context, socket, Optional.empty());
        in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    String plain(String name, String password) throws IOException {
        String text = "\0" + name + "\0" + password;
        return say("AUTH PLAIN " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// One message; answers the last reply.
    String mail(String from, String message, String... to) throws IOException {
        String reply = say("MAIL FROM:<" + from + ">");
        if (!reply.startsWith("250")) {
            return reply;
        }
        for (String one : to) {
            reply = say("RCPT TO:<" + one + ">");
            if (!reply.startsWith("250") && to.length == 1) {
                return reply;
            }
        }
        reply = say("DATA");
        if (!reply.startsWith("354")) {
            return reply;
        }
        send(message.replace("\r\n.", "\r\n..")).send(message.endsWith("\r\n") ? ".\r\n" : "\r\n.\r\n");
        return reply();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
