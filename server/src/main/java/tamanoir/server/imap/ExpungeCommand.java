package tamanoir.server.imap;

import java.io.IOException;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.Uids;

/// EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). The session tells the EXPUNGE responses, as for
/// anybody's.
final class ExpungeCommand {
    private final Session session;

    ExpungeCommand(Session session) {
        this.session = session;
    }

    Answer all(Wire wire) throws IOException {
        return expunge(session.selected(), Uids.ALL, wire);
    }

    Answer some(Command.UidExpunge command, Wire wire) throws IOException {
        SelectedMailbox box = session.selected();
        return expunge(box, box.resolve(command.uids(), true), wire);
    }

    private Answer expunge(SelectedMailbox box, Uids uids, Wire wire) throws IOException {
        if (box.readOnly()) {
            return Answer.no(ResponseCode.Plain.READ_ONLY, "the mailbox was opened for reading only");
        }
        Uids gone = session.mail().expunge(box.id(), uids);
        session.tellNews(wire, true);
        if (session.qresync() && !gone.isEmpty()) {
            // RFC 7162 §3.2.10
            return Answer.ok(new ResponseCode.Value("HIGHESTMODSEQ", box.view().highestModseq()), "removed");
        }
        return Answer.ok("removed");
    }
}
