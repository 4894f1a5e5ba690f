package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.Config;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;

/// A new configuration takes the place of the old one while mail comes in.
@Timeout(120)
class ReloadTest {
    @TempDir
    Path folder;

    @Test
    void nothingIsLostWhileConfigurationsChange() throws Exception {
        try (House house = House.of(folder.resolve("home")).start().people("ann")) {
            int port = house.port("smtp");
            AtomicBoolean end = new AtomicBoolean();
            AtomicInteger next = new AtomicInteger();
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            List<String> wrong = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                senders.add(Thread.ofVirtual().start(() -> {
                    try {
                        while (!end.get()) {
                            try (Line smtp = Line.smtp(port)) {
                                for (int j = 0; j < 5; j++) {
                                    String token = "<token-" + next.incrementAndGet() + ">";
                                    String reply = smtp.mail(
                                            "me@elsewhere.example", "ann@example.com", "Subject: " + token + "\n\nx\n");
                                    if (reply.startsWith("250")) {
                                        acknowledged.add(token);
                                    } else {
                                        synchronized (wrong) {
                                            wrong.add(reply);
                                        }
                                    }
                                }
                            }
                        }
                    } catch (IOException e) {
                        synchronized (wrong) {
                            wrong.add(e.toString());
                        }
                    }
                }));
            }
            for (int i = 1; i <= 10; i++) {
                house.mainCf("message_size_limit = " + (1_000_000 + i), "smtpd_banner = $myhostname ESMTP number " + i);
                assertThat(house.run("reload").out()).contains("message_size_limit", "smtpd_banner");
                try (Line smtp = Line.to(port)) {
                    assertThat(smtp.reply()).isEqualTo("220 mail.example.com ESMTP number " + i);
                    assertThat(smtp.smtp("EHLO client.example.net")).contains("SIZE " + (1_000_000 + i));
                }
                int seen = acknowledged.size();
                House.await("mail comes in", () -> acknowledged.size() > seen + 5);
            }
            end.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(wrong).isEmpty();
            try (Line imap = house.inbox("ann")) {
                List<String> subjects = imap.imap("FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
                        .lines()
                        .filter(line -> line.startsWith("Subject: "))
                        .map(line -> line.substring(9))
                        .toList();
                assertThat(subjects).containsExactlyInAnyOrderElementsOf(acknowledged);
            }
        }
    }

    @Test
    void whoIsConnectedGoesOnByTheOldRules() throws IOException {
        try (House house = House.of(folder.resolve("home"), "message_size_limit = 2000000")
                        .start()
                        .people("ann");
                Line before = house.smtp()) {
            house.mainCf("message_size_limit = 1000");
            house.run("reload");
            String message = "Subject: x\n\n" + "x\n".repeat(2000);
            assertThat(before.mail("me@elsewhere.example", "ann@example.com", message))
                    .startsWith("250 2.0.0");
            try (Line after = house.smtp()) {
                assertThat(after.mail("me@elsewhere.example", "ann@example.com", message))
                        .startsWith("552 5.3.4");
            }
        }
    }

    @Test
    void whatNeedsARestartIsSaid() throws IOException {
        try (House house = House.of(folder.resolve("home")).start()) {
            house.mainCf("connection_backlog = 77");
            assertThat(house.run("reload").out())
                    .isEqualTo("Reloaded; 1 value changed: connection_backlog."
                            + " These take effect at the next start: connection_backlog.\n");
            assertThat(house.run("reload").out()).isEqualTo("Reloaded; nothing changed.\n");
        }
    }

    @Test
    void limitsOfAServiceFollowAReload() throws IOException {
        try (House house = House.of(folder.resolve("home"), "smtpd_client_event_limit_exceptions =")
                        .start()
                        .people("ann");
                Line first = house.smtp()) {
            house.mainCf("smtpd_client_event_limit_exceptions =", "smtp/smtpd_client_connection_count_limit = 1");
            assertThat(house.run("reload").out())
                    .isEqualTo("Reloaded; 2 values changed: postscreen_client_connection_count_limit,"
                            + " smtpd_client_connection_count_limit.\n");
            try (Line second = Line.to(house.port("smtp"))) {
                assertThat(second.reply()).startsWith("421 4.7.0 ");
            }
            assertThat(first.smtp("NOOP")).startsWith("250");
            house.submission("ann").close();
        }
    }

    // ---- certificates ------------------------------------------------------------------------------------------

    private static X509Certificate shown(House house, String service, boolean startTls) throws IOException {
        try (Line line = Line.to(house.port(service))) {
            if (startTls) {
                line.reply();
                line.smtp("EHLO client.example.net");
                line.smtp("STARTTLS");
            }
            return line.startTls();
        }
    }

    /// Puts a new pair where the old one is, as whoever renews certificates does.
    private void renew(Path tls) throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Config config = Config.of(other, Map.of("myhostname", "mail.example.com"));
        TlsServer.makeMissing(TlsSettings.from(config), new Trace("test", ""), Clock.systemUTC());
        try (Stream<Path> made = Files.list(other.resolve("tls"))) {
            for (Path file : made.toList()) {
                Files.copy(file, tls.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void aNewCertificateIsShownAfterReloadAndABrokenOneIsNot() throws IOException {
        try (House house = House.of(folder.resolve("home")).start().people("ann");
                Line before = house.submission("ann")) {
            X509Certificate first = shown(house, "imaps", false);
            assertThat(shown(house, "smtp", true)).isEqualTo(first);
            Path tls = house.home.resolve("tls");
            renew(tls);
            assertThat(shown(house, "imaps", false)).isEqualTo(first);
            assertThat(house.run("reload").exit()).isZero();
            X509Certificate second = shown(house, "imaps", false);
            assertThat(second).isNotEqualTo(first);
            for (String service : List.of("submissions", "pop3s")) {
                assertThat(shown(house, service, false)).as(service).isEqualTo(second);
            }
            assertThat(shown(house, "smtp", true)).isEqualTo(second);
            assertThat(before.mail("ann@example.com", "ann@example.com", "Subject: x\n\nx\n"))
                    .startsWith("250 2.0.0");

            Files.writeString(tls.resolve("mail.example.com.pem"), "-----BEGIN CERTIFICATE-----\nbroken\n");
            House.Outcome broken = house.run("reload");
            assertThat(broken.exit()).isEqualTo(65);
            assertThat(broken.err()).contains("the old one stays", "mail.example.com.pem");
            assertThat(shown(house, "imaps", false)).isEqualTo(second);
        }
    }
}
