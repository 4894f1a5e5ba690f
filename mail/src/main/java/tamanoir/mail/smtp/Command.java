package tamanoir.mail.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.text.Octets;

/// One command of a client, in the order of RFC 5321 §4.1.1, extensions after. [CommandParser] makes them.
public sealed interface Command {
    /// The word the client began with, in capitals, for counters and logs.
    default String verb() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    record Ehlo(String name) implements Command {}

    record Helo(String name) implements Command {}

    /// RFC 2033 §4.1.
    record Lhlo(String name) implements Command {}

    /// RFC 5321 §4.1.1.2. `size` is 0 when the client does not say (RFC 1870 §5). `auth` and `envelopeId`
    /// stay xtext.
    record Mail(
            Path sender,
            long size,
            BodyType body,
            boolean smtpUtf8,
            Return returned,
            Optional<String> envelopeId,
            Optional<String> auth,
            boolean requireTls,
            Set<Deviation> deviations,
            Release release)
            implements Command {
        /// Of a message that may go at once.
        public Mail(
                Path sender,
                long size,
                BodyType body,
                boolean smtpUtf8,
                Return returned,
                Optional<String> envelopeId,
                Optional<String> auth,
                boolean requireTls,
                Set<Deviation> deviations) {
            this(sender, size, body, smtpUtf8, returned, envelopeId, auth, requireTls, deviations, new Release.Now());
        }
    }

    /// RFC 5321 §4.1.1.3. `originalRecipient` stays xtext (RFC 3461 §4.2).
    record Rcpt(
            Path recipient, Set<Notify> notifications, Optional<String> originalRecipient, Set<Deviation> deviations)
            implements Command {}

    record Data() implements Command {}

    record Rset() implements Command {}

    record Vrfy(String argument) implements Command {}

    record Expn(String argument) implements Command {}

    record Help(String topic) implements Command {}

    record Noop() implements Command {}

    record Quit() implements Command {}

    /// RFC 3030 §2.
    record Bdat(long size, boolean last) implements Command {}

    /// RFC 3207 §4.
    record StartTls() implements Command {}

    /// RFC 4954 §4. `initialResponse` is base64 still; `=` means an empty one.
    record Auth(String mechanism, Optional<String> initialResponse) implements Command {}

    /// RFC 1985 §5.
    record Etrn(String argument) implements Command {}

    /// Postfix's XCLIENT: a trusted proxy says for whom it speaks. Attributes as written.
    record XClient(String attributes) implements Command {}

    /// RFC 5321 §4.2.4: a word that is no command of ours.
    record Unknown(String word, Octets line) implements Command {
        @Override
        public String verb() {
            return word;
        }
    }
}
