package tamanoir.server.outbound;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A server that takes mail and answers as the test says: greeting, EHLO keywords, and a reply for each command where
/// the test wants another than the usual one. Everything it hears is kept.
final class Sink implements AutoCloseable {
    /// One message as it came: envelope commands, and the octets between DATA and the dot, dots undone.
    record Taken(String mail, List<String> recipients, String data) {}

    /// A reply of this text closes the connection without a word.
    static final String HANG_UP = "";

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    volatile String greeting = "220 sink.example ESMTP";
    volatile List<String> keywords = List.of("PIPELINING", "SIZE 10000000", "8BITMIME", "ENHANCEDSTATUSCODES");
    volatile boolean lmtp;
    /// For measurements: nothing is kept, data is only counted.
    volatile boolean keepNothing;
    volatile boolean silent;
    volatile Optional<SSLContext> tls = Optional.empty();
    volatile boolean breakTls;
    /// The reply to a command, or none for the usual one. Replies of several lines have CRLF between them. The end of
    /// data is the command `.`; with LMTP it is asked for each recipient, `. RCPT TO:<…>`.
    volatile Function<String, Optional<String>> script = command -> Optional.empty();

    Sink() {
        this("127.0.0.1", 0);
    }

    Sink(String address, int port) {
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("sink").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().name("sink session").start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Conversation(socket).run();
        } catch (IOException e) {
            // The client has gone.
        } finally {
            open.remove(socket);
        }
    }

    /// What is heard and answered over one connection.
    private final class Conversation {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private String mail = "";
        private List<String> recipients = new ArrayList<>();
        private boolean secure;

        Conversation(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            this.out = new BufferedOutputStream(socket.getOutputStream());
        }

        void run() throws IOException {
            if (silent) {
                in.read();
                return;
            }
            say(greeting);
            while (true) {
                if (in.available() == 0) {
                    out.flush();
                }
                String line = line();
                if (!keepNothing) {
                    commands.add(line);
                }
                String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
                Optional<String> scripted = script.apply(line);
                if (scripted.isPresent() && scripted.get().isEmpty()) {
                    return;
                }
                if (verb.equals("DATA") && scripted.isEmpty()) {
                    say(recipients.isEmpty() ? "554 5.5.1 no valid recipients" : "354 go on");
                    if (!recipients.isEmpty() && !data()) {
                        return;
                    }
                    continue;
                }
                String reply = scripted.orElseGet(() -> usual(verb, line));
                if (reply.startsWith("354")) {
                    say(reply);
                    data();
                    continue;
                }
                if (reply.startsWith("2")) {
                    note(verb, line);
                }
                if (verb.equals("BDAT")) {
                    bdat(line);
                }
                say(reply);
                if (verb.equals("QUIT") || reply.startsWith("421")) {
                    out.flush();
                    return;
                } else if (verb.equals("STARTTLS") && reply.startsWith("220")) {
                    out.flush();
                    handshake();
                }
            }
        }

        private String usual(String verb, String line) {
            return switch (verb) {
                case "EHLO", "LHLO" -> ehlo();
                case "HELO" -> "250 sink.example";
                case "STARTTLS" -> "220 2.0.0 ready";
                case "MAIL" -> "250 2.1.0 ok";
                case "RCPT" -> "250 2.1.5 ok";
                case "BDAT" -> "250 2.0.0 taken";
                case "RSET", "NOOP" -> "250 2.0.0 ok";
                case "QUIT" -> "221 2.0.0 bye";
                default -> "502 5.5.1 unknown: " + line;
            };
        }

        private String ehlo() {
            List<String> lines = new ArrayList<>();
            lines.add("sink.example");
            lines.addAll(keywords);
            if (tls.isPresent() && !secure) {
                lines.add("STARTTLS");
            }
            StringBuilder reply = new StringBuilder();
            for (int i = 0; i < lines.size(); i++) {
                reply.append("250").append(i + 1 < lines.size() ? '-' : ' ').append(lines.get(i));
                reply.append(i + 1 < lines.size() ? "\r\n" : "");
            }
            return reply.toString();
        }

        private void note(String verb, String line) {
            switch (verb) {
                case "MAIL" -> {
                    mail = line;
                    recipients = new ArrayList<>();
                }
                case "RCPT" -> recipients.add(line);
                case "RSET", "EHLO", "LHLO" -> recipients = new ArrayList<>();
                default -> {}
            }
        }

        private void bdat(String line) throws IOException {
            int size = Integer.parseInt(line.split(" ")[1]);
            String data = new String(in.readNBytes(size), StandardCharsets.ISO_8859_1);
            taken.add(new Taken(mail, List.copyOf(recipients), data));
            recipients = new ArrayList<>();
        }

        private boolean data() throws IOException {
            out.flush();
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            if (keepNothing) {
                skipData();
                recipients = new ArrayList<>();
                say("250 2.0.0 queued");
                return true;
            }
            while (true) {
                byte[] line = rawLine();
                if (line.length == 3 && line[0] == '.' && line[1] == '\r') {
                    break;
                }
                int from = line[0] == '.' ? 1 : 0;
                data.write(line, from, line.length - from);
            }
            commands.add(".");
            List<String> replies = new ArrayList<>();
            List<String> accepted = new ArrayList<>();
            if (lmtp) {
                for (String recipient : recipients) {
                    String reply = script.apply(". " + recipient).orElse("250 2.0.0 taken");
                    replies.add(reply);
                    if (reply.startsWith("2")) {
                        accepted.add(recipient);
                    }
                }
            } else {
                String reply = script.apply(".").orElse("250 2.0.0 queued");
                replies.add(reply);
                if (reply.startsWith("2")) {
                    accepted.addAll(recipients);
                }
            }
            if (!accepted.isEmpty()) {
                taken.add(new Taken(mail, accepted, data.toString(StandardCharsets.ISO_8859_1)));
            }
            recipients = new ArrayList<>();
            for (String reply : replies) {
                if (reply.isEmpty()) {
                    return false;
                }
                say(reply);
            }
            return true;
        }

        private void skipData() throws IOException {
            int state = 2;
            byte[] end = {'\r', '\n', '.', '\r', '\n'};
            while (state < end.length) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("the client has gone");
                }
                state = c == end[state] ? state + 1 : c == '\r' ? 1 : 0;
            }
        }

        private void handshake() throws IOException {
            if (breakTls) {
                out.write("this is not TLS\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                throw new IOException("as the test wants");
            }
            SSLSocket layered =
                    (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            layered.setUseClientMode(false);
            layered.startHandshake();
            socket = layered;
            secure = true;
            in = new BufferedInputStream(layered.getInputStream());
            out = new BufferedOutputStream(layered.getOutputStream());
            commands.add("(TLS)");
        }

        private void say(String reply) throws IOException {
            out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
            if (in.available() == 0) {
                out.flush();
            }
        }

        private String line() throws IOException {
            byte[] line = rawLine();
            int end = line.length;
            while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
                end--;
            }
            return new String(line, 0, end, StandardCharsets.UTF_8);
        }

        private byte[] rawLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(128);
            while (true) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("the client has gone");
                }
                line.write(c);
                if (c == '\n') {
                    return line.toByteArray();
                }
            }
        }
    }

    List<String> commands(String verb) {
        return commands.stream().filter(c -> c.startsWith(verb)).toList();
    }

    /// Ends every connection; the port stays open.
    void hangUp() {
        open.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                // Closed already.
            }
        });
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hangUp();
    }
}
