package tamanoir.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MessageId;

/// Asks every message of an account whether it is meant, the cheapest evidence first.
///
/// A condition answers yes, no or "not yet" from what is known of a message: first its columns, then its facts, then
/// its octets. Only what is still undecided is asked at the next level. Used by one thread for one question.
final class Evaluation {
    private static final int BUNDLE = 256;

    private final AccountMail mail;
    private final Emails emails;
    private final ThreadFlags threadFlags;
    private final TextEvidence evidence;
    private final Languages.Stems stems = Languages.known().stems();
    private final boolean score;
    private final List<LongTable> scores = new ArrayList<>();
    private final Test root;
    private final long deadline;
    private boolean complete = true;

    /// @param score whether it will be asked how well messages match
    /// @param deadline in nanoseconds of the machine: from then on messages are no longer read, only their facts
    Evaluation(
            AccountMail mail,
            Emails emails,
            ThreadFlags threadFlags,
            TextEvidence evidence,
            Condition filter,
            boolean score,
            long deadline) {
        this.mail = mail;
        this.emails = emails;
        this.threadFlags = threadFlags;
        this.evidence = evidence;
        this.score = score;
        this.root = test(filter);
        this.deadline = deadline;
    }

    /// Whether there was time for everything.
    boolean isComplete() {
        return complete;
    }

    /// How well a message matches the words asked for; only the index knows.
    float relevance(long message) {
        float sum = 0;
        for (LongTable table : scores) {
            sum += Float.intBitsToFloat(table.get(message, 0));
        }
        return sum;
    }

    enum Answer {
        YES,
        NO,
        NOT_YET;

        static Answer of(boolean yes) {
            return yes ? YES : NO;
        }

        Answer not() {
            return switch (this) {
                case YES -> NO;
                case NO -> YES;
                case NOT_YET -> NOT_YET;
            };
        }
    }

    /// What is known of one message beside its columns.
    private static final class Evidence {
        @Nullable
        MessageFacts facts;

        @Nullable
        MessageText text;

        /// There is no time for the text: what the facts say must do.
        boolean hurried;
    }

    @FunctionalInterface
    private interface Test {
        Answer ask(int email, Evidence known);
    }

    private interface ColumnTest {
        boolean ask(int email);
    }

    /// The messages that are meant, as indexes of [Emails], in its order.
    int[] find() {
        int[] found = new int[emails.size()];
        int count = 0;
        int[] undecided = new int[0];
        int open = 0;
        Evidence nothing = new Evidence();
        for (int email = 0; email < emails.size(); email++) {
            switch (root.ask(email, nothing)) {
                case YES -> found[count++] = email;
                case NO -> {}
                case NOT_YET -> {
                    if (open == undecided.length) {
                        undecided = java.util.Arrays.copyOf(undecided, Math.max(64, open * 2));
                    }
                    undecided[open++] = email;
                }
            }
        }
        int decided = count;
        // The newest first: if time runs out, it was spent on what is wanted most.
        for (int to = open; to > 0; to -= BUNDLE) {
            count = decide(undecided, Math.max(0, to - BUNDLE), to, found, count);
        }
        if (count > decided && decided > 0) {
            java.util.Arrays.sort(found, 0, count);
        }
        return java.util.Arrays.copyOf(found, count);
    }

    private int decide(int[] undecided, int from, int to, int[] found, int count) {
        List<MessageId> ids = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            ids.add(new MessageId(emails.id(undecided[i])));
        }
        List<Optional<MessageFacts>> facts = mail.facts(ids);
        Answer[] answers = new Answer[ids.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            answers[i] = facts.get(i).isEmpty()
                    ? Answer.NO // It has gone meanwhile
                    : root.ask(undecided[from + i], known(facts.get(i)));
            if (answers[i] == Answer.NOT_YET) {
                open.add(i);
            }
        }
        for (int at = 0; at < open.size(); at += AccountMail.CONTENTS_AT_ONCE) {
            List<Integer> some = open.subList(at, Math.min(open.size(), at + AccountMail.CONTENTS_AT_ONCE));
            boolean late = System.nanoTime() - deadline > 0;
            List<Optional<Content>> contents =
                    late ? List.of() : mail.contents(some.stream().map(ids::get).toList());
            for (int n = 0; n < some.size(); n++) {
                int i = some.get(n);
                Evidence known = known(facts.get(i));
                if (late || System.nanoTime() - deadline > 0) {
                    known.hurried = true;
                    complete = false;
                } else if (contents.get(n).isPresent()) {
                    known.text = MessageText.of(mail, contents.get(n).get());
                } else {
                    answers[i] = Answer.NO;
                    continue;
                }
                answers[i] = root.ask(undecided[from + i], known);
            }
        }
        int now = count;
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == Answer.YES) {
                found[now++] = undecided[from + i];
            }
        }
        return now;
    }

    private static Evidence known(Optional<MessageFacts> facts) {
        Evidence known = new Evidence();
        known.facts = facts.orElseThrow();
        return known;
    }

    // ---- conditions --------------------------------------------------------------------------------------------

    private Test test(Condition condition) {
        return switch (condition) {
            case Condition.And and -> all(and.all().stream().map(this::test).toArray(Test[]::new));
            case Condition.Or or -> any(or.any().stream().map(this::test).toArray(Test[]::new));
            case Condition.Not not -> {
                Test any = any(not.none().stream().map(this::test).toArray(Test[]::new));
                yield (email, known) -> any.ask(email, known).not();
            }
            case Condition.InMailbox in -> {
                int view = emails.view(in.mailbox());
                yield column(email -> view >= 0 && emails.isIn(email, view));
            }
            case Condition.InMailboxOtherThan other -> {
                boolean[] excluded = new boolean[emails.viewCount()];
                for (MailboxId mailbox : other.mailboxes()) {
                    int view = emails.view(mailbox);
                    if (view >= 0) {
                        excluded[view] = true;
                    }
                }
                yield column(email -> emails.isInOtherThan(email, excluded));
            }
            case Condition.Before before -> {
                // Received dates are whole seconds: before half past is what comes before the next one.
                long border = ceiling(before.instant());
                yield column(email -> emails.received(email) < border);
            }
            case Condition.After after -> {
                long border = ceiling(after.instant());
                yield column(email -> emails.received(email) >= border);
            }
            case Condition.MinSize min -> column(email -> emails.octets(email) >= min.octets());
            case Condition.MaxSize max -> column(email -> emails.octets(email) < max.octets());
            case Condition.HasKeyword has -> {
                Emails.Bits bits = emails.bits(has.keyword());
                yield column(email -> emails.has(email, bits));
            }
            case Condition.AllInThreadHaveKeyword all -> {
                ThreadFlags.Of flags = threadFlags.of(all.keyword());
                yield column(email -> flags.allHave(emails.thread(email)));
            }
            case Condition.SomeInThreadHaveKeyword some -> {
                ThreadFlags.Of flags = threadFlags.of(some.keyword());
                yield column(email -> flags.someHave(emails.thread(email)));
            }
            case Condition.NoneInThreadHaveKeyword none -> {
                ThreadFlags.Of flags = threadFlags.of(none.keyword());
                yield column(email -> !flags.someHave(emails.thread(email)));
            }
            case Condition.HasAttachment has -> attachment(has);
            case Condition.Text text -> text(text);
            case Condition.Header header -> header(header);
        };
    }

    private static long ceiling(java.time.Instant instant) {
        return instant.getNano() == 0 ? instant.getEpochSecond() : instant.getEpochSecond() + 1;
    }

    private static Test column(ColumnTest test) {
        return (email, _) -> Answer.of(test.ask(email));
    }

    /// No as soon as one says no: a later one is asked even when an earlier one is not decided.
    private static Test all(Test[] tests) {
        return (email, known) -> {
            Answer answer = Answer.YES;
            for (Test test : tests) {
                switch (test.ask(email, known)) {
                    case YES -> {}
                    case NO -> {
                        return Answer.NO;
                    }
                    case NOT_YET -> answer = Answer.NOT_YET;
                }
            }
            return answer;
        };
    }

    private static Test any(Test[] tests) {
        return (email, known) -> {
            Answer answer = Answer.NO;
            for (Test test : tests) {
                switch (test.ask(email, known)) {
                    case NO -> {}
                    case YES -> {
                        return Answer.YES;
                    }
                    case NOT_YET -> answer = Answer.NOT_YET;
                }
            }
            return answer;
        };
    }

    private Test attachment(Condition.HasAttachment has) {
        LongTable with = evidence.withAttachment();
        return (email, known) -> {
            long message = emails.id(email);
            if (evidence.covers(message)) {
                return Answer.of(with.contains(message) == has.yes());
            }
            return known.facts == null ? Answer.NOT_YET : Answer.of(known.facts.hasAttachment() == has.yes());
        };
    }

    /// What the index has not taken in is looked at as the index would.
    private Test text(Condition.Text text) {
        Words words = Words.of(text.words());
        List<Pattern> patterns = Pattern.of(words, stems);
        LongTable hits = evidence.find(patterns, text.field(), score);
        if (score) {
            scores.add(hits);
        }
        PlainWords plain = new PlainWords(words, text.field());
        return (email, known) -> {
            long message = emails.id(email);
            if (evidence.covers(message)) {
                return Answer.of(hits.contains(message));
            }
            if (known.text != null) {
                return Answer.of(known.text.matches(patterns, text.field(), stems));
            }
            return known.hurried && known.facts != null ? Answer.of(plain.matches(known.facts)) : Answer.NOT_YET;
        };
    }

    private static Test header(Condition.Header header) {
        return (_, known) -> {
            if (known.text != null) {
                return Answer.of(known.text.hasHeader(header.name(), header.text()));
            }
            return known.hurried ? Answer.NO : Answer.NOT_YET;
        };
    }
}
