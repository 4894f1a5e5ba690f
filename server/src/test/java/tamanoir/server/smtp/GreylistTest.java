package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;

/// Greylisting on a turned clock: who is put off, for how long, and who is spared.
class GreylistTest {
    private static final String US = "user001@example.com";
    private static final String MAIL = "Subject: x\r\n\r\nx\r\n";

    @TempDir
    Path home;

    private MailOnLoopback server(Store store, String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>(Map.of(
                "myhostname", "mail.example.com",
                "mydomain", "example.com",
                "myorigin", "example.com",
                "mydestination", "$myhostname, localhost, example.com",
                "mynetworks", "192.0.2.0/24",
                "smtpd_authorized_xclient_hosts", "127.0.0.1",
                "smtpd_recipient_restrictions", "greylist"));
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf, store);
        if (up.directory.account(tamanoir.mail.address.Address.of(US)).isEmpty()) {
            up.account(US);
            up.account("user002@example.com");
        }
        return up;
    }

    private static String from(MailOnLoopback up, String address, String sender) throws IOException {
        return up.atRcpt("ADDR=" + address + " NAME=[UNAVAILABLE]", "h.example.net", sender, US);
    }

    @Test
    void aStrangerComesBackAfterFiveMinutesAndIsKnownThen() throws IOException {
        try (MailOnLoopback up = server(new MemoryStore())) {
            assertThat(from(up, "203.0.113.9", "a@example.net"))
                    .isEqualTo(
                            "450 4.2.0 <" + US + ">: Recipient address rejected: Greylisted, please try again later");
            up.policyClock.advance(Duration.ofMinutes(4));
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("450 4.2.0");
            up.policyClock.advance(Duration.ofMinutes(2));
            // Another address of the same network, another serial number of the same sender.
            assertThat(from(up, "203.0.113.200", "a@example.net")).startsWith("250");
            up.policyClock.advance(Duration.ofDays(30));
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("250");
            // Used a month ago, so remembered for another.
            up.policyClock.advance(Duration.ofDays(30));
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("250");
            up.policyClock.advance(Duration.ofDays(36));
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("450");
        }
    }

    @Test
    void senderRecipientAndNetworkCountTogether() throws IOException {
        try (MailOnLoopback up = server(new MemoryStore())) {
            from(up, "203.0.113.9", "bounce-1234@list.example.net");
            up.policyClock.advance(Duration.ofMinutes(6));
            assertThat(from(up, "203.0.113.9", "other@list.example.net")).startsWith("450");
            assertThat(from(up, "198.51.100.9", "bounce-1234@list.example.net")).startsWith("450");
            // Senders that change with each message are one.
            assertThat(from(up, "203.0.113.9", "bounce-99@list.example.net")).startsWith("250");
            assertThat(from(up, "IPV6:2001:db8:1:2::3", "v6@example.net")).startsWith("450");
            up.policyClock.advance(Duration.ofMinutes(6));
            assertThat(from(up, "IPV6:2001:db8:1:2:ffff::4", "v6@example.net")).startsWith("250");
            assertThat(from(up, "IPV6:2001:db8:1:3::4", "v6@example.net")).startsWith("450");
        }
    }

    @Test
    void whoIsKnownIsNeverPutOff() throws IOException {
        try (MailOnLoopback up = server(new MemoryStore(), "greylist_exceptions", "198.51.100.0/24")) {
            assertThat(from(up, "198.51.100.7", "a@example.net")).startsWith("250");
            try (SmtpClient client = up.client("submission")) {
                client.say("EHLO laptop.example.net");
                client.startTls();
                client.say("EHLO laptop.example.net");
                client.plain(US, "secret");
                client.say("MAIL FROM:<" + US + ">");
                assertThat(client.say("RCPT TO:<user002@example.com>")).startsWith("250");
            }
        }
    }

    @Test
    void aNetworkThatKeepsComingBackIsAMailServer() throws IOException {
        try (MailOnLoopback up = server(new MemoryStore(), "greylist_client_limit", "3")) {
            for (int i = 0; i < 3; i++) {
                String sender = "writer" + (char) ('g' + i) + "@example.net";
                assertThat(from(up, "203.0.113.9", sender)).startsWith("450");
                up.policyClock.advance(Duration.ofMinutes(6));
                assertThat(from(up, "203.0.113.9", sender)).startsWith("250");
            }
            assertThat(from(up, "203.0.113.9", "new@example.org")).startsWith("250");
        }
    }

    /// Big senders come back from another network each time; their name and a domain that they may send for
    /// are what stays.
    @Test
    void aDomainWithAGoodHistoryIsSparedFromTheHostsThatSentIt() throws IOException {
        try (MailOnLoopback up = server(new MemoryStore());
                SmtpClient client = up.client("smtp")) {
            String first = "ADDR=203.0.113.9 NAME=out1.big.example.net";
            up.atRcpt(first, "out1.big.example.net", "a@example.net", US);
            up.policyClock.advance(Duration.ofMinutes(6));
            client.say("XCLIENT " + first);
            client.say("EHLO out1.big.example.net");
            assertThat(client.mail("a@example.net", MAIL, US)).startsWith("250");
            String second = "ADDR=198.51.100.9 NAME=out77.big.example.net";
            assertThat(up.atRcpt(second, "out77.big.example.net", "b@example.net", US))
                    .startsWith("250");
            // Not for other domains, and not for somebody who only says that name.
            assertThat(up.atRcpt(second, "out77.big.example.net", "b@example.org", US))
                    .startsWith("450");
            assertThat(up.atRcpt("ADDR=198.51.100.77 NAME=[UNAVAILABLE]", "out77.big.example.net", "b@example.net", US))
                    .startsWith("450");
        }
    }

    @Test
    void whatIsRememberedSurvivesARestart() throws IOException {
        MemoryStore store = new MemoryStore();
        MailOnLoopback before = server(store);
        from(before, "203.0.113.9", "a@example.net");
        MailOnLoopback after = server(store);
        after.policyClock.advance(Duration.ofMinutes(6));
        assertThat(from(after, "203.0.113.9", "a@example.net")).startsWith("250");
        after.close();
    }

    @Test
    void theSwitchStandsBehindAllLists() throws IOException {
        String[] lists = {
            "smtpd_recipient_restrictions", "permit_mynetworks, check_client_access inline:{198.51.100.7=OK}",
        };
        try (MailOnLoopback up = server(new MemoryStore(), lists[0], lists[1])) {
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("250");
        }
        try (MailOnLoopback up = server(new MemoryStore(), lists[0], lists[1], "greylist_enable", "yes")) {
            assertThat(from(up, "203.0.113.9", "a@example.net")).startsWith("450 4.2.0");
            assertThat(from(up, "192.0.2.9", "a@example.net")).startsWith("250");
        }
    }
}
