package tamanoir.server.search;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Cpu;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Searching in texts with an index per account.
///
/// An account gets one when somebody searches in it, or looks at it through JMAP, for then he soon will; who only ever
/// receives mail costs nothing. From then on [Indexer] lets it follow. What it lags behind is taken in when a question
/// comes, for as long as that is quick; what is left is looked through message by message, so that a message is found
/// the moment it was delivered.
final class TextSearch implements AutoCloseable {
    private static final Trace TRACE = new Trace("search", "");

    /// Messages taken in at a time while a person waits.
    private static final int STEP = 64;

    private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long WAIT_FOR_TURN = TimeUnit.MILLISECONDS.toNanos(100);

    private final Indexes indexes;
    private final Indexer indexer;
    private final Cpu cpu;

    TextSearch(SearchSettings settings, Mailboxes mailboxes) {
        this.indexes = new Indexes(settings);
        this.indexer = new Indexer(settings, mailboxes, indexes);
        this.cpu = new Cpu(Math.max(2, Runtime.getRuntime().availableProcessors()), 256);
        mailboxes.follow(indexer);
    }

    /// Somebody will search here soon.
    void expect(AccountId account) {
        indexer.expect(new IndexName(account, Kind.WORDS));
    }

    TextEvidence evidence(IndexName name, AccountMail mail) {
        return cpu.run(() -> {
            Indexes.Lease lease = null;
            try {
                lease = indexes.open(name);
                indexer.knows(name);
                catchUp(name, mail, lease);
                return TextEvidence.of(cpu, lease, lease.index().read());
            } catch (IOException e) {
                TRACE.warn("searching without an index", "index", name, "reason", e);
                if (lease != null) {
                    lease.damaged(e);
                    lease.close();
                    indexer.want(name);
                }
                return TextEvidence.none();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return TextEvidence.none();
            } catch (RuntimeException | Error e) {
                if (lease != null) {
                    lease.close();
                }
                throw e;
            }
        });
    }

    private void catchUp(IndexName name, AccountMail mail, Indexes.Lease lease)
            throws IOException, InterruptedException {
        TextIndex index = lease.index();
        if (index.coverage().isUpTo(mail.newest())) {
            return;
        }
        if (!index.tryEnter(WAIT_FOR_TURN)) {
            return; // It is just being written
        }
        boolean more = true;
        try {
            Gathering gathering = new Gathering(mail, name.kind(), index);
            long end = System.nanoTime() + QUICK;
            while (more && System.nanoTime() - end < 0) {
                more = gathering.step(STEP);
            }
            index.show();
        } finally {
            index.leave();
        }
        if (more) {
            indexer.want(name);
        }
    }

    /// Does now what the indexer would do of itself later; for tests and tools.
    void finish(IndexName name) {
        indexer.finish(name);
    }

    int size(IndexName name) {
        return cpu.run(() -> {
            try (Indexes.Lease lease = indexes.open(name)) {
                return lease.index().size();
            } catch (IOException e) {
                throw new Unavailable("there is no search at the moment", e.toString(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Unavailable("the server stops", "interrupted");
            }
        });
    }

    @Override
    public void close() {
        indexer.close();
        cpu.close();
        indexes.close();
    }
}
