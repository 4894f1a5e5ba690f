package tamanoir.server.imap;

import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;

/// CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4 to §6.3.8, CREATE's USE of RFC 6154 §3).
final class MailboxCommands {
    private final Session session;

    MailboxCommands(Session session) {
        this.session = session;
    }

    Answer create(Command.Create command) {
        AccountMail mail = session.mail();
        String name = session.names().decodeNew(command.mailbox());
        if (command.uses().size() > 1) {
            return Answer.no(ResponseCode.Plain.USEATTR, "a mailbox has one special use at most");
        }
        Optional<MailboxInfo.Role> role = Optional.empty();
        if (!command.uses().isEmpty()) {
            role = role(command.uses().getFirst());
            if (role.isEmpty()) {
                return Answer.no(ResponseCode.Plain.USEATTR, "this special use is not known");
            }
        }
        MailboxInfo made = mail.create(name, role);
        return Answer.ok(new ResponseCode.MailboxId(ObjectIds.mailbox(made.id())), "created");
    }

    private static Optional<MailboxInfo.Role> role(String use) {
        try {
            return Optional.of(MailboxInfo.Role.valueOf(use.substring(1).toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    Answer delete(Command.Delete command) {
        session.mail().delete(session.names().decode(command.mailbox()));
        return Answer.ok("deleted");
    }

    Answer rename(Command.Rename command) {
        session.mail()
                .rename(session.names().decode(command.from()), session.names().decodeNew(command.to()));
        return Answer.ok("renamed");
    }

    /// RFC 9051 §6.3.7: also of a mailbox that does not exist, or no more.
    Answer subscribe(Octets mailbox, boolean subscribed) {
        session.mail().subscribe(session.names().decodeNew(mailbox), subscribed);
        return Answer.ok(subscribed ? "subscribed" : "unsubscribed");
    }
}
