package tamanoir.server.mailbox;

/// A mailbox of one account, for ever: a renamed mailbox keeps it, a new one of the same name gets another.
public record MailboxId(int number) {}
