package tamanoir.server.imap;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.LongStream;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.SearchReturn;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.Uids;

/// SEARCH (RFC 9051 §6.4.4), answered by SEARCH or, with RETURN, by ESEARCH (RFC 4731); SAVE for `$` (RFC 5182).
final class SearchCommand {
    private final Session session;

    SearchCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Search command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        boolean modseq = command.key().asksModseq();
        if (modseq) {
            session.turnOnCondstore(wire);
        }
        if (command.returns().save()) {
            box.save(Uids.NONE); // RFC 5182 §2.1: a search that fails leaves it empty
        }
        box.look();
        int[] found = new SearchPlan(session, box, command.key()).find();
        long[] numbers = Arrays.stream(found)
                .mapToLong(i -> command.uid() ? box.view().uid(i) : box.sequenceAt(i))
                .toArray();
        SearchReturn returns = command.returns();
        if (returns.save()) {
            save(box, returns, found);
        }
        if (!returns.asked()) {
            old(numbers, modseq ? highest(box, found) : 0, wire);
        } else if (returns.min() || returns.max() || returns.all() || returns.count() || returns.partial()) {
            extended(box, command, found, numbers, modseq, wire);
        }
        return Answer.ok("done");
    }

    /// RFC 5182 §2.1: with MIN or MAX alone only those are saved.
    private static void save(SelectedMailbox box, SearchReturn returns, int[] found) {
        boolean ends = (returns.min() || returns.max()) && !returns.all() && !returns.count() && !returns.partial();
        int last = found.length - 1;
        box.save(Uids.of(LongStream.range(0, found.length)
                .filter(i -> !ends || (returns.min() && i == 0) || (returns.max() && i == last))
                .map(i -> box.view().uid(found[(int) i]))
                .toArray()));
    }

    private static long highest(SelectedMailbox box, int[] found) {
        return Arrays.stream(found).mapToLong(box.view()::modseq).max().orElse(0);
    }

    private static void old(long[] numbers, long modseq, Wire wire) throws IOException {
        wire.text("* SEARCH");
        for (long number : numbers) {
            wire.character(' ').number(number);
        }
        if (modseq > 0) {
            wire.text(" (MODSEQ ").number(modseq).character(')'); // RFC 7162 §3.1.5
        }
        wire.crlf();
    }

    private void extended(
            SelectedMailbox box, Command.Search command, int[] found, long[] numbers, boolean modseq, Wire wire)
            throws IOException {
        SearchReturn returns = command.returns();
        wire.text("* ESEARCH (TAG \"").text(session.tag()).text("\")");
        if (command.uid()) {
            wire.text(" UID");
        }
        int last = numbers.length - 1;
        // RFC 4731 §3.1: what has no message is not told, but the count is
        if (last >= 0) {
            if (returns.min()) {
                wire.text(" MIN ").number(numbers[0]);
            }
            if (returns.max()) {
                wire.text(" MAX ").number(numbers[last]);
            }
            if (returns.all()) {
                wire.text(" ALL ").text(SequenceSet.compact(numbers));
            }
        }
        if (returns.count()) {
            wire.text(" COUNT ").number(numbers.length);
        }
        if (returns.partial()) {
            partial(returns, numbers, wire);
        }
        if (modseq && last >= 0) {
            wire.text(" MODSEQ ").number(told(box, returns, found));
        }
        wire.crlf();
    }

    /// RFC 4731 §3.2: the highest modseq of the messages told.
    private static long told(SelectedMailbox box, SearchReturn returns, int[] found) {
        if (returns.all() || returns.count() || returns.partial()) {
            return highest(box, found);
        }
        long min = returns.min() ? box.view().modseq(found[0]) : 0;
        long max = returns.max() ? box.view().modseq(found[found.length - 1]) : 0;
        return Math.max(min, max);
    }

    /// RFC 9394 §3.1: the results from one place to another, counted from the start or, negative, from the end.
    private static void partial(SearchReturn returns, long[] numbers, Wire wire) throws IOException {
        long from = returns.partialFrom();
        long to = returns.partialTo();
        int start;
        int end;
        if (from > 0) {
            start = (int) Math.min(from - 1, numbers.length);
            end = (int) Math.min(to, numbers.length);
        } else {
            start = (int) Math.max(0, numbers.length + to);
            end = (int) Math.max(0, numbers.length + from + 1);
        }
        String set = SequenceSet.compact(Arrays.copyOfRange(numbers, start, end));
        wire.text(" PARTIAL (")
                .text(from + ":" + to)
                .character(' ')
                .text(set.isEmpty() ? "NIL" : set)
                .character(')');
    }
}
