package tamanoir.server.imap;

import java.io.IOException;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Uids;

/// STORE (RFC 9051 §6.4.6) with UNCHANGEDSINCE (RFC 7162 §3.1.3).
final class StoreCommand {
    private final Session session;

    StoreCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Store command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        if (box.readOnly()) {
            return Answer.no(ResponseCode.Plain.READ_ONLY, "the mailbox was opened for reading only");
        }
        Uids uids = box.resolve(command.set(), command.uid());
        boolean conditional = command.unchangedSince() != Long.MAX_VALUE;
        if (conditional) {
            session.turnOnCondstore(wire);
        }
        AccountMail.FlagOperation operation = switch (command.mode()) {
            case REPLACE -> AccountMail.FlagOperation.REPLACE;
            case ADD -> AccountMail.FlagOperation.ADD;
            case REMOVE -> AccountMail.FlagOperation.REMOVE;
        };
        AccountMail.FlagChange change =
                session.mail().store(box.id(), uids, operation, Flags.of(command.flags()), command.unchangedSince());
        box.look();
        int[] touched = box.indexes(uids);
        answerFlags(command, conditional, box, touched, change, wire);
        for (int index : touched) {
            // A later change by somebody else has a higher modseq, and is told
            if (!command.silent()
                    || (change.changed().contains(box.view().uid(index))
                            && box.view().modseq(index) <= change.modseq())) {
                box.wasTold(index);
            }
        }
        if (!change.stale().isEmpty()) {
            return Answer.ok(new ResponseCode.Modified(numbers(command, box, change.stale())), "some have changed");
        }
        return touched.length < uids.size() && !command.uid()
                ? Answer.ok(ResponseCode.Plain.EXPUNGEISSUED, "some messages have gone")
                : Answer.ok("done");
    }

    /// What the client is told of its own change: flags unless SILENT, and modseqs once it counts changes (RFC 7162
    /// §3.1.3: also when SILENT).
    private void answerFlags(
            Command.Store command,
            boolean conditional,
            SelectedMailbox box,
            int[] touched,
            AccountMail.FlagChange change,
            Wire wire)
            throws IOException {
        if (command.silent() && !session.condstore()) {
            return;
        }
        for (int index : touched) {
            long uid = box.view().uid(index);
            if (change.stale().contains(uid)) {
                continue;
            }
            if (!command.silent()) {
                SelectedMailbox.Telling telling = session.telling();
                FlagsLine.write(
                        wire,
                        box,
                        index,
                        new SelectedMailbox.Telling(
                                telling.modseq(), telling.uid() || command.uid(), telling.recent()));
            } else if (conditional || change.changed().contains(uid)) {
                wire.text("* ").number(box.sequenceAt(index)).text(" FETCH (");
                if (command.uid() || session.qresync()) {
                    wire.text("UID ").number(uid).character(' ');
                }
                wire.text("MODSEQ (")
                        .number(box.view().modseq(index))
                        .text("))")
                        .crlf();
            }
        }
    }

    private static String numbers(Command.Store command, SelectedMailbox box, Uids stale) {
        if (command.uid()) {
            return stale.toString();
        }
        return SequenceSet.compact(
                stale.stream().map(box::sequenceOf).filter(n -> n > 0).toArray());
    }
}
