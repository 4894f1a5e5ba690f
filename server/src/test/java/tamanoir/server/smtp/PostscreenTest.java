package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Clients before and during their first words, under the reference set-up's postscreen lines (POSTSCREEN_README). Each
/// client comes from a loopback address of its own.
class PostscreenTest {
    private static final String SITES = "zen.example*3 bl.example*2 sorbs.example wl.example*-4";

    @TempDir
    Path home;

    private Store onDisk() throws IOException {
        Path rows = Files.createDirectories(home.resolve("rows"));
        Path blobs = Files.createDirectories(home.resolve("blobs"));
        return new RocksStore(rows, blobs, Settings.standard(), new Trace("test", ""));
    }

    private MailOnLoopback up(Map<String, String> more) throws IOException {
        return up(more, new MemoryStore());
    }

    private MailOnLoopback up(Map<String, String> more, Store store) throws IOException {
        Files.writeString(home.resolve("access.cidr"), "127.0.9.1 reject\n127.0.9.2 permit\n127.0.9.0/24 dunno\n");
        Map<String, String> values = new HashMap<>(Map.of(
                "postscreen_access_list",
                "permit_mynetworks, cidr:" + home.resolve("access.cidr"),
                "postscreen_blacklist_action",
                "enforce",
                "postscreen_dnsbl_sites",
                SITES,
                "postscreen_dnsbl_threshold",
                "3",
                "postscreen_dnsbl_action",
                "enforce",
                "postscreen_greet_action",
                "enforce",
                "postscreen_greet_wait",
                "1s",
                "smtpd_recipient_restrictions",
                "reject_unauth_destination"));
        values.putAll(more);
        MailOnLoopback up = new MailOnLoopback(home, values, store);
        if (up.directory
                .account(tamanoir.mail.address.Address.of("ann@example.com"))
                .isEmpty()) {
            up.account("ann@example.com");
        }
        for (String list : new String[] {"zen.example", "bl.example", "sorbs.example", "wl.example"}) {
            up.dns.address("2.0.0.127." + list, "127.0.0.2");
        }
        return up;
    }

    /// The commands are tested too, as in the reference set-up.
    private static Map<String, String> deep() {
        return new HashMap<>(Map.of(
                "postscreen_pipelining_enable", "yes",
                "postscreen_pipelining_action", "enforce",
                "postscreen_non_smtp_command_enable", "yes",
                "postscreen_non_smtp_command_action", "enforce",
                "postscreen_bare_newline_enable", "yes",
                "postscreen_bare_newline_action", "enforce"));
    }

    /// Points 14, 16: the teaser first, the greeting after the wait; who has passed is served at once next time.
    @Test
    void whoWaitsIsServedAndRememberedAcrossARestart() throws IOException {
        try (MailOnLoopback up = up(Map.of(), onDisk())) {
            try (Visitor first = new Visitor(up, "127.0.1.1")) {
                long begin = System.nanoTime();
                assertThat(first.line()).startsWith("220-mail.example.com");
                assertThat(first.line()).startsWith("220 mail.example.com");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
                assertThat(first.deliver()).startsWith("250");
            }
            assertThat(up.inbox("ann@example.com")).hasSize(1);
        }
        try (MailOnLoopback up = up(Map.of(), onDisk())) {
            try (Visitor again = new Visitor(up, "127.0.1.1")) {
                assertThat(again.line()).startsWith("220 mail.example.com"); // no teaser, so no test
                assertThat(again.deliver()).startsWith("250");
            }
        }
    }

    /// Point 16: any octet before the greeting; point 15: every recipient is refused, the session goes on.
    @Test
    void whoTalksEarlyIsRefusedAtEachRecipient() throws IOException {
        try (MailOnLoopback up = up(Map.of());
                Visitor early = new Visitor(up, "127.0.1.2")) {
            early.send("EHLO client.example\r\n");
            assertThat(early.reply()).startsWith("220 ");
            assertThat(early.reply()).startsWith("250 ");
            assertThat(early.say("MAIL FROM:<a@client.example>")).startsWith("250");
            assertThat(early.say("RCPT TO:<ann@example.com>")).isEqualTo("550 5.5.1 Protocol error");
            assertThat(early.say("RCPT TO:<postmaster>")).isEqualTo("550 5.5.1 Protocol error");
            assertThat(early.say("DATA")).startsWith("554");
            assertThat(early.say("QUIT")).startsWith("221");
            assertThat(up.inbox("ann@example.com")).isEmpty();
        }
    }

    @Test
    void aDroppedClientGetsOneWord() throws IOException {
        try (MailOnLoopback up = up(Map.of("postscreen_greet_action", "drop"));
                Visitor early = new Visitor(up, "127.0.1.3")) {
            early.send("EHLO client.example\r\n");
            assertThat(early.line()).startsWith("220-");
            assertThat(early.line()).isEqualTo("521 5.5.1 Protocol error");
            assertThat(early.reply()).isEmpty();
        }
    }

    /// Point 14: the first match of the access list decides.
    @Test
    void theAccessListComesBeforeEverything() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            try (Visitor friend = new Visitor(up, "127.0.9.2")) {
                assertThat(friend.line()).startsWith("220 mail.example.com");
                assertThat(friend.deliver()).startsWith("250");
            }
            try (Visitor enemy = new Visitor(up, "127.0.9.1")) {
                assertThat(enemy.reply()).startsWith("220 ");
                assertThat(enemy.rcpt()).isEqualTo("550 5.3.2 Service currently unavailable");
            }
        }
        try (MailOnLoopback up = up(Map.of("postscreen_blacklist_action", "drop"));
                Visitor enemy = new Visitor(up, "127.0.9.1")) {
            assertThat(enemy.line()).isEqualTo("521 5.3.2 Service currently unavailable");
        }
    }

    /// Point 17: weights add up; several answers of one list count once; error codes count nothing.
    @Test
    void listsInTheDnsAddUp() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            up.dns.address("4.1.0.127.bl.example", "127.0.0.2").address("4.1.0.127.bl.example", "127.0.0.10");
            up.dns.address("4.1.0.127.sorbs.example", "127.0.0.5");
            up.dns.address("5.1.0.127.bl.example", "127.0.0.2").address("5.1.0.127.bl.example", "127.0.0.3");
            up.dns.address("6.1.0.127.zen.example", "127.255.255.254");
            up.dns.address("7.1.0.127.zen.example", "127.0.0.2").address("7.1.0.127.wl.example", "127.0.5.1");
            try (Visitor two = new Visitor(up, "127.0.1.4")) {
                two.reply();
                assertThat(two.rcpt())
                        .isEqualTo("550 5.7.1 Service unavailable; client [127.0.1.4] blocked using bl.example");
            }
            try (Visitor twice = new Visitor(up, "127.0.1.5")) {
                twice.reply();
                assertThat(twice.rcpt()).as("2 is below 3").startsWith("250");
            }
            try (Visitor refused = new Visitor(up, "127.0.1.6")) {
                refused.reply();
                assertThat(refused.rcpt()).as("an error code is no listing").startsWith("250");
            }
            try (Visitor balanced = new Visitor(up, "127.0.1.7")) {
                balanced.reply();
                assertThat(balanced.rcpt()).as("3 - 4 is below 3").startsWith("250");
            }
        }
    }

    /// A list that has everybody is not asked (RFC 5782 §5).
    @Test
    void aListThatHasEverybodyIsNotBelieved() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            up.dns.address("1.0.0.127.zen.example", "127.0.0.2").address("8.1.0.127.zen.example", "127.0.0.2");
            try (Visitor one = new Visitor(up, "127.0.1.8")) {
                one.reply();
                assertThat(one.rcpt()).startsWith("250");
            }
        }
    }

    /// Point 18: a friend of a list need not wait for the tests of the commands.
    @Test
    void anAllowListSparesTheLaterTests() throws IOException {
        Map<String, String> values = deep();
        values.put("postscreen_dnsbl_whitelist_threshold", "-1");
        try (MailOnLoopback up = up(values)) {
            up.dns.address("9.1.0.127.wl.example", "127.0.5.1");
            try (Visitor friend = new Visitor(up, "127.0.1.9")) {
                friend.reply();
                friend.send("EHLO client.example\r\n");
                String last = friend.line();
                boolean pipelining = false;
                while (last.startsWith("250-")) {
                    pipelining |= last.contains("PIPELINING");
                    last = friend.line();
                }
                assertThat(pipelining).as("nothing is under test").isTrue();
            }
            try (Visitor again = new Visitor(up, "127.0.1.9")) {
                assertThat(again.line()).startsWith("220 mail.example.com");
            }
        }
    }

    /// Points 15, 20, 21: the tests of the commands; who passes them is served in the same session.
    @Test
    void theCommandsAreWatched() throws IOException {
        try (MailOnLoopback up = up(deep())) {
            try (Visitor honest = new Visitor(up, "127.0.2.1")) {
                honest.reply();
                honest.send("EHLO client.example\r\n");
                String line = honest.line();
                while (line.startsWith("250-")) {
                    assertThat(line).doesNotContain("PIPELINING");
                    line = honest.line();
                }
                assertThat(honest.say("MAIL FROM:<a@client.example>")).startsWith("250");
                assertThat(honest.say("RCPT TO:<ann@example.com>")).startsWith("250");
                assertThat(honest.say("DATA")).startsWith("354");
                assertThat(honest.say("Subject: x\r\n\r\nHello\r\n.")).startsWith("250");
            }
            try (Visitor again = new Visitor(up, "127.0.2.1")) {
                assertThat(again.line()).startsWith("220 mail.example.com");
            }
            try (Visitor hasty = new Visitor(up, "127.0.2.2")) {
                hasty.reply();
                hasty.send("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<ann@example.com>\r\n");
                assertThat(hasty.reply()).startsWith("250");
                assertThat(hasty.reply()).startsWith("250");
                assertThat(hasty.reply()).isEqualTo("550 5.5.1 Protocol error");
            }
            try (Visitor browser = new Visitor(up, "127.0.2.3")) {
                browser.reply();
                browser.say("GET / HTTP/1.1");
                assertThat(browser.rcpt()).startsWith("550 5.5.1");
            }
            try (Visitor mail = new Visitor(up, "127.0.2.4")) {
                mail.reply();
                mail.say("Subject: hello");
                assertThat(mail.rcpt()).startsWith("550 5.5.1");
            }
            try (Visitor bare = new Visitor(up, "127.0.2.5")) {
                bare.reply();
                bare.send("EHLO client.example\n");
                bare.reply();
                assertThat(bare.say("MAIL FROM:<a@client.example>")).startsWith("250");
                assertThat(bare.say("RCPT TO:<ann@example.com>")).isEqualTo("550 5.5.1 Protocol error");
            }
            assertThat(up.inbox("ann@example.com")).hasSize(1);
        }
    }

    @Test
    void tooManyCommandsUnderTestEndTheSession() throws IOException {
        Map<String, String> values = deep();
        values.put("postscreen_command_count_limit", "3");
        try (MailOnLoopback up = up(values);
                Visitor one = new Visitor(up, "127.0.2.6")) {
            one.reply();
            assertThat(one.say("EHLO client.example")).startsWith("250");
            assertThat(one.say("NOOP")).startsWith("250");
            assertThat(one.say("NOOP")).startsWith("250");
            assertThat(one.say("NOOP")).startsWith("421");
            assertThat(one.reply()).isEmpty();
        }
    }

    /// Point 19: each test has its own time; a pass that has run out is tested again.
    @Test
    void aPassRunsOut() throws IOException {
        try (MailOnLoopback up = up(Map.of("postscreen_greet_ttl", "1d"))) {
            try (Visitor first = new Visitor(up, "127.0.3.1")) {
                assertThat(first.reply()).startsWith("220 ");
            }
            try (Visitor second = new Visitor(up, "127.0.3.1")) {
                assertThat(second.line()).startsWith("220 ");
            }
            up.policyClock.advance(Duration.ofDays(2));
            try (Visitor third = new Visitor(up, "127.0.3.1")) {
                assertThat(third.line()).startsWith("220-");
            }
        }
    }

    /// A list that does not answer delays nobody beyond the wait for the greeting, and counts nothing.
    @Test
    void aListThatCannotBeAskedCountsNothing() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            up.dns.fails("2.3.0.127.zen.example", "A").fails("2.3.0.127.bl.example", "A");
            try (Visitor one = new Visitor(up, "127.0.3.2")) {
                one.reply();
                assertThat(one.rcpt()).startsWith("250");
            }
        }
    }

    /// Postfix's defaults block nobody, and nobody waits.
    @Test
    void withoutAWordInMainCfNobodyWaits() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of());
                Visitor one = new Visitor(up, "127.0.3.3")) {
            assertThat(one.line()).startsWith("220 mail.example.com");
        }
    }

    /// postscreen_allowlist_interfaces: no pass is earned at a backup address.
    @Test
    void nobodyEarnsAPassAtABackupAddress() throws IOException {
        try (MailOnLoopback up = up(Map.of("postscreen_whitelist_interfaces", "!127.0.0.1, static:all"));
                Visitor one = new Visitor(up, "127.0.3.4")) {
            one.reply();
            assertThat(one.rcpt()).startsWith("450 4.3.2");
        }
    }
}
