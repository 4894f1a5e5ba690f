package tamanoir.mail.authresults.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tamanoir.mail.authresults.KeyDns;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

class DkimTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final String MESSAGE = "From: Ann <ann@author.example>\r\nTo: bob@example.com\r\nSubject: Hi\r\n"
            + "Date: Wed, 25 Nov 2026 12:00:00 +0000\r\nList-Unsubscribe: <https://author.example/u?a=1>,\r\n"
            + " <mailto:u@author.example>\r\n\r\nHello\r\n\r\nthere\r\n";
    private static final KeyPair RSA = pair("RSA", 2048);
    private static final KeyPair ED = pair("Ed25519", 0);

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String rsaRecord(KeyPair pair) {
        return "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static KeyDns dns() {
        byte[] ed = ED.getPublic().getEncoded();
        return new KeyDns()
                .txt("r._domainkey.author.example", rsaRecord(RSA))
                .txt(
                        "e._domainkey.author.example",
                        "v=DKIM1; k=ed25519; p="
                                + Base64.getEncoder()
                                        .encodeToString(Arrays.copyOfRange(ed, ed.length - 32, ed.length)));
    }

    private static final SigningKey BY_RSA =
            new SigningKey("author.example", "r", Signature.Algorithm.RSA_SHA256, RSA.getPrivate());
    private static final SigningKey BY_ED =
            new SigningKey("author.example", "e", Signature.Algorithm.ED25519_SHA256, ED.getPrivate());

    private static String signed(String message, SigningKey key) {
        Part root = MessageParser.parse(Octets.of(message));
        DkimSigner signer = new DkimSigner(key);
        byte[] body = root.body().toByteArray();
        signer.feed(body, 0, body.length);
        return signer.field(HeaderFields.of(root.header()), NOW) + message;
    }

    private static List<Verified> verify(String message, KeyDns dns) throws IOException {
        Part root = MessageParser.parse(Octets.latin1(message));
        return DkimVerifier.verify(
                HeaderFields.of(root.header()),
                new ByteArrayInputStream(root.body().toByteArray()),
                dns,
                NOW);
    }

    // ---- bodies (B41) --------------------------------------------------------------------------------------------

    private static String hash(String body, boolean relaxed, int chunk) {
        BodyCanon canon = new BodyCanon(relaxed, -1);
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < octets.length; i += chunk) {
            canon.feed(octets, i, Math.min(chunk, octets.length - i));
        }
        return Base64.getEncoder().encodeToString(canon.finish());
    }

    /// B41: RFC 6376 §3.4.3, §3.4.4
    @Test
    void theEndsOfBodiesAreCanonicalHoweverTheyCome() {
        String empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        for (int chunk : new int[] {1, 2, 3, 4096}) {
            assertThat(hash("", false, chunk)).isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
            assertThat(hash("", true, chunk)).isEqualTo(empty);
            assertThat(hash("\r\n", true, chunk)).isEqualTo(empty);
            assertThat(hash("  \r\n\t\r\n", true, chunk)).isEqualTo(empty);
            Map.of(
                            "Hello!\r\n  \r\n\r\n", "Hello!\r\n",
                            "a \t b \r\n\r\n\t\r\n\r\n", "a b\r\n",
                            "x", "x\r\n")
                    .forEach((body, canonical) -> assertThat(hash(body, true, chunk))
                            .as(body)
                            .isEqualTo(Base64.getEncoder()
                                    .encodeToString(BodyCanon.sha256()
                                            .digest(canonical.getBytes(StandardCharsets.ISO_8859_1)))));
        }
    }

    /// Any body in any pieces: seeded, so that a failure can be seen again.
    @Test
    void piecesMakeNoDifference() {
        java.util.Random random = new java.util.Random(4711);
        for (int round = 0; round < 500; round++) {
            StringBuilder body = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                body.append("ab \t\r\n".charAt(random.nextInt(6)));
            }
            for (boolean relaxed : new boolean[] {true, false}) {
                assertThat(hash(body.toString(), relaxed, 1 + random.nextInt(7)))
                        .as("seed 4711 round %d", round)
                        .isEqualTo(hash(body.toString(), relaxed, 4096));
            }
        }
    }

    // ---- signatures ----------------------------------------------------------------------------------------------

    @Test
    void whatWeSignIsBelieved() throws IOException {
        for (SigningKey key : List.of(BY_RSA, BY_ED)) {
            List<Verified> results = verify(signed(MESSAGE, key), dns());
            assertThat(results).hasSize(1);
            assertThat(results.getFirst().result())
                    .as(results.getFirst().reason())
                    .isEqualTo(Result.PASS);
            assertThat(results.getFirst().vouches()).isTrue();
            assertThat(results.getFirst().domain()).isEqualTo("author.example");
        }
        assertThat(verify(signed(signed(MESSAGE, BY_RSA), BY_ED), dns()))
                .allMatch(one -> one.result() == Result.PASS)
                .hasSize(2);
    }

    @Test
    void whatWasChangedIsFound() throws IOException {
        String message = signed(MESSAGE, BY_RSA);
        assertThat(verify(message.replace("Hello", "Hullo"), dns()).getFirst().reason())
                .isEqualTo("the body has been changed");
        assertThat(verify(message.replace("Subject: Hi", "Subject: Ho"), dns())
                        .getFirst()
                        .result())
                .isEqualTo(Result.FAIL);
        // Oversigned: another From above the first one is found.
        assertThat(verify("From: eve@evil.example\r\n" + message, dns())
                        .getFirst()
                        .result())
                .isEqualTo(Result.FAIL);
        assertThat(verify(message.replace("Subject: Hi", "Subject:  Hi  "), dns())
                        .getFirst()
                        .result())
                .as("relaxed")
                .isEqualTo(Result.PASS);
        assertThat(verify("Received: from x\r\n" + message, dns()).getFirst().result())
                .isEqualTo(Result.PASS);
    }

    @Test
    void keysThatProveNothing() throws IOException {
        String message = signed(MESSAGE, BY_RSA);
        assertThat(verify(message, new KeyDns()).getFirst().result()).isEqualTo(Result.PERMERROR);
        assertThat(verify(message, new KeyDns().fails("r._domainkey.author.example"))
                        .getFirst()
                        .result())
                .isEqualTo(Result.TEMPERROR);
        assertThat(verify(message, new KeyDns().txt("r._domainkey.author.example", "v=DKIM1; p="))
                        .getFirst()
                        .reason())
                .isEqualTo("the key was revoked");
        assertThat(verify(message, new KeyDns().txt("r._domainkey.author.example", "v=DKIM1; h=sha1; p=AAAA"))
                        .getFirst()
                        .result())
                .isEqualTo(Result.PERMERROR);
        KeyPair small = pair("RSA", 512);
        SigningKey weak = new SigningKey("author.example", "w", Signature.Algorithm.RSA_SHA256, small.getPrivate());
        assertThat(verify(signed(MESSAGE, weak), new KeyDns().txt("w._domainkey.author.example", rsaRecord(small)))
                        .getFirst()
                        .result())
                .isEqualTo(Result.POLICY);
        assertThat(verify(message.replace("a=rsa-sha256", "a=rsa-sha1"), dns())
                        .getFirst()
                        .reason())
                .contains("rsa-sha1");
    }

    @Test
    void signaturesThatCannotBe() throws IOException {
        for (String field : List.of(
                "v=2; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==; b=AA==",
                "v=1; a=rsa-sha256; d=a.example; s=s; h=to; bh=AA==; b=AA==",
                "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==",
                "v=1; a=rsa-sha256; d=a.example; i=x@b.example; s=s; h=from; bh=AA==; b=AA==",
                "v=1; v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==; b=AA==",
                "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=*; b=AA==",
                "v=1; a=rsa-sha256; d=a.example; s=s; t=5; x=4; h=from; bh=AA==; b=AA==",
                ";;;",
                "")) {
            assertThat(verify("DKIM-Signature: " + field + "\r\n" + MESSAGE, dns())
                            .getFirst()
                            .result())
                    .as(field)
                    .isEqualTo(Result.PERMERROR);
        }
        String many = "DKIM-Signature: v=1\r\n".repeat(500) + MESSAGE;
        assertThat(verify(many, dns())).hasSize(DkimVerifier.MOST);
    }

    /// B42: two signatures, each with its own length.
    @Test
    void aLengthCoversNoMoreThanItSays() throws Exception {
        String body = "x".repeat(198) + "\r\n" + "tail\r\n";
        String head = "From: ann@author.example\r\nSubject: l\r\n";
        String field = limited(head, body, 200);
        String whole = signed(field + head + "\r\n" + body, BY_ED);
        List<Verified> results = verify(whole, dns());
        assertThat(results).allMatch(one -> one.result() == Result.PASS);
        assertThat(results.get(0).whole()).isTrue();
        assertThat(results.get(1).whole()).isFalse();
        assertThat(results.get(1).vouches()).isFalse();
        List<Verified> appended = verify(whole + "evil\r\n", dns());
        assertThat(appended.get(0).result()).isEqualTo(Result.FAIL);
        assertThat(appended.get(1).result()).isEqualTo(Result.PASS);
        assertThat(appended.get(1).vouches()).isFalse();
        assertThat(verify(limited(head, body, 5000) + head + "\r\n" + body, dns())
                        .getFirst()
                        .result())
                .isEqualTo(Result.PERMERROR);
    }

    /// A signature with `l=`, which we check and never make.
    private static String limited(String head, String body, int length) {
        BodyCanon canon = new BodyCanon(true, length);
        byte[] octets = body.getBytes(StandardCharsets.US_ASCII);
        canon.feed(octets, 0, octets.length);
        String tags = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=author.example; s=r; l=" + length
                + "; h= From : subject; bh=" + Base64.getEncoder().encodeToString(canon.finish()) + "; b=";
        String own = "DKIM-Signature: " + tags;
        HeaderFields header = HeaderFields.of(Octets.of(head + "\r\n"));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        HeaderCanon.chosen(header, List.of("from", "subject"))
                .forEach(one -> out.writeBytes(HeaderCanon.field(one.octets(), true)));
        out.writeBytes(HeaderCanon.ownField(Octets.of(own), true));
        return own + DkimSigner.wrapped(BY_RSA.sign(out.toByteArray())) + "\r\n";
    }

    /// RFC 8463 appendix A: one message, both algorithms.
    @Test
    void theVectorOfRfc8463() throws IOException {
        KeyDns dns = new KeyDns()
                .txt(
                        "brisbane._domainkey.football.example.com",
                        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
                .txt(
                        "test._domainkey.football.example.com",
                        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
                                + "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G"
                                + "+2kryOTIKT+l/K4w3QIDAQAB");
        String message = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                + " d=football.example.com; i=@football.example.com;\r\n"
                + " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
                + " subject : date : message-id : from : subject : date;\r\n"
                + " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                + " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
                + " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
                + "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
                + " d=football.example.com; i=@football.example.com;\r\n"
                + " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
                + " date : message-id : from : subject : date;\r\n"
                + " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                + " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
                + " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
                + " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
                + "From: Joe SixPack <joe@football.example.com>\r\n"
                + "To: Suzie Q <suzie@shopping.example.net>\r\n"
                + "Subject: Is dinner ready?\r\n"
                + "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
                + "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n"
                + "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
        assertThat(verify(message, dns)).hasSize(2).allMatch(one -> one.result() == Result.PASS);
    }
}
