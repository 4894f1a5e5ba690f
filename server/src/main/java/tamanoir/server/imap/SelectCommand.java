package tamanoir.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;

/// SELECT and EXAMINE (RFC 9051 §6.3.2, §6.3.3) with CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5).
final class SelectCommand {
    private final Session session;

    SelectCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Select command, Wire wire) throws IOException {
        AccountMail mail = session.mail();
        if (command.resync().asked() && !session.qresync()) {
            throw new BadSyntax("ENABLE QRESYNC comes first"); // RFC 7162 §3.2.5
        }
        if (session.hasSelected()) {
            // RFC 9051 §6.3.2: even when the new one cannot be selected, the old one is no more
            session.unselect();
            wire.text("* OK [CLOSED] the mailbox before is closed").crlf();
        }
        Optional<MailboxInfo> info = mail.find(session.names().decode(command.mailbox()));
        if (info.isEmpty() || !info.get().selectable()) {
            return Answer.no(ResponseCode.Plain.NONEXISTENT, "there is no such mailbox");
        }
        SelectedMailbox box = new SelectedMailbox(mail, info.get().id(), command.readOnly());
        session.select(box);
        if (command.condstore()) {
            // The response below tells HIGHESTMODSEQ anyway
            session.turnOnCondstore(new Wire((array, offset, length) -> {}, false));
        }
        describe(box, wire);
        if (command.resync().asked()) {
            resync(command.resync(), box, wire);
        }
        return Answer.ok(command.readOnly() ? ResponseCode.Plain.READ_ONLY : ResponseCode.Plain.READ_WRITE, "selected");
    }

    private void describe(SelectedMailbox box, Wire wire) throws IOException {
        View view = box.view();
        List<String> flags = new ArrayList<>(FlagsLine.SYSTEM_NAMES);
        flags.addAll(view.keywords());
        wire.text("* FLAGS (").text(String.join(" ", flags)).character(')').crlf();
        if (view.takesNewKeywords()) {
            flags.add("\\*");
        }
        untagged(
                new ResponseCode.PermanentFlags(box.readOnly() ? List.of() : flags),
                box.readOnly() ? "nothing is kept" : "these are kept",
                wire);
        wire.text("* ").number(view.size()).text(" EXISTS").crlf();
        wire.text("* ").number(box.recentCount()).text(" RECENT").crlf();
        int unseen = view.firstUnseen();
        if (unseen >= 0) {
            untagged(new ResponseCode.Value("UNSEEN", unseen + 1L), "the first unseen message", wire);
        }
        untagged(new ResponseCode.Value("UIDVALIDITY", view.uidValidity()), "UIDs are valid", wire);
        untagged(new ResponseCode.Value("UIDNEXT", view.uidNext()), "the next UID", wire);
        untagged(new ResponseCode.Value("HIGHESTMODSEQ", view.highestModseq()), "changes are counted", wire);
        untagged(new ResponseCode.MailboxId(ObjectIds.mailbox(view.mailbox())), "the mailbox, whatever its name", wire);
    }

    private static void untagged(ResponseCode code, String text, Wire wire) throws IOException {
        wire.text("* OK [").text(code.text()).text("] ").text(text).crlf();
    }

    /// What happened since the client was here: VANISHED (EARLIER), then changed flags. Nothing when its UIDVALIDITY is
    /// not ours (RFC 7162 §3.2.5.1).
    private void resync(Command.Resync resync, SelectedMailbox box, Wire wire) throws IOException {
        View view = box.view();
        if (resync.uidValidity() != view.uidValidity()) {
            return;
        }
        Uids known = Uids.ofRange(1, Math.max(1, view.uidNext() - 1));
        if (!resync.knownUids().isEmpty()) {
            Uids.Builder builder = new Uids.Builder();
            new SequenceSet(resync.knownUids(), false).resolve(0).forEach(r -> builder.addRange(r.first(), r.last()));
            known = builder.build();
        }
        vanished(session, box, known, resync.modseq(), wire);
        Uids wanted = known;
        List<Integer> changed = new ArrayList<>();
        view.changedSince(resync.modseq(), index -> {
            if (wanted.contains(view.uid(index))) {
                changed.add(index);
            }
        });
        for (int index : changed) {
            FlagsLine.write(wire, box, index, new SelectedMailbox.Telling(true, true, true));
        }
    }

    /// `* VANISHED (EARLIER) set`; nothing when nothing vanished, for an empty set is no set.
    static void vanished(Session session, SelectedMailbox box, Uids known, long since, Wire wire) throws IOException {
        Uids gone = session.mail().vanishedSince(box.id(), since, known);
        if (!gone.isEmpty()) {
            wire.text("* VANISHED (EARLIER) ").text(gone.toString()).crlf();
        }
    }
}
