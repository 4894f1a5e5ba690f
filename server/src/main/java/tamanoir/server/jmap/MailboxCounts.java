package tamanoir.server.jmap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.View;

/// How many emails and threads are in mailboxes, and how many of them are unread (RFC 8621 §2).
///
/// What a mailbox holds by itself is counted once for each of its versions and kept while there is room. Used by any
/// number of threads.
final class MailboxCounts {
    private static final long MOST_OCTETS = 32L << 20;

    private final Cache<Key, Own> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_OCTETS)
            .weigher((Key _, Own own) -> 200 + 8 * (own.threads.length + own.unread.length))
            .executor(Runnable::run)
            .build();

    private record Key(AccountId account, MailboxId mailbox, long uidValidity, long modseq) {}

    /// @param threads of the emails in it, ascending, each once
    /// @param unread those of them that have an unread email in it
    private record Own(int emails, int unreadEmails, long[] threads, long[] unread) {
        static final Own NONE = new Own(0, 0, new long[0], new long[0]);
    }

    record Counts(int totalEmails, int unreadEmails, int totalThreads, int unreadThreads) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    /// Of every mailbox.
    Map<MailboxId, Counts> of(AccountMail mail, List<MailboxInfo> mailboxes) {
        Map<MailboxInfo, Own> owns = new HashMap<>();
        List<long[]> unread = new ArrayList<>();
        for (MailboxInfo info : mailboxes) {
            if (info.selectable() && info.messages() > info.deleted()) {
                Own own = own(mail, info);
                owns.put(info, own);
                // RFC 8621 §2: what is only in the trash makes no thread elsewhere unread.
                if (!isTrash(info)) {
                    unread.add(own.unread);
                }
            }
        }
        long[] unreadAnywhere = union(unread);
        Map<MailboxId, Counts> counts = new HashMap<>();
        owns.forEach((info, own) -> counts.put(
                info.id(),
                new Counts(
                        own.emails,
                        own.unreadEmails,
                        own.threads.length,
                        isTrash(info) ? own.unread.length : common(own.threads, unreadAnywhere))));
        return counts;
    }

    private static boolean isTrash(MailboxInfo info) {
        return info.role().filter(role -> role == MailboxInfo.Role.TRASH).isPresent();
    }

    private Own own(AccountMail mail, MailboxInfo info) {
        Key key = new Key(mail.account(), info.id(), info.uidValidity(), info.highestModseq());
        Own known = kept.getIfPresent(key);
        if (known != null) {
            return known;
        }
        View view;
        try {
            view = mail.view(info.id());
        } catch (MailboxRefused gone) {
            return Own.NONE;
        }
        Own own = count(view);
        kept.put(new Key(mail.account(), info.id(), view.uidValidity(), view.highestModseq()), own);
        return own;
    }

    private static Own count(View view) {
        int size = view.size();
        long[] messages = new long[size];
        long[] threads = new long[size];
        long[] unread = new long[size];
        int emails = 0;
        int unreadEmails = 0;
        for (int i = 0; i < size; i++) {
            int system = view.systemFlags(i);
            if ((system & Flags.DELETED) != 0) {
                continue;
            }
            messages[emails] = view.message(i).number();
            threads[emails++] = view.thread(i).number();
            if ((system & (Flags.SEEN | Flags.DRAFT)) == 0) {
                unread[unreadEmails++] = view.thread(i).number();
            }
        }
        // A message that was copied into its own mailbox is one email still.
        int twice = emails - distinct(messages, emails).length;
        return new Own(emails - twice, unreadEmails, distinct(threads, emails), distinct(unread, unreadEmails));
    }

    /// Sorted, each once. They come nearly sorted, which the sort of the JDK makes use of.
    private static long[] distinct(long[] numbers, int count) {
        Arrays.sort(numbers, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || numbers[i] != numbers[i - 1]) {
                numbers[kept++] = numbers[i];
            }
        }
        return Arrays.copyOf(numbers, kept);
    }

    private static long[] union(List<long[]> sorted) {
        int size = sorted.stream().mapToInt(numbers -> numbers.length).sum();
        long[] all = new long[size];
        int at = 0;
        for (long[] numbers : sorted) {
            System.arraycopy(numbers, 0, all, at, numbers.length);
            at += numbers.length;
        }
        return distinct(all, size);
    }

    /// How many are in both; each is sorted.
    private static int common(long[] a, long[] b) {
        boolean fewer = a.length < b.length;
        long[] few = fewer ? a : b;
        long[] many = fewer ? b : a;
        int common = 0;
        for (long number : few) {
            common += Arrays.binarySearch(many, number) >= 0 ? 1 : 0;
        }
        return common;
    }
}
