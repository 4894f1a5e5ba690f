package tamanoir.server.mailbox;

/// One message of one account, whatever mailboxes it is in: milliseconds since 2020 << 22 | node << 12 | sequence.
public record MessageId(long number) {}
