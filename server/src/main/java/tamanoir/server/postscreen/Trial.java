package tamanoir.server.postscreen;

/// What a client is tested for; each pass is remembered for a time of its own (POSTSCREEN_README).
public enum Trial {
    /// It waits for the greeting (RFC 5321 §4.3.1).
    GREET,
    /// It is on no list in the DNS, or on those of friends.
    DNSBL,
    /// It waits for the reply to each command.
    PIPELINING,
    /// It speaks SMTP.
    NON_SMTP,
    /// It ends its lines with CR LF (RFC 5321 §2.3.8).
    BARE_NEWLINE
}
