package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.message.ContentType;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.message.Parameter;
import tamanoir.mail.message.Parameters;
import tamanoir.mail.text.Octets;

/// The message that tells a sender that a script has refused his mail, where the protocol could not (RFC 5429 §2.1.1,
/// RFC 8098): a disposition notification.
public final class Refusal {
    private Refusal() {}

    /// Empty when there is nobody to tell (RFC 5429 §2.1: never to the null sender).
    public static Optional<Mailing> of(Letter letter, Sent sent, Action.Reject action, Mailing.Stamp stamp) {
        Optional<Address> sender = VacationReply.address(sent.from());
        Optional<Address> recipient = VacationReply.address(sent.to());
        if (sender.isEmpty() || recipient.isEmpty()) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        fields.add(Field.ids("Message-ID", List.of(stamp.messageId())));
        fields.add(Field.date("Date", stamp.now()));
        fields.add(VacationReply.addresses("From", "Mail Delivery Subsystem <postmaster@" + stamp.host() + ">"));
        fields.add(VacationReply.addresses("To", sender.get().toString()));
        fields.add(Field.text("Subject", "Automatically rejected mail"));
        fields.add(Field.structured("Auto-Submitted", "auto-replied (rejected)"));
        fields.add(Field.structured("Precedence", "bulk"));
        String id = letter.first("message-id").map(Letter.Line::rawValue).orElse("");
        String notification = "Reporting-UA: " + stamp.host() + "; Tamanoir Sieve\r\n"
                + "Final-Recipient: rfc822; " + recipient.get() + "\r\n"
                + (id.isEmpty() || id.length() > 900 ? "" : "Original-Message-ID: " + id + "\r\n")
                + "Disposition: automatic-action/MDN-sent-automatically; deleted\r\n";
        Entity report = new Entity.Multipart(
                fields,
                "report",
                List.of(new Parameter("report-type", "disposition-notification")),
                List.of(
                        Entity.Text.plain("Your message was automatically rejected by the recipient's mail filter.\n"
                                + "The following reason was given:\n\n" + action.reason() + "\n"),
                        new Entity.Data(
                                List.of(),
                                new ContentType("message", "disposition-notification", Parameters.NONE),
                                Octets.of(notification)),
                        new Entity.Message(
                                List.of(), "rfc822-headers", letter.root().header())));
        return Optional.of(new Mailing("", List.of(sender.get().toString()), MessageWriter.ASCII.write(report)));
    }
}
