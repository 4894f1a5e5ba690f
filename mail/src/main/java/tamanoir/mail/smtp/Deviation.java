package tamanoir.mail.smtp;

/// Where a command departs from RFC 5321 and is understood all the same.
///
/// `strict_rfc821_envelopes = yes` refuses the ones that touch a path.
public enum Deviation {
    /// `MAIL FROM: <a@example.net>`: RFC 5321 §3.3 allows no blank there, many programs write one.
    SPACE_AFTER_COLON,
    /// `MAIL FROM:a@example.net`.
    NO_ANGLE_BRACKETS,
    /// `<@relay.example.net:a@example.net>`: to be accepted and ignored (RFC 5321 §4.1.1.3, appendix C).
    SOURCE_ROUTE
}
