package tamanoir.server.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.search.IndexSearcher;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.Overview;
import tamanoir.server.observe.Trace;

/// Finds messages: the front of the room. Used by any number of threads.
///
/// Keeps what was asked last: a mail program asks for the same list again and again, page by page, and after each
/// change for what is new in it.
public final class Search implements AutoCloseable {
    private static final Trace TRACE = new Trace("search", "");

    /// Octets of heap for what was found lately.
    private static final long KEPT_OCTETS = 32 << 20;

    private static final int MOST_TERMS = 32_768;

    private final Mailboxes mailboxes;
    private final TextSearch texts;
    private final Duration patience;

    /// Answers of one version each; an older one is thrown away when it is met.
    private final Cache<Asked, Found> answers = Caffeine.newBuilder()
            .maximumWeight(KEPT_OCTETS)
            .weigher((Asked _, Found found) -> 200 + 8 * found.size())
            .executor(Runnable::run)
            .build();

    /// All messages of accounts that were asked lately, likewise.
    private final Cache<AccountId, Emails> everything = Caffeine.newBuilder()
            .maximumWeight(KEPT_OCTETS)
            .weigher((AccountId _, Emails emails) -> emails.weight())
            .executor(Runnable::run)
            .build();

    private record Asked(AccountId account, Query query) {}

    public Search(Mailboxes mailboxes, SearchSettings settings) {
        this.mailboxes = mailboxes;
        this.patience = settings.patience();
        this.texts = new TextSearch(settings, mailboxes);
        // A question of many words in many forms has more terms than Lucene thinks reasonable.
        IndexSearcher.setMaxClauseCount(MOST_TERMS);
    }

    /// Everything that the query asks for, in its order.
    public Found find(AccountId account, Query query) {
        AccountMail mail = mailboxes.open(account);
        Asked asked = new Asked(account, query);
        Found before = answers.getIfPresent(asked);
        if (before != null && before.version() == mail.version()) {
            return before;
        }
        Found found = answer(account, mail, query);
        if (found.complete()) {
            answers.put(asked, found);
        } else {
            TRACE.info(
                    "searched in part",
                    "account",
                    account,
                    "found",
                    found.size(),
                    "query",
                    query.filter().getClass().getSimpleName());
        }
        return found;
    }

    private Found answer(AccountId account, AccountMail mail, Query query) {
        if (!query.filter().readsTexts()) {
            texts.expect(account);
            return answer(account, mail, query, TextEvidence.none());
        }
        try (TextEvidence evidence = texts.evidence(new IndexName(account, Kind.WORDS), mail)) {
            return answer(account, mail, query, evidence);
        }
    }

    private Found answer(AccountId account, AccountMail mail, Query query, TextEvidence evidence) {
        Emails emails = emails(account, mail, query);
        ThreadFlags threadFlags = new ThreadFlags(emails);
        Evaluation evaluation = new Evaluation(
                mail,
                emails,
                threadFlags,
                evidence,
                query.filter(),
                query.sortsByRelevance(),
                System.nanoTime() + patience.toNanos());
        int[] found = evaluation.find();
        int[] order = new Ordering(mail, emails, threadFlags, evaluation).sort(found, query.sort());
        return new Found(
                emails.overview().version(), messages(emails, order, query.collapseThreads()), evaluation.isComplete());
    }

    /// One mailbox is enough when everything else is of no matter; flags of copies elsewhere are of some.
    private Emails emails(AccountId account, AccountMail mail, Query query) {
        Optional<MailboxId> only = query.filter().onlyMailbox();
        return only.isPresent() && query.filter().asksOnlyOf(only.get()) && !query.dependsOnKeywords()
                ? Emails.of(mail.overview(Set.of(only.get())))
                : everything(account, mail);
    }

    private Emails everything(AccountId account, AccountMail mail) {
        Overview overview = mail.overview(Set.of());
        Emails kept = everything.getIfPresent(account);
        if (kept != null && kept.overview().version() == overview.version()) {
            return kept;
        }
        Emails all = Emails.of(overview);
        everything.put(account, all);
        return all;
    }

    private static long[] messages(Emails emails, int[] order, boolean collapse) {
        long[] messages = new long[order.length];
        int count = 0;
        LongTable seen = new LongTable(collapse ? order.length : 0);
        for (int email : order) {
            if (!collapse || seen.add(emails.thread(email))) {
                messages[count++] = emails.id(email);
            }
        }
        return count == messages.length ? messages : java.util.Arrays.copyOf(messages, count);
    }

    /// How the answer differs from the one at the version `since`; empty when nobody knows any more (RFC 8620 §5.6
    /// cannotCalculateChanges).
    public Optional<Difference> differenceSince(AccountId account, Query query, long since) {
        AccountMail mail = mailboxes.open(account);
        Asked asked = new Asked(account, query);
        Found before = answers.getIfPresent(asked);
        Found now = find(account, query);
        if (now.version() == since) {
            return Optional.of(new Difference(now, new long[0], new int[0]));
        }
        if (before != null && before.version() == since && before.complete() && now.complete()) {
            return Optional.of(Difference.between(before, now));
        }
        if (query.sortsByRelevance()) {
            return Optional.empty(); // How well the others match has changed too
        }
        Optional<Changes> changes = mail.changesSince(since);
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        return new ChangedEmails(query, now, everything(account, mail)).of(changes.get());
    }

    /// What rules messages out that a substring cannot be in; to be closed.
    public Candidates candidates(AccountId account) {
        return new Candidates(texts.evidence(new IndexName(account, Kind.SUBSTRINGS), mailboxes.open(account)));
    }

    /// Shows where the words of a filter stand in messages.
    public Snippets snippets(AccountId account, Condition filter) {
        return new Snippets(mailboxes.open(account), filter);
    }

    /// The account's version now: the state of a query.
    public long version(AccountId account) {
        return mailboxes.open(account).version();
    }

    /// Brings the index of an account up to now; for tools and tests.
    public void index(AccountId account) {
        for (Kind kind : Kind.values()) {
            texts.finish(new IndexName(account, kind));
        }
    }

    /// How many messages the index of an account's words holds; for tools and tests.
    public int indexed(AccountId account) {
        return texts.size(new IndexName(account, Kind.WORDS));
    }

    /// Ends the work in the background and closes the indexes. Before the mailboxes are closed.
    @Override
    public void close() {
        texts.close();
    }
}
