package tamanoir.app;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Xtext;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;

/// A message handed in by the `sendmail` command: what its words and its header say, as an envelope.
///
/// `user` is the local user who calls; a bare name is completed with `myorigin`, as Postfix does.
public record Submission(
        String user,
        Optional<String> sender,
        Optional<String> fullName,
        List<String> recipients,
        Optional<String> envelopeId,
        Optional<String> notifications,
        Optional<String> returned) {
    public Submission {
        recipients = List.copyOf(recipients);
    }

    /// The text as lines ended by CRLF; with `dotEnds` it stops at a line that is a single dot, and what is doubled
    /// there is halved (sendmail(1), option -i).
    public static Octets lines(byte[] text, boolean dotEnds) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(text.length + text.length / 32 + 2);
        for (int from = 0; from < text.length; ) {
            int end = from;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            int next = end + 1;
            if (end > from && end < text.length && text[end - 1] == '\r') {
                end--;
            }
            if (dotEnds && end - from == 1 && text[from] == '.') {
                break;
            }
            lines.write(text, from, end - from);
            lines.writeBytes(new byte[] {'\r', '\n'});
            from = next;
        }
        return Octets.of(lines.toByteArray());
    }

    /// The recipients that To, Cc and Bcc name (or, of a resent message, their Resent twins).
    public static List<String> recipients(Octets message) {
        HeaderFields fields = HeaderFields.of(message);
        boolean resent = fields.has("Resent-To") || fields.has("Resent-Cc") || fields.has("Resent-Bcc");
        Set<String> all = new LinkedHashSet<>();
        for (String name : List.of("To", "Cc", "Bcc")) {
            fields.all((resent ? "Resent-" : "") + name)
                    .forEach(field -> AddressList.parse(field.value())
                            .mailboxes()
                            .forEach(mailbox -> all.add(
                                    mailbox.domain().isEmpty()
                                            ? mailbox.localPart()
                                            : mailbox.localPart() + "@" + mailbox.domain())));
        }
        return new ArrayList<>(all);
    }

    /// @throws BadSyntax when an address or a word is wrong
    public Envelope envelope(Config config) {
        Set<Notify> notify = notify(notifications.orElse(""));
        List<Recipient> to = recipients.stream()
                .map(text -> complete(text, config))
                .map(address -> new Recipient(address, address, notify, Optional.empty()))
                .toList();
        return new Envelope(
                reversePath(config),
                to,
                to.stream().anyMatch(r -> r.address().needsSmtpUtf8()),
                Envelope.BodyType.EIGHT_BIT_MIME,
                switch (returned.orElse("").toLowerCase(Locale.ROOT)) {
                    case "" -> Envelope.Return.UNSPECIFIED;
                    case "full" -> Envelope.Return.FULL;
                    case "hdrs" -> Envelope.Return.HEADERS;
                    default -> throw new BadSyntax("-R is full or hdrs");
                },
                envelopeId.map(Xtext::encode),
                false);
    }

    private ReversePath reversePath(Config config) {
        String text = sender.orElse(user);
        return text.isEmpty() || text.equals("<>") ? ReversePath.NULL : ReversePath.of(complete(text, config));
    }

    private static Address complete(String text, Config config) {
        String bare = text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
        return bare.indexOf('@') > 0
                ? Address.of(bare)
                : new Address(bare, Domain.of(config.get(CleanupParameters.MYORIGIN)));
    }

    private static Set<Notify> notify(String words) {
        Set<Notify> all = java.util.EnumSet.noneOf(Notify.class);
        for (String word : words.isEmpty() ? new String[0] : words.split(",", -1)) {
            switch (word.strip().toLowerCase(Locale.ROOT)) {
                case "never" -> all.add(Notify.NEVER);
                case "success" -> all.add(Notify.SUCCESS);
                case "failure" -> all.add(Notify.FAILURE);
                case "delay" -> all.add(Notify.DELAY);
                default -> throw new BadSyntax("-N is never, or some of success,failure,delay");
            }
        }
        if (all.contains(Notify.NEVER) && all.size() > 1) {
            throw new BadSyntax("-N never stands alone");
        }
        return all;
    }

    /// The message with a From field, when it has none and the caller named a full name; the rest is the intake's work.
    public Octets completed(Octets message, Config config) {
        HeaderFields fields = HeaderFields.of(message);
        if (fields.has("From") || fullName.isEmpty() || reversePath(config).equals(ReversePath.NULL)) {
            return message;
        }
        Address from = ((ReversePath.Sender) reversePath(config)).address();
        Field field = Field.address("From", fullName.get(), from);
        return Octets.join(Octets.of(field.write(false)), message);
    }
}
