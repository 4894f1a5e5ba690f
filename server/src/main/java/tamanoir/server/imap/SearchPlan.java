package tamanoir.server.imap;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.imap.SearchKey;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;
import tamanoir.server.search.Candidates;
import tamanoir.server.search.MessageText;

/// Evaluates a search key over a mailbox, the cheapest evidence first.
///
/// Evidence comes in three levels: the row (flags, dates, sizes, numbers), the facts (subject, addresses, sent date),
/// the octets (other header fields, bodies). A key is asked at each level in turn and answers yes, no or "not yet";
/// only
/// messages still undecided are asked at the next, so that a body is decoded only when nothing else decides.
final class SearchPlan {
    private static final int BUNDLE = 256;

    /// In fewer messages a substring is found before an index is opened.
    private static final int WORTH_AN_INDEX = 256;

    private final Session session;
    private final SelectedMailbox box;
    private final View view;
    private final SearchKey key;
    private final Instant now;
    private Optional<Candidates> candidates = Optional.empty();

    SearchPlan(Session session, SelectedMailbox box, SearchKey key) {
        this.session = session;
        this.box = box;
        this.view = box.view();
        this.now = session.now();
        this.key = key;
    }

    private enum Verdict {
        YES,
        NO,
        NOT_YET;

        static Verdict of(boolean yes) {
            return yes ? YES : NO;
        }

        Verdict not() {
            return switch (this) {
                case YES -> NO;
                case NO -> YES;
                case NOT_YET -> NOT_YET;
            };
        }
    }

    /// One message with the evidence gathered so far.
    private static final class Candidate {
        final int index;
        Optional<MessageFacts> facts = Optional.empty();
        Optional<MessageText> text = Optional.empty();

        Candidate(int index) {
            this.index = index;
        }
    }

    @FunctionalInterface
    private interface Node {
        Verdict ask(Candidate message);
    }

    /// The indexes of matching messages, ascending.
    int[] find() {
        try {
            return find(node(key));
        } finally {
            candidates.ifPresent(Candidates::close);
        }
    }

    private int[] find(Node root) {
        List<Candidate> undecided = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        for (int index = 0; index < view.size(); index++) {
            if (box.sequenceAt(index) == 0) {
                continue; // not told to the client yet
            }
            Candidate message = new Candidate(index);
            switch (root.ask(message)) {
                case YES -> found.add(index);
                case NO -> {}
                case NOT_YET -> undecided.add(message);
            }
        }
        for (int from = 0; from < undecided.size(); from += BUNDLE) {
            decide(root, undecided.subList(from, Math.min(undecided.size(), from + BUNDLE)), found);
        }
        return found.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private void decide(Node root, List<Candidate> bundle, List<Integer> found) {
        List<MessageId> ids = bundle.stream().map(m -> view.message(m.index)).toList();
        List<Optional<MessageFacts>> facts = session.mail().facts(ids);
        List<Candidate> open = new ArrayList<>();
        for (int i = 0; i < bundle.size(); i++) {
            Candidate message = bundle.get(i);
            if (facts.get(i).isEmpty()) {
                continue; // gone
            }
            message.facts = facts.get(i);
            switch (root.ask(message)) {
                case YES -> found.add(message.index);
                case NO -> {}
                case NOT_YET -> open.add(message);
            }
        }
        for (int from = 0; from < open.size(); from += AccountMail.CONTENTS_AT_ONCE) {
            read(root, open.subList(from, Math.min(open.size(), from + AccountMail.CONTENTS_AT_ONCE)), found);
        }
        bundle.forEach(message -> message.facts = Optional.empty());
    }

    private void read(Node root, List<Candidate> some, List<Integer> found) {
        AccountMail mail = session.mail();
        List<Optional<Content>> contents =
                mail.contents(some.stream().map(m -> view.message(m.index)).toList());
        for (int i = 0; i < some.size(); i++) {
            Candidate message = some.get(i);
            message.text = contents.get(i).map(content -> MessageText.of(mail, content));
            if (message.text.isPresent() && root.ask(message) == Verdict.YES) {
                found.add(message.index);
            }
            message.text = Optional.empty();
        }
    }

    // ---- keys --------------------------------------------------------------------------------------------------

    private Node node(SearchKey key) {
        return switch (key) {
            case SearchKey.All k -> m -> Verdict.YES;
            case SearchKey.SystemFlag flag -> {
                int bit = Flags.of(List.of(flag.name())).system();
                yield row(i -> ((view.systemFlags(i) & bit) != 0) == flag.set());
            }
            case SearchKey.Keyword keyword -> keyword(keyword);
            case SearchKey.Recent k -> row(i -> box.isRecent(view.uid(i)));
            case SearchKey.New k -> row(i -> box.isRecent(view.uid(i)) && (view.systemFlags(i) & Flags.SEEN) == 0);
            case SearchKey.Old k -> row(i -> !box.isRecent(view.uid(i)));
            case SearchKey.Date date -> date(date);
            case SearchKey.Within within -> within(within);
            case SearchKey.Larger larger -> row(i -> view.octets(i) > larger.octets());
            case SearchKey.Smaller smaller -> row(i -> view.octets(i) < smaller.octets());
            case SearchKey.Uid uid -> set(uid.set(), true);
            case SearchKey.Sequence sequence -> set(sequence.set(), false);
            case SearchKey.Modseq modseq -> row(i -> view.modseq(i) >= modseq.modseq());
            case SearchKey.EmailId id ->
                row(i -> ObjectIds.email(view.message(i)).equals(id.id()));
            case SearchKey.ThreadId id ->
                row(i -> ObjectIds.thread(view.thread(i)).equals(id.id()));
            case SearchKey.SaveDateSupported k -> m -> Verdict.YES;
            case SearchKey.Header header -> header(header);
            case SearchKey.Body body -> {
                String wanted = MessageText.caseless(body.text());
                yield unless(
                        wanted,
                        its -> its.inBody(wanted),
                        m -> m.text.map(t -> Verdict.of(t.bodyContains(wanted))).orElse(Verdict.NOT_YET));
            }
            case SearchKey.Text text -> {
                String wanted = MessageText.caseless(text.text());
                yield unless(
                        wanted,
                        its -> its.inHeaderOrBody(wanted),
                        m -> m.text.map(t -> Verdict.of(t.headerContains(wanted) || t.bodyContains(wanted)))
                                .orElse(Verdict.NOT_YET));
            }
            case SearchKey.Not not -> {
                Node inner = node(not.key());
                yield m -> inner.ask(m).not();
            }
            case SearchKey.Or or -> any(List.of(node(or.one()), node(or.other())));
            case SearchKey.And and -> {
                List<Node> nodes = new ArrayList<>();
                and.keys().forEach(k -> nodes.add(node(k)));
                yield all(nodes);
            }
        };
    }

    private interface RowTest {
        boolean test(int index);
    }

    private static Node row(RowTest test) {
        return m -> Verdict.of(test.test(m.index));
    }

    /// No as soon as one says no: a later key is asked even when an earlier one is not decided.
    private static Node all(List<Node> nodes) {
        return m -> {
            boolean yes = true;
            for (Node node : nodes) {
                Verdict verdict = node.ask(m);
                if (verdict == Verdict.NO) {
                    return Verdict.NO;
                }
                yes &= verdict == Verdict.YES;
            }
            return yes ? Verdict.YES : Verdict.NOT_YET;
        };
    }

    private static Node any(List<Node> nodes) {
        return m -> {
            boolean no = true;
            for (Node node : nodes) {
                Verdict verdict = node.ask(m);
                if (verdict == Verdict.YES) {
                    return Verdict.YES;
                }
                no &= verdict == Verdict.NO;
            }
            return no ? Verdict.NO : Verdict.NOT_YET;
        };
    }

    private Node keyword(SearchKey.Keyword keyword) {
        int bit = -1;
        for (int i = 0; i < view.keywords().size(); i++) {
            if (view.keywords().get(i).equalsIgnoreCase(keyword.name())) {
                bit = i;
            }
        }
        long mask = bit < 0 ? 0 : 1L << bit;
        return row(i -> ((view.keywordBits(i) & mask) != 0) == keyword.set());
    }

    private Node set(SequenceSet set, boolean uid) {
        Uids uids = box.lookup(set, uid);
        return row(i -> uids.contains(view.uid(i)));
    }

    /// Days are compared as FETCH shows them: in UTC for INTERNALDATE, as written for the Date field (RFC 9051 §6.4.4
    /// disregards time and zone), so that the zone of this machine never matters.
    private Node date(SearchKey.Date date) {
        return switch (date.field()) {
            case INTERNAL -> row(i -> compare(day(view.internalDate(i)), date));
            case SAVED -> row(i -> compare(day(view.saveDate(i)), date));
            case SENT ->
                m -> m.facts
                        .map(f -> Verdict.of(compare(
                                f.sentDate().map(d -> d.toLocalDate()).orElse(day(view.internalDate(m.index))), date)))
                        .orElse(Verdict.NOT_YET);
        };
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static boolean compare(LocalDate day, SearchKey.Date date) {
        return switch (date.order()) {
            case BEFORE -> day.isBefore(date.day());
            case ON -> day.equals(date.day());
            case SINCE -> !day.isBefore(date.day());
        };
    }

    private Node within(SearchKey.Within within) {
        long border = within.seconds() > now.getEpochSecond() ? 0 : now.getEpochSecond() - within.seconds();
        return row(i -> within.older()
                ? view.internalDate(i).getEpochSecond() <= border
                : view.internalDate(i).getEpochSecond() >= border);
    }

    private interface Asking {
        Candidates.Exclusion ask(Candidates candidates);
    }

    /// The node, asked only of messages that the index of substrings does not rule out.
    private Node unless(String wanted, Asking asking, Node node) {
        if (wanted.isEmpty() || view.size() < WORTH_AN_INDEX) {
            return node;
        }
        if (candidates.isEmpty()) {
            candidates = Optional.of(session.candidates());
        }
        Candidates.Exclusion exclusion = asking.ask(candidates.get());
        return m -> exclusion.excludes(view.message(m.index).number()) ? Verdict.NO : node.ask(m);
    }

    private Node header(SearchKey.Header header) {
        String wanted = MessageText.caseless(header.text());
        return unless(wanted, its -> its.inField(header.name(), wanted), header(header, wanted));
    }

    /// The fields that facts hold need no octets; the question whether a field is there always does.
    private static Node header(SearchKey.Header header, String wanted) {
        if (!wanted.isEmpty()) {
            switch (header.name().toLowerCase(Locale.ROOT)) {
                case "subject" -> {
                    return facts(f -> MessageText.caseless(f.subject()).contains(wanted));
                }
                case "from" -> {
                    return facts(f -> MessageText.addressed(f.envelope().from()).contains(wanted));
                }
                case "to" -> {
                    return facts(f -> MessageText.addressed(f.envelope().to()).contains(wanted));
                }
                case "cc" -> {
                    return facts(f -> MessageText.addressed(f.envelope().cc()).contains(wanted));
                }
                case "bcc" -> {
                    return facts(f -> MessageText.addressed(f.envelope().bcc()).contains(wanted));
                }
                default -> {}
            }
        }
        return m -> m.text.map(t -> Verdict.of(t.fieldContains(header.name(), wanted)))
                .orElse(Verdict.NOT_YET);
    }

    private interface FactTest {
        boolean test(MessageFacts facts);
    }

    private static Node facts(FactTest test) {
        return m -> m.facts.map(f -> Verdict.of(test.test(f))).orElse(Verdict.NOT_YET);
    }
}
