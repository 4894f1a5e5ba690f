package tamanoir.mail.dsn;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.dsn.DeliveryReport.Action;
import tamanoir.mail.dsn.DeliveryReport.Diagnostic;
import tamanoir.mail.dsn.DeliveryReport.Recipient;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The machine part of a report: groups of fields, one for the message and one for each recipient (RFC 3464 §2.1), in
/// ASCII as `message/delivery-status` or in UTF-8 as `message/global-delivery-status` (RFC 6533 §4).
public final class StatusFields {
    /// RFC 5322 §3.3, with a numeric zone.
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US);

    private static final int FOLD_AT = 76;

    private StatusFields() {}

    /// Ends with CRLF. `utf8` chooses the form that may hold UTF-8.
    public static Octets write(DeliveryReport report, ZoneId zone, boolean utf8) {
        StringBuilder text = new StringBuilder(512);
        String extension = "X-" + report.mailName();
        field(text, "Reporting-MTA", "dns; " + report.reportingMta(), utf8);
        // RFC 3464 §2.2.1: only when the sender gave one.
        report.envelopeId().ifPresent(id -> field(text, "Original-Envelope-Id", id, utf8));
        field(text, extension + "-Queue-ID", report.queueId(), utf8);
        report.sender().ifPresent(s -> field(text, extension + "-Sender", s.toField(utf8), true));
        field(text, "Arrival-Date", date(report.arrival(), zone), utf8);
        for (Recipient recipient : report.recipients()) {
            text.append("\r\n");
            field(text, "Final-Recipient", recipient.finalRecipient().toField(utf8), true);
            field(text, "Original-Recipient", recipient.originalRecipient().toField(utf8), true);
            field(text, "Action", recipient.action().name().toLowerCase(Locale.ROOT), utf8);
            field(text, "Status", recipient.status(), utf8);
            recipient.remoteMta().ifPresent(host -> field(text, "Remote-MTA", "dns; " + host, utf8));
            recipient.diagnostic().ifPresent(d -> field(text, "Diagnostic-Code", d.type() + "; " + d.text(), utf8));
            recipient.lastAttempt().ifPresent(t -> field(text, "Last-Attempt-Date", date(t, zone), utf8));
            // RFC 3464 §2.3.9: only in reports of a delay.
            recipient.willRetryUntil().ifPresent(t -> field(text, "Will-Retry-Until", date(t, zone), utf8));
        }
        return Octets.of(text.toString());
    }

    private static String date(Instant instant, ZoneId zone) {
        return DATE.format(instant.atZone(zone));
    }

    /// Folded at blanks; what has none stays on its line.
    private static void field(StringBuilder text, String name, String value, boolean utf8) {
        String line = name + ": " + (utf8 ? value : ascii(value));
        while (line.length() > FOLD_AT) {
            int blank = line.lastIndexOf(' ', FOLD_AT);
            if (blank <= name.length() + 1) {
                blank = line.indexOf(' ', Math.max(FOLD_AT, name.length() + 2));
            }
            if (blank < 0 || blank == line.length() - 1) {
                break;
            }
            text.append(line, 0, blank).append("\r\n");
            line = line.substring(blank);
        }
        text.append(line).append("\r\n");
    }

    private static String ascii(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        value.codePoints().forEach(c -> plain.append(c < 128 ? (char) c : '?'));
        return plain.toString();
    }

    /// Reads either form, tolerantly: unknown fields are skipped, a recipient needs its address and action.
    ///
    /// @throws BadSyntax when a required field is missing or unreadable
    public static DeliveryReport parse(Octets part) {
        List<Map<String, Field>> groups = groups(part.utf8());
        if (groups.isEmpty()) {
            throw new BadSyntax("the report is empty");
        }
        Map<String, Field> message = groups.getFirst();
        String mailName = message.values().stream()
                .map(Field::name)
                .filter(name -> name.matches("(?i)X-.+-Queue-ID"))
                .map(name -> name.substring(2, name.length() - 9))
                .findFirst()
                .orElse("");
        String extension = "x-" + mailName.toLowerCase(Locale.ROOT);
        List<Recipient> recipients = new ArrayList<>();
        for (Map<String, Field> group : groups.subList(1, groups.size())) {
            recipients.add(recipient(group));
        }
        if (recipients.isEmpty()) {
            throw new BadSyntax("the report names no recipient");
        }
        return new DeliveryReport(
                mailName,
                afterType(required(message, "reporting-mta")),
                optional(message, "original-envelope-id"),
                optional(message, extension + "-queue-id").orElse(""),
                optional(message, extension + "-sender").map(TypedAddress::parse),
                optional(message, "arrival-date").map(StatusFields::instant).orElse(Instant.EPOCH),
                recipients);
    }

    private static Recipient recipient(Map<String, Field> group) {
        TypedAddress finalRecipient = TypedAddress.parse(required(group, "final-recipient"));
        return new Recipient(
                finalRecipient,
                optional(group, "original-recipient").map(TypedAddress::parse).orElse(finalRecipient),
                action(required(group, "action")),
                firstWord(required(group, "status")),
                optional(group, "remote-mta").map(StatusFields::afterType),
                optional(group, "diagnostic-code").map(StatusFields::diagnostic),
                optional(group, "last-attempt-date").map(StatusFields::instant),
                optional(group, "will-retry-until").map(StatusFields::instant));
    }

    private static Diagnostic diagnostic(String value) {
        int semicolon = value.indexOf(';');
        return semicolon < 0
                ? new Diagnostic("smtp", value)
                : new Diagnostic(value.substring(0, semicolon).strip(), value.substring(semicolon + 1));
    }

    private static Action action(String value) {
        try {
            return Action.valueOf(firstWord(value).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the report has an unknown action");
        }
    }

    private static Instant instant(String value) {
        try {
            return ZonedDateTime.parse(value.replaceFirst("\\s*\\(.*", ""), DATE)
                    .toInstant();
        } catch (DateTimeException e) {
            throw new BadSyntax("the report has an unreadable date");
        }
    }

    private static String firstWord(String value) {
        int blank = value.indexOf(' ');
        return blank < 0 ? value : value.substring(0, blank);
    }

    private static String afterType(String value) {
        return value.substring(value.indexOf(';') + 1).strip();
    }

    private static Optional<String> optional(Map<String, Field> group, String name) {
        return Optional.ofNullable(group.get(name)).map(Field::value);
    }

    private static String required(Map<String, Field> group, String name) {
        return optional(group, name).orElseThrow(() -> new BadSyntax("the report lacks the field " + name));
    }

    private record Field(String name, String value) {}

    /// Unfolded fields by lower-case name; the first of a name counts.
    private static List<Map<String, Field>> groups(String text) {
        List<Map<String, Field>> groups = new ArrayList<>();
        Map<String, Field> group = new LinkedHashMap<>();
        String name = "";
        StringBuilder value = new StringBuilder();
        for (String line : (text + "\r\n\r\n").split("\r?\n", -1)) {
            if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                value.append(line);
                continue;
            }
            if (!name.isEmpty()) {
                group.putIfAbsent(
                        name.toLowerCase(Locale.ROOT),
                        new Field(name, value.toString().strip()));
                name = "";
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                name = line.substring(0, colon).strip();
                value = new StringBuilder(line.substring(colon + 1));
            } else if (line.isBlank() && !group.isEmpty()) {
                groups.add(group);
                group = new LinkedHashMap<>();
            }
        }
        return groups;
    }
}
