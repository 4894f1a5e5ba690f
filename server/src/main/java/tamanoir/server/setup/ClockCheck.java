package tamanoir.server.setup;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.dns.Dns;
import tamanoir.server.config.SetupParameters;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.setup.Finding.Grade;

/// Does the clock go right? One question to a time server (RFC 5905 §14: what a simple client does).
final class ClockCheck implements Check {
    private static final int PORT = 123;
    private static final int OCTETS = 48;
    private static final int MILLIS = 1_500;

    /// 1900 to 1970 (RFC 5905 §6).
    private static final long ERA = 2_208_988_800L;

    private static final Duration GOOD = Duration.ofSeconds(2);

    /// Beyond, one-time codes fail, and other servers find a letter from the future.
    private static final Duration BEARABLE = Duration.ofSeconds(30);

    private final List<String> servers;
    private final Dns dns;
    private final InstantSource clock;

    ClockCheck(Ground ground) {
        this.servers = ground.config().get(SetupParameters.SETUP_TIME_SERVERS);
        this.dns = ground.dns();
        this.clock = ground.clock();
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Finding look() {
        for (String server : servers) {
            HostAndPort where = HostAndPort.of(server, PORT);
            List<InetAddress> addresses = where.literal()
                    .map(List::of)
                    .orElseGet(() -> new ArrayList<>(dns.addresses(where.host()).recordsOrNone()));
            if (addresses.isEmpty()) {
                continue;
            }
            // IPv4 last in the list: it works everywhere.
            Optional<Duration> ahead = ask(addresses.getLast(), where.port());
            if (ahead.isPresent()) {
                return judged(ahead.get(), where.host());
            }
        }
        return Finding.of("clock", Grade.UNKNOWN, "unknown", Map.of("servers", String.join(", ", servers)));
    }

    private static Finding judged(Duration ahead, String server) {
        Duration off = ahead.abs();
        Map<String, String> values = Map.of(
                "seconds",
                off.compareTo(Duration.ofSeconds(10)) < 0
                        ? String.format(java.util.Locale.ROOT, "%.2f", off.toMillis() / 1000.0)
                        : Long.toString(off.toSeconds()),
                "server",
                server);
        if (off.compareTo(GOOD) <= 0) {
            return Finding.of("clock", Grade.OK, "ok", values);
        }
        Grade grade = off.compareTo(BEARABLE) <= 0 ? Grade.WARN : Grade.FAIL;
        return Finding.of("clock", grade, ahead.isNegative() ? "behind" : "ahead", values);
    }

    /// How far we are ahead; empty when nobody answered.
    private Optional<Duration> ask(InetAddress address, int port) {
        byte[] question = new byte[OCTETS];
        question[0] = 4 << 3 | 3; // version 4, client
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(MILLIS);
            socket.connect(address, port); // Datagrams of others do not reach us.
            Instant sent = clock.instant();
            ByteBuffer.wrap(question)
                    .putInt(40, (int) (sent.getEpochSecond() + ERA))
                    .putInt(44, sent.getNano());
            socket.send(new DatagramPacket(question, OCTETS));
            DatagramPacket packet = new DatagramPacket(new byte[OCTETS], OCTETS);
            socket.receive(packet);
            Instant arrived = clock.instant();
            return offset(question, packet, sent, arrived);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> offset(byte[] question, DatagramPacket packet, Instant sent, Instant arrived) {
        ByteBuffer answer = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        boolean ours = packet.getLength() == OCTETS
                && (answer.get(0) & 7) == 4 // a server's answer
                && answer.get(1) > 0 // stratum 0 is a refusal (RFC 5905 §7.4)
                && answer.getLong(24) == ByteBuffer.wrap(question).getLong(40); // to what we asked
        if (!ours) {
            return Optional.empty();
        }
        // RFC 5905 §8: the mean of both ways; the sign turned round, as we ask how far we are ahead.
        Duration there = Duration.between(time(answer, 32), sent);
        Duration back = Duration.between(time(answer, 40), arrived);
        return Optional.of(there.plus(back).dividedBy(2));
    }

    private static Instant time(ByteBuffer packet, int at) {
        long seconds = packet.getInt(at) & 0xffff_ffffL;
        long fraction = packet.getInt(at + 4) & 0xffff_ffffL;
        // RFC 5905 §6: a first bit of 0 is the era after 2036.
        long era = seconds < 0x8000_0000L ? seconds + (1L << 32) : seconds;
        return Instant.ofEpochSecond(era - ERA, (fraction * 1_000_000_000L) >>> 32);
    }
}
