package tamanoir.server.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.intake.Receipt;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Together;
import tamanoir.server.setup.Checks.OpenPort;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// The steps of the set-up, who may do them, and their end.
@Timeout(60)
class SetupTest {
    private static final DirectorySettings CHEAP_HASHES =
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000);

    @TempDir
    Path home;

    private final TurnableClock clock = new TurnableClock();
    private final MemoryStore store = new MemoryStore();
    private final Directory directory = new Directory(store, clock, CHEAP_HASHES, List::of);
    private final Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
    private final FakeDns dns = new FakeDns();
    private boolean refuses;

    private Setup setup() {
        return new Setup(new Setup.Ground(home, store, directory, mailboxes, () -> dns, clock), new Setup.Server() {
            @Override
            public Config config() {
                return Config.load(home, Map.of()).config();
            }

            @Override
            public String reload() {
                if (refuses) {
                    throw new Refused("no");
                }
                assertThat(Config.load(home, Map.of()).problems()).isEmpty();
                return "Reloaded.";
            }

            @Override
            public Receipt submit(Envelope envelope, Octets message) {
                throw new Refused("nothing runs here");
            }

            @Override
            public List<OpenPort> services() {
                return List.of();
            }
        });
    }

    private Setup done() {
        Setup setup = setup();
        setup.names("example.net", "mail.example.net");
        setup.addAccount("ann", "Ann", "four unrelated words here");
        return setup;
    }

    @Test
    void onlyTheLastTokenOpensAndNotForEver() {
        Setup setup = setup();
        String first = setup.invite();
        String second = setup.invite();
        assertThat(second).hasSizeGreaterThanOrEqualTo(22); // 128 bits
        assertThat(setup.enter(first, "192.0.2.1")).isEqualTo(Setup.Entry.WRONG);
        assertThat(setup.enter("", "192.0.2.1")).isEqualTo(Setup.Entry.WRONG);
        assertThat(setup.enter(second, "192.0.2.1")).isEqualTo(Setup.Entry.OPEN);
        clock.advance(Duration.ofHours(25));
        assertThat(setup.enter(second, "192.0.2.1")).isEqualTo(Setup.Entry.LATE);
    }

    @Test
    void whoGuessesHasToWaitAndNobodyElse() {
        Setup setup = setup();
        String token = setup.invite();
        for (int i = 0; i < 10; i++) {
            assertThat(setup.enter("guess" + i, "192.0.2.1")).isEqualTo(Setup.Entry.WRONG);
        }
        assertThat(setup.enter(token, "192.0.2.1")).isEqualTo(Setup.Entry.TOO_MANY);
        assertThat(setup.enter(token, "192.0.2.2")).isEqualTo(Setup.Entry.OPEN);
        clock.advance(Duration.ofMinutes(11));
        assertThat(setup.enter(token, "192.0.2.1")).isEqualTo(Setup.Entry.OPEN);
    }

    @Test
    void finishedIsGoneAlsoAfterARestart() {
        Setup setup = done();
        String token = setup.invite();
        assertThat(setup.finish()).isTrue();
        assertThat(setup.enter(token, "192.0.2.1")).isEqualTo(Setup.Entry.GONE);
        assertThat(setup().isOpen()).isFalse();
        assertThatThrownBy(() -> setup().names("example.org", "mail.example.org"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void ofTwoWhoFinishOneDoes() {
        Setup one = done();
        Setup other = setup();
        AtomicInteger finished = new AtomicInteger();
        Together.all(
                "finish",
                List.of(
                        () -> one.finish() ? finished.incrementAndGet() : 0,
                        () -> other.finish() ? finished.incrementAndGet() : 0,
                        () -> one.finish() ? finished.incrementAndGet() : 0));
        assertThat(finished).hasValue(1);
        assertThat(one.isOpen()).isFalse();
        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void whatWasBegunGoesOnAfterARestart() {
        setup().names("example.net", "mail.example.net");
        Setup again = setup();
        assertThat(again.isOpen()).isTrue();
        assertThat(again.host()).isEqualTo("mail.example.net");
    }

    @Test
    void aServerInUseHasNoSetup() throws IOException {
        Files.writeString(home.resolve("main.cf"), "mydestination = example.org\n");
        assertThat(setup().isOpen()).isFalse();
        Files.writeString(home.resolve("main.cf"), "");
        directory.addDomain(tamanoir.mail.address.Domain.of("example.org"));
        assertThat(setup().isOpen()).isFalse();
    }

    @Test
    void mainCfKeepsWhatWasSetAndIsPutBackWhenRefused() throws IOException {
        String before = "# mine\nport_offset = 24000\nrecipient_delimiter = +\n";
        Files.writeString(home.resolve("main.cf"), before);
        refuses = true;
        assertThatThrownBy(() -> setup().names("example.net", "mx.example.org")).isInstanceOf(Refused.class);
        assertThat(home.resolve("main.cf")).hasContent(before);
        refuses = false;
        Setup.Named named = setup().names("example.net", "mx.example.org");
        assertThat(home.resolve("main.cf"))
                .content()
                .contains("myhostname = mx.example.org", "mydomain = example.net", "myorigin = $mydomain")
                .contains("port_offset = 24000", "recipient_delimiter = +");
        assertThat(named.backup().orElseThrow()).hasContent(before);
    }

    @Test
    void postmasterAndAbuseReachTheFirstAccount() {
        done();
        for (String role : List.of("postmaster", "abuse")) {
            assertThat(directory.alias(tamanoir.mail.address.Address.of(role + "@example.net")))
                    .hasToString("[ann@example.net]");
        }
    }

    @Test
    void hopelessPasswordsAreRefused() {
        Setup setup = setup();
        setup.names("example.net", "mail.example.net");
        for (String password : List.of("short", "aaaaaaaaaaaa", "password", "12345678")) {
            assertThatThrownBy(() -> setup.addAccount("ann", "", password)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void recordsSayWhatIsThereInstead() {
        Setup setup = setup();
        setup.names("example.net", "mail.example.net");
        dns.mx("example.net", 10, "other.example.net")
                .txt("example.net", "v=spf1 mx -all")
                .txt("_dmarc.example.net", "v=DMARC1; p=reject")
                .srv("_imaps._tcp.example.net", 0, 993, "mail.example.net")
                .fails("SRV", "_jmap._tcp.example.net");
        Map<String, Finding.Grade> grades = new java.util.HashMap<>();
        for (DnsRecord record : setup.records()) {
            grades.put(record.kind(), record.grade());
            if (record.kind().equals("mx")) {
                assertThat(record.found()).containsExactly("10 other.example.net.");
            }
        }
        assertThat(grades).containsEntry("mx", Finding.Grade.FAIL);
        assertThat(grades).containsEntry("spf", Finding.Grade.OK);
        assertThat(grades).containsEntry("spfHost", Finding.Grade.FAIL);
        assertThat(grades).containsEntry("dmarc", Finding.Grade.WARN);
        assertThat(grades).containsEntry("imaps", Finding.Grade.OK);
        assertThat(grades).containsEntry("submissions", Finding.Grade.WARN);
        assertThat(grades).containsEntry("jmap", Finding.Grade.UNKNOWN);
    }

    @Test
    void aCheckThatHangsHoldsNobodyUp() {
        List<Finding> findings = new Checks(
                        Duration.ofMillis(50),
                        List.of(
                                Check.of("clock", () -> {
                                    try {
                                        new java.util.concurrent.CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    return Finding.of("clock", Finding.Grade.OK, "ok");
                                }),
                                Check.of("name", () -> {
                                    throw new IllegalStateException("broken");
                                })))
                .run();
        assertThat(findings).extracting(Finding::saying).containsExactly("any.late", "any.broken");
    }

    @Test
    void everyLanguageHasEverySentence() {
        for (String language : Wording.LANGUAGES) {
            assertThat(Wording.read(language).keySet())
                    .isEqualTo(Wording.read("en").keySet());
        }
    }
}
