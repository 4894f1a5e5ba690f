package tamanoir.server.search;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Which threads have a keyword in all of their messages, or in some: worked out in one pass for each keyword that a
/// question names (RFC 8621 §4.4.1). All mailboxes count, whichever are asked for. Used by one thread.
final class ThreadFlags {
    private static final int SOME = 1;
    private static final int NOT_ALL = 2;

    private final Emails emails;
    private final Map<String, Of> known = new HashMap<>();

    ThreadFlags(Emails emails) {
        this.emails = emails;
    }

    Of of(String keyword) {
        return known.computeIfAbsent(keyword.toLowerCase(Locale.ROOT), this::work);
    }

    private Of work(String keyword) {
        Emails.Bits bits = emails.bits(keyword);
        LongTable threads = new LongTable(emails.size());
        for (int email = 0; email < emails.size(); email++) {
            long thread = emails.thread(email);
            int state = threads.get(thread, 0);
            threads.put(thread, state | (emails.has(email, bits) ? SOME : NOT_ALL));
        }
        return new Of(threads);
    }

    static final class Of {
        private final LongTable threads;

        private Of(LongTable threads) {
            this.threads = threads;
        }

        boolean allHave(long thread) {
            return (threads.get(thread, NOT_ALL) & NOT_ALL) == 0;
        }

        boolean someHave(long thread) {
            return (threads.get(thread, 0) & SOME) != 0;
        }
    }
}
