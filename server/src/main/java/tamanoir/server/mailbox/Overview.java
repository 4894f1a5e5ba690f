package tamanoir.server.mailbox;

import java.util.List;
import java.util.Optional;

/// Several mailboxes of one account at one and the same version, and the threads of its messages: what a query over
/// columns needs. Immutable.
public final class Overview {
    private final long version;
    private final List<View> views;
    private final Threads threads;

    Overview(long version, List<View> views, Threads threads) {
        this.version = version;
        this.views = List.copyOf(views);
        this.threads = threads;
    }

    /// The version of the account: with the same one, everything is the same.
    public long version() {
        return version;
    }

    /// In order of mailbox numbers.
    public List<View> views() {
        return views;
    }

    public Optional<View> view(MailboxId mailbox) {
        return views.stream().filter(view -> view.mailbox().equals(mailbox)).findFirst();
    }

    /// The number of the message's thread; 0 for a message that was never here.
    public long thread(long message) {
        return threads.of(message);
    }

    /// The threads of many messages, in their order; quick when their ids ascend or descend.
    public long[] threads(long[] messages) {
        long[] found = new long[messages.length];
        int place = -1;
        int step = 1;
        for (int i = 0; i < messages.length; i++) {
            int next = threads.placeOf(messages[i], place + step);
            if (next >= 0) {
                found[i] = threads.at(next);
                step = next < place ? -1 : 1;
                place = next;
            }
        }
        return found;
    }

    /// Every message whose thread is known with it, in order of message ids; some have gone.
    public void eachThread(ThreadVisitor visitor) {
        threads.each(visitor);
    }

    @FunctionalInterface
    public interface ThreadVisitor {
        void visit(long message, long thread);
    }
}
