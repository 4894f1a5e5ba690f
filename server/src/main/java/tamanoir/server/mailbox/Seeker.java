package tamanoir.server.mailbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.server.mailbox.Whereabouts.Place;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// Finds where messages are. One short scan each, and no more: their flags are in memory, or one row away. Picture and
/// snapshot are of one version. Used by one thread for one question.
final class Seeker {
    private final Partition partition;
    private final Picture picture;
    private final Snapshot snapshot;

    Seeker(Partition partition, Picture picture, Snapshot snapshot) {
        this.partition = partition;
        this.picture = picture;
        this.snapshot = snapshot;
    }

    Optional<Whereabouts> find(MessageId message) {
        @Nullable Letter[] letter = {null};
        List<Place> places = new ArrayList<>(1);
        byte[] from = Keys.u64(message.number());
        snapshot.scan(partition, Keys.LETTER, from, Keys.u64(message.number() + 1), (key, value) -> {
            if (key.length == Long.BYTES) {
                letter[0] = Letter.decode(value);
            } else {
                place(message, Keys.read32(key, 8), Keys.readUid(key, 12)).ifPresent(places::add);
            }
            return true;
        });
        Letter its = letter[0];
        return its == null || places.isEmpty()
                ? Optional.empty()
                : Optional.of(new Whereabouts(
                        message,
                        new ThreadId(its.thread()),
                        its.octets(),
                        Instant.ofEpochSecond(its.received()),
                        places));
    }

    /// Empty when it has left, and its rows wait for the reaper.
    private Optional<Place> place(MessageId message, int mailbox, long uid) {
        Box box = picture.box(mailbox);
        if (box == null || box.row().placeholder()) {
            return Optional.empty();
        }
        Rows rows = box.rows();
        Optional<MessageRow> row;
        if (rows == null) {
            row = snapshot.get(partition, Keys.MESSAGE, Keys.message(mailbox, uid))
                    .map(value -> MessageRow.decode(uid, value));
        } else {
            int index = rows.indexOf(uid);
            row = index < 0 ? Optional.empty() : Optional.of(rows.row(index));
        }
        return row.filter(its -> its.message() == message.number())
                .map(its ->
                        new Place(new MailboxId(mailbox), uid, picture.keywords.flags(its.system(), its.keywords())));
    }

    /// Ids grow with time, so the rows are in the order of arrival.
    List<Whereabouts> thread(ThreadId thread) {
        List<Whereabouts> messages = new ArrayList<>();
        byte[] from = Keys.u64(thread.number());
        snapshot.scan(partition, Keys.THREAD, from, Keys.u64(thread.number() + 1), (key, _) -> {
            find(new MessageId(Keys.read64(key, 8))).ifPresent(messages::add);
            return true;
        });
        return messages;
    }
}
