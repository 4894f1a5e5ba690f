package tamanoir.server.mailbox;

import java.util.List;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Batch;

/// All mailboxes of all accounts: the front of the room.
public class Mailboxes implements AutoCloseable {
    /// The mailboxes of one account; cheap, may be asked for again and again. The first time, INBOX and the usual
    /// special mailboxes are made.
    public AccountMail open(AccountId account) {
        throw new UnsupportedOperationException();
    }

    /// Stores every deposit that can be stored, together with the batches of other partitions (queue rows), as one
    /// durable step; answers for each deposit in order. Nothing is stored when it throws.
    ///
    /// @throws tamanoir.server.observe.Unavailable when the store cannot write
    public List<Deposited> deliver(List<Deposit> deposits, List<Batch> alongside) {
        throw new UnsupportedOperationException();
    }

    /// Erases all mail of an account that the directory no longer has.
    public void erase(AccountId account) {
        throw new UnsupportedOperationException();
    }

    /// The bodies beside the rows, for reading [tamanoir.server.store.Body.Large].
    public tamanoir.server.store.Blobs blobs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
