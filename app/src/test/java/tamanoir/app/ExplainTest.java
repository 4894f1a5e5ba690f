package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tamanoir explain`: which rule decides, and where it stands.
@Timeout(120)
class ExplainTest {
    private static final String[] LISTS = {
        "smtpd_client_restrictions = permit_mynetworks,",
        "    check_client_access cidr:clients",
        "smtpd_sender_restrictions =",
        "    check_sender_access",
        "        hash:senders",
        "smtpd_recipient_restrictions = warn_if_reject reject_plaintext_session",
        "    defer_later",
        "smtpd_restriction_classes = defer_later",
        "defer_later = check_recipient_access inline:{{later@=DEFER come again}}",
    };

    @TempDir
    Path folder;

    private House house(String... lines) throws IOException {
        House house = House.of(folder.resolve("home"), lines);
        house.write("clients", "# networks\n203.0.113.0/25  DUNNO\n203.0.113.128/25\n    REJECT bad half\n");
        house.write("senders", "good.example OK\nbad.example  REJECT 5.7.9 not from there\nheld.example HOLD\n");
        return house.people("ann", "later");
    }

    private static House.Outcome explain(House house, String client, String from, String to, String... more) {
        String[] words = new String[9 + more.length];
        System.arraycopy(
                new String[] {
                    "explain",
                    "--client",
                    client,
                    "--reverse-name=unknown",
                    "--helo=h.example.net",
                    "--from",
                    from,
                    "--to",
                    to
                },
                0,
                words,
                0,
                9);
        System.arraycopy(more, 0, words, 9, more.length);
        return house.run(words);
    }

    @Test
    void theRuleThatDecidesIsNamedWithItsLineAndTheLineOfItsTable() throws IOException {
        try (House house = house(LISTS)) {
            Path home = folder.resolve("home");
            House.Outcome refused = explain(house, "203.0.113.9", "a@bad.example", "ann@example.com");
            assertThat(refused.err()).isEmpty();
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.out())
                    .contains("Client unknown[203.0.113.9], service smtp")
                    .contains("permit_mynetworks  (" + home.resolve("main.cf") + ":7)")
                    .contains("no opinion: 203.0.113.9 is not in mynetworks")
                    .contains("check_client_access cidr:clients  (" + home.resolve("main.cf") + ":8)")
                    .contains("no opinion: \"203.0.113.9\" at " + home.resolve("clients") + ":2 says DUNNO")
                    .contains("It would be refused by check_sender_access hash:senders (" + home.resolve("main.cf")
                            + ":11): \"bad.example\" at " + home.resolve("senders")
                            + ":2 says REJECT 5.7.9 not from there")
                    .contains("554 5.7.9 <a@bad.example>: Sender address rejected: not from there");
            // An entry over several lines is where it begins.
            assertThat(explain(house, "203.0.113.200", "a@good.example", "ann@example.com")
                            .out())
                    .contains("at " + home.resolve("clients") + ":3 says REJECT bad half");
            House.Outcome later = explain(house, "203.0.113.9", "a@good.example", "later@example.com");
            assertThat(later.exit()).isEqualTo(75);
            assertThat(later.out())
                    .contains("would defer")
                    .contains("It would be put off by defer_later (" + home.resolve("main.cf") + ":13)")
                    .contains("reject_warning: 450 4.7.1 Session encryption is required");
            House.Outcome taken = explain(house, "203.0.113.9", "a@held.example", "ann@example.com", "--tls");
            assertThat(taken.exit()).isZero();
            assertThat(taken.out()).contains("It would be taken.").contains("kept in the queue until it is released");
            assertThat(explain(house, "203.0.113.9", "a@good.example", "nobody@example.com")
                            .out())
                    .contains("reject_unlisted_recipient (smtpd_reject_unlisted_recipient)")
                    .contains("nobody has this name here");
            assertThat(explain(house, "203.0.113.9", "a@good.example", "b@example.org")
                            .out())
                    .contains("454 4.7.1 <b@example.org>: Relay access denied")
                    .contains("example.org is none of our domains");
        }
    }

    @Test
    void aRunningServerAnswersTheSame() throws IOException {
        try (House house = house(LISTS)) {
            house.start();
            House.Outcome refused = explain(house, "203.0.113.9", "a@bad.example", "ann@example.com", "--json");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.out())
                    .contains("\"verdict\":\"reject\"")
                    .contains("\"reason\":\"check_sender_access hash:senders (")
                    .contains("\"restriction\":\"permit_mynetworks\"");
        }
    }

    @Test
    void whatPostscreenKnowsComesFirst() throws IOException {
        try (House house = house(
                "postscreen_access_list = permit_mynetworks, cidr:screened", "postscreen_denylist_action = enforce")) {
            house.write("screened", "203.0.113.9 reject\n");
            assertThat(explain(house, "203.0.113.9", "", "ann@example.com").out())
                    .contains("postscreen_access_list")
                    .contains("denied, action enforce: ")
                    .contains("550 5.3.2 Service currently unavailable");
            assertThat(explain(house, "203.0.113.10", "", "ann@example.com").out())
                    .contains("postscreen_access_list\n      no opinion: no rule names it");
        }
    }

    @Test
    void submissionNeedsALoginAndASlipIsSaid() throws IOException {
        try (House house = house("submission/smtpd_relay_restrictions = permit_sasl_authenticated, reject")) {
            House.Outcome stranger =
                    explain(house, "203.0.113.9", "ann@example.com", "b@example.org", "--service=submission");
            assertThat(stranger.exit()).isEqualTo(1);
            assertThat(stranger.out()).contains("530 5.7.0 Authentication required");
            House.Outcome user = explain(
                    house,
                    "203.0.113.9",
                    "ann@example.com",
                    "b@example.org",
                    "--service=submission",
                    "--login=ann@example.com");
            assertThat(user.exit()).isZero();
            assertThat(user.out()).contains("permit: signed in as ann@example.com");
            assertThat(explain(house, "not an address", "", "ann@example.com").err())
                    .contains("is no IP address");
            assertThat(explain(house, "203.0.113.9", "", "ann@example.com", "--service=imap")
                            .exit())
                    .isEqualTo(64);
        }
    }

    @Test
    void checkSaysWhatIsWrongWithListsAtTheirLines() throws IOException {
        try (House house = House.of(
                folder.resolve("home"),
                "smtpd_client_restrictions = reject_unknown_forward_client_hostname",
                "smtpd_sender_restrictions = permit, reject_unknown_sender_domain",
                "smtpd_helo_restrictions = check_ccert_access",
                "    hash:certs",
                "submission/mynetworks = 0.0.0.0/0",
                "smtpd_data_restrictions = check_policy_service inet:nowhere")) {
            house.write("certs", "");
            String main = folder.resolve("home").resolve("main.cf").toString();
            House.Outcome checked = house.run("check", "--quiet");
            assertThat(checked.exit()).isEqualTo(1);
            assertThat(checked.out())
                    .contains(main + ":7: error: smtpd_client_restrictions: the restriction"
                            + " \"reject_unknown_forward_client_hostname\" is not supported")
                    .contains(main + ":8: warning: smtpd_sender_restrictions: \"reject_unknown_sender_domain\" is never"
                            + " reached, for it stands behind permit")
                    .contains(
                            main
                                    + ":9: warning: smtpd_helo_restrictions: \"check_ccert_access\" needs a client certificate");
        }
        try (House house = House.of(folder.resolve("other"), "mynetworks_style = host", "mynetworks = 0.0.0.0/0")) {
            assertThat(house.run("check").out()).contains("main.cf:8: error: mynetworks: it names the whole Internet");
        }
    }
}
