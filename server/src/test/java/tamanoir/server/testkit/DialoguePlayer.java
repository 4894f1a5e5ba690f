package tamanoir.server.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import tamanoir.server.testkit.Dialogue.Act;
import tamanoir.server.testkit.Dialogue.Step;

/// Speaks the client's lines of one dialogue and listens to the server's. A failure shows the line of the file and all
/// that was said before.
final class DialoguePlayer implements Closeable {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final Pattern SPECIAL = Pattern.compile("<any>|<(\\w+):any>");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");
    private static final Pattern BASE64 = Pattern.compile("\\$b64\\(([^)]*)\\)");

    private final Dialogue dialogue;
    private final Dialogues.Server server;
    private final Map<Integer, Peer> peers = new HashMap<>();
    private final Map<String, String> kept = new HashMap<>();
    private final List<String> said = new ArrayList<>();

    DialoguePlayer(Dialogue dialogue, Dialogues.Server server) {
        this.dialogue = dialogue;
        this.server = server;
    }

    void play() {
        for (Step step : dialogue.steps()) {
            try {
                act(step);
            } catch (SocketTimeoutException e) {
                throw failure(step, "the server says nothing");
            } catch (IOException e) {
                throw failure(step, "the connection broke: " + e);
            }
        }
    }

    private void act(Step step) throws IOException {
        int connection = step.connection();
        if (step.act() instanceof Act.Open open) {
            peers.put(connection, new Peer(server.port(open.service())));
            return;
        }
        Peer peer = peers.get(connection);
        if (peer == null) {
            peer = new Peer(server.port(""));
            peers.put(connection, peer);
        }
        switch (step.act()) {
            case Act.Send send -> send(connection, peer, octets(inlineBase64(filled(send.text()))), send.crlf());
            case Act.SendBase64 send ->
                send(
                        connection,
                        peer,
                        Base64.getEncoder()
                                .encodeToString(octets(filled(send.text())))
                                .getBytes(StandardCharsets.US_ASCII),
                        true);
            case Act.Expect expect -> match(step, regex(expect.pattern()), line(step, peer), expect.pattern());
            case Act.ExpectReply expect -> reply(step, peer, expect.code());
            case Act.ExpectMatch expect -> {
                String line = line(step, peer);
                if (!utf8(line).matches(filled(expect.regex()))) {
                    throw failure(step, "got:      " + shown(line));
                }
            }
            case Act.ExpectLater expect -> {
                Pattern wanted = regex(expect.pattern());
                while (!matches(wanted, line(step, peer))) {
                    // Passed over; the end of the connection or of patience ends this.
                }
            }
            case Act.ExpectOctets expect -> {
                String got = peer.octets(expect.octets());
                say("[" + connection + "] S{" + got.length() + "}: " + shown(got));
                match(step, regex(expect.pattern()), got, expect.pattern());
            }
            case Act.ExpectBase64 expect -> {
                String line = line(step, peer);
                String text = new String(Base64.getDecoder().decode(line), StandardCharsets.ISO_8859_1);
                match(step, regex(expect.pattern()), text, expect.pattern());
            }
            case Act.Tls tls -> {
                if (!peer.startTls(tls.serverName())) {
                    throw failure(step, "the server spoke before the handshake");
                }
                say("[" + connection + "] TLS");
            }
            case Act.ExpectClose _ -> {
                int octet = peer.read();
                if (octet >= 0) {
                    String line = (char) octet + String.valueOf(peer.line());
                    throw failure(step, "got:      " + shown(line));
                }
                say("[" + connection + "] CLOSE");
            }
            case Act.HangUp _ -> peer.close();
            case Act.Open _ -> throw new AssertionError("handled above");
        }
    }

    private void send(int connection, Peer peer, byte[] octets, boolean crlf) throws IOException {
        byte[] whole = octets;
        if (crlf) {
            whole = new byte[octets.length + 2];
            System.arraycopy(octets, 0, whole, 0, octets.length);
            whole[octets.length] = '\r';
            whole[octets.length + 1] = '\n';
        }
        say("[" + connection + "] C: " + shown(new String(octets, StandardCharsets.ISO_8859_1)));
        peer.send(whole);
    }

    private String line(Step step, Peer peer) throws IOException {
        String line = peer.line();
        if (line == null) {
            throw failure(step, "the server closed the connection");
        }
        say("[" + step.connection() + "] S: " + shown(line));
        if (!line.endsWith("\r\n")) {
            throw failure(step, "the line does not end with CRLF");
        }
        return line.substring(0, line.length() - 2);
    }

    private void reply(Step step, Peer peer, String code) throws IOException {
        while (true) {
            String line = line(step, peer);
            if (!line.startsWith(code)) {
                throw failure(step, "got:      " + shown(line));
            }
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return;
            }
            if (line.charAt(3) != '-') {
                throw failure(step, "neither blank nor hyphen after the code: " + shown(line));
            }
        }
    }

    private void match(Step step, Pattern wanted, String got, String pattern) {
        if (!matches(wanted, got)) {
            throw failure(step, "expected: " + filled(pattern) + "\ngot:      " + shown(got));
        }
    }

    private boolean matches(Pattern wanted, String got) {
        Matcher matcher = wanted.matcher(got);
        if (!matcher.matches()) {
            return false;
        }
        matcher.namedGroups().forEach((name, group) -> kept.put(name, matcher.group(group)));
        return true;
    }

    /// The pattern over octets (one character each), with what was kept filled in.
    private Pattern regex(String pattern) {
        String text = filled(pattern);
        StringBuilder regex = new StringBuilder();
        Matcher special = SPECIAL.matcher(text);
        int at = 0;
        while (special.find()) {
            regex.append(Pattern.quote(latin1(octets(text.substring(at, special.start())))));
            regex.append(special.group(1) == null ? ".*" : "(?<" + special.group(1) + ">.*)");
            at = special.end();
        }
        regex.append(Pattern.quote(latin1(octets(text.substring(at)))));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private String filled(String text) {
        return REFERENCE.matcher(text).replaceAll(reference -> {
            String value = kept.get(reference.group(1));
            if (value == null) {
                throw new IllegalArgumentException(dialogue.file() + ": nothing is kept as " + reference.group(1));
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String inlineBase64(String text) {
        return BASE64.matcher(text)
                .replaceAll(inline ->
                        Matcher.quoteReplacement(Base64.getEncoder().encodeToString(octets(inline.group(1)))));
    }

    /// The octets that a text of the file stands for.
    static byte[] octets(String text) {
        java.io.ByteArrayOutputStream octets = new java.io.ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            switch (next) {
                case 'r' -> octets.write('\r');
                case 'n' -> octets.write('\n');
                case 't' -> octets.write('\t');
                case '0' -> octets.write(0);
                case '\\' -> octets.write('\\');
                case 'x' -> {
                    octets.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                    i += 2;
                }
                default -> {
                    int end = i + Character.charCount(text.codePointAt(i));
                    octets.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                    i = end - 2;
                }
            }
            i += 2;
        }
        return octets.toByteArray();
    }

    private static String latin1(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String shown(String latin1) {
        String text = utf8(latin1).replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
        return text.length() > 500 ? text.substring(0, 500) + " (" + text.length() + " characters)" : text;
    }

    private void say(String line) {
        said.add(line);
        if (said.size() > 400) {
            said.removeFirst();
        }
    }

    private AssertionError failure(Step step, String what) {
        return new AssertionError(dialogue.file() + ":" + step.line() + ": " + step.act() + "\n" + what
                + "\nThe dialogue so far:\n  " + String.join("\n  ", said));
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers.values()) {
            peer.close();
        }
    }

    /// One connection, as the client has it.
    private static final class Peer implements Closeable {
        private Socket socket;
        private InputStream in;

        Peer(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = socket.getInputStream();
        }

        boolean startTls(Optional<String> serverName) throws IOException {
            if (in.available() > 0) {
                return false;
            }
            SSLSocket layered = TestCertificates.trustingAll(socket, serverName);
            layered.startHandshake();
            socket = layered;
            in = layered.getInputStream();
            return true;
        }

        void send(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
        }

        int read() throws IOException {
            return in.read();
        }

        /// With its ending; null at the end of input.
        @Nullable
        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                int octet = read();
                if (octet < 0) {
                    return line.isEmpty() ? null : line.toString();
                }
                line.append((char) octet);
                if (octet == '\n') {
                    return line.toString();
                }
            }
        }

        String octets(int length) throws IOException {
            return latin1(in.readNBytes(length));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
