package tamanoir.server.mailbox;

/// What became of one [Deposit].
public sealed interface Deposited {
    record Stored(MailboxId mailbox, long uid, MessageId message) implements Deposited {}

    /// The same acceptance has put it there before.
    record AlreadyThere() implements Deposited {}

    record OverQuota() implements Deposited {}

    record NoSuchAccount() implements Deposited {}
}
