package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.sieve.extension.Mailto;
import tamanoir.mail.text.BadSyntax;

/// A notification by mail (RFC 5436).
public final class MailNotification {
    /// RFC 5436 §2.7: not from a URI.
    private static final Set<String> NOT_TAKEN = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "body",
            "date",
            "message-id",
            "received",
            "auto-submitted",
            "sender",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "return-path",
            "x-sieve",
            "x-priority",
            "importance",
            "precedence");

    private MailNotification() {}

    /// Empty when nobody may be told: RFC 5436 §2.7.1, a notification about what a machine has sent goes round for
    /// ever.
    public static Optional<Mailing> of(
            Letter letter, Sent sent, Action.Notify action, Owner owner, Mailing.Stamp stamp) {
        boolean automatic = letter.all("auto-submitted").stream()
                .anyMatch(line -> !line.rawValue().toLowerCase(Locale.ROOT).startsWith("no"));
        Mailto uri;
        try {
            uri = Mailto.of(action.method());
        } catch (BadSyntax e) {
            return Optional.empty();
        }
        Set<String> to = new LinkedHashSet<>();
        List<String> shown = distinct(uri.to(), to);
        List<String> copied = distinct(addresses(uri, "cc"), to);
        distinct(addresses(uri, "bcc"), to);
        if (automatic || to.isEmpty()) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        fields.add(Field.ids("Message-ID", List.of(stamp.messageId())));
        fields.add(Field.date("Date", stamp.now()));
        String from = action.from().isEmpty() ? owner.address() : action.from();
        fields.add(VacationReply.addresses("From", from));
        if (!shown.isEmpty()) {
            fields.add(VacationReply.addresses("To", String.join(", ", shown)));
        }
        if (!copied.isEmpty()) {
            fields.add(VacationReply.addresses("Cc", String.join(", ", copied)));
        }
        String subject = !action.message().isEmpty()
                ? action.message()
                : first(uri, "subject")
                        .or(() -> letter.first("subject").map(Letter.Line::value))
                        .orElse("New mail");
        fields.add(Field.text("Subject", subject.replaceAll("\\p{Cntrl}+", " ").strip()));
        // RFC 5436 §2.7.1
        fields.add(Field.structured("Auto-Submitted", "auto-notified; owner-email=\"" + plain(owner.address()) + "\""));
        fields.add(Field.structured("Precedence", "bulk"));
        if (action.importance() != 2) {
            boolean high = action.importance() == 1;
            fields.add(Field.structured("X-Priority", high ? "1 (Highest)" : "5 (Lowest)"));
            fields.add(Field.structured("Importance", high ? "High" : "Low"));
        }
        for (Map.Entry<String, List<String>> other : uri.fields().entrySet()) {
            if (!NOT_TAKEN.contains(other.getKey())) {
                for (String value : other.getValue()) {
                    fields.add(Field.text(other.getKey(), value.replaceAll("\\p{Cntrl}+", " ")));
                }
            }
        }
        String body = first(uri, "body").orElse("Notification of new message.\n");
        // RFC 5436 §2.1: the null sender answers to the null sender; else the owner takes the bounces.
        String envelope = VacationReply.address(sent.from()).isEmpty() ? "" : bare(from);
        return Optional.of(new Mailing(
                envelope, List.copyOf(to), MessageWriter.ASCII.write(new Entity.Text(fields, "plain", body))));
    }

    private static List<String> distinct(List<String> addresses, Set<String> all) {
        List<String> fresh = new ArrayList<>();
        for (String one : addresses) {
            if (all.stream().noneMatch(one::equalsIgnoreCase)) {
                all.add(one);
                fresh.add(one);
            }
        }
        return fresh;
    }

    private static List<String> addresses(Mailto uri, String field) {
        List<String> all = new ArrayList<>();
        for (String value : uri.fields().getOrDefault(field, List.of())) {
            tamanoir.mail.message.AddressList.parse(value)
                    .mailboxes()
                    .forEach(one -> all.add(one.localPart() + "@" + one.domain()));
        }
        return all;
    }

    private static Optional<String> first(Mailto uri, String field) {
        return uri.fields().getOrDefault(field, List.of()).stream().findFirst();
    }

    private static String bare(String from) {
        return tamanoir.mail.message.AddressList.parse(from).mailboxes().stream()
                .findFirst()
                .map(one -> one.localPart() + "@" + one.domain())
                .flatMap(VacationReply::address)
                .map(Address::toString)
                .orElse("");
    }

    private static String plain(String address) {
        return address.replaceAll("[^A-Za-z0-9@._+=-]", "");
    }
}
