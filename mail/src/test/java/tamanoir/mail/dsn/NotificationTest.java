package tamanoir.mail.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.dsn.DeliveryReport.Action;
import tamanoir.mail.dsn.DeliveryReport.Recipient;
import tamanoir.mail.dsn.Notification.Audience;
import tamanoir.mail.dsn.Notification.Returned;
import tamanoir.mail.text.Octets;

class NotificationTest {
    private static final Octets MESSAGE =
            Octets.of("From: ann@example.com\r\nSubject: The plan\r\nMessage-ID: <1@example.com>\r\n\r\nHello\r\n");

    @Test
    void aFailureIsToldToAPersonAndToAProgram() {
        String text = message(Action.FAILED, "5.1.1", "ann@example.com", "bob@example.net", MESSAGE, false);
        assertThat(text).startsWith("Date: ");
        assertThat(text)
                .contains("From: Mail Delivery System <MAILER-DAEMON@mail.example.com>\r\n")
                .contains("To: ann@example.com\r\n")
                .contains("Auto-Submitted: auto-replied\r\n")
                .contains("In-Reply-To: <1@example.com>\r\n")
                .contains("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=")
                .contains("Your message \"The plan\", received on 1 January 2027 10:00 +0000:\r\n")
                .contains("There is no such mailbox at example.net.\r\n")
                .contains("Check the address for typing errors")
                .contains("Content-Type: message/delivery-status\r\n")
                .contains("Reporting-MTA: dns; mail.example.com\r\n")
                .contains("X-Postfix-Queue-ID: Q1\r\n")
                .contains("X-Postfix-Sender: rfc822; ann@example.com\r\n")
                .contains("Final-Recipient: rfc822; bob@example.net\r\n")
                .contains("Original-Recipient: rfc822; bob@example.net\r\n")
                .contains("Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\n")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 nobody here\r\n")
                .contains("Content-Type: message/rfc822\r\n\r\nFrom: ann@example.com\r\n")
                .doesNotContain("Will-Retry-Until");
        assertThat(text.replace("\r\n", "")).doesNotContain("\n", "\r");
        // The person's part comes first and holds no code before the words.
        assertThat(text.indexOf("no such mailbox")).isLessThan(text.indexOf("550 5.1.1"));
    }

    @Test
    void headersOnlyAreSaidToBeHeaders() {
        String text = message(Action.FAILED, "5.1.1", "ann@example.com", "bob@example.net", MESSAGE, true);
        assertThat(text).contains("Content-Type: text/rfc822-headers\r\n");
    }

    @Test
    void aReportToAnAsciiSenderIsAsciiWhateverTheRecipient_B14d() {
        Octets utf8Message = Octets.of("From: ann@example.com\r\nSubject: gr\u00fcn\r\n\r\nHello\r\n");
        String text = message(Action.FAILED, "5.6.7", "ann@example.com", "us\u00e9r@example.org", utf8Message, false);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).matches(o -> {
            for (byte b : o) {
                if (b < 0) {
                    return false;
                }
            }
            return true;
        });
        assertThat(text)
                .contains("Final-Recipient: utf-8; us\\x{E9}r@example.org\r\n")
                .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n");
    }

    @Test
    void aReportToAnInternationalSenderIsInUtf8() {
        String text = message(Action.FAILED, "5.1.1", "\u00e4nn@example.com", "us\u00e9r@example.org", MESSAGE, false);
        assertThat(text)
                .contains("report-type=global-delivery-status")
                .contains("Content-Type: message/global-delivery-status\r\n")
                .contains("Final-Recipient: utf-8; us\u00e9r@example.org\r\n");
    }

    @Test
    void aBoundaryNeverOccursInWhatIsReturned() {
        Octets hostile = Octets.of("Subject: x\r\n\r\n--Q1." + DATE.toEpochMilli() + "/mail.example.com\r\n");
        String text = message(Action.FAILED, "5.1.1", "ann@example.com", "bob@example.net", hostile, false);
        assertThat(text).contains("boundary=\"1-Q1.");
    }

    @Test
    void everyStatusHasWordsForPeople() {
        for (int kind = 0; kind < 8; kind++) {
            for (int detail = 0; detail < 20; detail++) {
                String text = message(
                        Action.FAILED, "5." + kind + "." + detail, "ann@example.com", "bob@example.net", MESSAGE, true);
                assertThat(text).contains("It could NOT be delivered to one recipient");
            }
        }
        assertThat(message(Action.DELAYED, "4.4.1", "ann@example.com", "bob@example.net", MESSAGE, true))
                .contains("Subject: Delayed Mail (still being retried)\r\n")
                .contains("Will-Retry-Until: ")
                .contains("You need not send it again");
        assertThat(message(Action.RELAYED, "2.0.0", "ann@example.com", "bob@example.net", MESSAGE, true))
                .contains("Subject: Successful Mail Delivery Report\r\n");
    }

    private static final Instant DATE = Instant.parse("2027-01-02T10:00:00Z");

    private static String message(
            Action action, String status, String sender, String recipient, Octets original, boolean headersOnly) {
        DeliveryReport report = new DeliveryReport(
                "Postfix",
                "mail.example.com",
                Optional.empty(),
                "Q1",
                Optional.of(TypedAddress.of(Address.of(sender))),
                Instant.parse("2027-01-01T10:00:00Z"),
                List.of(new Recipient(
                        TypedAddress.of(Address.of(recipient)),
                        TypedAddress.of(Address.of(recipient)),
                        action,
                        status,
                        Optional.of("mx.example.net"),
                        Optional.of(new DeliveryReport.Diagnostic("smtp", "550 5.1.1 nobody here")),
                        Optional.empty(),
                        action == Action.DELAYED ? Optional.of(DATE.plusSeconds(86400 * 4)) : Optional.empty())));
        return new Notification(
                        report,
                        Audience.SENDER,
                        sender,
                        "r1@mail.example.com",
                        DATE,
                        ZoneOffset.UTC,
                        new Returned(
                                headersOnly ? original.slice(0, Notification.headerEnd(original)) : original,
                                headersOnly),
                        true)
                .toMessage()
                .utf8();
    }
}
