package tamanoir.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.store.BlobHash;

class QueueRowsTest {
    @Test
    void rowsAreReadBackAsTheyWereWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Entry entry = entry(random);
            assertThat(QueueRows.readEntry(entry.id(), QueueRows.write(entry)))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(entry);
            Owed owed = owed(random);
            Owed read = QueueRows.readOwed(owed.number(), QueueRows.write(owed));
            assertThat(read).as("seed %d round %d", seed, round).isEqualTo(owed);
            assertThat(read.recipient().address().domain().name())
                    .isEqualTo(owed.recipient().address().domain().name());
        }
    }

    private static Entry entry(Random random) {
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        byte[] prefix = new byte[random.nextInt(300)];
        random.nextBytes(prefix);
        Envelope envelope = new Envelope(
                random.nextBoolean() ? ReversePath.NULL : ReversePath.of(address(random)),
                List.of(),
                random.nextBoolean(),
                pick(random, BodyType.values()),
                pick(random, Return.values()),
                random.nextBoolean() ? Optional.of("e+0D+0A") : Optional.empty(),
                random.nextBoolean());
        return new Entry(
                new QueueId(random.nextLong() & Long.MAX_VALUE),
                Instant.ofEpochMilli(random.nextInt()),
                envelope,
                Octets.of(prefix),
                random.nextInt(1 << 20),
                random.nextBoolean() ? Optional.of(new BlobHash(hash)) : Optional.empty(),
                random.nextBoolean(),
                random.nextBoolean() ? "because" : "",
                random.nextBoolean());
    }

    private static Owed owed(Random random) {
        Address address = address(random);
        Set<Notify> notify = EnumSet.noneOf(Notify.class);
        for (Notify kind : Notify.values()) {
            if (random.nextBoolean()) {
                notify.add(kind);
            }
        }
        Recipient recipient = new Recipient(
                address,
                random.nextBoolean() ? address : address(random),
                notify,
                random.nextBoolean() ? Optional.of("rfc822;x+2By@z") : Optional.empty());
        Optional<Owed.Last> last = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Owed.Last(
                        Instant.ofEpochMilli(random.nextInt()),
                        "mx.example.net[192.0.2.1]:25",
                        new Reply(
                                450 + random.nextInt(100), random.nextBoolean() ? "4.2.0" : "", List.of("a b", "c"))));
        return new Owed(random.nextInt(900), recipient, pick(random, Owed.State.values()), random.nextInt(70), last);
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Address address(Random random) {
        String[] locals = {"ann", "b.c+d", "\"odd one\"", "\u00fcber", "Case"};
        String[] domains = {"example.com", "Example.NET", "b\u00fccher.example", "[192.0.2.1]"};
        return Address.of(pick(random, locals) + "@" + pick(random, domains));
    }

    @Test
    void aRowOfAnotherFormatIsSaidToBeOne() {
        assertThatThrownBy(() -> QueueRows.readEntry(new QueueId(1), new byte[] {9, 0, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 9");
        assertThatThrownBy(() -> QueueRows.readOwed(1, new byte[] {1, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void idsAreUniqueAscendingAndReadable() {
        Instant[] now = {Instant.parse("2026-11-25T12:00:00Z")};
        QueueIds ids = new QueueIds(() -> now[0], 3);
        Set<QueueId> seen = new HashSet<>();
        List<QueueId> order = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            if (i == 1000) {
                now[0] = now[0].minus(Duration.ofHours(1));
            }
            QueueId id = ids.next();
            assertThat(id.number() % QueueId.PARTS).isZero();
            assertThat(QueueId.of(id.toString())).isEqualTo(id);
            seen.add(id);
            order.add(id);
        }
        assertThat(seen).hasSize(2000);
        assertThat(order).isSorted();
        QueueIds after = new QueueIds(() -> now[0], 3);
        after.seen(order.getLast());
        assertThat(after.next()).isGreaterThan(order.getLast());
        for (String bad : List.of("", "a", "AEIOU", "0123456789BCDF", "../x")) {
            assertThatThrownBy(() -> QueueId.of(bad)).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void waitsDoubleBetweenTheirLimits() {
        RetryCurve curve = new RetryCurve(Duration.ofSeconds(300), Duration.ofSeconds(4000), Duration.ofSeconds(300));
        Instant arrived = Instant.EPOCH;
        Instant now = arrived.plusSeconds(1);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Instant next = curve.next(arrived, now);
            waits.add(Duration.between(now, next).toSeconds());
            now = next;
        }
        assertThat(waits).containsExactly(300L, 301L, 602L, 1204L, 2408L, 4000L, 4000L);
        assertThat(new RetryCurve(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(300))
                        .next(arrived, arrived))
                .isEqualTo(arrived.plusSeconds(300));
    }
}
