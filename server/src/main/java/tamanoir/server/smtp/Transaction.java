package tamanoir.server.smtp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.queue.QueueId;

/// One mail transaction, from MAIL to the end of data (RFC 5321 §3.3). Used by the session's thread.
final class Transaction {
    final Command.Mail mail;
    final ReversePath sender;
    final List<Recipient> recipients = new ArrayList<>();
    final Set<Effect> effects = new LinkedHashSet<>();
    /// RCPT commands in all, the refused ones too.
    int attempts;

    /// When MAIL came: HOLDFOR counts from here.
    final Instant began;

    final QueueId id;

    Transaction(Command.Mail mail, ReversePath sender, Instant began, QueueId id) {
        this.id = id;
        this.began = began;
        this.mail = mail;
        this.sender = sender;
    }

    Envelope envelope() {
        return new Envelope(
                sender,
                recipients,
                mail.smtpUtf8(),
                mail.body(),
                mail.returned(),
                mail.envelopeId(),
                mail.requireTls());
    }

    List<Address> addresses() {
        return recipients.stream().map(Recipient::address).toList();
    }
}
