package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// Reads what is derived of messages: from their rows in one sweep, and where there is none, or one of another format,
/// from the messages themselves, once. Used by one thread for one question.
final class FactsReader {
    /// From here on one sweep is cheaper than a look for each.
    private static final int WORTH_A_SWEEP = 8;

    private final Mailboxes room;
    private final Lane lane;
    private final AccountMail mail;
    private final Partition partition;

    FactsReader(Mailboxes room, Lane lane, AccountMail mail) {
        this.room = room;
        this.lane = lane;
        this.mail = mail;
        this.partition = lane.account().partition();
    }

    List<Optional<MessageFacts>> read(List<MessageId> messages) {
        Map<Long, MessageFacts> found = HashMap.newHashMap(messages.size());
        long[] wanted = messages.stream()
                .mapToLong(MessageId::number)
                .sorted()
                .distinct()
                .toArray();
        try (Snapshot snapshot = room.store().snapshot()) {
            int swept = wanted.length < WORTH_A_SWEEP ? 0 : sweep(snapshot, wanted, found);
            for (int i = swept; i < wanted.length; i++) {
                long message = wanted[i];
                snapshot.get(partition, Keys.COLD, Keys.cold(Keys.COLD_FACTS, message))
                        .flatMap(MessageFacts::decode)
                        .ifPresent(facts -> found.put(message, facts));
            }
        }
        if (found.size() < wanted.length) {
            long[] missing = Arrays.stream(wanted)
                    .filter(message -> !found.containsKey(message))
                    .toArray();
            derive(missing, found);
        }
        List<Optional<MessageFacts>> answer = new ArrayList<>(messages.size());
        for (MessageId message : messages) {
            answer.add(Optional.ofNullable(found.get(message.number())));
        }
        return answer;
    }

    /// Message ids grow with time, so the messages of one mailbox lie close together. When too many others lie between
    /// them, the sweep ends: the answer is how many of `wanted` it is through with.
    private int sweep(Snapshot snapshot, long[] wanted, Map<Long, MessageFacts> found) {
        int[] next = {0};
        int[] strangers = {0};
        snapshot.scan(
                partition,
                Keys.COLD,
                Keys.cold(Keys.COLD_FACTS, wanted[0]),
                Keys.cold(Keys.COLD_FACTS, wanted[wanted.length - 1] + 1),
                (key, value) -> {
                    long message = Keys.read64(key, 1);
                    while (next[0] < wanted.length && wanted[next[0]] < message) {
                        next[0]++;
                    }
                    if (next[0] < wanted.length && wanted[next[0]] == message) {
                        MessageFacts.decode(value).ifPresent(facts -> found.put(message, facts));
                        next[0]++;
                        return next[0] < wanted.length;
                    }
                    return ++strangers[0] < 3 * wanted.length;
                });
        return strangers[0] < 3 * wanted.length ? wanted.length : next[0];
    }

    /// Parses the messages and keeps what comes of it, a few at a time.
    private void derive(long[] missing, Map<Long, MessageFacts> found) {
        Map<Long, byte[]> rows = new HashMap<>();
        long octets = 0;
        for (long message : missing) {
            MessageFacts facts;
            try {
                facts = MessageFacts.of(mail.whole(new MessageId(message)));
            } catch (MailboxRefused gone) {
                continue;
            }
            found.put(message, facts);
            Optional<byte[]> row = Draft.factsRow(facts);
            if (row.isPresent()) {
                if (octets + row.get().length > Store.MOST_OCTETS / 4) {
                    keep(rows);
                    rows.clear();
                    octets = 0;
                }
                rows.put(message, row.get());
                octets += row.get().length;
            }
        }
        keep(rows);
    }

    private void keep(Map<Long, byte[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            lane.change(edit -> {
                try (Snapshot snapshot = room.store().snapshot()) {
                    rows.forEach((message, row) -> {
                        if (mail.letter(snapshot, new MessageId(message)).isPresent() && edit.room() > 1) {
                            edit.rows().put(Keys.COLD, Keys.cold(Keys.COLD_FACTS, message), row);
                        }
                    });
                }
                return rows.size();
            });
        } catch (Unavailable full) {
            // The answer is right without it; the next question asks again.
            return;
        }
    }
}
