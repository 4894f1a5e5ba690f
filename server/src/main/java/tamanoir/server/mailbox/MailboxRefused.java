package tamanoir.server.mailbox;

import tamanoir.server.observe.Refused;

/// A mailbox operation that cannot be done, with the reason a protocol can name (RFC 9051 §7.1, RFC 8621 §2.5).
public final class MailboxRefused extends Refused {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public MailboxRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /// The names are those of IMAP's response codes.
    public enum Reason {
        ALREADYEXISTS,
        CANNOT,
        HASCHILDREN,
        LIMIT,
        NONEXISTENT,
        OVERQUOTA,
        /// The special use is taken by another mailbox or cannot be given (RFC 6154 §3).
        USEATTR,
        /// The message has gone (RFC 9051 §7.1 EXPUNGEISSUED).
        EXPUNGEISSUED
    }
}
