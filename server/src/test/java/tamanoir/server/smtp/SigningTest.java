package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.DkimVerifier;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.DkimFolder;
import tamanoir.server.authresults.DkimFolder.Kept;
import tamanoir.server.authresults.DkimFolder.Stage;

/// Whose mail is signed when it comes in (RFC 6376), with keys from the folder.
class SigningTest {
    private static final String MESSAGE =
            "From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: signed\r\n\r\nHello\r\n";

    @TempDir
    Path home;

    private List<Kept> keys(MailOnLoopback up) throws IOException {
        DkimFolder folder = new DkimFolder(home.resolve("dkim"));
        List<Kept> keys = List.of(
                folder.make(Domain.of("example.com"), "r1", Algorithm.RSA_SHA256, Stage.SIGNING),
                folder.make(Domain.of("example.com"), "e1", Algorithm.ED25519_SHA256, Stage.SIGNING),
                folder.make(Domain.of("example.com"), "n1", Algorithm.RSA_SHA256, Stage.NEXT));
        keys.forEach(key -> up.dns.txt(key.name(), key.record()));
        return keys;
    }

    private static List<Verified> verified(MailOnLoopback up, String message) throws IOException {
        Part root = MessageParser.parse(Octets.latin1(message));
        return DkimVerifier.verify(
                HeaderFields.of(root.header()),
                new ByteArrayInputStream(root.body().toByteArray()),
                up.dns,
                Instant.now());
    }

    private static String submit(MailOnLoopback up, String message) throws IOException {
        try (SmtpClient client = up.client("submission")) {
            client.say("EHLO client.example");
            client.startTls();
            client.say("EHLO client.example");
            assertThat(client.plain("ann@example.com", "secret")).startsWith("235");
            return client.mail("ann@example.com", message, "bob@example.com");
        }
    }

    @Test
    void withoutAKeyNothingIsSigned() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            up.account("ann@example.com");
            up.account("bob@example.com");
            assertThat(submit(up, MESSAGE)).startsWith("250");
            assertThat(up.inbox("bob@example.com").getFirst()).doesNotContain("DKIM-Signature");
        }
    }

    @Test
    void point23OurPeoplesMailIsSignedAsItLeavesWithEveryKeyInUse() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            keys(up);
            up.account("ann@example.com");
            up.account("bob@example.com");
            assertThat(submit(up, MESSAGE)).startsWith("250");
            // A lone CR leaves as a blank: that is what is signed. What the mailbox keeps is as it came.
            String kept = up.inbox("bob@example.com").getFirst();
            List<Verified> results = verified(up, kept.substring(kept.indexOf("DKIM-Signature")));
            assertThat(results).hasSize(2).allMatch(one -> one.result() == Result.PASS && one.vouches());
            assertThat(results).extracting(Verified::selector).containsExactlyInAnyOrder("r1", "e1");
        }
    }

    @Test
    void strangersMailIsNeverSigned() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("spf_check", "no", "dmarc_check", "no"))) {
            keys(up);
            up.account("bob@example.com");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("ann@example.com", MESSAGE, "bob@example.com"))
                        .startsWith("250");
            }
            assertThat(up.inbox("bob@example.com").getFirst()).doesNotContain("DKIM-Signature");
        }
    }

    @Test
    void trustedMachinesMailIsSigned() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("dkim_sign_clients", "127.0.0.0/8"))) {
            keys(up);
            up.account("bob@example.com");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("ann@example.com", MESSAGE, "bob@example.com"))
                        .startsWith("250");
            }
            assertThat(up.inbox("bob@example.com").getFirst()).contains("DKIM-Signature");
        }
    }

    /// Mail of a domain with keys never goes out unsigned because a key cannot be read.
    @Test
    void aDamagedKeyDefers() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            up.account("ann@example.com");
            up.account("bob@example.com");
            Files.createDirectories(home.resolve("dkim/example.com"));
            Files.writeString(home.resolve("dkim/example.com/x.key"), "no key");
            assertThat(submit(up, MESSAGE)).startsWith("451");
            assertThat(up.inbox("bob@example.com")).isEmpty();
        }
    }
}
