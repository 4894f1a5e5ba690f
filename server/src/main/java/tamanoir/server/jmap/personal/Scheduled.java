package tamanoir.server.jmap.personal;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Trace;

/// Mail that waits for its time does not lie in Sent: the client puts it into the mailbox with the role `scheduled`
/// when it hands it in, and from there it goes to Sent when the queue lets it go.
///
/// Only what lies in that mailbox is moved; who has put it elsewhere in the meantime wants it there.
final class Scheduled {
    private static final Trace TRACE = new Trace("submission", "");
    private static final String SENT = "Sent";

    private Scheduled() {}

    /// The message has been let go.
    static void sent(AccountMail mail, MessageId message) {
        Optional<MailboxId> scheduled = withRole(mail, Role.SCHEDULED);
        if (scheduled.isEmpty() || !mail.mailboxesOf(message).contains(scheduled.get())) {
            return;
        }
        MailboxId sent = withRole(mail, Role.SENT)
                .or(() -> mail.find(SENT).map(MailboxInfo::id))
                .orElseGet(() -> mail.create(SENT, Optional.of(Role.SENT)).id());
        Map<MessageId, MailboxRefused> refused = mail.change(List.of(new MessageChange(
                message,
                flags -> flags.minus(new Flags(Flags.DRAFT, Set.of())),
                now -> moved(now, scheduled.get(), sent))));
        refused.forEach((_, why) -> TRACE.warn("not-moved", "to", SENT, "reason", String.valueOf(why.getMessage())));
    }

    private static Optional<MailboxId> withRole(AccountMail mail, Role role) {
        return mail.list().stream()
                .filter(info -> info.role().equals(Optional.of(role)))
                .map(MailboxInfo::id)
                .findFirst();
    }

    private static Set<MailboxId> moved(Set<MailboxId> now, MailboxId from, MailboxId to) {
        if (!now.contains(from)) {
            return now;
        }
        Set<MailboxId> next = new HashSet<>(now);
        next.remove(from);
        next.add(to);
        return next;
    }
}
