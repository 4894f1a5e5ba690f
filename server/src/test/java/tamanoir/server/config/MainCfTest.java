package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The grammar of main.cf, held against what Postfix makes of the same texts, and what is said of mistakes.
class MainCfTest {
    @TempDir
    Path home;

    record Vector(String title, String text, boolean refused, String value) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(MainCfTest.class.getResourceAsStream("vectors.txt"))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String block : all.split("(?m)^## ")) {
                if (block.startsWith("#")) {
                    continue; // What the file says about itself.
                }
                List<String> lines =
                        new ArrayList<>(block.stripTrailing().lines().toList());
                String title = lines.removeFirst();
                String result = lines.removeLast();
                String text = String.join("\n", lines).replace("\\r", "\r");
                text = text.endsWith("\\0") ? text.substring(0, text.length() - 2) : text + "\n";
                vectors.add(new Vector(
                        title, text, result.startsWith("!"), result.substring(1).strip()));
            }
        }
        return vectors;
    }

    private Loaded load(String text) throws IOException {
        Files.writeString(home.resolve("main.cf"), text);
        return Config.load(home, Map.of());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aTextMeansWhatItMeansToPostfix(Vector vector) throws IOException {
        Loaded loaded = load(vector.text);
        assertThat(loaded.isUsable()).as(loaded.problems().toString()).isEqualTo(!vector.refused);
        if (!vector.refused) {
            String value = loaded.config().text("relayhost").orElseThrow();
            assertThat(value.strip().replaceAll("[ \t\r\n]+", " ")).isEqualTo(vector.value);
        }
    }

    private String only(String text) throws IOException {
        List<Problem> problems = load(text).problems();
        assertThat(problems).hasSize(1);
        Problem problem = problems.getFirst();
        assertThat(problem.file()).isEqualTo(home.resolve("main.cf").toString());
        return problem.line() + " " + problem.severity() + " " + problem.message();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "message_size_limt = 5 | 1 WARNING unknown parameter message_size_limt; did you mean \"message_size_limit\"?",
                "nothing_like_that_at_all = 5 | 1 WARNING unknown parameter nothing_like_that_at_all",
                "message_size_limit = ten | 1 ERROR message_size_limit: \"ten\" is no size; allowed is a number of octets, or one with k, M or G",
                "smtpd_timeout = 5x | 1 ERROR smtpd_timeout: \"5x\" is no time; allowed is a number with s, m, h, d or w (seconds to weeks) behind it",
                "smtpd_helo_required = maybe | 1 ERROR smtpd_helo_required: \"maybe\" is neither \"yes\" nor \"no\"",
                "smtpd_hard_error_limit = 0 | 1 ERROR smtpd_hard_error_limit: \"0\" is out of range; allowed is 1 or more",
                "imap_port = 70000 | 1 ERROR imap_port: \"70000\" is out of range; allowed is 0 to 65535",
                "inet_protocols = ipv5 | 1 ERROR inet_protocols: \"ipv5\" is not one of all, ipv4, ipv6",
                "mynetworks = 10.0.0.1/8 | 1 ERROR mynetworks: \"10.0.0.1/8\" has bits set behind the network; perhaps 10.0.0.0/8 is meant",
                "virtual_alias_maps = hash:a, hasch:b | 1 ERROR virtual_alias_maps: \"hasch\" is no type of table; did you mean \"hash\"? (allowed: hash, btree, lmdb, cdb, dbm, sdbm, texthash, cidr, regexp, pcre, static, inline, unionmap, pipemap, randmap, fail, unix, environ, ldap, mysql, pgsql, sqlite)",
                "virtual_alias_maps = mongodb:/etc/x | 1 ERROR virtual_alias_maps: tables of type \"mongodb\" are not supported yet",
                "smtpd_recipient_restrictions = permit_mynetwork, reject | 1 ERROR smtpd_recipient_restrictions: \"permit_mynetwork\" is no restriction; did you mean \"permit_mynetworks\"?",
                "smtpd_client_restrictions = check_client_access | 1 ERROR smtpd_client_restrictions: \"check_client_access\" needs a table behind it (type:name)",
                "submision/smtpd_timeout = 5s | 1 WARNING \"submision\" in submision/smtpd_timeout is no service; did you mean \"submission\"? (services: smtp, submission, submissions, lmtp, reinject, imap, imaps, pop3, pop3s, managesieve, http, https)",
                "biff = yes | 1 NOTE biff is accepted without effect: Nobody is told of new mail by a terminal; IMAP IDLE and push do it.",
                "dovecot_destination_recipient_limit = 1 | 1 NOTE dovecot_destination_recipient_limit is accepted without effect: no delivery agent or service is called dovecot",
                "policyd-spf_time_limit = 3600 | 1 NOTE policyd-spf_time_limit is accepted without effect: no delivery agent or service is called policyd-spf",
                "smtp_destination_rate_delay = 1s | 1 WARNING smtp_destination_rate_delay is not supported yet and has no effect: the value for all transports counts",
                "address_verify_sender_ttl = 1h | 1 WARNING address_verify_sender_ttl is not supported yet and has no effect: How often the sender of probes changes.",
                "just words | 1 ERROR \"just words\" has no \"=\"; every line is \"name = value\" or a comment",
                "a b = c | 1 ERROR \"a b\" is no parameter name; a name has letters, digits and _",
                "relayhost = $myorigin | 1 ERROR relayhost: the value goes in a circle: myorigin -> relayhost -> myorigin"
            })
    void aMistakeIsSaidWithItsLine(String text, String said) throws IOException {
        String more = text.contains("$myorigin") ? "myorigin = $relayhost\n" : "";
        if (more.isEmpty()) {
            assertThat(only(text + "\n")).isEqualTo(said);
        } else {
            assertThat(load(text + "\n" + more).errors())
                    .anySatisfy(p -> assertThat(p.message()).contains("goes in a circle: "));
        }
    }

    @Test
    void aMistakeInAContinuationIsSaidWithItsOwnLine() throws IOException {
        assertThat(only("""
                # restrictions
                smtpd_recipient_restrictions =
                    permit_mynetworks,
                # those who signed in
                    permit_sasl_autenticated,
                    reject_unauth_destination
                """))
                .isEqualTo("5 ERROR smtpd_recipient_restrictions: \"permit_sasl_autenticated\" is no restriction;"
                        + " did you mean \"permit_sasl_authenticated\"?");
    }

    @Test
    void aSecondValueIsSaid() throws IOException {
        assertThat(only("relayhost = a\n\nrelayhost = b\n"))
                .isEqualTo("3 WARNING relayhost is set a second time; this line wins over the one at "
                        + home.resolve("main.cf") + ":1");
        assertThat(load("smtpd_timeout = 5s\nsubmission/smtpd_timeout = 6s\n").problems())
                .isEmpty();
    }

    @Test
    void aLineThatContinuesNothingIsSaid() throws IOException {
        assertThat(only("   relayhost = a\n")).startsWith("1 WARNING").contains("continues nothing");
    }

    @Test
    void aNameOfTheAdministratorsOwnIsNoMistakeWhenItIsUsed() throws IOException {
        Loaded loaded = load("""
                office = 192.0.2.0/24
                mynetworks = 127.0.0.0/8, $office
                smtpd_restriction_classes = strangers, unset
                strangers = reject_unauth_destination, reject_invalide_hostname
                smtpd_recipient_restrictions = permit_mynetworks, strangers, reject
                """);
        assertThat(loaded.problems().stream().map(p -> p.line() + " " + p.message()))
                .containsExactlyInAnyOrder(
                        "4 strangers: \"reject_invalide_hostname\" is no restriction;"
                                + " did you mean \"reject_invalid_hostname\"?",
                        "3 unset: the class is named in smtpd_restriction_classes but has no value");
        assertThat(loaded.config().get(NetParameters.MYNETWORKS)).containsExactly("127.0.0.0/8", "192.0.2.0/24");
    }

    @Test
    void aListMayNameFiles() throws IOException {
        Path domains = home.resolve("domains");
        Path more = home.resolve("more");
        Files.writeString(domains, "# ours\nexample.com example.net\n\n!" + more + "\n  example.org\n");
        Files.writeString(more, "a.example, !b.example\n");
        Config config = load("mydestination = localhost, " + domains + " last.example\n")
                .config();
        assertThat(config.get(CleanupParameters.MYDESTINATION))
                .containsExactly(
                        "localhost",
                        "example.com",
                        "example.net",
                        "!a.example",
                        "b.example",
                        "example.org",
                        "last.example");
        assertThat(only("mydestination = /nonexistent/list\n"))
                .isEqualTo("1 ERROR mydestination: the file \"/nonexistent/list\" cannot be read: no such file");
        Files.writeString(more, more.toString());
        assertThat(only("mydestination = " + more + "\n")).contains("files name each other");
    }

    @Test
    void valuesHaveTheirTypes() throws IOException {
        Config config = load("""
                message_size_limit = 20M
                maximal_queue_lifetime = 2
                smtpd_timeout = 90
                delay_warning_time = 4
                smtpd_recipient_restrictions = check_policy_service { inet:127.0.0.1:10023, timeout=10s }, reject
                """).config();
        assertThat(config.get(SmtpdParameters.MESSAGE_SIZE_LIMIT)).isEqualTo(20L << 20);
        assertThat(config.get(QueueParameters.MAXIMAL_QUEUE_LIFETIME)).isEqualTo(java.time.Duration.ofDays(2));
        assertThat(config.get(SmtpdParameters.SMTPD_TIMEOUT)).isEqualTo(java.time.Duration.ofSeconds(90));
        assertThat(config.get(QueueParameters.DELAY_WARNING_TIME)).isEqualTo(java.time.Duration.ofHours(4));
        assertThat(config.get(SmtpdParameters.SMTPD_RECIPIENT_RESTRICTIONS))
                .containsExactly("check_policy_service", "{ inet:127.0.0.1:10023, timeout=10s }", "reject");
    }

    @Test
    void overridesWinOverTheFile() throws IOException {
        Files.writeString(home.resolve("main.cf"), "smtpd_timeout = 5s\nrelayhost = a\n");
        Loaded loaded = Config.load(home, Map.of("smtpd_timeout", "7s", "submission/smtpd_timeout", "x"));
        assertThat(loaded.config().get(SmtpdParameters.SMTPD_TIMEOUT)).isEqualTo(java.time.Duration.ofSeconds(7));
        assertThat(loaded.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.toString()).startsWith("command line: error: submission/smtpd_timeout: "));
    }
}
