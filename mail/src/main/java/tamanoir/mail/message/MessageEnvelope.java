package tamanoir.mail.message;

import java.util.Optional;

/// The ENVELOPE of IMAP (RFC 9051 §7.5.2): values as they stand in the header, unfolded, encoded words not decoded.
///
/// `sender` and `replyTo` are the From addresses where the header has none. A text that is absent differs from one
/// that is empty, for IMAP says so.
public record MessageEnvelope(
        Optional<String> date,
        Optional<String> subject,
        AddressList from,
        AddressList sender,
        AddressList replyTo,
        AddressList to,
        AddressList cc,
        AddressList bcc,
        Optional<String> inReplyTo,
        Optional<String> messageId) {
    public static final MessageEnvelope EMPTY = new MessageEnvelope(
            Optional.empty(),
            Optional.empty(),
            AddressList.EMPTY,
            AddressList.EMPTY,
            AddressList.EMPTY,
            AddressList.EMPTY,
            AddressList.EMPTY,
            AddressList.EMPTY,
            Optional.empty(),
            Optional.empty());

    public static MessageEnvelope of(HeaderFields fields) {
        AddressList from = fields.addresses("From");
        AddressList sender = fields.addresses("Sender");
        AddressList replyTo = fields.addresses("Reply-To");
        return new MessageEnvelope(
                fields.value("Date"),
                fields.value("Subject"),
                from,
                sender.isEmpty() ? from : sender,
                replyTo.isEmpty() ? from : replyTo,
                fields.addresses("To"),
                fields.addresses("Cc"),
                fields.addresses("Bcc"),
                fields.value("In-Reply-To"),
                fields.value("Message-ID"));
    }
}
