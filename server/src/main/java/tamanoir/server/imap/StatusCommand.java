package tamanoir.server.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.Wire;
import tamanoir.server.mailbox.MailboxInfo;

/// STATUS (RFC 9051 §6.3.11), also for LIST-STATUS (RFC 5819).
final class StatusCommand {
    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    Answer run(Command.Status command, Wire wire) throws IOException {
        Optional<MailboxInfo> info = session.mail().find(session.names().decode(command.mailbox()));
        if (info.isEmpty() || !info.get().selectable()) {
            return Answer.no(ResponseCode.Plain.NONEXISTENT, "there is no such mailbox");
        }
        if (command.items().contains(Command.StatusItem.HIGHESTMODSEQ)) {
            session.turnOnCondstore(wire); // RFC 7162 §3.1
        }
        write(info.get(), command.items(), wire);
        return Answer.ok("done");
    }

    void write(MailboxInfo info, List<Command.StatusItem> items, Wire wire) throws IOException {
        wire.text("* STATUS ").astring(session.names().encode(info.name())).text(" (");
        for (int i = 0; i < items.size(); i++) {
            Command.StatusItem item = items.get(i);
            wire.text(i == 0 ? "" : " ").text(item.name()).character(' ');
            switch (item) {
                case MESSAGES -> wire.number(info.messages());
                case RECENT -> wire.number(info.recent());
                case UIDNEXT -> wire.number(info.uidNext());
                case UIDVALIDITY -> wire.number(info.uidValidity());
                case UNSEEN -> wire.number(info.unseen());
                case DELETED -> wire.number(info.deleted());
                case SIZE -> wire.number(info.octets());
                case HIGHESTMODSEQ -> wire.number(info.highestModseq());
                case APPENDLIMIT -> {
                    // RFC 7889 §3: NIL is no limit
                    if (session.settings().appendLimit() > 0) {
                        wire.number(session.settings().appendLimit());
                    } else {
                        wire.nil();
                    }
                }
                case MAILBOXID ->
                    wire.character('(').text(ObjectIds.mailbox(info.id())).character(')');
            }
        }
        wire.character(')').crlf();
    }
}
