package tamanoir.server.search;

import java.util.Arrays;
import java.util.Optional;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;

/// Works out from the change log what a query may answer otherwise than before (RFC 8620 §5.6): whatever changed, and
/// where threads decide, the threads of whatever changed. Used by one thread for one question.
final class ChangedEmails {
    private final Query query;
    private final Found now;
    private final AccountMail mail;
    private final Emails emails;
    private final LongTable touched = new LongTable(64);

    /// `emails` may be newer than the answer: only their threads are asked.
    ChangedEmails(Query query, Found now, AccountMail mail, Emails emails) {
        this.query = query;
        this.now = now;
        this.mail = mail;
        this.emails = emails;
    }

    Optional<Difference> of(Changes changes) {
        for (Change change : changes.changes()) {
            switch (change) {
                case Change.Added added -> {
                    // A copy changes the flags a message has, the mailboxes it is in, and nothing else.
                    if (added.created() || !query.isImmutable()) {
                        touched.add(added.message().number());
                    }
                }
                case Change.Removed removed -> touched.add(removed.message().number());
                // It may have been \Deleted, which takes it out of every answer.
                case Change.Flagged flagged -> touched.add(flagged.message().number());
                case Change.MailboxGone _ -> {
                    return Optional.empty(); // Its messages are named when the reaper comes to them
                }
                case Change.MailboxMade _, Change.MailboxChanged _ -> {}
            }
        }
        if (query.dependsOnThreads() && !spread()) {
            return Optional.empty();
        }
        int[] added = new int[now.size()];
        int count = 0;
        for (int i = 0; i < now.size(); i++) {
            if (touched.contains(now.messages()[i])) {
                added[count++] = i;
            }
        }
        return Optional.of(new Difference(now, touched.sortedKeys(), Arrays.copyOf(added, count)));
    }

    /// Everything in the threads of what was touched is touched. False when the thread of a message that has gone is
    /// not known any more.
    private boolean spread() {
        LongTable here = new LongTable(emails.size());
        for (int email = 0; email < emails.size(); email++) {
            here.put(emails.id(email), email);
        }
        LongTable threads = new LongTable(touched.size());
        for (long message : touched.sortedKeys()) {
            int email = here.get(message, -1);
            if (email >= 0) {
                threads.add(emails.thread(email));
                continue;
            }
            try {
                threads.add(mail.threadOf(new MessageId(message)).number());
            } catch (MailboxRefused gone) {
                return false;
            }
        }
        for (int email = 0; email < emails.size(); email++) {
            if (threads.contains(emails.thread(email))) {
                touched.add(emails.id(email));
            }
        }
        return true;
    }
}
