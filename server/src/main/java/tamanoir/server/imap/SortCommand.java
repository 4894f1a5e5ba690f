package tamanoir.server.imap;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.Command.SortKey;
import tamanoir.mail.imap.SearchReturn;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.View;

/// SORT (RFC 5256 §3, SORT=DISPLAY of RFC 5957), with RETURN an ESEARCH response (ESORT of RFC 5267 §3).
final class SortCommand {
    private static final int BUNDLE = 256;

    private final Session session;

    SortCommand(Session session) {
        this.session = session;
    }

    /// A message on its way into order: its index and a value for each key, in the order of the keys.
    private record Entry(int index, List<Comparable<?>> values) {}

    Answer run(Command.Sort command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        boolean modseq = command.key().asksModseq();
        if (modseq) {
            session.turnOnCondstore(wire);
        }
        box.look();
        int[] sorted = sort(box, command.order(), new SearchPlan(session, box, command.key()).find());
        long[] numbers = Arrays.stream(sorted)
                .mapToLong(i -> command.uid() ? box.view().uid(i) : box.sequenceAt(i))
                .toArray();
        if (command.returns().asked()) {
            extended(command, numbers, wire);
        } else {
            wire.text("* SORT");
            for (long number : numbers) {
                wire.character(' ').number(number);
            }
            if (modseq && sorted.length > 0) {
                long highest = Arrays.stream(sorted)
                        .mapToLong(box.view()::modseq)
                        .max()
                        .orElse(0);
                wire.text(" (MODSEQ ").number(highest).character(')'); // RFC 7162 §3.1.6
            }
            wire.crlf();
        }
        return Answer.ok("done");
    }

    private void extended(Command.Sort command, long[] numbers, Wire wire) throws IOException {
        SearchReturn returns = command.returns();
        wire.text("* ESEARCH (TAG \"").text(session.tag()).text("\")").text(command.uid() ? " UID" : "");
        // RFC 5267 §3: MIN and MAX are the first and the last of the sorted order
        if (numbers.length > 0) {
            if (returns.min()) {
                wire.text(" MIN ").number(numbers[0]);
            }
            if (returns.max()) {
                wire.text(" MAX ").number(numbers[numbers.length - 1]);
            }
            if (returns.all()) {
                wire.text(" ALL ")
                        .text(SequenceSet.inOrder(Arrays.stream(numbers).boxed().toList()));
            }
        }
        if (returns.count()) {
            wire.text(" COUNT ").number(numbers.length);
        }
        wire.crlf();
    }

    private int[] sort(SelectedMailbox box, List<SortKey> keys, int[] found) {
        View view = box.view();
        boolean needsFacts =
                keys.stream().anyMatch(k -> k.field() != SortKey.Field.ARRIVAL && k.field() != SortKey.Field.SIZE);
        List<Entry> entries = new ArrayList<>(found.length);
        for (int from = 0; from < found.length; from += BUNDLE) {
            int[] some = Arrays.copyOfRange(found, from, Math.min(found.length, from + BUNDLE));
            List<MessageId> ids = Arrays.stream(some).mapToObj(view::message).toList();
            List<Optional<MessageFacts>> facts = needsFacts ? session.mail().facts(ids) : List.of();
            for (int i = 0; i < some.length; i++) {
                if (needsFacts && facts.get(i).isEmpty()) {
                    continue; // gone
                }
                List<Comparable<?>> values = new ArrayList<>(keys.size());
                for (SortKey key : keys) {
                    values.add(value(view, some[i], key.field(), needsFacts ? facts.get(i) : Optional.empty()));
                }
                entries.add(new Entry(some[i], values));
            }
        }
        entries.sort(order(keys));
        return entries.stream().mapToInt(Entry::index).toArray();
    }

    /// Equal messages stay in the order of the mailbox, also under REVERSE (RFC 5256 §3).
    private static Comparator<Entry> order(List<SortKey> keys) {
        return (a, b) -> {
            for (int i = 0; i < keys.size(); i++) {
                int difference = compare(a.values().get(i), b.values().get(i));
                if (difference != 0) {
                    return keys.get(i).reverse() ? -difference : difference;
                }
            }
            return Integer.compare(a.index(), b.index());
        };
    }

    private static int compare(Comparable<?> a, Comparable<?> b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : a.toString().compareTo(b.toString());
    }

    private static Comparable<?> value(View view, int index, SortKey.Field field, Optional<MessageFacts> facts) {
        return switch (field) {
            case ARRIVAL -> view.internalDate(index).getEpochSecond();
            case SIZE -> view.octets(index);
            case DATE -> sent(facts.orElseThrow(), view.internalDate(index));
            case SUBJECT -> fold(facts.orElseThrow().baseSubject());
            case FROM -> mailbox(facts.orElseThrow().envelope().from());
            case TO -> mailbox(facts.orElseThrow().envelope().to());
            case CC -> mailbox(facts.orElseThrow().envelope().cc());
            case DISPLAYFROM -> displayed(facts.orElseThrow().envelope().from());
            case DISPLAYTO -> displayed(facts.orElseThrow().envelope().to());
        };
    }

    /// RFC 5256 §2.2: the sent date in UTC, or the internal date where there is none.
    static long sent(MessageFacts facts, Instant internal) {
        return facts.sentDate().map(OffsetDateTime::toEpochSecond).orElse(internal.getEpochSecond());
    }

    /// The first address's mailbox, as ENVELOPE shows it; a group begins with its name.
    private static String mailbox(AddressList list) {
        if (list.isEmpty()) {
            return "";
        }
        return fold(
                switch (list.entries().getFirst()) {
                    case AddressList.Mailbox mailbox -> mailbox.localPart();
                    case AddressList.Group group -> group.rawName();
                });
    }

    /// RFC 5957 §3: the name, or else the address.
    private static String displayed(AddressList list) {
        if (list.isEmpty()) {
            return "";
        }
        return fold(
                switch (list.entries().getFirst()) {
                    case AddressList.Mailbox mailbox -> mailbox.name().isEmpty() ? mailbox.address() : mailbox.name();
                    case AddressList.Group group -> group.name();
                });
    }

    private static String fold(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
