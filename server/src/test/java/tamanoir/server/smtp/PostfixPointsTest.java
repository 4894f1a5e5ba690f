package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.testkit.TestCertificates;

/// What Postfix does at the door, point by point as its manuals number it here: 1-9 restrictions
/// (SMTPD_ACCESS_README, access(5)), 10 limits, 11-13 SASL and TLS, 22 and 24 smuggling and sizes, 41
/// soft_bounce.
class PostfixPointsTest {
    private static final String US = "user001@example.com";
    private static final String STRANGER = "ADDR=203.0.113.9 NAME=mail.example.net";
    private static final String MESSAGE = "Subject: x\r\n\r\nx\r\n";

    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1].replace("$home", home.toString()));
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(US);
        up.account("user002@example.com");
        return up;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }

    private static String ask(MailOnLoopback up, String from, String to) throws IOException {
        return up.atRcpt(STRANGER, "h.example.net", from, to);
    }

    @Test
    void point01TheOrderIsClientHeloSenderRelayRecipientDataAndTheEndOfAListPermits() throws IOException {
        List<String> lists = List.of(
                "smtpd_client_restrictions",
                "smtpd_helo_restrictions",
                "smtpd_sender_restrictions",
                "smtpd_relay_restrictions",
                "smtpd_recipient_restrictions");
        for (int first = 0; first < lists.size(); first++) {
            String[] pairs = new String[2 * lists.size()];
            for (int i = 0; i < lists.size(); i++) {
                // Whoever speaks first is heard; a list before that says nothing ends in a permit.
                pairs[2 * i] = lists.get(i);
                pairs[2 * i + 1] = i < first
                        ? "check_client_access inline:{203.0.113.77=REJECT}"
                        : "check_client_access inline:{{203.0.113.9=REJECT list " + i + "}}, reject";
            }
            try (MailOnLoopback up = server(pairs)) {
                assertThat(ask(up, "a@example.net", US)).startsWith("554 5.7.1").endsWith("list " + first);
            }
        }
        // DATA, then the end of data.
        try (MailOnLoopback up =
                        server("smtpd_data_restrictions", "reject", "smtpd_end_of_data_restrictions", "reject");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", MESSAGE, US))
                    .isEqualTo("554 5.7.1 <DATA>: Data command rejected: Access denied");
        }
        try (MailOnLoopback up = server("smtpd_end_of_data_restrictions", "reject");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", MESSAGE, US))
                    .isEqualTo("554 5.7.1 <END-OF-MESSAGE>: End-of-data rejected: Access denied");
        }
    }

    @Test
    void point02APermitEndsItsOwnListOnly() throws IOException {
        try (MailOnLoopback up = server(
                "smtpd_client_restrictions", "permit",
                "smtpd_helo_restrictions", "permit",
                "smtpd_sender_restrictions", "permit, reject",
                "smtpd_relay_restrictions", "check_client_access inline:{203.0.113.9=OK}, reject",
                "smtpd_recipient_restrictions", "reject")) {
            assertThat(ask(up, "a@example.net", US))
                    .isEqualTo("554 5.7.1 <" + US + ">: Recipient address rejected: Access denied");
        }
    }

    @Test
    void point03RelayRestrictionsComeFirstAndDeferByDefault() throws IOException {
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "reject")) {
            assertThat(ask(up, "a@example.net", "b@example.org.invalid"))
                    .isEqualTo("454 4.7.1 <b@example.org.invalid>: Relay access denied");
        }
        try (MailOnLoopback up =
                server("smtpd_recipient_restrictions", "reject", "smtpd_relay_before_recipient_restrictions", "no")) {
            assertThat(ask(up, "a@example.net", "b@example.org.invalid")).startsWith("554 5.7.1");
        }
        // An older compatibility level means the older order.
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "reject", "compatibility_level", "3.5")) {
            assertThat(ask(up, "a@example.net", "b@example.org.invalid")).startsWith("554 5.7.1");
        }
    }

    @Test
    void point04WithoutAGuardAgainstRelayingAllMailIsRefusedForNow() throws IOException {
        try (MailOnLoopback up = server("smtpd_relay_restrictions", "permit_mynetworks")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("451 4.3.5 Server configuration error");
            assertThat(up.reception.policy("smtp").problems().getFirst()).contains("reject_unauth_destination");
        }
        for (String guard : List.of(
                "reject", "defer", "defer_if_permit", "reject_unauth_destination", "defer_unauth_destination")) {
            try (MailOnLoopback up =
                    server("smtpd_relay_restrictions", "check_client_access inline:{203.0.113.9=OK}, " + guard)) {
                assertThat(ask(up, "a@example.net", US)).as(guard).startsWith("250");
            }
        }
    }

    @Test
    void point05DelayedListsRunForEachRecipientAndKnowIt() throws IOException {
        String list = "check_recipient_access inline:{user002@example.com=REJECT}";
        try (MailOnLoopback up = server("smtpd_client_restrictions", list);
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
            assertThat(client.say("RCPT TO:<" + US + ">")).startsWith("250");
            assertThat(client.say("RCPT TO:<user002@example.com>")).startsWith("554 5.7.1 <user002@example.com>");
        }
        // Without delay each list speaks at its command.
        try (MailOnLoopback up = server("smtpd_delay_reject", "no", "smtpd_client_restrictions", "reject")) {
            try (SmtpClient client = up.client("smtp")) {
                assertThat(client.greeting).startsWith("554 5.7.1 <").contains("Client host rejected");
            }
        }
        try (MailOnLoopback up = server("smtpd_delay_reject", "no", "smtpd_helo_restrictions", "reject");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO h.example.net")).startsWith("554 5.7.1 <h.example.net>: Helo command rejected");
        }
        try (MailOnLoopback up = server("smtpd_delay_reject", "no", "smtpd_sender_restrictions", "reject");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            assertThat(client.say("MAIL FROM:<a@example.net>"))
                    .startsWith("554 5.7.1 <a@example.net>: Sender address rejected");
        }
    }

    @Test
    void point06ADoubtIsCarriedForwardAndNeverSoftensAReject() throws IOException {
        for (String delay : List.of("yes", "no")) {
            for (String list :
                    List.of("smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions")) {
                try (MailOnLoopback up = server("smtpd_delay_reject", delay, list, "defer_if_permit")) {
                    assertThat(ask(up, "a@example.net", US))
                            .as(list + " " + delay)
                            .startsWith("450 4.7.0");
                }
                try (MailOnLoopback up = server(
                        "smtpd_delay_reject",
                        delay,
                        list,
                        "defer_if_permit",
                        "smtpd_recipient_restrictions",
                        "reject")) {
                    assertThat(ask(up, "a@example.net", US))
                            .as(list + " " + delay)
                            .startsWith("554 5.7.1");
                }
            }
        }
        // defer_if_reject makes a "no" a "not now" within its own stage.
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "defer_if_reject, reject")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("450 4.7.0").contains("defer_if_reject");
        }
        try (MailOnLoopback up =
                server("smtpd_sender_restrictions", "defer_if_reject", "smtpd_recipient_restrictions", "reject")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("554");
        }
        // warn_if_reject holds for what stands next, also for a whole class.
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "warn_if_reject reject, permit")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("250");
        }
        try (MailOnLoopback up =
                server("smtpd_recipient_restrictions", "warn_if_reject reject_plaintext_session, reject")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("554");
        }
        try (MailOnLoopback up = server(
                "smtpd_restriction_classes", "strict",
                "strict", "reject, check_client_access inline:{{203.0.113.9=REJECT again}}",
                "smtpd_recipient_restrictions",
                        "warn_if_reject strict, check_client_access inline:{{203.0.113.9=REJECT now}}")) {
            assertThat(ask(up, "a@example.net", US)).endsWith("now");
        }
    }

    @Test
    void point07WhoTalksAheadWhereHeMayNotIsSentAway() throws IOException {
        String sync = "554 5.5.0 Error: SMTP protocol synchronization";
        try (MailOnLoopback up = server()) {
            try (SmtpClient client = up.client("smtp")) {
                client.send("EHLO h.example.net\r\nMAIL FROM:<a@example.net>\r\n");
                assertThat(client.reply()).isEqualTo(sync);
                assertThat(client.isClosed()).isTrue();
            }
            // HELO promised nothing, so nothing may be sent ahead.
            try (SmtpClient client = up.client("smtp")) {
                client.say("HELO h.example.net");
                client.send("MAIL FROM:<a@example.net>\r\nRCPT TO:<" + US + ">\r\n");
                assertThat(client.reply()).isEqualTo(sync);
            }
            // A message behind DATA that nobody has answered yet.
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO h.example.net");
                client.send("MAIL FROM:<a@example.net>\r\nRCPT TO:<" + US + ">\r\nDATA\r\n" + MESSAGE + ".\r\n");
                assertThat(client.reply()).startsWith("250");
                assertThat(client.reply()).startsWith("250");
                assertThat(client.reply()).isEqualTo(sync);
                assertThat(client.isClosed()).isTrue();
            }
            // Where PIPELINING is announced a group up to DATA is welcome.
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO h.example.net");
                client.send("MAIL FROM:<a@example.net>\r\nRCPT TO:<" + US + ">\r\nDATA\r\n");
                assertThat(client.reply() + client.reply() + client.reply()).contains("354");
            }
            assertThat(up.inbox(US)).isEmpty();
        }
        try (MailOnLoopback up = server(
                        "smtpd_forbid_unauth_pipelining", "no", "smtpd_data_restrictions", "reject_unauth_pipelining");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            client.send("MAIL FROM:<a@example.net>\r\nRCPT TO:<" + US + ">\r\nDATA\r\n" + MESSAGE + ".\r\n");
            client.reply();
            client.reply();
            assertThat(client.reply()).startsWith("503 5.5.0 <DATA>: Data command rejected: Improper use");
        }
        // Unknown recipients are refused without any list, unknown senders only where main.cf says so.
        try (MailOnLoopback up = server()) {
            assertThat(ask(up, "nobody@example.com", "nobody@example.com")).startsWith("550 5.1.1");
            assertThat(ask(up, "nobody@example.com", US)).startsWith("250");
            assertThat(ask(up, "a@example.net", "postmaster")).startsWith("250");
        }
        try (MailOnLoopback up = server("smtpd_reject_unlisted_sender", "yes", "smtpd_client_restrictions", "reject")) {
            // Before any list runs.
            assertThat(ask(up, "a@example.net", "PostMaster")).startsWith("250");
        }
        try (MailOnLoopback up =
                server("smtpd_reject_unlisted_sender", "yes", "smtpd_reject_unlisted_recipient", "no")) {
            assertThat(ask(up, "nobody@example.com", US))
                    .startsWith("550 5.1.0 <nobody@example.com>: Sender address rejected");
            assertThat(ask(up, "a@example.net", "nobody@example.com")).startsWith("250");
        }
    }

    @Test
    void point08TablesAreAskedForTheKeysOfAccess5InTheirOrder() throws IOException {
        write("keys", """
                a+x@sub.example.net   REJECT whole
                b@sub.example.net     REJECT user
                .example.org          REJECT below
                example.net           REJECT domain
                c@                    REJECT anywhere
                <>                    REJECT nobody
                """);
        try (MailOnLoopback up = server(
                "recipient_delimiter", "+",
                "parent_domain_matches_subdomains", "",
                "smtpd_sender_restrictions", "check_sender_access hash:$home/keys")) {
            assertThat(ask(up, "a+x@sub.example.net", US)).endsWith("whole");
            assertThat(ask(up, "b+x@sub.example.net", US)).endsWith("user");
            assertThat(ask(up, "d@sub.example.org", US)).endsWith("below");
            assertThat(ask(up, "d@example.org", US)).startsWith("250");
            assertThat(ask(up, "d@sub.example.net", US)).startsWith("250");
            assertThat(ask(up, "c+x@example.info", US)).endsWith("anywhere");
            assertThat(ask(up, "", US)).endsWith("nobody");
        }
        try (MailOnLoopback up = server(
                "parent_domain_matches_subdomains", "smtpd_access_maps",
                "smtpd_null_access_lookup_key", "nullsender",
                "smtpd_sender_restrictions", "check_sender_access hash:$home/keys")) {
            assertThat(ask(up, "d@sub.example.net", US)).endsWith("domain");
            assertThat(ask(up, "", US)).startsWith("250");
        }
        write("octets", "203.0 REJECT octets\n2001:db8 REJECT groups\n");
        write(
                "networks",
                "203.0.112.0/23 REJECT prefix\n203.0 REJECT no network\n"
                                .lines()
                                .findFirst()
                                .orElseThrow() + "\n");
        try (MailOnLoopback up = server("smtpd_client_restrictions", "check_client_access hash:$home/octets")) {
            assertThat(ask(up, "a@example.net", US)).endsWith("octets");
            assertThat(up.atRcpt("ADDR=IPV6:2001:db8::1 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .endsWith("groups");
        }
        try (MailOnLoopback up = server("smtpd_client_restrictions", "check_client_access cidr:$home/networks")) {
            assertThat(ask(up, "a@example.net", US)).endsWith("prefix");
        }
        try (MailOnLoopback up = server(
                        "smtpd_client_restrictions", "check_client_access inline:{{203.0.113.9=PREPEND X-Seen: yes}}");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT " + STRANGER);
            client.say("EHLO h.example.net");
            client.mail("a@example.net", MESSAGE, US);
            assertThat(up.inbox(US).getFirst()).contains("X-Seen: yes\r\nReceived: from h.example.net");
        }
    }

    @Test
    void point09UnknownNamesArePutOffAndOnlyBadOnesRefused() throws IOException {
        Map<String, String> codes = Map.of(
                "reject_unknown_client_hostname", "450 4.7.25",
                "reject_unknown_reverse_client_hostname", "450 4.7.1",
                "reject_unknown_helo_hostname", "450 4.7.1",
                "reject_unknown_sender_domain", "450 4.1.8",
                "reject_non_fqdn_sender", "504 5.5.2",
                "reject_non_fqdn_helo_hostname", "504 5.5.2");
        for (Map.Entry<String, String> code : codes.entrySet()) {
            try (MailOnLoopback up = server("smtpd_recipient_restrictions", code.getKey())) {
                String from = code.getKey().equals("reject_non_fqdn_sender") ? "a@short" : "a@nx.example";
                assertThat(up.atRcpt("ADDR=203.0.113.9 NAME=[UNAVAILABLE]", "short", from, US))
                        .as(code.getKey())
                        .startsWith(code.getValue());
            }
        }
        // A PTR record that does not lead back is enough for the one and not for the other.
        String liar = "ADDR=203.0.113.9 NAME=[UNAVAILABLE] REVERSE_NAME=liar.example";
        try (MailOnLoopback up = server("smtpd_client_restrictions", "reject_unknown_reverse_client_hostname")) {
            assertThat(up.atRcpt(liar, "h.example.net", "", US)).startsWith("250");
        }
        try (MailOnLoopback up = server("smtpd_client_restrictions", "reject_unknown_client_hostname")) {
            assertThat(up.atRcpt(liar, "h.example.net", "", US)).startsWith("450 4.7.25");
        }
        try (MailOnLoopback up = server("smtpd_sender_restrictions", "reject_unknown_sender_domain")) {
            up.dns.mx("null.example", 0, "").exists("nothing.example").address("a.example", "203.0.113.1");
            assertThat(ask(up, "a@null.example", US)).startsWith("550 5.7.27");
            assertThat(ask(up, "a@nothing.example", US)).startsWith("450 4.1.8");
            assertThat(ask(up, "a@a.example", US)).startsWith("250");
        }
    }

    @Test
    void point10MistakesAndEventsAreCounted() throws IOException {
        try (MailOnLoopback up = server("smtpd_hard_error_limit", "5", "smtpd_soft_error_limit", "2");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            for (int i = 0; i < 5; i++) {
                assertThat(client.say("NONSENSE")).startsWith("500");
            }
            assertThat(client.reply()).startsWith("421 4.7.0 mail.example.com Error: too many errors");
        }
        // Under stress one mistake is one too many.
        try (MailOnLoopback up = server("stress", "yes");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("NONSENSE")).startsWith("500");
            assertThat(client.reply()).startsWith("421");
        }
        try (MailOnLoopback up = server("smtpd_client_message_rate_limit", "2")) {
            // Counted by the network of the client, not by the connection; those who are exempt are not counted.
            for (int i = 0; i < 2; i++) {
                assertThat(ask(up, "a@example.net", US)).startsWith("250");
            }
            assertThat(ask(up, "a@example.net", US)).startsWith("450 4.7.1 Error: too much mail from 203.0.113.9");
            assertThat(up.atRcpt("ADDR=198.51.100.1 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .startsWith("250");
            for (int i = 0; i < 5; i++) {
                assertThat(up.atRcpt("ADDR=192.0.2.7 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                        .startsWith("250");
            }
        }
        try (MailOnLoopback up = server("smtpd_client_recipient_rate_limit", "1")) {
            assertThat(up.atRcpt("ADDR=IPV6:2001:db8:1:2:1000::1 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .startsWith("250");
            // The same /84.
            assertThat(up.atRcpt("ADDR=IPV6:2001:db8:1:2:1000:0fff::1 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .startsWith("450");
            assertThat(up.atRcpt("ADDR=IPV6:2001:db8:1:2:2000::1 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .startsWith("250");
        }
        try (MailOnLoopback up =
                server("smtpd_client_message_rate_limit", "1", "smtpd_client_ipv4_prefix_length", "24")) {
            assertThat(ask(up, "a@example.net", US)).startsWith("250");
            assertThat(up.atRcpt("ADDR=203.0.113.200 NAME=[UNAVAILABLE]", "h.example.net", "", US))
                    .startsWith("450");
        }
    }

    @Test
    void point11AuthIsSaidTwiceForOldClientsAndHiddenWithoutTls() throws IOException {
        try (MailOnLoopback up = server("smtpd_sasl_auth_enable", "yes", "broken_sasl_auth_clients", "yes");
                SmtpClient client = up.client("smtp")) {
            String said = client.say("EHLO h.example.net");
            assertThat(said)
                    .containsPattern("250-AUTH [A-Z0-9-]*[ A-Z0-9-]*PLAIN")
                    .containsPattern("250-AUTH=[A-Z0-9-]*");
        }
        try (MailOnLoopback up = server(
                        "smtpd_sasl_auth_enable",
                        "yes",
                        "smtpd_tls_auth_only",
                        "yes",
                        "smtpd_tls_security_level",
                        "may");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO h.example.net")).doesNotContain("AUTH");
            client.startTls();
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250"); // nothing said in clear is left
            assertThat(client.say("EHLO h.example.net")).contains("250-AUTH ");
        }
    }

    @Test
    void point12ASenderBelongsToItsLoginsAlsoForStrangersAndOurOwnNetwork() throws IOException {
        write("logins", "shared@example.com user001@example.com, user002@example.com\nfree@example.com nobody\n");
        Function<String, String[]> lists = restriction ->
                new String[] {"smtpd_sender_login_maps", "hash:$home/logins", "smtpd_sender_restrictions", restriction};
        try (MailOnLoopback up = server(lists.apply("reject_sender_login_mismatch"))) {
            assertThat(ask(up, "shared@example.com", US))
                    .startsWith("553 5.7.1 <shared@example.com>: Sender address rejected: not logged in");
            assertThat(up.atRcpt("ADDR=192.0.2.9 NAME=[UNAVAILABLE]", "h.example.net", "shared@example.com", US))
                    .startsWith("553 5.7.1");
            assertThat(asUser(up, "user002@example.com", "shared@example.com")).startsWith("250");
            assertThat(asUser(up, US, "free@example.com"))
                    .startsWith("553 5.7.1 <free@example.com>: Sender address rejected: not owned by user " + US);
            assertThat(asUser(up, US, "unowned@example.com")).startsWith("553");
            assertThat(asUser(up, US, "")).startsWith("250");
        }
        try (MailOnLoopback up = server(lists.apply("reject_authenticated_sender_login_mismatch"))) {
            assertThat(ask(up, "shared@example.com", US)).startsWith("250");
            assertThat(asUser(up, US, "unowned@example.com")).startsWith("553");
        }
        try (MailOnLoopback up = server(lists.apply("reject_unauthenticated_sender_login_mismatch"))) {
            assertThat(ask(up, "shared@example.com", US)).startsWith("553");
            assertThat(asUser(up, US, "free@example.com")).startsWith("250");
        }
        try (MailOnLoopback up = server(lists.apply("reject_known_sender_login_mismatch"))) {
            assertThat(asUser(up, US, "unowned@example.com")).startsWith("250");
            assertThat(asUser(up, US, "free@example.com")).startsWith("553");
            assertThat(ask(up, "shared@example.com", US)).startsWith("553");
        }
    }

    private static String asUser(MailOnLoopback up, String login, String from) throws IOException {
        try (SmtpClient client = up.client("submission")) {
            client.say("EHLO laptop.example.net");
            client.startTls();
            client.say("EHLO laptop.example.net");
            assertThat(client.plain(login, "secret")).startsWith("235");
            client.say("MAIL FROM:<" + from + ">");
            return client.say("RCPT TO:<user002@example.com>");
        }
    }

    @Test
    void point13TheReceivedFieldTellsTlsLoginAndAtMostOneRecipient() throws IOException {
        TestCertificates authority = new TestCertificates();
        TestCertificates.Issued mine = authority.issue("EC", "client.example.net");
        TestCertificates.pem(home.resolve("authority.pem"), authority.authority());
        String print = fingerprint(mine);
        write("certs", print + " OK\n");
        String[] settings = {
            "smtpd_tls_security_level", "may",
            "smtpd_tls_received_header", "yes",
            "smtpd_tls_ask_ccert", "yes",
            "smtpd_tls_CAfile", "$home/authority.pem",
            "relay_clientcerts", "hash:$home/certs",
            "smtpd_sasl_authenticated_header", "yes",
            "smtpd_relay_restrictions", "permit_tls_clientcerts, reject_unauth_destination"
        };
        try (MailOnLoopback up = server(settings)) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO h.example.net");
                client.startTls(KeyStores.of(mine));
                client.say("EHLO h.example.net");
                client.mail("a@example.net", MESSAGE, US, "user002@example.com");
                // Known by the fingerprint of its certificate, it may relay.
                client.say("MAIL FROM:<a@example.net>");
                assertThat(client.say("RCPT TO:<b@example.org.invalid>")).startsWith("250");
            }
            assertThat(up.inbox(US).getFirst())
                    .contains("Received: from h.example.net (")
                    .containsPattern("\\(using TLSv1\\.3 with cipher TLS_[A-Z0-9_]+ \\(\\d+/\\d+ bits\\)")
                    .contains("(Client CN \"client.example.net\", Issuer \"Authority of a test\", verified OK)")
                    .contains("by mail.example.com (Tamanoir) with ESMTPS id ")
                    .doesNotContain("for <");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO h.example.net");
                client.startTls();
                client.say("EHLO h.example.net");
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
                assertThat(client.say("RCPT TO:<b@example.org.invalid>")).startsWith("554 5.7.1");
                client.say("RSET");
                client.mail("a@example.net", MESSAGE, US);
            }
            assertThat(up.inbox(US).getLast())
                    .contains("(Client did not present a certificate)")
                    .contains("for <" + US + ">;");
        }
        try (MailOnLoopback up = server("smtpd_tls_received_header", "yes", "smtpd_sasl_authenticated_header", "yes");
                SmtpClient client = up.client("submission")) {
            client.say("EHLO laptop");
            client.startTls();
            client.say("EHLO laptop");
            client.plain(US, "secret");
            client.mail(US, MESSAGE, US);
            assertThat(up.inbox(US).getFirst())
                    .contains("(No client certificate requested)")
                    .contains("(Authenticated sender: " + US + ")")
                    .contains("with ESMTPSA id ");
        }
        // Those whose authority is known may relay without being listed; a table may judge fingerprints.
        settings[settings.length - 1] = "permit_tls_all_clientcerts, reject_unauth_destination";
        settings[9] = "inline:{x=y}";
        write("denied", print + " REJECT stolen\n");
        for (String list : List.of("", "check_ccert_access hash:$home/denied")) {
            String[] more = java.util.Arrays.copyOf(settings, settings.length + 2);
            more[settings.length] = "smtpd_client_restrictions";
            more[settings.length + 1] = list;
            try (MailOnLoopback up = server(more);
                    SmtpClient client = up.client("smtp")) {
                client.say("EHLO h.example.net");
                client.startTls(KeyStores.of(mine));
                client.say("EHLO h.example.net");
                client.say("MAIL FROM:<a@example.net>");
                assertThat(client.say("RCPT TO:<b@example.org.invalid>"))
                        .startsWith(
                                list.isEmpty()
                                        ? "250"
                                        : "554 5.7.1 <client.example.net>: Client certificate rejected: stolen");
            }
        }
    }

    private static String fingerprint(TestCertificates.Issued issued) {
        return new tamanoir.server.net.ClientCertificate(issued.chain().getFirst()).fingerprint("sha256");
    }

    @Test
    void point22OnlyCrLfDotCrLfEndsAMessageAndBareLineFeedsAreMended() throws IOException {
        String smuggled = "Subject: x\r\n\r\none\n.\nMAIL FROM:<evil@example.net>\r\n";
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT " + STRANGER);
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", smuggled, US)).startsWith("250");
            assertThat(up.inbox(US)).hasSize(1);
            assertThat(up.inbox(US).getFirst()).doesNotContain("one\n.\n").contains("MAIL FROM:<evil@example.net>");
        }
        try (MailOnLoopback up =
                        server("smtpd_forbid_bare_newline", "reject", "smtpd_forbid_bare_newline_reject_code", "521");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT " + STRANGER);
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", smuggled, US)).startsWith("521 5.5.2");
            assertThat(client.isClosed()).isTrue();
            assertThat(up.inbox(US)).isEmpty();
        }
        // mynetworks are excepted.
        try (MailOnLoopback up = server("smtpd_forbid_bare_newline", "reject");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT ADDR=192.0.2.7 NAME=[UNAVAILABLE]");
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", smuggled, US)).startsWith("250");
        }
    }

    @Test
    void point24TheSizeIsSaidAtMailAndCountedAgain() throws IOException {
        try (MailOnLoopback up = server("message_size_limit", "1000");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO h.example.net")).contains("250-SIZE 1000");
            assertThat(client.say("MAIL FROM:<a@example.net> SIZE=1001")).startsWith("552 5.3.4");
            assertThat(client.mail("a@example.net", "Subject: x\r\n\r\n" + "x".repeat(990) + "\r\n", US))
                    .startsWith("552 5.3.4");
            assertThat(client.mail("a@example.net", MESSAGE, US)).startsWith("250");
        }
        try (MailOnLoopback up = server("message_size_limit", "0");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO h.example.net")).contains("250-SIZE\n");
        }
    }

    @Test
    void point41SoftBounceLetsNothingBeFinal() throws IOException {
        try (MailOnLoopback up = server("soft_bounce", "yes");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO h.example.net");
            assertThat(client.say("NONSENSE")).startsWith("400 4.5.2");
            assertThat(client.say("MAIL FROM:<a@b@c>")).startsWith("401");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<nobody@example.com>")).startsWith("450 4.1.1");
        }
    }

    /// A client's own certificate, as the JDK wants it.
    private static final class KeyStores {
        static KeyStore of(TestCertificates.Issued issued) {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry(
                        "client",
                        issued.key(),
                        new char[0],
                        issued.chain().toArray(java.security.cert.Certificate[]::new));
                return store;
            } catch (java.security.GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
