package tamanoir.server.smtp;

/// Where a session stands (RFC 5321 §4.1.4).
sealed interface State {
    /// Connected, or fresh out of a TLS handshake: nothing was said.
    record Connected() implements State {}

    /// EHLO, HELO or LHLO was said; no mail is under way.
    record Greeted() implements State {}

    /// After MAIL.
    record Sending(Transaction transaction) implements State {}

    /// After the first BDAT. Once one chunk was refused all others are, until RSET (RFC 3030 §2).
    record Chunking(Transaction transaction, Arrival arrival, boolean refused) implements State {}
}
