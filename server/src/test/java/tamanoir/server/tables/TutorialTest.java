package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.PostscreenParameters;
import tamanoir.server.config.Problem;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.observe.Trace;

/// The set-up that a Postfix tutorial makes, as it stands; and with the two slips that copies of it carry.
class TutorialTest {
    private static final List<String> FILES =
            List.of("main.cf", "aliases", "canonical", "header_checks", "postscreen_access.cidr", "staff.list");

    @TempDir
    Path home;

    @BeforeEach
    void copy() throws IOException {
        for (String file : FILES) {
            try (InputStream from =
                    Objects.requireNonNull(TutorialTest.class.getResourceAsStream("/tutorial/" + file), file)) {
                Files.copy(from, home.resolve(file));
            }
        }
    }

    private CheckReport check() {
        return CheckReport.of(home, Map.of(), Optional.empty(), Clock.systemUTC(), new Trace("test", ""), List.of());
    }

    private static List<String> said(CheckReport report, Problem.Severity severity) {
        return report.problems().stream()
                .filter(p -> p.severity() == severity)
                .map(p -> p.line() + " " + p.message())
                .toList();
    }

    @Test
    void itPassesTheCheckWithoutError() {
        CheckReport report = check();
        assertThat(report.isUsable()).as(report.problems().toString()).isTrue();
        assertThat(said(report, Problem.Severity.ERROR)).isEmpty();
        assertThat(said(report, Problem.Severity.WARNING).stream().filter(w -> !w.contains("not supported yet")))
                .singleElement()
                .asString()
                .startsWith("18 smtpd_tls_CAfile: ")
                .contains("no such file");
        assertThat(said(report, Problem.Severity.NOTE))
                .anySatisfy(n -> assertThat(n).startsWith("8 biff is accepted without effect: "))
                .anySatisfy(n -> assertThat(n).startsWith("25 tls_random_source is accepted without effect: "))
                .anySatisfy(n -> assertThat(n).startsWith("28 smtpd_sasl_type = dovecot: "))
                .anySatisfy(n ->
                        assertThat(n).startsWith("16 smtpd_tls_cert_file: ").contains("self-signed"))
                .anySatisfy(n -> assertThat(n).contains("mailbox_command = "))
                .anySatisfy(n -> assertThat(n).contains("virtual_transport = dovecot: "));
        assertThat(report.tables().problems()).isEmpty();
        List<Integer> lines = new ArrayList<>();
        report.problems().forEach(p -> lines.add(p.line()));
        assertThat(lines).isSorted();
    }

    @Test
    void itsValuesMeanWhatTheTutorialSays() throws Exception {
        CheckReport report = check();
        Config config = report.config();
        Tables tables = report.tables();
        assertThat(config.get(SmtpdParameters.SMTPD_BANNER)).isEqualTo("tamanoir.example.com ESMTP Tamanoir");
        assertThat(config.get(SmtpdParameters.MESSAGE_SIZE_LIMIT)).isEqualTo(20_480_000);
        assertThat(config.get(LocalParameters.MAILBOX_COMMAND)).isEmpty();
        assertThat(config.get(LocalParameters.VIRTUAL_TRANSPORT)).isEqualTo("virtual");
        assertThat(config.get(PostscreenParameters.POSTSCREEN_DNSBL_SITES))
                .containsExactly(
                        "zen.spamhaus.org*3", "bl.spameatingmonkey.net*2", "bl.spamcop.net", "dnsbl.sorbs.net");
        assertThat(config.get(SmtpdParameters.SMTPD_HELO_RESTRICTIONS))
                .containsExactly(
                        "permit_mynetworks",
                        "permit_sasl_authenticated",
                        "reject_non_fqdn_helo_hostname",
                        "reject_invalid_helo_hostname",
                        "permit");
        DomainList local = DomainList.of(config.get(CleanupParameters.MYDESTINATION), tables, false);
        assertThat(local.contains(Domain.of("localhost.tamanoir.example.com"))).isTrue();
        assertThat(local.contains(Domain.of("elsewhere.example"))).isFalse();
        NetworkList own = NetworkList.of(config.get(NetParameters.MYNETWORKS), tables, true);
        assertThat(own.matches(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(own.matches(InetAddress.ofLiteral("192.0.2.1"))).isFalse();

        AddressLookup lookup = new AddressLookup(RecipientDelimiter.of(config), local::contains);
        List<LookupTable> canonical = tables.open(config.get(CleanupParameters.SENDER_CANONICAL_MAPS));
        assertThat(lookup.address(canonical, Address.of("alice+x@example.com"))
                        .orElseThrow()
                        .addresses(true))
                .containsExactly("alice.martin+x@example.com");
        List<LookupTable> aliases = tables.open(config.get(LocalParameters.ALIAS_MAPS));
        assertThat(AliasTargets.parse(
                        lookup.alias(aliases, "Team").orElseThrow().text(), home))
                .containsExactly(
                        new AliasTarget.Mail("alice"),
                        new AliasTarget.Mail("bob"),
                        new AliasTarget.Mail("carol@elsewhere.example"));
        AliasTarget staff = AliasTargets.parse(
                        lookup.alias(aliases, "staff").orElseThrow().text(), home)
                .getFirst();
        assertThat(staff).isEqualTo(new AliasTarget.Include(home.resolve("staff.list")));
        assertThat(AliasTargets.include(home.resolve("staff.list"), home))
                .containsExactly(new AliasTarget.Mail("alice"), new AliasTarget.Mail("bob"));
        List<LookupTable> recipients = tables.open(config.get(LocalParameters.LOCAL_RECIPIENT_MAPS));
        assertThat(LookupTable.first(recipients, "postmaster")).contains("root");

        List<LookupTable> checks = tables.open(config.get(CleanupParameters.HEADER_CHECKS));
        assertThat(LookupTable.first(checks, "Subject: MAKE Money fast, now")).contains("REJECT no advertising here");
        assertThat(LookupTable.first(checks, "Content-Type: application/x;\n name=\"a.EXE\""))
                .contains("REJECT executable attachments are not accepted");
        assertThat(LookupTable.first(checks, "Subject: [suspect] x")).contains("HOLD");
        assertThat(LookupTable.first(checks, "Subject: hello")).isEmpty();
        LookupTable access = tables.open("cidr:" + home.resolve("postscreen_access.cidr"));
        assertThat(access.lookup("192.0.2.3")).contains("permit");
        assertThat(access.lookup("2001:db8:bad::1")).contains("reject");
    }

    @Test
    void itsTwoSlipsAreSaid() throws IOException {
        Path main = home.resolve("main.cf");
        String text = Files.readString(main);
        Files.writeString(main, text.replace("postscreen_blacklist_action", "postcreen_blacklist_action"));
        CheckReport slip = check();
        assertThat(slip.isUsable()).isTrue();
        int line = lineOf(text, "postscreen_blacklist_action");
        assertThat(said(slip, Problem.Severity.WARNING))
                .contains(
                        line
                                + " unknown parameter postcreen_blacklist_action; did you mean \"postscreen_blacklist_action\"?");

        Files.writeString(main, text.replace("reject_invalid_hostname", "reject_invalide_hostname"));
        CheckReport wrong = check();
        assertThat(wrong.isUsable()).isFalse();
        assertThat(wrong.problems().stream().filter(p -> p.severity() == Problem.Severity.ERROR))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.file()).isEqualTo(main.toString());
                    assertThat(p.line()).isEqualTo(lineOf(text, "    reject_invalid_hostname"));
                    assertThat(p.message())
                            .isEqualTo("smtpd_helo_restrictions: \"reject_invalide_hostname\" is no restriction;"
                                    + " did you mean \"reject_invalid_hostname\"?");
                });
    }

    private static int lineOf(String text, String start) {
        return (int) text.substring(0, text.indexOf("\n" + start) + 1).lines().count() + 1;
    }

    /// The files here are those of the shared test data, where that is at hand.
    @Test
    void theCopyIsTrue() throws IOException {
        Path shared = shared();
        if (!Files.isDirectory(shared)) {
            System.err.println("NOT RUN: shared/testdata is absent");
            return;
        }
        for (String file : FILES) {
            assertThat(home.resolve(file)).hasSameTextualContentAs(shared.resolve(file));
        }
    }

    private static Path shared() {
        String told = System.getProperty("tamanoir.shared", "");
        Stream<Path> above = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent);
        Path root = told.isEmpty()
                ? above.map(p -> p.resolve("shared"))
                        .filter(p -> Files.isDirectory(p.resolve("testdata")))
                        .findFirst()
                        .orElse(Path.of("shared"))
                : Path.of(told);
        return root.resolve("testdata/tutorial");
    }
}
