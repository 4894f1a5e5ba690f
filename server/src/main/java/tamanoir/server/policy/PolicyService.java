package tamanoir.server.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Together;

/// A server that decides by Postfix's policy delegation protocol (SMTPD_POLICY_README): attributes go out,
/// one to a line, an `action=` comes back. One request for each time the restriction is reached, so one for
/// each recipient.
///
/// Connections that have served are kept for the next request. Used by many sessions; the idle ones are
/// guarded by `lock`, which is never held over I/O.
final class PolicyService {
    /// A reply is a few lines; what is longer is none.
    private static final int LONGEST_REPLY = 64 * 1024;

    /// Idle connections kept at most.
    private static final int MOST_IDLE = 100;

    private final PolicyServiceSettings settings;
    private final SocketAddress address;
    private final Deque<Line> idle = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();

    /// An open connection: since when, used when last, how often.
    private static final class Line implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader in;
        private final long opened = System.nanoTime();
        private long used = opened;
        private int requests;

        Line(SocketChannel channel) {
            this.channel = channel;
            this.in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException _) {
                // There is nothing that could be done about it.
            }
        }
    }

    /// What came of a request.
    sealed interface Answer {
        /// An access(5) action.
        record Action(String text) implements Answer {}

        /// Nobody answered, or nothing that could be understood.
        record Silence(String reason) implements Answer {}
    }

    /// @throws BadSyntax when the endpoint is neither `inet:host:port` nor `unix:path`
    PolicyService(PolicyServiceSettings settings, Path home) {
        this.settings = settings;
        this.address = address(settings.endpoint(), home);
    }

    private static SocketAddress address(String endpoint, Path home) {
        if (endpoint.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(home.resolve(endpoint.substring("unix:".length())));
        }
        if (endpoint.startsWith("inet:")) {
            String rest = endpoint.substring("inet:".length());
            int colon = rest.lastIndexOf(':');
            try {
                if (colon >= 0) {
                    String host = rest.substring(0, colon).replace("[", "").replace("]", "");
                    int port = Integer.parseInt(rest.substring(colon + 1));
                    return new InetSocketAddress(host.isEmpty() ? "127.0.0.1" : host, port);
                }
            } catch (IllegalArgumentException _) {
                // Said below.
            }
        }
        throw new BadSyntax("check_policy_service: \"" + endpoint
                + "\" is no address of a policy service; allowed are inet:host:port and unix:path");
    }

    PolicyServiceSettings settings() {
        return settings;
    }

    /// Asks, again over a new connection where that fails, as often as `smtpd_policy_service_try_limit`
    /// says.
    Answer ask(String request) {
        String trouble = "";
        for (int attempt = 1; attempt <= settings.tries(); attempt++) {
            if (attempt > 1) {
                try {
                    Thread.sleep(settings.retryDelay());
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            Optional<Line> waiting = takeIdle();
            if (waiting.isPresent()) {
                Answer answer = within(() -> exchange(waiting.get(), request), waiting.get());
                if (answer instanceof Answer.Action) {
                    return answer;
                }
                // A service may close what is idle: that is no failed attempt.
            }
            Answer answer = fresh(request);
            if (answer instanceof Answer.Silence(String reason)) {
                trouble = reason;
            } else {
                return answer;
            }
        }
        return new Answer.Silence(settings.endpoint() + ": " + trouble);
    }

    private Answer fresh(String request) {
        SocketChannel channel;
        try {
            channel = address instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
        } catch (IOException e) {
            return new Answer.Silence(e.toString());
        }
        Line line = new Line(channel);
        return within(
                () -> {
                    channel.connect(address);
                    return exchange(line, request);
                },
                line);
    }

    private interface Exchange {
        Answer run() throws IOException;
    }

    /// A channel knows no time limit, but whoever waits on it can be interrupted, which closes it.
    private Answer within(Exchange exchange, Line line) {
        try (Together together = new Together("policy service")) {
            Together.Child<Answer> child = together.start(() -> {
                try {
                    return exchange.run();
                } catch (UnresolvedAddressException e) {
                    line.close();
                    return new Answer.Silence("there is no such host");
                } catch (IOException e) {
                    line.close();
                    return new Answer.Silence(e.getMessage() == null ? e.toString() : e.getMessage());
                }
            });
            if (!together.join(settings.timeout())) {
                return new Answer.Silence(
                        "no answer within " + settings.timeout().toSeconds() + " s");
            }
            return child.result();
        }
    }

    private Answer exchange(Line line, String request) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            line.channel.write(out);
        }
        String action = "";
        int length = 0;
        while (true) {
            String text = line(line.in, LONGEST_REPLY - length);
            length += text.length() + 1;
            if (text.isEmpty()) {
                break;
            }
            if (text.startsWith("action=")) {
                action = text.substring("action=".length()).strip();
            }
        }
        line.requests++;
        line.used = System.nanoTime();
        giveBack(line);
        if (action.isEmpty()) {
            throw new IOException("the reply has no action");
        }
        return new Answer.Action(action);
    }

    private static String line(BufferedReader in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < most) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the service closed the connection");
            }
            if (c == '\n') {
                return line.toString().strip();
            }
            line.append((char) c);
        }
        throw new IOException("the reply is longer than " + LONGEST_REPLY + " characters");
    }

    // ---- connections that wait -----------------------------------------------------------------------------------

    private Optional<Line> takeIdle() {
        lock.lock();
        try {
            while (!idle.isEmpty()) {
                Line line = idle.pop();
                if (line.channel.isOpen() && isFresh(line)) {
                    return Optional.of(line);
                }
                line.close();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Line line) {
        long now = System.nanoTime();
        return isWithin(now - line.used, settings.maxIdle())
                && isWithin(now - line.opened, settings.maxTtl())
                && (settings.requestLimit() == 0 || line.requests < settings.requestLimit());
    }

    private static boolean isWithin(long nanos, Duration limit) {
        return nanos < limit.toNanos();
    }

    private void giveBack(Line line) {
        lock.lock();
        try {
            if (idle.size() < MOST_IDLE && isFresh(line)) {
                idle.push(line);
                return;
            }
        } finally {
            lock.unlock();
        }
        line.close();
    }
}
