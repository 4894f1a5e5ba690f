package tamanoir.server.search;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MessageId;

/// Puts messages into order.
///
/// Each comparator is a column of numbers (texts become their rank), and one stable pass over packed pairs of number
/// and place sorts by it, the last comparator first. So a hundred thousand messages are sorted without an object for
/// each, and an order that was nearly right already costs next to nothing. Used by one thread for one question.
final class Ordering {
    private static final int BUNDLE = 256;

    private final AccountMail mail;
    private final Emails emails;
    private final ThreadFlags threadFlags;
    private final Evaluation evaluation;

    Ordering(AccountMail mail, Emails emails, ThreadFlags threadFlags, Evaluation evaluation) {
        this.mail = mail;
        this.emails = emails;
        this.threadFlags = threadFlags;
        this.evaluation = evaluation;
    }

    /// Sorts indexes of [Emails].
    int[] sort(int[] found, List<Order> orders) {
        boolean ascending = !orders.isEmpty() && orders.getFirst().ascending();
        int[] order = byId(found, ascending);
        for (Order next : orders.reversed()) {
            order = sorted(order, column(order, next.by()), next.ascending());
        }
        return order;
    }

    /// Ids decide among equals, in the direction of the first comparator: of messages of one second, the newer is the
    /// one with the higher id.
    private int[] byId(int[] found, boolean ascending) {
        long[] ids = new long[found.length];
        boolean sorted = true;
        for (int i = 0; i < found.length; i++) {
            ids[i] = emails.id(found[i]);
            sorted &= i == 0 || ids[i - 1] < ids[i];
        }
        int[] order = found.clone();
        if (!sorted) {
            long[] ranks = ids.clone();
            Arrays.sort(ranks);
            for (int i = 0; i < found.length; i++) {
                order[Arrays.binarySearch(ranks, ids[i])] = found[i];
            }
        }
        if (!ascending) {
            for (int i = 0, j = order.length - 1; i < j; i++, j--) {
                int other = order[i];
                order[i] = order[j];
                order[j] = other;
            }
        }
        return order;
    }

    /// One stable pass. What does not fit beside a place becomes its rank first.
    private static int[] sorted(int[] order, long[] column, boolean ascending) {
        int n = order.length;
        if (n < 2) {
            return order;
        }
        int bits = 64 - Long.numberOfLeadingZeros(n);
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (long value : column) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        long range = most - least;
        if (range < 0 || Long.numberOfLeadingZeros(range) <= bits) {
            return sorted(order, ranks(column), ascending);
        }
        long[] packed = new long[n];
        for (int i = 0; i < n; i++) {
            packed[i] = (ascending ? column[i] - least : most - column[i]) << bits | i;
        }
        Arrays.sort(packed);
        int[] result = new int[n];
        long mask = (1L << bits) - 1;
        for (int i = 0; i < n; i++) {
            result[i] = order[(int) (packed[i] & mask)];
        }
        return result;
    }

    private static long[] ranks(long[] column) {
        long[] sorted = Arrays.stream(column).sorted().distinct().toArray();
        return Arrays.stream(column)
                .map(value -> Arrays.binarySearch(sorted, value))
                .toArray();
    }

    private static long[] ranks(String[] texts) {
        String[] sorted = Arrays.stream(texts).sorted().distinct().toArray(String[]::new);
        return Arrays.stream(texts)
                .mapToLong(text -> Arrays.binarySearch(sorted, text))
                .toArray();
    }

    private long[] column(int[] found, Order.By by) {
        return switch (by) {
            case Order.ReceivedAt _ -> numbers(found, emails::received);
            case Order.Size _ -> numbers(found, emails::octets);
            case Order.HasKeyword has -> {
                Emails.Bits bits = emails.bits(has.name());
                yield numbers(found, email -> emails.has(email, bits) ? 1 : 0);
            }
            case Order.AllInThreadHaveKeyword all -> {
                ThreadFlags.Of flags = threadFlags.of(all.name());
                yield numbers(found, email -> flags.allHave(emails.thread(email)) ? 1 : 0);
            }
            case Order.SomeInThreadHaveKeyword some -> {
                ThreadFlags.Of flags = threadFlags.of(some.name());
                yield numbers(found, email -> flags.someHave(emails.thread(email)) ? 1 : 0);
            }
            case Order.From _ ->
                ranks(texts(found, facts -> first(facts.envelope().from())));
            case Order.To _ ->
                ranks(texts(found, facts -> first(facts.envelope().to())));
            case Order.Subject _ -> ranks(texts(found, facts -> Folding.fold(facts.baseSubject())));
            case Order.SentAt _ -> sent(found);
            case Order.Relevance _ ->
                numbers(found, email -> Float.floatToIntBits(evaluation.relevance(emails.id(email))));
        };
    }

    private interface NumberOf {
        long of(int email);
    }

    private static long[] numbers(int[] found, NumberOf number) {
        long[] column = new long[found.length];
        for (int i = 0; i < found.length; i++) {
            column[i] = number.of(found[i]);
        }
        return column;
    }

    private interface FactsSink {
        void take(int at, MessageFacts facts);
    }

    private interface TextOf {
        String of(MessageFacts facts);
    }

    private String[] texts(int[] found, TextOf text) {
        String[] texts = new String[found.length];
        Arrays.fill(texts, "");
        withFacts(found, (at, facts) -> texts[at] = text.of(facts));
        return texts;
    }

    private long[] sent(int[] found) {
        long[] column = numbers(found, emails::received);
        withFacts(
                found,
                (at, facts) ->
                        facts.sentDate().map(OffsetDateTime::toEpochSecond).ifPresent(second -> column[at] = second));
        return column;
    }

    private void withFacts(int[] found, FactsSink sink) {
        for (int from = 0; from < found.length; from += BUNDLE) {
            int to = Math.min(found.length, from + BUNDLE);
            List<MessageId> ids = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                ids.add(new MessageId(emails.id(found[i])));
            }
            List<Optional<MessageFacts>> facts = mail.facts(ids);
            for (int i = from; i < to; i++) {
                if (facts.get(i - from).isPresent()) {
                    sink.take(i, facts.get(i - from).get());
                }
            }
        }
    }

    /// RFC 8621 §4.4.2: the name of the first address, if it has none the address.
    private static String first(AddressList list) {
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> {
                    return shown(mailbox);
                }
                case AddressList.Group group -> {
                    if (!group.members().isEmpty()) {
                        return shown(group.members().getFirst());
                    }
                }
            }
        }
        return "";
    }

    private static String shown(AddressList.Mailbox mailbox) {
        String name = mailbox.name();
        return Folding.fold(name.isEmpty() ? mailbox.address() : name);
    }
}
