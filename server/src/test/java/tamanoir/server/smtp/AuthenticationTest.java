package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcSealer;
import tamanoir.mail.authresults.dkim.DkimSigner;
import tamanoir.mail.authresults.dkim.Signature;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

/// What the server finds out about where mail comes from, and what it does about it: dialogues with a server on
/// loopback that asks a domain name system of the test.
class AuthenticationTest {
    private static final String GOOD = "203.0.113.5";
    private static final String BAD = "198.51.100.9";

    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account("user001@example.com");
        up.dns
                .txt("bank.example", "v=spf1 ip4:" + GOOD + " -all exp=why.bank.example")
                .txt("why.bank.example", "%{i} is not ours")
                .txt("_dmarc.bank.example", "v=DMARC1; p=reject")
                .txt("shop.example", "v=spf1 ip4:" + GOOD + " ~all")
                .txt("_dmarc.shop.example", "v=DMARC1; p=quarantine")
                .fails("TXT", "down.example")
                .fails("TXT", "_dmarc.down.example");
        return up;
    }

    /// The last reply.
    private static String send(MailOnLoopback up, String client, String sender, String message) throws IOException {
        try (SmtpClient smtp = up.client("smtp")) {
            smtp.say("EHLO mx.sender.example");
            smtp.say("XCLIENT ADDR=" + client + " NAME=[UNAVAILABLE]");
            smtp.say("EHLO mx.sender.example");
            smtp.say("MAIL FROM:<" + sender + ">");
            smtp.say("RCPT TO:<user001@example.com>");
            smtp.say("DATA");
            return smtp.say(message + "\r\n.");
        }
    }

    private static String mail(String from) {
        return "From: " + from + "\r\nSubject: where from\r\n\r\nbody";
    }

    private static String unfolded(String message) {
        return message.replaceAll("\r\n[ \t]+", " ");
    }

    private static String only(MailOnLoopback up) {
        List<String> inbox = up.inbox("user001@example.com");
        assertThat(inbox).hasSize(1);
        String message = inbox.getFirst();
        return unfolded(message.substring(message.indexOf("Delivered-To: user001@example.com\r\n") + 35));
    }

    @Test
    void whatPassesIsTold() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(send(up, GOOD, "a@bank.example", mail("a@bank.example"))).startsWith("250");
            assertThat(only(up))
                    .startsWith("Authentication-Results: mail.example.com; spf=pass smtp.mailfrom=a@bank.example;"
                            + " dkim=none; dmarc=pass header.from=bank.example\r\nReceived: ")
                    .doesNotContain("X-Spam-Flag");
        }
    }

    @Test
    void whatHasNothingToCheckIsToldToo() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(send(up, GOOD, "a@plain.example", mail("a@plain.example")))
                    .startsWith("250");
            assertThat(only(up))
                    .startsWith("Authentication-Results: mail.example.com; spf=none smtp.mailfrom=a@plain.example;"
                            + " dkim=none; dmarc=none header.from=plain.example\r\n");
        }
    }

    @Test
    void whatFailsIsMarkedAndArrives() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@bank.example"))).startsWith("250");
            assertThat(only(up))
                    .contains("spf=fail smtp.mailfrom=a@bank.example")
                    .contains("dmarc=fail (p=reject) reason=")
                    .contains("X-Spam-Flag: YES\r\n");
        }
    }

    @Test
    void whatFailsIsRefusedWhereTheAdministratorSaysSo() throws IOException {
        try (MailOnLoopback up = server("dmarc_policy_action", "reject")) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@bank.example")))
                    .startsWith("550 5.7.26 DMARC: mail from bank.example");
            assertThat(up.inbox("user001@example.com")).isEmpty();
            assertThat(send(up, BAD, "a@shop.example", mail("a@shop.example"))).startsWith("250");
            assertThat(only(up))
                    .contains("spf=softfail")
                    .contains("dmarc=fail (p=quarantine)")
                    .contains("X-Spam-Flag: YES");
        }
    }

    @Test
    void whatFailsIsOnlyToldWhereTheAdministratorSaysSo() throws IOException {
        try (MailOnLoopback up = server("dmarc_policy_action", "none")) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@bank.example"))).startsWith("250");
            assertThat(only(up)).contains("dmarc=fail (p=reject)").doesNotContain("X-Spam-Flag");
        }
    }

    @Test
    void spfAndDmarcAreRestrictionsToo() throws IOException {
        try (MailOnLoopback up = server("smtpd_end_of_data_restrictions", "reject_spf_fail, reject_dmarc_fail")) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@elsewhere.example")))
                    .startsWith("550 5.7.23 SPF: bank.example does not permit " + BAD)
                    .contains("bank.example explains: " + BAD + " is not ours");
            assertThat(send(up, BAD, "a@plain.example", mail("a@bank.example"))).startsWith("550 5.7.26");
            assertThat(send(up, BAD, "a@shop.example", mail("a@shop.example"))).startsWith("250");
        }
    }

    @Test
    void spfAloneRefusesByItsParameter() throws IOException {
        try (MailOnLoopback up = server("spf_fail_action", "reject", "soft_bounce", "yes")) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@bank.example"))).startsWith("450 4.7.23");
        }
    }

    @Test
    void troubleWithTheDnsIsNoProofAgainstAnybody() throws IOException {
        try (MailOnLoopback up = server("dmarc_policy_action", "reject", "spf_fail_action", "reject")) {
            assertThat(send(up, BAD, "a@down.example", mail("a@down.example"))).startsWith("250");
            assertThat(only(up)).contains("spf=temperror reason=").contains("dmarc=temperror reason=");
        }
        try (MailOnLoopback up = server("spf_temperror_action", "defer")) {
            assertThat(send(up, BAD, "a@down.example", mail("a@down.example"))).startsWith("451 4.7.24");
        }
        try (MailOnLoopback up = server("dmarc_temperror_action", "defer")) {
            assertThat(send(up, BAD, "a@down.example", mail("a@down.example"))).startsWith("451 4.7.26");
        }
    }

    /// RFC 8601 §5.
    @Test
    void fieldsThatSpeakInOurNameAreTakenOut() throws IOException {
        try (MailOnLoopback up = server()) {
            String forged = "Authentication-Results: MAIL.example.com;\r\n dmarc=pass header.from=bank.example\r\n"
                    + "Authentication-Results: \"mail.example.com\" 1; rubbish\r\n"
                    + "X-Other: stays\r\n"
                    + "authentication-results : (hi) mail.example.com; spf=pass smtp.mailfrom=a@bank.example\r\n"
                    + "Authentication-Results: mx.elsewhere.example; spf=pass smtp.mailfrom=a@bank.example\r\n";
            assertThat(send(up, BAD, "a@plain.example", forged + mail("a@bank.example")))
                    .startsWith("250");
            assertThat(only(up))
                    .containsOnlyOnce("mail.example.com; ")
                    .doesNotContain("dmarc=pass")
                    .doesNotContain("rubbish")
                    .contains("\r\nX-Other: stays\r\nAuthentication-Results: mx.elsewhere.example; spf=pass");
        }
    }

    @Test
    void ourOwnPeopleAndNetworksAreNotChecked() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(send(up, "192.0.2.7", "a@bank.example", mail("a@bank.example")))
                    .startsWith("250");
            assertThat(only(up)).startsWith("Received:").doesNotContain("Authentication-Results");
            assertThat(up.dns.questions()).noneMatch(question -> question.contains("_dmarc"));
        }
    }

    @Test
    void aRelayThatWeTrustHasCheckedAlready() throws IOException {
        try (MailOnLoopback up = server("authentication_trusted_relays", "198.51.100.0/24")) {
            String told = "Authentication-Results: mail.example.com; dmarc=pass header.from=bank.example\r\n";
            assertThat(send(up, BAD, "a@bank.example", told + mail("a@bank.example")))
                    .startsWith("250");
            assertThat(only(up)).contains("dmarc=pass").doesNotContain("spf=");
        }
    }

    @Test
    void aNullSenderIsCheckedByTheNameOfTheClient() throws IOException {
        try (MailOnLoopback up = server("received_spf_header", "yes")) {
            up.dns.txt("mx.sender.example", "v=spf1 ip4:" + GOOD + " -all");
            assertThat(send(up, GOOD, "", mail("a@sender.example"))).startsWith("250");
            assertThat(only(up))
                    .contains("spf=pass smtp.helo=mx.sender.example")
                    .contains("Received-SPF: Pass client-ip=" + GOOD
                            + "; envelope-from=\"\"; helo=\"mx.sender.example\";");
        }
    }

    /// B44, on the road.
    @Test
    void twoAuthorsAreTwoDomainsThatMustPass() throws IOException {
        try (MailOnLoopback up = server("dmarc_policy_action", "reject")) {
            up.dns.txt("evil.example", "v=spf1 ip4:" + BAD + " -all").txt("_dmarc.evil.example", "v=DMARC1; p=none");
            assertThat(send(up, BAD, "a@evil.example", mail("b@bank.example, a@evil.example")))
                    .startsWith("550 5.7.26");
            assertThat(send(up, BAD, "a@evil.example", mail("a@evil.example\r\nFrom: b@bank.example")))
                    .startsWith("550 5.7.26");
            assertThat(send(up, BAD, "a@evil.example", mail("a@evil.example"))).startsWith("250");
            assertThat(send(up, BAD, "a@evil.example", "Subject: no author\r\n\r\nbody"))
                    .startsWith("250");
        }
    }

    @Test
    void whatIsSwitchedOffIsNotAsked() throws IOException {
        try (MailOnLoopback up =
                server("spf_check", "no", "dkim_check", "no", "dmarc_check", "no", "arc_check", "no")) {
            assertThat(send(up, BAD, "a@bank.example", mail("a@bank.example"))).startsWith("250");
            assertThat(only(up)).startsWith("Received:");
            assertThat(up.dns.questions()).noneMatch(question -> question.startsWith("TXT"));
        }
    }

    // ---- signed mail ---------------------------------------------------------------------------------------------

    private static SigningKey key(MailOnLoopback up, String domain) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            up.dns.txt(
                    "s1._domainkey." + domain,
                    "v=DKIM1; k=ed25519; p="
                            + Base64.getEncoder()
                                    .encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            return new SigningKey(domain, "s1", Signature.Algorithm.ED25519_SHA256, pair.getPrivate());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// `body` ends in CRLF; what is sent must not.
    private static String signed(SigningKey key, String header, String body) {
        DkimSigner signer = new DkimSigner(key);
        byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
        signer.feed(octets, 0, octets.length);
        return signer.field(HeaderFields.of(Octets.of(header + "\r\n")), Instant.now()) + header + "\r\n" + body;
    }

    private static String toSend(String message) {
        return message.substring(0, message.length() - 2);
    }

    @Test
    void aForwardedSignedMessageStillPasses() throws IOException {
        try (MailOnLoopback up = server("dmarc_policy_action", "reject")) {
            SigningKey key = key(up, "bank.example");
            String header = "From: a@bank.example\r\nSubject: signed\r\n";
            for (String body : List.of("short\r\n", "long line of text\r\n".repeat(8_000))) {
                String message = signed(key, header, body);
                assertThat(send(up, BAD, "srs@forwarder.example", toSend(message)))
                        .startsWith("250");
                String changed = message.replaceFirst("\r\n\r\n", "\r\n\r\nAdded by a list.\r\n");
                assertThat(send(up, BAD, "srs@forwarder.example", toSend(changed)))
                        .startsWith("550 5.7.26");
            }
            assertThat(up.inbox("user001@example.com"))
                    .hasSize(2)
                    .allSatisfy(message -> assertThat(unfolded(message))
                            .contains("dkim=pass")
                            .contains("header.d=bank.example header.s=s1")
                            .contains("dmarc=pass header.from=bank.example"));
        }
    }

    @Test
    void whatATrustedListChangedArrivesByItsSeal() throws IOException {
        String[] main = {"dmarc_policy_action", "reject", "arc_trusted_sealers", "list.example"};
        try (MailOnLoopback up = server(main)) {
            SigningKey key = key(up, "list.example");
            String header = "From: a@bank.example\r\nSubject: [list] changed\r\n";
            String body = "text\r\n-- \r\nfooter of the list\r\n";
            ArcSealer sealer = new ArcSealer(key);
            byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
            sealer.feed(octets, 0, octets.length);
            String seals = sealer.fields(
                            HeaderFields.of(Octets.of(header + "\r\n")),
                            "list.example; dmarc=pass header.from=bank.example",
                            ArcResult.NONE,
                            Instant.now())
                    .orElseThrow();
            String sealed = seals + header + "\r\n" + body;
            assertThat(send(up, BAD, "owner@list.example", toSend(sealed))).startsWith("250");
            assertThat(only(up)).contains("arc=pass").contains("dmarc=fail (p=none)");
            assertThat(send(up, BAD, "owner@list.example", toSend(sealed.replace("footer", "other footer"))))
                    .startsWith("550 5.7.26");
        }
    }
}
