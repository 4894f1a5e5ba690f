package tamanoir.server.mailbox;

import java.util.List;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Batch;

/// All mailboxes of all accounts: the front of the room.
public class Mailboxes {
    /// The mailboxes of one account; cheap, may be asked for again and again.
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
}
