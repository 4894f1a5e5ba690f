package tamanoir.server.imap;

import java.io.IOException;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.Uids;

/// COPY (RFC 9051 §6.4.7) and MOVE (RFC 6851).
final class TransferCommand {
    private final Session session;

    TransferCommand(Session session) {
        this.session = session;
    }

    Answer copy(Command.Copy command) {
        SelectedMailbox box = session.selected();
        Uids uids = box.resolve(command.set(), command.uid());
        Optional<MailboxInfo> target = target(command.mailbox());
        if (target.isEmpty()) {
            return tryCreate();
        }
        AccountMail.Copied copied =
                session.mail().copy(box.id(), uids, target.get().id());
        // RFC 4315 §3: nothing copied, no code
        return copied.from().isEmpty() ? Answer.ok("nothing was there to copy") : Answer.ok(code(copied), "copied");
    }

    Answer move(Command.Move command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        if (box.readOnly()) {
            return Answer.no(ResponseCode.Plain.READ_ONLY, "the mailbox was opened for reading only");
        }
        Uids uids = box.resolve(command.set(), command.uid());
        Optional<MailboxInfo> target = target(command.mailbox());
        if (target.isEmpty()) {
            return tryCreate();
        }
        AccountMail.Copied moved =
                session.mail().move(box.id(), uids, target.get().id());
        if (moved.from().isEmpty()) {
            return Answer.ok("nothing was there to move");
        }
        // RFC 6851 §4.3: the code in an untagged OK, before the EXPUNGE responses
        wire.text("* OK [").text(code(moved).text()).text("] moved").crlf();
        session.tellNews(wire, true);
        if (session.qresync()) {
            return Answer.ok(new ResponseCode.Value("HIGHESTMODSEQ", box.view().highestModseq()), "moved");
        }
        return Answer.ok("moved");
    }

    private Optional<MailboxInfo> target(Octets mailbox) {
        return session.mail().find(session.names().decode(mailbox)).filter(MailboxInfo::selectable);
    }

    private static Answer tryCreate() {
        return Answer.no(ResponseCode.Plain.TRYCREATE, "there is no such mailbox; create it first");
    }

    private static ResponseCode code(AccountMail.Copied copied) {
        return new ResponseCode.CopyUid(
                copied.targetUidValidity(),
                copied.from().toString(),
                copied.to().toString());
    }
}
