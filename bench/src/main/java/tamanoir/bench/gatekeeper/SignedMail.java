package tamanoir.bench.gatekeeper;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import tamanoir.mail.authresults.dkim.DkimSigner;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

/// Letters of 10 KiB of plain text that sender.example signed with RSA-2048, and the zone that knows it. Immutable.
///
/// Words are made of syllables and drawn as Zipf has it, from 4,000, so that a letter has some hundreds of different
/// ones.
final class SignedMail {
    static final String CLIENT = "127.9.0.1";
    private static final int OCTETS = 10 << 10;
    private static final int WORDS = 4_000;
    private static final String[] SYLLABLES = "ba de fi go lu mar nel pos quin ras ter vol wen zam cho dril".split(" ");

    private final KeyPair key;
    private final List<String> words = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(10);

    SignedMail() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        key = keys.generateKeyPair();
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = i + 16; n > 0; n /= SYLLABLES.length) {
                word.append(SYLLABLES[n % SYLLABLES.length]);
            }
            words.add(word.toString());
        }
    }

    /// One letter, ended by the dot.
    byte[] letter(int number) {
        StringBuilder body = new StringBuilder();
        int column = 0;
        while (body.length() < OCTETS - 900) {
            String word = words.get((int) (Math.pow(WORDS, random.nextDouble()) - 1));
            body.append(word);
            column += word.length() + 1;
            body.append(column > 66 ? "\r\n" : " ");
            column = column > 66 ? 0 : column;
        }
        body.append("\r\nhttps://www.sender.example/letters/").append(number).append("\r\n");
        String header =
                "Received: from desk.sender.example ([198.51.100.7])\r\n\tby out.sender.example with ESMTPSA\r\n"
                        + "From: Ann Sender <ann@sender.example>\r\nTo: Reader <reader@example.com>\r\n"
                        + "Subject: letter " + number + " about " + words.get(number % WORDS) + "\r\nDate: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                Instant.now().atOffset(ZoneOffset.UTC))
                        + "\r\nMessage-ID: <letter." + number + "@sender.example>\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: text/plain; charset=utf-8\r\n";
        DkimSigner signer =
                new DkimSigner(new SigningKey("sender.example", "s1", Algorithm.RSA_SHA256, key.getPrivate()));
        byte[] text = body.toString().getBytes(StandardCharsets.US_ASCII);
        signer.feed(text, 0, text.length);
        String field = signer.field(HeaderFields.of(Octets.of(header + "\r\n")), Instant.now());
        return (field + header + "\r\n" + body + ".\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// What a name server says of the sender, its host and the lists.
    String zone() {
        String published = Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
        int half = published.length() / 2;
        return """
                sender.example. 3600 IN MX 10 out.sender.example.
                sender.example. 3600 IN A 198.51.100.7
                sender.example. 3600 IN TXT "v=spf1 a include:spf.sender.example -all"
                spf.sender.example. 3600 IN TXT "v=spf1 ip4:198.51.100.0/24 ip4:127.9.0.0/24 -all"
                _dmarc.sender.example. 3600 IN TXT "v=DMARC1; p=reject"
                s1._domainkey.sender.example. 3600 IN TXT "v=DKIM1; k=rsa; p=%s" "%s"
                out.sender.example. 3600 IN A 127.9.0.1
                1.0.9.127.in-addr.arpa. 3600 IN PTR out.sender.example.
                2.0.0.127.one.lists.example. 3600 IN A 127.0.0.2
                2.0.0.127.two.lists.example. 3600 IN A 127.0.0.2
                2.0.0.127.three.lists.example. 3600 IN A 127.0.0.2
                test.uri.lists.example. 3600 IN A 127.0.0.2
                """.formatted(published.substring(0, half), published.substring(half));
    }
}
