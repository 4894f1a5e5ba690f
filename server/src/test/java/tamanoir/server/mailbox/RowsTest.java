package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.BlobHash;
import tamanoir.server.testkit.TurnableClock;

/// What is written to the store comes back; what is damaged is said to be.
class RowsTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void everyRowComesBackAsItWasWritten() {
        for (int i = 0; i < 2_000; i++) {
            MessageRow message = new MessageRow(
                    any32(),
                    any() | 1,
                    any() | 1,
                    any() >>> 1,
                    random.nextInt(32),
                    any(),
                    any() >>> 1,
                    any() / 4,
                    any() / 4);
            assertThat(MessageRow.decode(message.uid(), message.encode()))
                    .as("seed %d", seed)
                    .isEqualTo(message);
            assertThat(message.encode().length).isLessThanOrEqualTo(MessageRow.LARGEST);
            MailboxRow mailbox = new MailboxRow(
                    random.nextInt(1 << 30),
                    random.nextInt(1 << 30),
                    "näme " + any(),
                    random.nextInt(9),
                    any32(),
                    any32(),
                    any() >>> 1,
                    any32(),
                    random.nextInt(1 << 30),
                    random.nextInt(1 << 30),
                    random.nextInt(1 << 30),
                    any() >>> 1,
                    random.nextBoolean(),
                    random.nextInt(1 << 30),
                    random.nextBoolean());
            assertThat(MailboxRow.decode(mailbox.id(), mailbox.encode()))
                    .as("seed %d", seed)
                    .isEqualTo(mailbox);
            Head head = new Head(random.nextInt(1 << 30), any32(), any() >>> 1, any() >>> 1, random.nextBoolean());
            assertThat(Head.decode(head.encode())).as("seed %d", seed).isEqualTo(head);
            Letter letter = letter();
            Letter back = Letter.decode(letter.encode());
            assertThat(back.kinship().ids())
                    .as("seed %d", seed)
                    .isEqualTo(letter.kinship().ids());
            assertThat(back.kinship().subject()).isEqualTo(letter.kinship().subject());
            assertThat(back.blob()).isEqualTo(letter.blob());
            assertThat(back.octets()).isEqualTo(letter.octets());
            assertThat(back.thread()).isEqualTo(letter.thread());
            assertThat(back.received()).isEqualTo(letter.received());
        }
    }

    private Letter letter() {
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        return new Letter(
                any(),
                any32(),
                random.nextInt(65_536),
                random.nextBoolean() ? Optional.of(new BlobHash(hash)) : Optional.empty(),
                any() / 4,
                new Kinship(random.longs(random.nextInt(Kinship.MOST + 1)).toArray(), random.nextInt()));
    }

    private long any() {
        return random.nextLong() >> random.nextInt(64);
    }

    private long any32() {
        return random.nextLong() >>> (32 + random.nextInt(32));
    }

    @Test
    void theLogComesBackInOrder() {
        List<Change> changes = new ArrayList<>();
        LogRow log = new LogRow();
        for (int i = 0; i < 5_000; i++) {
            int mailbox = random.nextInt(3);
            long uid = any32();
            long message = any();
            MailboxId id = new MailboxId(mailbox);
            switch (random.nextInt(7)) {
                case 0 -> {
                    log.mailboxMade(mailbox);
                    changes.add(new Change.MailboxMade(9, id));
                }
                case 1 -> {
                    log.mailboxChanged(mailbox);
                    changes.add(new Change.MailboxChanged(9, id));
                }
                case 2 -> {
                    log.mailboxGone(mailbox);
                    changes.add(new Change.MailboxGone(9, id));
                }
                case 3 -> {
                    Change.Deleted deleted = random.nextBoolean()
                            ? Change.Deleted.AS_BEFORE
                            : random.nextBoolean() ? Change.Deleted.SET : Change.Deleted.CLEARED;
                    log.flagged(mailbox, uid, message, deleted);
                    changes.add(new Change.Flagged(9, id, uid, new MessageId(message), deleted));
                }
                case 4 -> {
                    long thread = any();
                    log.removed(mailbox, uid, message, thread);
                    changes.add(new Change.Removed(9, id, uid, new MessageId(message), new ThreadId(thread)));
                }
                default -> {
                    boolean created = random.nextBoolean();
                    log.added(mailbox, uid, message, created);
                    changes.add(new Change.Added(9, id, uid, new MessageId(message), created));
                }
            }
        }
        assertThat(LogRow.decode(9, log.encode())).as("seed %d", seed).isEqualTo(changes);
    }

    @Test
    void aRowOfAnUnknownFormatOrCutShortIsSaidToBeDamaged() {
        byte[] row = Head.FRESH.encode();
        assertThatThrownBy(() -> Head.decode(Arrays.copyOf(row, 4))).isInstanceOf(Unavailable.class);
        row[0] = 9;
        assertThatThrownBy(() -> Head.decode(row)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> Head.decode(new byte[0])).isInstanceOf(Unavailable.class);
    }

    @Test
    void columnsAgreeWithAListWhateverIsDoneToThem() {
        Rows rows = Rows.EMPTY;
        List<MessageRow> list = new ArrayList<>();
        long uid = 1;
        for (int step = 0; step < 3_000; step++) {
            int what = random.nextInt(10);
            if (what < 7 || list.isEmpty()) {
                for (int n = random.nextInt(20); n >= 0; n--) {
                    uid += 1 + random.nextInt(3);
                    MessageRow row = new MessageRow(uid, any(), any(), step, random.nextInt(32), any(), 5, 6, 7);
                    rows = rows.plus(row);
                    list.add(row);
                }
            } else {
                int[] indexes = some(list.size());
                if (what == 7) {
                    rows = rows.without(indexes);
                    for (int i = indexes.length - 1; i >= 0; i--) {
                        list.remove(indexes[i]);
                    }
                } else {
                    int[] system = new int[indexes.length];
                    long[] keywords = new long[indexes.length];
                    for (int i = 0; i < indexes.length; i++) {
                        system[i] = random.nextInt(32);
                        keywords[i] = any();
                        MessageRow old = list.get(indexes[i]);
                        list.set(indexes[i], old.flagged(step, system[i], keywords[i]));
                    }
                    rows = rows.flagged(indexes, system, keywords, step);
                }
            }
            assertThat(rows.size()).as("seed %d step %d", seed, step).isEqualTo(list.size());
            if (step % 100 == 0) {
                for (int i = 0; i < list.size(); i++) {
                    assertThat(rows.row(i)).as("seed %d step %d", seed, step).isEqualTo(list.get(i));
                    assertThat(rows.indexOf(list.get(i).uid())).isEqualTo(i);
                }
            }
        }
    }

    private int[] some(int size) {
        Set<Integer> indexes = new TreeSet<>();
        int from = random.nextInt(size);
        for (int n = random.nextInt(random.nextBoolean() ? 5 : 900); n >= 0; n--) {
            indexes.add(random.nextBoolean() ? random.nextInt(size) : Math.min(size - 1, from + n));
        }
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void messageIdsGrowWhateverTheClockDoes() {
        TurnableClock clock = new TurnableClock();
        IdSource ids = new IdSource(clock, 5);
        long last = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i % 1000 == 0) {
                clock.advance(java.time.Duration.ofMillis(random.nextInt(50) - 30));
            }
            long next = ids.next(last);
            assertThat(next).isGreaterThan(last);
            assertThat(next >>> 12 & 1023).as("node").isEqualTo(5);
            last = next;
        }
        long restarted = new IdSource(clock, 4).next(last);
        assertThat(restarted).isGreaterThan(last);
    }

    @Test
    void setsOfUidsJoinAndPrint() {
        assertThat(Uids.of(3, 1, 2, 7).toString()).isEqualTo("1:3,7");
        assertThat(Uids.ofRange(9, 4)).isEqualTo(Uids.ofRange(4, 9));
        assertThat(Uids.of(1, 5).union(Uids.ofRange(2, 4))).isEqualTo(Uids.ofRange(1, 5));
        assertThat(Uids.ALL.contains(0xFFFF_FFFFL)).isTrue();
        assertThat(Uids.NONE.toString()).isEmpty();
        assertThat(Uids.ofRange(1, 9).filter(uid -> uid % 2 == 0)).isEqualTo(Uids.of(2, 4, 6, 8));
    }
}
