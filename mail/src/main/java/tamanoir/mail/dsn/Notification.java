package tamanoir.mail.dsn;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.dsn.DeliveryReport.Action;
import tamanoir.mail.dsn.DeliveryReport.Recipient;
import tamanoir.mail.text.Octets;

/// A whole report as a message: words for people, [StatusFields] for programs, and the message it is about (RFC 3464,
/// RFC 6522).
///
/// It is sent with the null sender and says that nobody wrote it (RFC 3834 §5), so that no reply comes back. Where the
/// sender's address needs SMTPUTF8 the report is in UTF-8; otherwise every octet of it is ASCII, whatever it returns
/// (RFC 6533 §3).
///
/// `to` is who reads it; `messageId` is without angle brackets; `returned` is the message as it was received, whole or
/// its header only. `threaded` lets mail programs show the report with the message it is about.
public record Notification(
        DeliveryReport report,
        Audience audience,
        String to,
        String messageId,
        Instant date,
        ZoneId zone,
        Returned returned,
        boolean threaded) {

    public enum Audience {
        SENDER,
        /// A copy for the postmaster: what users were told, or a report that could not be delivered itself.
        POSTMASTER
    }

    /// What comes back with the report (RFC 3461 §4.3, `bounce_size_limit`).
    public record Returned(Octets octets, boolean headersOnly) {}

    private static final DateTimeFormatter FOR_PEOPLE = DateTimeFormatter.ofPattern("d MMMM yyyy HH:mm Z", Locale.US);

    /// The message, lines ended by CRLF.
    public Octets toMessage() {
        boolean utf8 = to.chars().anyMatch(c -> c >= 128);
        String boundary = boundary();
        String text = text();
        StringBuilder head = new StringBuilder(1024);
        String host = report.reportingMta();
        head.append("Date: ")
                .append(StatusFields.DATE.format(date.atZone(zone)))
                .append("\r\n");
        head.append("From: Mail Delivery System <MAILER-DAEMON@").append(host).append(">\r\n");
        head.append("To: ").append(OneLine.of(to)).append("\r\n");
        head.append("Subject: ").append(subject()).append("\r\n");
        head.append("Message-ID: <").append(messageId).append(">\r\n");
        // RFC 3834 §3.1.5: the report belongs to the thread of its message.
        ReturnedHeader original = ReturnedHeader.of(returned.octets());
        original.messageId()
                .filter(id -> threaded)
                .ifPresent(id -> head.append("In-Reply-To: ")
                        .append(id)
                        .append("\r\nReferences: ")
                        .append(id)
                        .append("\r\n"));
        head.append("Auto-Submitted: ")
                .append(audience == Audience.SENDER ? "auto-replied" : "auto-generated")
                .append("\r\n");
        head.append("MIME-Version: 1.0\r\n");
        head.append("Content-Type: multipart/report; report-type=")
                .append(utf8 ? "global-delivery-status" : "delivery-status")
                .append(";\r\n\tboundary=\"")
                .append(boundary)
                .append("\"\r\n");
        if (utf8 || isEightBit(returned.octets(), 0)) {
            head.append("Content-Transfer-Encoding: 8bit\r\n");
        }
        head.append("\r\nThis is a report about a message, in MIME format.\r\n\r\n");

        head.append("--").append(boundary).append("\r\nContent-Description: Notification\r\n");
        head.append(textPart(text, utf8)).append("\r\n");

        head.append("--").append(boundary).append("\r\nContent-Description: Delivery report\r\n");
        head.append("Content-Type: message/").append(utf8 ? "global-delivery-status" : "delivery-status");
        head.append(utf8 ? "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n\r\n");
        Octets status = StatusFields.write(report, zone, utf8);

        Octets part = returnedPart(utf8);
        return Octets.join(
                Octets.of(head.toString()),
                status,
                Octets.of("\r\n--" + boundary + "\r\nContent-Description: "
                        + (returned.headersOnly() ? "Header of the message" : "The message")
                        + "\r\n"),
                part,
                Octets.of((part.endsWith(CRLF) ? "" : "\r\n") + "\r\n--" + boundary + "--\r\n"));
    }

    private static final Octets CRLF = Octets.of("\r\n");

    private static String textPart(String text, boolean utf8) {
        boolean ascii = text.chars().allMatch(c -> c < 128);
        if (ascii) {
            return "Content-Type: text/plain; charset=us-ascii\r\n\r\n" + text;
        }
        if (utf8) {
            return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text;
        }
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + base64(Octets.of(text));
    }

    private static String base64(Octets octets) {
        return Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(octets.toByteArray()) + "\r\n";
    }

    private Octets returnedPart(boolean utf8) {
        Octets octets = returned.octets();
        int end = headerEnd(octets);
        boolean utf8Header = isEightBit(octets.slice(0, end), 0);
        if (utf8Header) {
            // RFC 6533 §4.1, RFC 6532 §3.7: the global types may be encoded, so that an ASCII report stays one.
            String type = returned.headersOnly() ? "message/global-headers" : "message/global";
            return utf8
                    ? Octets.join(
                            Octets.of("Content-Type: " + type + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"), octets)
                    : Octets.of(
                            "Content-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64(octets));
        }
        // RFC 2046 §5.2.1: message/rfc822 allows 7bit, 8bit and binary only.
        return Octets.join(
                Octets.of("Content-Type: " + (returned.headersOnly() ? "text/rfc822-headers" : "message/rfc822")
                        + (isEightBit(octets, 0) ? "\r\nContent-Transfer-Encoding: 8bit" : "")
                        + "\r\n\r\n"),
                octets);
    }

    private static boolean isEightBit(Octets octets, int from) {
        for (int i = from; i < octets.length(); i++) {
            if (octets.at(i) >= 128) {
                return true;
            }
        }
        return false;
    }

    /// The length of the header with its last line end, the empty line not counted.
    public static int headerEnd(Octets message) {
        for (int i = 0; i < message.length(); ) {
            int lf = message.indexOf('\n', i);
            if (lf == i || (lf == i + 1 && message.at(i) == '\r')) {
                return i;
            }
            if (lf < 0) {
                return message.length();
            }
            i = lf + 1;
        }
        return message.length();
    }

    private String boundary() {
        String seed = report.queueId() + "." + date.toEpochMilli() + "/" + report.reportingMta();
        String boundary = seed.length() > 66 ? seed.substring(0, 66) : seed;
        boundary = boundary.replaceAll("[^A-Za-z0-9./-]", "_");
        int count = 0;
        while (returned.octets().indexOf(Octets.of("--" + boundary), 0) >= 0) {
            boundary = ++count + "-" + boundary;
        }
        return boundary;
    }

    private String subject() {
        if (audience == Audience.POSTMASTER) {
            return switch (main()) {
                case DELAYED -> "Postmaster Warning: Delayed Mail";
                default ->
                    report.sender().isEmpty()
                            ? "Postmaster Copy: Undelivered Report"
                            : "Postmaster Copy: Undelivered Mail";
            };
        }
        return switch (main()) {
            case FAILED -> "Undelivered Mail Returned to Sender";
            case DELAYED -> "Delayed Mail (still being retried)";
            case DELIVERED, RELAYED, EXPANDED -> "Successful Mail Delivery Report";
        };
    }

    /// What the report is mostly about: a failure before a delay before a success.
    private Action main() {
        List<Action> actions =
                report.recipients().stream().map(Recipient::action).toList();
        return actions.contains(Action.FAILED)
                ? Action.FAILED
                : actions.contains(Action.DELAYED) ? Action.DELAYED : actions.getFirst();
    }

    private String text() {
        StringBuilder text = new StringBuilder(1024);
        ReturnedHeader original = ReturnedHeader.of(returned.octets());
        text.append("This is the mail system of ").append(report.reportingMta()).append(".\r\n\r\n");
        String whose = audience == Audience.SENDER
                ? "Your message"
                : report.sender()
                        .map(s -> "A message from " + s.text())
                        .orElse("A report or an automatic message (it has no sender to be told)");
        say(
                text,
                whose + original.subject().map(s -> " \"" + s + "\"").orElse("") + ", received on "
                        + FOR_PEOPLE.format(report.arrival().atZone(zone)) + ":");
        for (Action action :
                List.of(Action.FAILED, Action.DELAYED, Action.DELIVERED, Action.RELAYED, Action.EXPANDED)) {
            List<Recipient> those = report.recipients().stream()
                    .filter(r -> r.action() == action)
                    .toList();
            if (!those.isEmpty()) {
                text.append("\r\n");
                say(text, verdict(action, those.size()));
                those.forEach(r -> describe(text, r));
            }
        }
        text.append("\r\n");
        say(
                text,
                (returned.headersOnly() ? "The header of the message" : "The message")
                        + " and the details for technicians are attached. This is an automatic message; nobody reads replies "
                        + "to it.");
        return text.toString();
    }

    private static String verdict(Action action, int count) {
        String people = count == 1 ? "one recipient" : count + " recipients";
        return switch (action) {
            case FAILED -> "It could NOT be delivered to " + people + ", and delivery will not be tried again:";
            case DELAYED -> "It has not been delivered to " + people + " YET. This is a warning only:";
            case DELIVERED -> "It was delivered to " + people + ":";
            case RELAYED -> "It was passed on for " + people + ":";
            case EXPANDED -> "It was passed on to the members of " + (count == 1 ? "one list" : count + " lists") + ":";
        };
    }

    private void describe(StringBuilder text, Recipient recipient) {
        Explanation explanation = Explanation.of(recipient);
        String original = recipient.originalRecipient().text();
        text.append("\r\n  ").append(recipient.finalRecipient().text());
        if (!original.equalsIgnoreCase(recipient.finalRecipient().text())) {
            text.append("\r\n  (you wrote to ").append(original).append(')');
        }
        text.append("\r\n\r\n");
        wrap(text, "    ", explanation.what());
        wrap(text, "    ", explanation.advice());
        recipient
                .willRetryUntil()
                .ifPresent(until -> wrap(
                        text,
                        "    ",
                        "If it cannot be delivered until " + FOR_PEOPLE.format(until.atZone(zone)) + " ("
                                + days(Duration.between(date, until)) + " from now), you will get another report."));
        recipient.diagnostic().ifPresent(d -> {
            String who = d.isRemote() && recipient.remoteMta().isPresent()
                    ? "The server " + recipient.remoteMta().get() + " said:"
                    : "In technical words:";
            wrap(text, "    ", who);
            wrap(text, "      ", d.text());
        });
    }

    private static String days(Duration left) {
        long hours = Math.max(0, left.toHours());
        return hours >= 48
                ? hours / 24 + " days"
                : hours >= 2 ? hours + " hours" : Math.max(0, left.toMinutes()) + " minutes";
    }

    private static void say(StringBuilder text, String sentence) {
        wrap(text, "", sentence);
    }

    private static void wrap(StringBuilder text, String indent, String words) {
        int column = 0;
        for (String word : words.split(" +")) {
            if (column > 0 && column + 1 + word.length() > 76) {
                text.append("\r\n");
                column = 0;
            }
            text.append(column == 0 ? indent : " ").append(word);
            column += (column == 0 ? indent.length() : 1) + word.length();
        }
        text.append("\r\n");
    }

    /// The two fields of the returned header that the report quotes.
    private record ReturnedHeader(Optional<String> messageId, Optional<String> subject) {
        static ReturnedHeader of(Octets message) {
            String header = new String(
                            message.array(), message.arrayOffset(), headerEnd(message), StandardCharsets.UTF_8)
                    .replaceAll("\r?\n[ \t]+", " ");
            Optional<String> messageId = Optional.empty();
            Optional<String> subject = Optional.empty();
            for (String line : header.split("\r?\n")) {
                if (line.regionMatches(true, 0, "Message-ID:", 0, 11)) {
                    messageId = Optional.of(line.substring(11).strip()).filter(id -> id.matches("<[!-;=?-~]{1,250}>"));
                } else if (line.regionMatches(true, 0, "Subject:", 0, 8)) {
                    // Encoded words would not help anybody who reads plain text; the message itself is attached.
                    subject = Optional.of(OneLine.of(line.substring(8).strip()))
                            .filter(s -> !s.isEmpty() && !s.contains("=?"))
                            .map(s -> s.length() > 100 ? s.substring(0, 100) + "..." : s);
                }
            }
            return new ReturnedHeader(messageId, subject);
        }
    }
}
