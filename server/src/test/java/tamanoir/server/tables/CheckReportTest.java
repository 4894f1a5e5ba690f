package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Problem;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.observe.Trace;

/// A set-up looked at as a whole.
class CheckReportTest {
    @TempDir
    Path home;

    private CheckReport check(String main, CheckReport.Part... parts) throws IOException {
        Files.writeString(home.resolve("main.cf"), "myhostname = mail.example.com\n" + main);
        return CheckReport.of(
                home, Map.of(), Optional.empty(), Clock.systemUTC(), new Trace("test", ""), List.of(parts));
    }

    /// Problems of main.cf and tables without their folder; the note about the certificate to be made is left out.
    private List<String> said(CheckReport report) {
        return report.problems().stream()
                .map(p -> p.toString().replace(home + "/", ""))
                .filter(p -> !p.contains("self-signed"))
                .toList();
    }

    @Test
    void aGoodSetUpHasNothingToSay() throws IOException {
        assertThat(said(check(""))).isEmpty();
        Files.delete(home.resolve("main.cf"));
        CheckReport nothing = CheckReport.of(
                home,
                Map.of("myhostname", "a.example"),
                Optional.empty(),
                Clock.systemUTC(),
                new Trace("t", ""),
                List.of());
        assertThat(nothing.isUsable()).as(nothing.problems().toString()).isTrue();
    }

    @Test
    void everyTableIsOpened() throws IOException {
        Files.writeString(home.resolve("virtual"), "a@example.com b\n\nc@example.com\n");
        Files.writeString(home.resolve("aliases"), "root: ann\nlist: \"ann\n");
        Files.writeString(home.resolve("checks"), "/(?=a)/ REJECT\n");
        CheckReport report = check("""
                virtual_alias_maps = hash:$config_directory/virtual
                alias_maps = hash:aliases
                header_checks = pcre:checks
                mynetworks = 127.0.0.0/8,
                    cidr:networks
                smtpd_restriction_classes = guests
                guests = check_client_access hash:guests, reject
                smtpd_client_restrictions = check_client_access inline:{ broken }
                submission/smtpd_sender_login_maps = hash:logins
                """);
        assertThat(said(report))
                .containsExactly(
                        "main.cf:6: error: mynetworks: \"cidr:networks\": networks: no such file",
                        "main.cf:7: error: smtpd_restriction_classes: \"hash:guests\": guests: no such file",
                        "main.cf:9: error: smtpd_client_restrictions: \"broken\" in inline:{ broken } is not key=value",
                        "main.cf:10: error: submission/smtpd_sender_login_maps: \"hash:logins\": logins: no such"
                                + " file",
                        "aliases:2: error: \"list\": a quote is not closed in \"\"ann\" (table hash:aliases)",
                        "checks:1: error: look-ahead (\"(?=\") is not supported (table pcre:checks)",
                        "virtual:3: error: \"c@example.com\" has no value behind it (table hash:virtual)");
        assertThat(report.isUsable()).isFalse();
    }

    @Test
    void whatWouldRefuseOrRelayAllMailIsAnError() throws IOException {
        assertThat(said(check("""
                smtpd_relay_restrictions =
                smtpd_recipient_restrictions = permit_mynetworks
                mynetworks = 0.0.0.0/0
                """)))
                .hasSize(2)
                .anySatisfy(p -> assertThat(p).startsWith("main.cf:3: error: smtpd_recipient_restrictions: neither"))
                .anySatisfy(p -> assertThat(p).startsWith("main.cf:4: error: mynetworks: \"0.0.0.0/0\" is the whole"));
        assertThat(said(check("""
                submission/smtpd_relay_restrictions =
                submission/smtpd_recipient_restrictions = permit
                """)))
                .singleElement()
                .asString()
                .startsWith("main.cf:3: error: submission/smtpd_recipient_restrictions: neither");
        assertThat(said(check(
                        "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks, reject\n")))
                .isEmpty();
    }

    @Test
    void valuesThatDoNotGoTogetherAreSaid() throws IOException {
        assertThat(said(check("""
                message_size_limit = 100M
                smtpd_banner = hello
                minimal_backoff_time = 2h
                bounce_queue_lifetime = 9d
                mydestination = example.com
                virtual_mailbox_domains = example.com, example.net
                smtpd_tls_CAfile = ca.pem
                smtpd_tls_eccert_file = ec.pem
                """)))
                .anySatisfy(p -> assertThat(p).contains("warning: mailbox_size_limit: 51200000 is less than"))
                .anySatisfy(p -> assertThat(p).startsWith("main.cf:3: warning: smtpd_banner: the greeting must begin"))
                .anySatisfy(p -> assertThat(p).startsWith("main.cf:4: error: minimal_backoff_time: it is more than"))
                .anySatisfy(p -> assertThat(p).startsWith("main.cf:5: warning: bounce_queue_lifetime: it is more"))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("main.cf:7: warning: virtual_mailbox_domains: \"example.com\" is in mydestination"))
                .anySatisfy(p -> assertThat(p)
                        .isEqualTo("main.cf:8: warning: smtpd_tls_CAfile: ca.pem: no such file;"
                                + " the server goes on without it"))
                .anySatisfy(
                        p -> assertThat(p).isEqualTo("main.cf:9: error: smtpd_tls_eccert_file: ec.pem: no such file"));
        Files.createDirectories(home.resolve("tls"));
        Files.writeString(home.resolve("tls/mail.example.com.pem"), "");
        assertThat(said(check("")))
                .singleElement()
                .asString()
                .isEqualTo("error: smtpd_tls_key_file: tls/mail.example.com.key: no such file, but its certificate is"
                        + " there");
    }

    @Test
    void optionsOfMasterCfAreTranslated() throws IOException {
        Files.writeString(home.resolve("master.cf"), """
                # service type  private unpriv  chroot  wakeup  maxproc command + args
                smtp      inet  n       -       y       -       1       postscreen
                smtpd     pass  -       -       y       -       -       smtpd
                submission inet n       -       y       -       -       smtpd
                  -o syslog_name=postfix/submission
                  -o smtpd_tls_security_level=encrypt
                # not this one: -o smtpd_sasl_auth_enable=yes
                  -o { smtpd_recipient_restrictions = permit_sasl_authenticated, reject }
                192.0.2.1:465 inet n    -       y       -       -       smtpd
                  -osmtpd_client_restrictions=$mua_client_restrictions
                relay     unix  -       -       y       -       -       smtp
                  -o smtp_fallback_relay=
                """);
        assertThat(said(check("")))
                .containsExactly(
                        "master.cf: note: master.cf is not read; services are the ports of main.cf, their own values are"
                                + " written there as service/name = value",
                        "master.cf:4: note: to keep the options of \"submission\", write into main.cf:\n"
                                + "    submission/smtpd_tls_security_level = encrypt\n"
                                + "    submission/smtpd_recipient_restrictions = permit_sasl_authenticated, reject",
                        "master.cf:9: note: to keep the options of \"192.0.2.1:465\", write into main.cf:\n"
                                + "    submissions/smtpd_client_restrictions = $mua_client_restrictions",
                        "master.cf:11: note: the options of the service \"relay\" have no counterpart:"
                                + " smtp_fallback_relay=");
    }

    @Test
    void otherRoomsAddWhatOnlyTheyKnow() throws IOException {
        CheckReport report = check(
                "relayhost = a\nsmtpd_timeout = 5s\n",
                (config, tables) -> List.of(config.error(SmtpdParameters.SMTPD_TIMEOUT, "too short for anybody")));
        assertThat(said(report)).containsExactly("main.cf:3: error: smtpd_timeout: too short for anybody");
        assertThat(report.isUsable()).isFalse();
    }

    @Test
    void aReloadKnowsWhatChangedAndKeepsOpenTables() throws IOException {
        Files.writeString(home.resolve("virtual"), "a@example.com b\n");
        CheckReport before = check("virtual_alias_maps = hash:virtual\nmydomain = example.com\n");
        LookupTable open = before.tables().open("hash:virtual");
        Files.writeString(home.resolve("main.cf"), """
                myhostname = mail.example.com
                virtual_alias_maps = hash:virtual
                mydomain = example.org
                imap_port = 1143
                submission/smtpd_timeout = 7s
                """);
        CheckReport after = CheckReport.of(
                home, Map.of(), Optional.of(before.tables()), Clock.systemUTC(), new Trace("test", ""), List.of());
        assertThat(after.tables().open("hash:virtual")).isSameAs(open);
        List<Config.Change> changes = Config.changes(before.config(), after.config());
        assertThat(changes.stream()
                        .map(c -> c.service() + "/" + c.parameter().name() + " " + c.before() + " -> " + c.after()
                                + (c.needsRestart() ? " restart" : "")))
                .contains(
                        "/mydomain example.com -> example.org",
                        "/imap_port 143 -> 1143 restart",
                        "submission/smtpd_timeout 300s -> 7s")
                .noneMatch(c -> c.startsWith("/myhostname") || c.startsWith("/smtpd_timeout"));
        assertThat(Config.changes(before.config(), before.config())).isEmpty();
        assertThat(after.config().get(NetParameters.MYDOMAIN)).isEqualTo("example.org");
        assertThat(after.problems()).noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    }
}
