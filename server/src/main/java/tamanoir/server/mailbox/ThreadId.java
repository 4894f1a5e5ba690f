package tamanoir.server.mailbox;

/// A conversation: the id of its first message (RFC 8621 §3). A message never changes its thread.
public record ThreadId(long number) {}
