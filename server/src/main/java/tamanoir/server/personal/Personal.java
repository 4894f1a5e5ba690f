package tamanoir.server.personal;

import java.util.ArrayList;
import java.util.List;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// The personal objects of all accounts: the front of the room. Holds nothing in memory; used by any number
/// of threads.
public final class Personal {
    private static final Trace TRACE = new Trace("personal", "");
    private static final int ROWS_A_STEP = 500;

    private final Store store;
    private final Directory directory;
    private final PersonalSettings settings;

    public Personal(Store store, Directory directory, PersonalSettings settings) {
        this.store = store;
        this.directory = directory;
        this.settings = settings;
    }

    /// The objects of one account; costs nothing.
    public PersonalAccount open(AccountId account) {
        return new PersonalAccount(this, account);
    }

    /// Erases everything of an account that the directory no longer has.
    public void erase(AccountId account) {
        Partition partition = Keys.partition(account);
        while (true) {
            Batch batch;
            try (Snapshot snapshot = store.snapshot()) {
                // Conditional: a change under way then finds that the account has gone.
                batch = new Batch(partition, snapshot.version(partition));
                for (Space space : Keys.ALL) {
                    snapshot.scan(partition, space, Keys.NOTHING, Keys.NOTHING, (key, _) -> {
                        batch.delete(space, key);
                        return batch.changes().size() < ROWS_A_STEP;
                    });
                    if (batch.changes().size() >= ROWS_A_STEP) {
                        break;
                    }
                }
            }
            if (batch.isEmpty()) {
                return;
            }
            // Done or met by a conflict: look again.
            store.commit(batch);
        }
    }

    /// Erases what accounts left behind that the directory no longer has: an erasure that a crash cut
    /// short. Once after the start, in the background.
    public void eraseLeftovers() {
        try {
            for (AccountId account : stored()) {
                if (!isKnown(account)) {
                    erase(account);
                    TRACE.info("erased", "account", account);
                }
            }
        } catch (Unavailable e) {
            TRACE.warn("leftovers not erased", "reason", e.detail());
        }
    }

    /// Recounts and compares everything that is kept of an account; answers what does not agree, in words.
    public List<String> verify(AccountId account) {
        try (Snapshot snapshot = store.snapshot()) {
            return new Verify(snapshot, Keys.partition(account)).findings();
        }
    }

    /// Every account that has or had objects, whether the directory knows it or not.
    public List<AccountId> stored() {
        List<AccountId> found = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions(Keys.PARTITION, partition -> found.add(new AccountId(partition.number())));
        }
        return found;
    }

    boolean isKnown(AccountId account) {
        return directory.account(account).isPresent();
    }

    Store store() {
        return store;
    }

    public PersonalSettings settings() {
        return settings;
    }
}
