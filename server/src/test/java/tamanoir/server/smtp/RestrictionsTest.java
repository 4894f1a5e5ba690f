package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The restrictions of postconf(5), each asked over the wire for a client that XCLIENT describes.
class RestrictionsTest {
    private static final String STRANGER = "ADDR=203.0.113.9 NAME=mail.example.net";
    private static final String US = "user001@example.com";

    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1].replace("$home", home.toString()));
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(US);
        up.dns.address("mail.example.net", "203.0.113.9").mx("example.net", 10, "mail.example.net");
        return up;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }

    private static String ask(MailOnLoopback up, String client) throws IOException {
        return up.atRcpt(client, "mail.example.net", "a@example.net", US);
    }

    // ---- DNS lists -----------------------------------------------------------------------------------------------

    @Test
    void aListedClientHearsTheListsOwnReason() throws IOException {
        try (MailOnLoopback up = server("smtpd_client_restrictions", "reject_rbl_client bl.example")) {
            assertThat(ask(up, STRANGER)).startsWith("250");
            up.dns
                    .address("9.113.0.203.bl.example", "127.0.0.2")
                    .txt("9.113.0.203.bl.example", "see http://bl.example");
            assertThat(ask(up, STRANGER))
                    .isEqualTo("554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using bl.example;"
                            + " see http://bl.example");
            up.dns.address("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example", "127.0.0.2");
            assertThat(ask(up, "ADDR=IPV6:2001:db8::1 NAME=[UNAVAILABLE]")).startsWith("554 5.7.1");
        }
    }

    @Test
    void aFilterChoosesAmongTheAnswersOfAList() throws IOException {
        try (MailOnLoopback up = server("smtpd_client_restrictions", "reject_rbl_client bl.example=127.0.0.[2;4..6]")) {
            up.dns.address("9.113.0.203.bl.example", "127.0.0.3");
            assertThat(ask(up, STRANGER)).startsWith("250");
            up.dns.address("9.113.0.203.bl.example", "127.0.0.5");
            assertThat(ask(up, STRANGER)).startsWith("554 5.7.1");
        }
    }

    /// A list that answers "ask somebody else", that was sold, or that does not answer refuses nobody.
    @Test
    void aListThatDoesNotAnswerUsRefusesNobody() throws IOException {
        try (MailOnLoopback up = server("smtpd_client_restrictions", "reject_rbl_client bl.example")) {
            up.dns.address("9.113.0.203.bl.example", "127.255.255.254");
            assertThat(ask(up, STRANGER)).startsWith("250");
            up.dns.forget("9.113.0.203.bl.example").address("9.113.0.203.bl.example", "127.0.1.255");
            assertThat(ask(up, STRANGER)).startsWith("250");
            up.dns.forget("9.113.0.203.bl.example").address("9.113.0.203.bl.example", "198.51.100.80");
            assertThat(ask(up, STRANGER)).startsWith("250");
            up.dns.forget("9.113.0.203.bl.example").fails("A", "9.113.0.203.bl.example");
            assertThat(ask(up, STRANGER)).startsWith("250");
        }
    }

    @Test
    void eachNameIsAskedOfItsListOfNames() throws IOException {
        Map<String, String> lists = Map.of(
                "reject_rhsbl_client", "mail.example.net.dbl.example",
                "reject_rhsbl_reverse_client", "mail.example.net.dbl.example",
                "reject_rhsbl_helo", "helo.example.org.dbl.example",
                "reject_rhsbl_sender", "from.example.org.dbl.example",
                "reject_rhsbl_recipient", "example.com.dbl.example");
        for (Map.Entry<String, String> list : lists.entrySet()) {
            try (MailOnLoopback up = server("smtpd_recipient_restrictions", list.getKey() + " dbl.example")) {
                assertThat(up.atRcpt(STRANGER, "helo.example.org", "a@from.example.org", US))
                        .as(list.getKey())
                        .startsWith("250");
                up.dns.address(list.getValue(), "127.0.1.2");
                assertThat(up.atRcpt(STRANGER, "helo.example.org", "a@from.example.org", US))
                        .as(list.getKey())
                        .startsWith("554 5.7.1 Service unavailable;")
                        .contains("blocked using dbl.example");
                // Lists of names are not asked about addresses.
                assertThat(up.atRcpt("ADDR=203.0.113.9 NAME=[UNAVAILABLE]", "[203.0.113.9]", "", US))
                        .as(list.getKey())
                        .startsWith(list.getKey().equals("reject_rhsbl_recipient") ? "554" : "250");
            }
        }
    }

    @Test
    void anAllowListLetsPassButNeverRelay() throws IOException {
        try (MailOnLoopback up = server(
                "smtpd_recipient_restrictions", "permit_dnswl_client wl.example, reject_rbl_client bl.example")) {
            up.dns.address("9.113.0.203.bl.example", "127.0.0.2").address("9.113.0.203.wl.example", "127.0.5.1");
            assertThat(ask(up, STRANGER)).startsWith("250");
            assertThat(up.atRcpt(STRANGER, "mail.example.net", "a@example.net", "b@example.org.invalid"))
                    .startsWith("454 4.7.1");
            // When the allow list cannot be asked, what others refuse is only put off.
            up.dns.fails("A", "9.113.0.203.wl.example");
            assertThat(ask(up, STRANGER)).startsWith("450 4.7.1 <203.0.113.9>: Client host rejected");
        }
        try (MailOnLoopback up = server(
                "smtpd_recipient_restrictions", "permit_rhswl_client wl.example, reject_rbl_client bl.example")) {
            up.dns.address("9.113.0.203.bl.example", "127.0.0.2").address("mail.example.net.wl.example", "127.0.5.1");
            assertThat(ask(up, STRANGER)).startsWith("250");
            assertThat(ask(up, "ADDR=203.0.113.9 NAME=[UNAVAILABLE]")).startsWith("554");
        }
    }

    @Test
    void theRepliesOfListsAreTheAdministrators() throws IOException {
        write("replies", "secret.bl.example 521 4.7.1 Blocked by us${rbl_reason?: $rbl_reason}, ask $client_name\n");
        try (MailOnLoopback up = server(
                "smtpd_client_restrictions", "reject_rbl_client secret.bl.example, reject_rbl_client bl.example",
                "rbl_reply_maps", "hash:$home/replies",
                "maps_rbl_reject_code", "550",
                "default_rbl_reply", "$rbl_code No; $rbl_what ${nothing_listed?x}")) {
            up.dns.address("9.113.0.203.secret.bl.example", "127.0.0.2");
            assertThat(ask(up, STRANGER)).isEqualTo("521 5.7.1 Blocked by us, ask mail.example.net");
            up.dns.forget("9.113.0.203.secret.bl.example").address("9.113.0.203.bl.example", "127.0.0.2");
            // A template that names what is not there is a mistake of ours, which refuses nobody for good.
            assertThat(ask(up, STRANGER)).startsWith("451 4.3.5");
        }
        // What a list says is never read as a template, and its strange characters do not get out.
        try (MailOnLoopback up =
                server("smtpd_client_restrictions", "reject_maps_rbl", "maps_rbl_domains", "bl.example")) {
            up.dns.address("9.113.0.203.bl.example", "127.0.0.2").txt("9.113.0.203.bl.example", "$client \u00ff\u0007");
            assertThat(ask(up, STRANGER)).endsWith("; $client __");
        }
    }

    // ---- tables about servers ------------------------------------------------------------------------------------

    @Test
    void tablesAreAskedAboutTheHostsOfADomain() throws IOException {
        write("servers", """
                mx.spam.example        REJECT mail exchanger of a spammer
                198.51.100             REJECT network of a spammer
                ns.spam.example        REJECT name server of a spammer
                """);
        String table = " hash:$home/servers";
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "check_sender_mx_access" + table)) {
            up.dns.mx("throwaway.example", 10, "mx.spam.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@throwaway.example", US))
                    .isEqualTo("554 5.7.1 <a@throwaway.example>: Sender address rejected: mail exchanger of a spammer");
            up.dns.mx("other.example", 10, "mx.other.example").address("mx.other.example", "198.51.100.7");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@other.example", US))
                    .contains("network of a spammer");
            // No MX: the domain is its own exchanger.
            up.dns.address("alone.example", "198.51.100.8");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@alone.example", US))
                    .contains("network of a spammer");
            // A null MX has no exchangers, and what cannot be looked up is passed over.
            up.dns.mx("null.example", 0, "").fails("MX", "broken.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@null.example", US))
                    .startsWith("250");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@broken.example", US))
                    .startsWith("250");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "", US)).startsWith("250");
        }
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "check_sender_ns_access" + table)) {
            up.dns.ns("spam.example", "ns.spam.example").exists("deep.sub.spam.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@deep.sub.spam.example", US))
                    .contains("name server of a spammer");
        }
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "check_helo_a_access" + table)) {
            up.dns.address("h.example.net", "198.51.100.9");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", US))
                    .startsWith("554 5.7.1 <h.example.net>: Helo command rejected: network of a spammer");
            assertThat(up.atRcpt(STRANGER, "[198.51.100.9]", "a@example.net", US))
                    .contains("network of a spammer");
        }
        for (String restriction : new String[] {"client", "reverse_client_hostname"}) {
            try (MailOnLoopback up =
                    server("smtpd_recipient_restrictions", "check_" + restriction + "_mx_access" + table)) {
                up.dns.mx("mail.example.net", 10, "mx.spam.example");
                assertThat(ask(up, STRANGER)).contains("mail exchanger of a spammer");
            }
        }
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "check_recipient_mx_access" + table)) {
            up.dns.mx("example.com", 10, "mx.spam.example");
            assertThat(ask(up, STRANGER)).contains("Recipient address rejected: mail exchanger of a spammer");
        }
    }

    /// postconf(5): whoever chooses the name must not be let in by it.
    @Test
    void okForWhatStrangersChooseIsAMistakeAndNoPermission() throws IOException {
        write("ok", "mx.friend.example OK\nliar.example OK\n");
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "check_sender_mx_access hash:$home/ok")) {
            up.dns.mx("friend.example", 10, "mx.friend.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@friend.example", US))
                    .isEqualTo("451 4.3.5 Server configuration error");
        }
        try (MailOnLoopback up =
                server("smtpd_recipient_restrictions", "check_reverse_client_hostname_access hash:$home/ok")) {
            assertThat(ask(up, "ADDR=203.0.113.9 NAME=[UNAVAILABLE] REVERSE_NAME=liar.example"))
                    .startsWith("451 4.3.5");
        }
    }

    // ---- results of tables -----------------------------------------------------------------------------------------

    @Test
    void everyResultOfAnAccessTableMeansWhatAccess5Says() throws IOException {
        write("results", """
                ok.example         OK
                relay.example      RELAY
                digits.example     1234567890
                bare.example       550
                rejected.example   reject
                told.example       REJECT 5.7.26 not like this
                later.example      DEFER
                coded.example      450 4.9.9 come again
                maybe.example      DEFER_IF_PERMIT not sure
                unless.example     DEFER_IF_REJECT not sure
                list.example       permit_mynetworks, reject
                class.example      careful
                table.example      check_sender_access hash:/nowhere
                nonsense.example   frobnicate
                unknown            REJECT no name
                """);
        try (MailOnLoopback up = server(
                "smtpd_restriction_classes", "careful",
                "careful", "defer_if_permit, permit",
                "smtpd_sender_restrictions", "check_sender_access hash:$home/results, reject_unlisted_sender",
                "smtpd_recipient_restrictions", "check_sender_access inline:{unless.example=REJECT}")) {
            Map<String, String> answers = new HashMap<>(Map.of(
                    "ok.example", "250",
                    "relay.example", "250",
                    "digits.example", "250",
                    "bare.example", "250",
                    "rejected.example", "554 5.7.1 <a@rejected.example>: Sender address rejected: Access denied",
                    "told.example", "554 5.7.26 <a@told.example>: Sender address rejected: not like this",
                    "later.example", "450 4.7.1 <a@later.example>: Sender address rejected: Access denied",
                    "coded.example", "450 4.9.9 <a@coded.example>: Sender address rejected: come again",
                    "maybe.example", "450 4.7.1 <a@maybe.example>: Sender address rejected: not sure",
                    "list.example", "554 5.7.1 <a@list.example>: Sender address rejected: Access denied"));
            answers.put("class.example", "450 4.7.0 <a@class.example>: Sender address rejected: defer_if_permit");
            answers.put("table.example", "451 4.3.5");
            answers.put("nonsense.example", "451 4.3.5");
            // Its mercy ends with the stage of the sender, as in Postfix.
            answers.put("unless.example", "554 5.7.1");
            for (Map.Entry<String, String> answer : answers.entrySet()) {
                assertThat(up.atRcpt(STRANGER, "h.example.net", "a@" + answer.getKey(), US))
                        .as(answer.getKey())
                        .startsWith(answer.getValue());
            }
        }
        // A client without a name is "unknown", which tables may name.
        try (MailOnLoopback up = server("smtpd_client_restrictions", "check_client_access hash:$home/results")) {
            assertThat(ask(up, "ADDR=203.0.113.9 NAME=[UNAVAILABLE]")).contains("no name");
        }
    }

    @Test
    void whatATableSaysOfAMessageNeedsAMessage() throws IOException {
        write("held", "203.0.113 HOLD\n");
        try (MailOnLoopback up = server(
                        "smtpd_delay_reject",
                        "no",
                        "smtpd_client_restrictions",
                        "check_client_access hash:$home/held");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT " + STRANGER);
            client.say("EHLO h.example.net");
            assertThat(client.mail("a@example.net", "Subject: x\r\n\r\nx\r\n", US))
                    .startsWith("250");
            assertThat(up.inbox(US)).hasSize(1);
        }
    }

    // ---- names and addresses ---------------------------------------------------------------------------------------

    @Test
    void aBackupMailExchangerTakesMailForOthers() throws IOException {
        String[] lists = {"smtpd_relay_restrictions", "permit_mx_backup, reject_unauth_destination"};
        try (MailOnLoopback up = server(lists)) {
            up.dns.mx("friend.example", 10, "mx.friend.example").mx("friend.example", 20, "mail.example.com");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "b@friend.example"))
                    .startsWith("250");
            up.dns.mx("primary.example", 10, "mail.example.com");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "b@primary.example"))
                    .startsWith("554 5.7.1");
            up.dns.fails("MX", "broken.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "b@broken.example"))
                    .startsWith("450 4.4.4");
        }
        try (MailOnLoopback up = server(lists[0], lists[1], "permit_mx_backup_networks", "198.51.100.0/24")) {
            up.dns.mx("friend.example", 10, "mx.friend.example").mx("friend.example", 20, "mail.example.com");
            up.dns.address("mx.friend.example", "203.0.113.77");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "b@friend.example"))
                    .startsWith("554");
            up.dns.forget("mx.friend.example").address("mx.friend.example", "198.51.100.77");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "b@friend.example"))
                    .startsWith("250");
        }
    }

    @Test
    void namesOfOldMeanWhatTheyMeant() throws IOException {
        try (MailOnLoopback up = server(
                "smtpd_recipient_restrictions",
                "reject_invalid_hostname, reject_non_fqdn_hostname, reject_unknown_hostname, reject_unknown_address,"
                        + " reject_unknown_client, check_relay_domains")) {
            assertThat(up.atRcpt(STRANGER, "bad..name", "a@example.net", US)).startsWith("501 5.5.2");
            assertThat(up.atRcpt(STRANGER, "short", "a@example.net", US)).startsWith("504 5.5.2");
            assertThat(up.atRcpt(STRANGER, "nx.example.org", "a@example.net", US))
                    .startsWith("450 4.7.1");
            assertThat(up.atRcpt(STRANGER, "mail.example.net", "a@nx.example", US))
                    .startsWith("450 4.1.8");
            assertThat(up.atRcpt("ADDR=203.0.113.9 NAME=[UNAVAILABLE]", "mail.example.net", "a@example.net", US))
                    .startsWith("450 4.7.25");
            assertThat(up.atRcpt(STRANGER, "mail.example.net", "a@example.net", US))
                    .startsWith("250");
        }
        try (MailOnLoopback up =
                server("smtpd_helo_restrictions", "permit_naked_ip_address, reject_non_fqdn_helo_hostname")) {
            assertThat(up.atRcpt(STRANGER, "203.0.113.9", "a@example.net", US)).startsWith("250");
        }
    }

    @Test
    void aLookupThatFailsDefersAtOnceOrOnlyWhereNobodyRejects() throws IOException {
        try (MailOnLoopback up = server("smtpd_sender_restrictions", "reject_unknown_sender_domain, reject")) {
            up.dns.fails("MX", "broken.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@broken.example", US))
                    .startsWith("554 5.7.1");
        }
        try (MailOnLoopback up = server(
                "smtpd_sender_restrictions", "reject_unknown_sender_domain, reject",
                "reject_tempfail_action", "defer")) {
            up.dns.fails("MX", "broken.example");
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@broken.example", US))
                    .startsWith("450 4.1.8");
        }
    }

    @Test
    void theFooterOfRefusalsIsTheAdministrators() throws IOException {
        write("footers", "/5.7.1/ \\c (policy), see $$client_address\n");
        try (MailOnLoopback up = server(
                "smtpd_reject_footer", "Call us: $client_address at $server_name\\nbye",
                "smtpd_reject_footer_maps", "regexp:$home/footers",
                "smtpd_recipient_restrictions", "reject_unlisted_recipient, reject")) {
            assertThat(up.atRcpt(STRANGER, "h.example.net", "a@example.net", "nobody@example.com"))
                    .startsWith("550-5.1.1 <nobody@example.com>")
                    .endsWith("\n550-5.1.1 Call us: 203.0.113.9 at mail.example.com\n550 5.1.1 bye");
            assertThat(ask(up, STRANGER)).endsWith("Access denied (policy), see 203.0.113.9");
        }
    }

    @Test
    void sleepTakesItsTime() throws IOException {
        try (MailOnLoopback up = server("smtpd_recipient_restrictions", "sleep 1, reject")) {
            long began = System.nanoTime();
            assertThat(ask(up, STRANGER)).startsWith("554");
            assertThat(System.nanoTime() - began).isGreaterThan(900_000_000L);
        }
    }
}
