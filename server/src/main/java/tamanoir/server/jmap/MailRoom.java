package tamanoir.server.jmap;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.View;

/// What the methods about mail share. Immutable; used by any number of threads.
record MailRoom(Mailboxes mailboxes, AccountBlobs blobs, JmapSettings settings) {
    AccountMail open(Call call) {
        return mailboxes.open(call.caller().account().id());
    }

    /// Visits every message that is not \Deleted, once, mailbox by mailbox.
    static void everyMessage(AccountMail mail, ObjIntConsumer<View> visitor) {
        Set<MessageId> seen = new HashSet<>();
        for (MailboxInfo info : mail.list()) {
            if (!info.selectable() || info.messages() == 0) {
                continue;
            }
            View view;
            try {
                view = mail.view(info.id());
            } catch (MailboxRefused gone) {
                continue;
            }
            for (int i = 0; i < view.size(); i++) {
                if ((view.systemFlags(i) & Flags.DELETED) == 0 && seen.add(view.message(i))) {
                    visitor.accept(view, i);
                }
            }
        }
    }
}
