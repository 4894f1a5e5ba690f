package tamanoir.server.search;

import java.util.Arrays;
import java.util.Optional;
import tamanoir.server.mailbox.Changes;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.View;

/// Works out from the change log what a query may answer otherwise than before (RFC 8620 §5.6): whatever changed, and
/// where threads decide, the threads of whatever changed. Used by one thread for one question.
final class ChangedEmails {
    private final Query query;
    private final Found now;
    private final Emails emails;
    private final LongTable touched = new LongTable(64);
    private final LongTable threads = new LongTable(64);

    /// `emails` may be newer than the answer: only their threads are asked.
    ChangedEmails(Query query, Found now, Emails emails) {
        this.query = query;
        this.now = now;
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
                case Change.Removed removed -> {
                    touched.add(removed.message().number());
                    threads.add(removed.thread().number());
                }
                case Change.Flagged flagged -> {
                    if (query.dependsOnKeywords() || flagged.deleted() != Change.Deleted.AS_BEFORE) {
                        touched.add(flagged.message().number());
                    }
                }
                case Change.MailboxGone _ -> {
                    return Optional.empty(); // Its messages are named when the reaper comes to them
                }
                case Change.MailboxMade _, Change.MailboxChanged _ -> {}
            }
        }
        if (query.dependsOnThreads()) {
            spread();
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

    /// Everything in the threads of what was touched is touched.
    private void spread() {
        for (View view : emails.overview().views()) {
            for (int i = 0; i < view.size(); i++) {
                if (touched.contains(view.message(i).number())) {
                    threads.add(view.thread(i).number()); // With \Deleted or without
                }
            }
        }
        for (int email = 0; email < emails.size(); email++) {
            if (threads.contains(emails.thread(email))) {
                touched.add(emails.id(email));
            }
        }
    }
}
