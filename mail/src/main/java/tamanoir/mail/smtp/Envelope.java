package tamanoir.mail.smtp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;

/// Who sends to whom, and what the client asked for beside (RFC 5321 §2.3.1, RFC 3461 §4, RFC 6531 §3.4).
///
/// `envelopeId` and `Recipient.originalRecipient` stay xtext-encoded as received: decoding is for display only, so that
/// a
/// hidden line break never becomes one. `smtpUtf8` is what the client declared; the way out computes its own need.
public record Envelope(
        ReversePath sender,
        List<Recipient> recipients,
        boolean smtpUtf8,
        BodyType bodyType,
        Return returned,
        Optional<String> envelopeId,
        boolean requireTls) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    public static Envelope of(ReversePath sender, List<Recipient> recipients) {
        return new Envelope(
                sender, recipients, false, BodyType.UNSPECIFIED, Return.UNSPECIFIED, Optional.empty(), false);
    }

    public Envelope withRecipients(List<Recipient> others) {
        return new Envelope(sender, others, smtpUtf8, bodyType, returned, envelopeId, requireTls);
    }

    public Envelope withSender(ReversePath other) {
        return new Envelope(other, recipients, smtpUtf8, bodyType, returned, envelopeId, requireTls);
    }

    /// One recipient. `original` is the address as the client gave it, before aliases and virtual mapping.
    /// `originalRecipient` is the client's ORCPT (RFC 3461 §4.2), xtext, `type;address`.
    public record Recipient(
            Address address, Address original, Set<Notify> notifications, Optional<String> originalRecipient) {
        public Recipient {
            notifications = Set.copyOf(notifications);
        }

        /// A recipient as given by a client without DSN parameters.
        public static Recipient of(Address address) {
            return new Recipient(address, address, Set.of(), Optional.empty());
        }

        public Recipient withAddress(Address other) {
            return new Recipient(other, original, notifications, originalRecipient);
        }
    }

    /// RFC 3461 §4.1; an empty set means the client said nothing: failure and, where configured, delay.
    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    /// RFC 3461 §4.3.
    public enum Return {
        UNSPECIFIED,
        FULL,
        HEADERS
    }

    /// RFC 6152, RFC 3030.
    public enum BodyType {
        UNSPECIFIED,
        SEVEN_BIT,
        EIGHT_BIT_MIME,
        BINARY_MIME
    }
}
