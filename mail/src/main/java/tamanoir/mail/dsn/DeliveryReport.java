package tamanoir.mail.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of one message for some of its recipients (RFC 3464): the facts, in no format yet.
///
/// `mailName` names the product in the extension fields (`X-<mailName>-Queue-ID`). `envelopeId` is the client's ENVID
/// as it may be shown. `sender` is absent for mail with the null sender. Times are kept to the second, as the fields
/// are. Immutable; every text is one printable line.
public record DeliveryReport(
        String mailName,
        String reportingMta,
        Optional<String> envelopeId,
        String queueId,
        Optional<TypedAddress> sender,
        Instant arrival,
        List<Recipient> recipients) {
    public DeliveryReport {
        mailName = OneLine.of(mailName);
        reportingMta = OneLine.of(reportingMta);
        envelopeId = envelopeId.map(OneLine::of);
        queueId = OneLine.of(queueId);
        arrival = arrival.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            // RFC 3464 §2.1: at least one group of per-recipient fields.
            throw new IllegalArgumentException("a report without recipients");
        }
    }

    /// True when a form that may hold UTF-8 says more than the ASCII one.
    public boolean hasUtf8() {
        return sender.filter(s -> !s.isAscii()).isPresent()
                || recipients.stream()
                        .anyMatch(r -> !r.finalRecipient().isAscii()
                                || !r.originalRecipient().isAscii());
    }

    /// RFC 3464 §2.3.3.
    public enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED
    }

    /// One recipient (RFC 3464 §2.3). `status` is like `5.1.1`. `remoteMta` is the host that spoke, empty when nobody
    /// was reached.
    public record Recipient(
            TypedAddress finalRecipient,
            TypedAddress originalRecipient,
            Action action,
            String status,
            Optional<String> remoteMta,
            Optional<Diagnostic> diagnostic,
            Optional<Instant> lastAttempt,
            Optional<Instant> willRetryUntil) {
        public Recipient {
            status = OneLine.of(status);
            remoteMta = remoteMta.map(OneLine::of);
            lastAttempt = lastAttempt.map(t -> t.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
            willRetryUntil = willRetryUntil.map(t -> t.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        }
    }

    /// Whose words: `smtp` for the reply of a remote server, `X-…` for our own (RFC 3464 §2.3.6).
    public record Diagnostic(String type, String text) {
        public Diagnostic {
            type = OneLine.of(type);
            text = OneLine.of(text).strip();
        }

        public boolean isRemote() {
            return type.equalsIgnoreCase("smtp");
        }
    }
}
