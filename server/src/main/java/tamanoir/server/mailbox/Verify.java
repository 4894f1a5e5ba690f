package tamanoir.server.mailbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;

/// Recounts and compares all rows of one account in one snapshot. Should never find anything; what it finds is said in
/// words, with the rows' numbers.
///
/// Reads each row once and keeps some 50 octets a message in memory. What [Reaper] has not cleared away yet is expected
/// to be there.
final class Verify {
    private static final int MOST_FINDINGS = 1_000;

    private final Snapshot snapshot;
    private final Partition partition;
    private final Blobs blobs;
    private final List<String> findings = new ArrayList<>();

    /// Mailboxes that are gone and whose rows wait.
    private final Set<Integer> dropped = new HashSet<>();

    /// Memberships that are gone and whose rows wait.
    private final Set<Place> leaving = new HashSet<>();

    private final Map<Place, Long> placed = new HashMap<>();
    private final Map<Long, Letter> letters = new HashMap<>();

    private record Place(int mailbox, long uid) {}

    Verify(Snapshot snapshot, AccountId account, Blobs blobs) {
        this.snapshot = snapshot;
        this.partition = account.partition();
        this.blobs = blobs;
    }

    List<String> findings() {
        try {
            Optional<Head> head =
                    snapshot.get(partition, Keys.HEAD, Keys.NOTHING).map(Head::decode);
            if (head.isEmpty()) {
                for (Space space : Keys.ALL) {
                    scan(space, (key, _) -> found("a row of space " + space.code() + " without a head"));
                }
                return findings;
            }
            if (head.get().erasing()) {
                return findings;
            }
            readWork();
            Map<Integer, MailboxRow> mailboxes = checkMailboxes(head.get());
            checkMessages(mailboxes);
            checkLetters();
            checkDerived();
            checkLog(head.get());
        } catch (Unavailable e) {
            found(e.detail());
        }
        return findings;
    }

    private interface RowReaderOf {
        void read(byte[] key, byte[] value);
    }

    private void scan(Space space, RowReaderOf reader) {
        snapshot.scan(partition, space, Keys.NOTHING, Keys.NOTHING, (key, value) -> {
            try {
                reader.read(key, value);
            } catch (Unavailable e) {
                found("space " + space.code() + " key "
                        + java.util.HexFormat.of().formatHex(key) + ": " + e.detail());
            }
            return findings.size() < MOST_FINDINGS;
        });
    }

    private void found(String what) {
        findings.add(what);
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            found(otherwise);
        }
    }

    private void readWork() {
        scan(Keys.WORK, (key, value) -> {
            Work.done(value);
            long modseq = Keys.read64(key, 0);
            if (key[8] == Work.DROPPED) {
                dropped.add(Keys.read32(key, 9));
                return;
            }
            Optional<byte[]> row = snapshot.get(partition, Keys.LOG, Keys.u64(modseq));
            check(row.isPresent(), "work is left of modseq " + modseq + ", whose log row is missing");
            row.ifPresent(log -> LogRow.decode(modseq, log).forEach(change -> {
                if (change instanceof Change.Removed gone) {
                    leaving.add(new Place(gone.mailbox().number(), gone.uid()));
                }
            }));
        });
    }

    // ---- mailboxes -------------------------------------------------------------------------------------------

    private Map<Integer, MailboxRow> checkMailboxes(Head head) {
        Map<Integer, MailboxRow> mailboxes = new HashMap<>();
        Set<Long> uidValidities = new HashSet<>();
        Set<Integer> roles = new HashSet<>();
        scan(Keys.MAILBOX, (key, value) -> {
            MailboxRow row = MailboxRow.decode(Keys.read32(key, 0), value);
            mailboxes.put(row.id(), row);
            check(row.id() < head.nextMailbox(), row + " has a number that was not given out");
            check(row.uidValidity() < head.nextUidValidity(), row + " has a UIDVALIDITY that was not given out");
            check(uidValidities.add(row.uidValidity()), row + " shares its UIDVALIDITY");
            check(row.role() == 0 || roles.add(row.role()), row + " shares its special use");
            check(row.highestModseq() <= snapshot.version(partition), row + " has a modseq from the future");
            check(row.firstRecent() <= row.uidNext(), row + " has recent messages from the future");
        });
        Map<String, Integer> names = new HashMap<>();
        scan(Keys.NAME, (key, value) -> {
            int id = RowReader.of(value, 1).count();
            String name = new String(key, 4, key.length - 4, StandardCharsets.UTF_8);
            names.put(Keys.read32(key, 0) + "/" + name, id);
            MailboxRow row = mailboxes.get(id);
            check(
                    row != null && row.name().equals(name) && row.parent() == Keys.read32(key, 0),
                    "the name " + name + " leads to mailbox " + id + ", which is called otherwise");
        });
        boolean inbox = false;
        for (MailboxRow row : mailboxes.values()) {
            Integer named = names.get(row.parent() + "/" + row.name());
            check(named != null && named == row.id(), row + " is not found by its name");
            inbox |= row.parent() == 0 && row.name().equals(Names.INBOX);
            MailboxRow above = row;
            int levels = 0;
            while (above != null && above.parent() != 0 && levels++ <= Names.MOST_LEVELS) {
                above = mailboxes.get(above.parent());
            }
            check(above != null && levels <= Names.MOST_LEVELS, row + " lies below nothing, or below itself");
        }
        check(inbox, "there is no INBOX");
        return mailboxes;
    }

    // ---- messages --------------------------------------------------------------------------------------------

    private static final class Count {
        int messages;
        int unseen;
        int deleted;
        long octets;
    }

    private void checkMessages(Map<Integer, MailboxRow> mailboxes) {
        Keywords keywords = snapshot.get(partition, Keys.KEYWORDS, Keys.NOTHING)
                .map(Keywords::decode)
                .orElse(Keywords.NONE);
        long known = keywords.isFull() ? -1L : (1L << keywords.names().size()) - 1;
        Map<Integer, Count> counts = new HashMap<>();
        scan(Keys.MESSAGE, (key, value) -> {
            int mailbox = Keys.read32(key, 0);
            MessageRow row = MessageRow.decode(Keys.readUid(key, 4), value);
            placed.put(new Place(mailbox, row.uid()), row.message());
            MailboxRow box = mailboxes.get(mailbox);
            if (box == null || box.placeholder()) {
                check(dropped.contains(mailbox), row + " lies in mailbox " + mailbox + ", which there is not");
                return;
            }
            check(row.uid() < box.uidNext(), row + " has a UID from the future in " + box);
            check(row.modseq() <= box.highestModseq(), row + " has a modseq from the future in " + box);
            check((row.keywords() & ~known) == 0, row + " has keywords without a name");
            Count count = counts.computeIfAbsent(mailbox, _ -> new Count());
            count.messages++;
            count.unseen += (row.system() & Flags.SEEN) == 0 ? 1 : 0;
            count.deleted += (row.system() & Flags.DELETED) != 0 ? 1 : 0;
            count.octets += row.octets();
        });
        for (MailboxRow box : mailboxes.values()) {
            Count count = counts.getOrDefault(box.id(), new Count());
            check(
                    box.messages() == count.messages
                            && box.unseen() == count.unseen
                            && box.deleted() == count.deleted
                            && box.octets() == count.octets,
                    box + " has " + count.messages + " messages, " + count.unseen + " unseen, " + count.deleted
                            + " deleted, " + count.octets + " octets");
        }
    }

    private void checkLetters() {
        Map<Long, Integer> places = new HashMap<>();
        Set<Place> seen = new HashSet<>();
        scan(Keys.LETTER, (key, value) -> {
            long message = Keys.read64(key, 0);
            if (key.length == 8) {
                letters.put(message, Letter.decode(value));
                return;
            }
            Place place = new Place(Keys.read32(key, 8), Keys.readUid(key, 12));
            places.merge(message, 1, Integer::sum);
            seen.add(place);
            Long there = placed.get(place);
            if (there == null) {
                check(leaving.contains(place), "message " + message + " is said to be at " + place + ", and is not");
            } else {
                check(there == message, place + " is message " + there + ", said to be " + message);
            }
        });
        placed.forEach((place, message) -> {
            check(letters.containsKey(message), place + " is message " + message + ", of which nothing is kept");
            check(seen.contains(place), place + " is not among the places of message " + message);
        });
        letters.forEach((message, letter) -> {
            check(places.containsKey(message), "message " + message + " is in no mailbox");
            checkBody(message, letter);
        });
    }

    private void checkBody(long message, Letter letter) {
        Optional<byte[]> prefix = snapshot.get(partition, Keys.COLD, Keys.cold(Keys.COLD_PREFIX, message));
        check(
                prefix.map(row -> row.length - 1).orElse(0) == letter.prefixOctets(),
                "message " + message + " has another prefix than " + letter.prefixOctets() + " octets");
        check(
                snapshot.get(partition, Keys.THREAD, Keys.pair(letter.thread(), message))
                        .isPresent(),
                "message " + message + " is missing in its conversation");
        if (letter.blob().isPresent()) {
            BlobHash hash = letter.blob().get();
            try {
                check(
                        blobs.size(hash) == letter.bodyOctets(),
                        "message " + message + ": blob " + hash + " has not " + letter.bodyOctets() + " octets");
            } catch (Unavailable e) {
                found("message " + message + ": " + e.detail());
            }
            check(
                    BlobLinks.isLinked(snapshot, hash, partition, message),
                    "message " + message + " has no link from its blob");
        }
    }

    /// Bodies are counted here, not fetched one by one: the space is read once in order.
    private void checkDerived() {
        Set<Long> bodies = new HashSet<>();
        scan(Keys.BODY, (key, value) -> {
            long message = Keys.read64(key, 0);
            Letter letter = letters.get(message);
            bodies.add(message);
            check(
                    letter != null && letter.blob().isEmpty() && letter.bodyOctets() == value.length - 1,
                    "body " + message + " belongs to no message, or has another length");
        });
        letters.forEach((message, letter) ->
                check(letter.blob().isPresent() || bodies.contains(message), "message " + message + " has no body"));
        scan(
                Keys.THREAD,
                (key, _) -> check(
                        letters.containsKey(Keys.read64(key, 8)),
                        "a conversation names message " + Keys.read64(key, 8) + ", which there is not"));
        scan(
                Keys.MESSAGE_ID,
                (key, _) -> check(
                        letters.containsKey(Keys.read64(key, 8)),
                        "a message id names message " + Keys.read64(key, 8) + ", which there is not"));
        scan(
                Keys.COLD,
                (key, _) -> check(
                        letters.containsKey(Keys.read64(key, 1)),
                        "facts are kept of message " + Keys.read64(key, 1) + ", which there is not"));
    }

    private void checkLog(Head head) {
        scan(Keys.LOG, (key, value) -> {
            long modseq = Keys.read64(key, 0);
            LogRow.decode(modseq, value);
            check(
                    modseq > head.logFloor() && modseq <= snapshot.version(partition),
                    "the log has modseq " + modseq + ", which is out of its bounds");
        });
    }
}
