package tamanoir.server.sieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// Scripts and mail that want to take all time and memory: each ends, and the message is kept.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileScriptsTest {
    private final MemoryStore store = new MemoryStore();
    private final TurnableClock clock = new TurnableClock();
    private final Directory directory =
            new Directory(store, clock, DirectorySettings.defaults(), () -> List.of(Domain.of("example.com")));
    private final Account ann = directory.addAccount(Address.of("ann@example.com"), "", "", 0);
    private final Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
    private final Personal personal = new Personal(store, directory, PersonalSettings.defaults());
    private final Memory memory = new Memory(store);
    private final Sieve sieve = sieve(Map.of("sieve_max_script_size", "1048576"));

    private Sieve sieve(Map<String, String> mainCf) {
        return new Sieve(
                SieveSettings.from(Config.of(Path.of("/nowhere"), new HashMap<>(mainCf))),
                personal,
                mailboxes,
                memory,
                clock);
    }

    @AfterEach
    void close() {
        mailboxes.close();
        directory.close();
        store.close();
    }

    private Sorted run(String script, String message) {
        return run(script, message, Optional.empty(), Optional.empty());
    }

    private Sorted run(String script, String message, Optional<String> junk, Optional<Double> spam) {
        sieve.scripts().put(ann.id(), "rules", script);
        sieve.scripts().activate(ann.id(), "rules");
        Sorted sorted = sieve.sort(
                        ann.id(),
                        message.length(),
                        () -> new Occasion(
                                new Trace("test", ""),
                                "1",
                                false,
                                ann,
                                new Sent("a@example.net", "ann@example.com", "ann@example.com", "", Map.of()),
                                Octets.of(message),
                                junk,
                                spam))
                .orElseThrow();
        sorted.close();
        return sorted;
    }

    private static void stopped(Sorted sorted) {
        assertThat(sorted.filed())
                .singleElement()
                .satisfies(kept -> assertThat(kept.mailbox()).isEqualTo("INBOX"));
        assertThat(sorted.written())
                .singleElement()
                .satisfies(notice ->
                        assertThat(notice.message().orElseThrow().latin1()).contains("does too much"));
    }

    @Test
    void tenThousandRulesRun() {
        StringBuilder script = new StringBuilder("require \"fileinto\";\n");
        for (int i = 0; i < 10_000; i++) {
            script.append("if header :contains \"Subject\" \"word").append(i).append("\" { fileinto \"M\"; stop; }\n");
        }
        assertThat(run(script.toString(), "Subject: word9999\r\n\r\nbody\r\n").filed())
                .singleElement()
                .satisfies(filed -> assertThat(filed.mailbox()).isEqualTo("INBOX")); // M is not there
    }

    @Test
    void whatIsNestedWithoutEndIsRefused() {
        String tests = "if " + "not ".repeat(100_000) + "true { keep; }";
        String blocks = "if true {".repeat(100_000) + "}".repeat(100_000);
        String lists = "if " + "anyof(".repeat(100_000) + "true" + ")".repeat(100_000) + " { keep; }";
        for (String script : List.of(tests, blocks, lists)) {
            assertThatThrownBy(() -> sieve.scripts().put(ann.id(), "deep", script))
                    .isInstanceOf(ScriptRefused.class);
        }
    }

    @Test
    void patternsThatExplodeElsewhereTakeLinearTimeOrAreRefused() {
        String message = "Subject: " + "a".repeat(900) + "!\r\n\r\n" + "a".repeat(50_000) + "\r\n";
        String regex = "require [\"regex\", \"body\"]; if anyof(header :regex \"Subject\" \"^(a+)+$\","
                + " header :regex \"Subject\" \"(a|aa)+$\", body :raw :regex \"(a*)*b\") { discard; }";
        assertThat(run(regex, message).filed()).hasSize(1);
        for (String bomb : List.of("((a{900}){900}){900}", "(((((a{1,50}){1,50}){1,50}){1,50}){1,50})")) {
            assertThatThrownBy(() -> sieve.scripts()
                            .put(
                                    ann.id(),
                                    "bomb",
                                    "require \"regex\"; if header :regex \"S\" \"" + bomb + "\" { keep; }"))
                    .isInstanceOf(ScriptRefused.class);
        }
        String late = "require [\"regex\", \"variables\"]; set \"p\" \"((a{900}){900}){900}\";"
                + " if header :regex \"Subject\" \"${p}\" { discard; }";
        assertThat(run(late, message).filed()).hasSize(1);
    }

    @Test
    void wildcardsOverALargeBodyAreStopped() {
        String script = "require \"body\"; if body :raw :matches \"" + "*a".repeat(2_000) + "*b\" { discard; }";
        stopped(run(script, "Subject: x\r\n\r\n" + "a".repeat(2_000_000) + "\r\n"));
    }

    @Test
    void loopsOverPartsAreStopped() {
        StringBuilder message = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (int i = 0; i < 900; i++) {
            message.append("--b\r\n\r\nx\r\n");
        }
        message.append("--b--\r\n");
        String script =
                "require [\"foreverypart\", \"mime\", \"variables\"]; foreverypart { foreverypart { foreverypart {"
                        + " if header :contains \"Subject\" \"x\" { discard; } } } }"
                        + " foreverypart { "
                        + "if header :mime :anychild :contains \"Content-Type\" \"zzz\" { discard; }".repeat(2_000)
                        + " }";
        stopped(run(script, message.toString()));
    }

    @Test
    void variablesDoNotGrowWithoutEnd() {
        StringBuilder script =
                new StringBuilder("require [\"variables\", \"editheader\"];\nset \"a\" \"0123456789\";\n");
        for (int i = 0; i < 2_000; i++) {
            script.append("set \"a\" \"${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}\";\n");
        }
        assertThat(run(script.toString(), "Subject: x\r\n\r\n").filed()).hasSize(1);
    }

    @Test
    void junkIsKeptAsJunkTestedAsSpamAndNeverAnswered() {
        String script = """
                require ["spamtest", "spamtestplus", "relational", "comparator-i;ascii-numeric", "imap4flags", "vacation"];
                if spamtest :value "ge" :comparator "i;ascii-numeric" "5" { addflag "$Spam"; }
                if spamtest :percent :value "lt" :comparator "i;ascii-numeric" "50" { addflag "$Ham"; }
                vacation "away";
                """;
        String message = "To: ann@example.com\r\n\r\nbuy\r\n";
        Sorted junk = run(script, message, Optional.of("Junk"), Optional.of(0.7));
        assertThat(junk.mailings()).isEmpty();
        assertThat(junk.filed()).singleElement().satisfies(kept -> {
            assertThat(kept.mailbox()).isEqualTo("Junk");
            assertThat(kept.flags()).containsExactly("$Spam");
        });
        Sorted ham = run(script, message, Optional.empty(), Optional.of(0.1));
        assertThat(ham.mailings()).hasSize(1);
        assertThat(ham.filed()).singleElement().satisfies(kept -> {
            assertThat(kept.mailbox()).isEqualTo("INBOX");
            assertThat(kept.flags()).containsExactly("$Ham");
        });
    }

    @Test
    void aMemoryForgetsInTimeAndIsSweptByWhatFollows() {
        Memory.Entry entry = new Memory.Entry(Memory.Kind.VACATION, "a@example.net");
        try (Memory.Session session = memory.open(ann.id(), clock.instant());
                Memory.Session other = memory.open(ann.id(), clock.instant())) {
            assertThat(session.claim(entry)).isTrue();
            assertThat(other.claim(entry)).isFalse(); // two messages at once make one answer
            session.add(entry, Duration.ofDays(7));
            store.commit(session.batches());
            assertThat(other.knows(entry)).isTrue();
        }
        Instant later = clock.instant().plus(Duration.ofDays(8));
        try (Memory.Session session = memory.open(ann.id(), later)) {
            assertThat(session.knows(entry)).isFalse();
            assertThat(session.claim(entry)).isTrue();
            session.add(new Memory.Entry(Memory.Kind.VACATION, "b@example.net"), Duration.ofDays(7));
            store.commit(session.batches());
        }
        try (Memory.Session session = memory.open(ann.id(), clock.instant())) {
            assertThat(session.knows(entry)).isFalse(); // swept: even its own time does not find it any more
        }
        memory.erase(ann.id());
        try (Memory.Session session = memory.open(ann.id(), later)) {
            assertThat(session.knows(new Memory.Entry(Memory.Kind.VACATION, "b@example.net")))
                    .isFalse();
        }
    }
}
