package tamanoir.app;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// One end of a conversation in lines: what a person with a terminal would see of SMTP, IMAP and POP3.
final class Line implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final int port;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private int tag;

    private Line(int port, Socket socket) throws IOException {
        this.port = port;
        this.socket = socket;
        this.in = new java.io.BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static Line to(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new Line(port, socket);
    }

    /// To the smtp service, greeted.
    static Line smtp(int port) throws IOException {
        Line line = to(port);
        line.reply();
        line.smtp("EHLO client.example.net");
        return line;
    }

    /// To the submission service, under TLS and signed in; a wrong password is an [IllegalStateException].
    static Line submission(int port, String name, String password) throws IOException {
        Line line = smtp(port);
        line.smtp("STARTTLS");
        line.startTls();
        line.smtp("EHLO client.example.net");
        String reply = line.smtp("AUTH PLAIN " + plain(name, password));
        if (!reply.startsWith("235")) {
            throw new IllegalStateException(reply);
        }
        return line;
    }

    /// To the imap service, signed in, with a mailbox open.
    static Line imap(int port, String name, String password, String mailbox) throws IOException {
        Line line = to(port);
        line.line();
        for (String command : new String[] {"LOGIN " + name + " " + password, "SELECT \"" + mailbox + "\""}) {
            String answer = line.imap(command);
            if (!answer.contains(" OK ")) {
                throw new IllegalStateException(answer);
            }
        }
        return line;
    }

    /// RFC 4616 §2.
    static String plain(String name, String password) {
        return Base64.getEncoder().encodeToString(("\0" + name + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    // ---- lines -------------------------------------------------------------------------------------------------

    void send(String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// The next line without its end.
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet; (octet = in.read()) != '\n'; ) {
            if (octet < 0) {
                throw new EOFException("the server has closed; before: " + line.toString(StandardCharsets.UTF_8));
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /// All that comes until the server closes.
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    // ---- SMTP --------------------------------------------------------------------------------------------------

    /// One reply, its lines joined by line ends.
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        while (true) {
            String line = line();
            reply.append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return reply.toString();
            }
            reply.append('\n');
        }
    }

    String smtp(String command) throws IOException {
        send(command);
        return reply();
    }

    /// One message in whole; answers the last reply, which is the first refusal when there is one.
    String mail(String from, String to, String message) throws IOException {
        String reply = smtp("MAIL FROM:<" + from + ">");
        if (!reply.startsWith("250")) {
            return reply;
        }
        reply = smtp("RCPT TO:<" + to + ">");
        if (reply.startsWith("250")) {
            reply = smtp("DATA");
        }
        if (!reply.startsWith("354")) {
            smtp("RSET");
            return reply;
        }
        return smtp(message.replace("\n", "\r\n") + "\r\n.");
    }

    // ---- IMAP --------------------------------------------------------------------------------------------------

    /// One command; answers everything up to the tagged line, joined by line ends.
    String imap(String command) throws IOException {
        String own = "t" + ++tag;
        send(own + " " + command);
        return until(own + " ");
    }

    /// Lines up to one that begins so, joined by line ends.
    String until(String start) throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            String line = line();
            all.append(line).append('\n');
            if (line.startsWith(start)) {
                return all.toString();
            }
        }
    }

    /// The whole of message `number` of the mailbox that is open.
    String message(int number) throws IOException {
        return imap("FETCH " + number + " BODY.PEEK[]");
    }

    /// Waits until the mailbox that is open holds so many messages: the server tells.
    void awaitMessages(int count) throws IOException {
        String answer = imap("STATUS INBOX (MESSAGES)");
        if (answer.contains("MESSAGES " + count + ")")) {
            imap("NOOP");
            return;
        }
        String own = "t" + ++tag;
        send(own + " IDLE");
        until("* " + count + " EXISTS");
        send("DONE");
        until(own + " ");
    }

    // ---- POP3 --------------------------------------------------------------------------------------------------

    /// A command whose answer is one line.
    String pop3(String command) throws IOException {
        send(command);
        return line();
    }

    /// A command whose answer ends with a dot.
    String pop3Lines(String command) throws IOException {
        send(command);
        StringBuilder all = new StringBuilder();
        for (String line = line(); !line.equals("."); line = line()) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    // ---- TLS ---------------------------------------------------------------------------------------------------

    /// Shakes hands on this connection; answers the server's certificate, which is not verified.
    X509Certificate startTls() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
            SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, true);
            secure.startHandshake();
            socket = secure;
            in = new java.io.BufferedInputStream(secure.getInputStream());
            out = secure.getOutputStream();
            return (X509Certificate) secure.getSession().getPeerCertificates()[0];
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// Whoever it is: certificates of tests are self-signed.
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket peer) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket peer) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
