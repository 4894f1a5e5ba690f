package tamanoir.mail.authresults.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.authresults.KeyDns;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcSealer;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// Signatures and seals between us and programs of others: OpenDKIM and dkimpy, where they are installed.
class InteroperationTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String MESSAGE = "From: Ann <ann@author.example>\r\nTo: bob@example.com\r\nSubject: Hi\r\n"
            + "Date: Wed, 25 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@author.example>\r\n\r\n"
            + "Hello \r\n\r\n  there\t you\r\n\r\n";
    private static final KeyPair RSA = pair("RSA");
    private static final KeyPair ED = pair("Ed25519");

    @TempDir
    private Path folder;

    private static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] seed(KeyPair pair) {
        byte[] whole = pair.getPrivate().getEncoded();
        return Arrays.copyOfRange(whole, whole.length - 32, whole.length);
    }

    private static String rsaRecord() {
        return "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
    }

    private static String edRecord() {
        byte[] whole = ED.getPublic().getEncoded();
        return "v=DKIM1; k=ed25519; p="
                + Base64.getEncoder().encodeToString(Arrays.copyOfRange(whole, whole.length - 32, whole.length));
    }

    private static KeyDns dns() {
        return new KeyDns()
                .txt("r._domainkey.author.example", rsaRecord())
                .txt("e._domainkey.author.example", edRecord());
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
        return signer.field(HeaderFields.of(root.header()), Instant.now()) + message;
    }

    private static String sealed(String message, SigningKey key) throws IOException {
        Part root = MessageParser.parse(Octets.of(message));
        HeaderFields header = HeaderFields.of(root.header());
        ArcSealer sealer = new ArcSealer(key);
        byte[] body = root.body().toByteArray();
        sealer.feed(body, 0, body.length);
        return sealer.fields(header, "author.example; spf=pass", chain(message), Instant.now())
                        .orElseThrow()
                + message;
    }

    private static ArcResult chain(String message) throws IOException {
        Part root = MessageParser.parse(Octets.of(message));
        return ArcVerifier.verify(
                HeaderFields.of(root.header()),
                new ByteArrayInputStream(root.body().toByteArray()),
                dns());
    }

    private static List<Verified> verify(String message) throws IOException {
        Part root = MessageParser.parse(Octets.of(message));
        return DkimVerifier.verify(
                HeaderFields.of(root.header()),
                new ByteArrayInputStream(root.body().toByteArray()),
                dns(),
                Instant.now());
    }

    private static void passes(String message, int count) throws IOException {
        List<Verified> all = verify(message);
        assertThat(all).as(message).hasSize(count).allMatch(one -> one.result() == Result.PASS);
    }

    // ---- dkimpy --------------------------------------------------------------------------------------------------

    private boolean hasDkimpy() throws IOException, InterruptedException {
        if (Files.isExecutable(Path.of(PYTHON)) && run(PYTHON, "-c", "import dkim, nacl, authres").code == 0) {
            return true;
        }
        System.out.println(
                "NOT RUN: signatures between us and dkimpy (apt-get install python3-dkim python3-nacl python3-authres)");
        return false;
    }

    /// `m` is the message, `dns` answers for our keys, `out` is what to print.
    private String dkimpy(String message, String lines) throws IOException, InterruptedException {
        Path mail = Files.write(folder.resolve("m.eml"), message.getBytes(StandardCharsets.ISO_8859_1));
        Path script = Files.writeString(
                folder.resolve("ask.py"),
                "import sys, dkim\nm = open(r'" + mail + "', 'rb').read()\n"
                        + "keys = {'r._domainkey.author.example': b'" + rsaRecord()
                        + "', 'e._domainkey.author.example': b'" + edRecord() + "'}\n"
                        + "def dns(name, timeout=5):\n"
                        + "    n = name.decode() if isinstance(name, bytes) else name\n"
                        + "    return keys.get(n.rstrip('.'))\n"
                        + lines + "\nsys.stdout.buffer.write(out)\n");
        Ended ended = run(PYTHON, script.toString());
        if (ended.code != 0) {
            fail("dkimpy: " + ended.text);
        }
        return ended.text;
    }

    private Path rsaKey() throws IOException {
        return Files.writeString(
                folder.resolve("rsa.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(RSA.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    @Test
    void dkimpyBelievesWhatWeSign() throws Exception {
        if (!hasDkimpy()) {
            return;
        }
        String verify = "out = str(dkim.verify(m, dnsfunc=dns)).encode()";
        assertThat(dkimpy(signed(MESSAGE, BY_RSA), verify)).isEqualTo("True");
        assertThat(dkimpy(signed(MESSAGE, BY_ED), verify)).isEqualTo("True");
        assertThat(dkimpy(signed(MESSAGE, BY_RSA).replace("there", "these"), verify))
                .isEqualTo("False");
    }

    @Test
    void weBelieveWhatDkimpySigns() throws Exception {
        if (!hasDkimpy()) {
            return;
        }
        for (String forms : List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed")) {
            String canon = "canonicalize=(b'" + forms.replace("/", "', b'") + "')";
            String byRsa = dkimpy(
                    MESSAGE,
                    "out = dkim.sign(m, b'r', b'author.example', open(r'" + rsaKey() + "', 'rb').read(), " + canon
                            + ")");
            passes(byRsa + MESSAGE, 1);
            String byEd = dkimpy(
                    MESSAGE,
                    "out = dkim.sign(m, b'e', b'author.example', b'"
                            + Base64.getEncoder().encodeToString(seed(ED))
                            + "', signature_algorithm=b'ed25519-sha256', " + canon + ")");
            passes(byEd + byRsa + MESSAGE, 2);
        }
        String partly = dkimpy(
                MESSAGE,
                "out = dkim.sign(m, b'r', b'author.example', open(r'" + rsaKey() + "', 'rb').read(), length=True)");
        passes(partly + MESSAGE + "P.S. more\r\n", 1);
        assertThat(verify(partly + MESSAGE + "P.S. more\r\n").getFirst().whole())
                .isFalse();
    }

    @Test
    void chainsOfSealsGoOnFromUsToDkimpyAndBack() throws Exception {
        if (!hasDkimpy()) {
            return;
        }
        String verify = "out = dkim.arc_verify(m, dnsfunc=dns)[0]";
        String ours = sealed(MESSAGE, BY_RSA);
        assertThat(dkimpy(ours, verify)).isEqualTo("pass");
        String results = "Authentication-Results: relay.example; arc=pass; spf=pass\r\n";
        String theirs = dkimpy(
                        results + ours,
                        "out = b''.join(dkim.arc_sign(m, b'r', b'author.example', open(r'" + rsaKey()
                                + "', 'rb').read(), b'relay.example', include_headers=[b'from', b'to', b'subject', b'date', b'message-id']))")
                + results
                + ours;
        assertThat(chain(theirs)).returns(Result.PASS, ArcResult::result).returns(2, ArcResult::instances);
        String third = sealed(theirs, BY_RSA);
        assertThat(chain(third)).returns(Result.PASS, ArcResult::result).returns(3, ArcResult::instances);
        assertThat(dkimpy(third, verify)).isEqualTo("pass");
        assertThat(dkimpy(third.replace("there", "these"), verify)).isEqualTo("fail");
    }

    // ---- OpenDKIM ------------------------------------------------------------------------------------------------

    private static boolean has(String program, String packages) {
        if (Files.isExecutable(Path.of(program))) {
            return true;
        }
        System.out.println("NOT RUN: signatures between us and OpenDKIM (apt-get install " + packages + ")");
        return false;
    }

    @Test
    void openDkimBelievesWhatWeSign() throws Exception {
        if (!has("/usr/sbin/opendkim", "opendkim")) {
            return;
        }
        Path keys = Files.writeString(folder.resolve("keys"), "r._domainkey.author.example " + rsaRecord() + "\n");
        Path conf = Files.writeString(folder.resolve("v.conf"), "Mode v\nTestPublicKeys " + keys + "\n");
        Path good = Files.writeString(folder.resolve("good.eml"), signed(MESSAGE, BY_RSA));
        Path bad = Files.writeString(
                folder.resolve("bad.eml"), signed(MESSAGE, BY_RSA).replace("there", "these"));
        assertThat(run("/usr/sbin/opendkim", "-x", conf.toString(), "-v", "-t", good.toString()).text)
                .contains("succeeded");
        assertThat(run("/usr/sbin/opendkim", "-x", conf.toString(), "-v", "-t", bad.toString()).text)
                .contains("failed");
    }

    @Test
    void weBelieveWhatOpenDkimSigns() throws Exception {
        if (!has("/usr/sbin/opendkim", "opendkim") || !has("/usr/bin/miltertest", "miltertest")) {
            return;
        }
        for (String forms : List.of("simple/simple", "relaxed/simple", "relaxed/relaxed")) {
            passes(byOpenDkim(forms) + MESSAGE, 1);
        }
    }

    /// The field that its milter adds.
    private String byOpenDkim(String forms) throws IOException, InterruptedException {
        Path socket = folder.resolve("s" + forms.hashCode());
        Path conf = Files.writeString(
                folder.resolve("s.conf"),
                "Mode s\nDomain author.example\nSelector r\nKeyFile " + rsaKey() + "\nCanonicalization " + forms
                        + "\nSignatureAlgorithm rsa-sha256\nOversignHeaders From\nRequireSafeKeys no\n");
        StringBuilder talk = new StringBuilder("c = mt.connect(\"local:" + socket + "\", 100, 0.05)\n"
                + "if c == nil then error(\"no milter\") end\nmt.conninfo(c, \"localhost\", \"127.0.0.1\")\n"
                + "mt.macro(c, SMFIC_MAIL, \"i\", \"t-1\")\nmt.mailfrom(c, \"<ann@author.example>\")\n"
                + "mt.rcptto(c, \"<bob@example.com>\")\n");
        int end = MESSAGE.indexOf("\r\n\r\n");
        for (String line : MESSAGE.substring(0, end).split("\r\n")) {
            String[] field = line.split(": ", 2);
            talk.append("mt.header(c, \"")
                    .append(field[0])
                    .append("\", \"")
                    .append(field[1])
                    .append("\")\n");
        }
        talk.append("mt.eoh(c)\nmt.bodystring(c, \"")
                .append(MESSAGE.substring(end + 4).replace("\r\n", "\\r\\n").replace("\t", "\\t"))
                .append("\")\nmt.eom(c)\nprint(mt.getheader(c, \"DKIM-Signature\", 0))\nmt.disconnect(c)\n");
        Path script = Files.writeString(folder.resolve("talk.lua"), talk);
        Process milter = new ProcessBuilder("/usr/sbin/opendkim", "-f", "-x", conf.toString(), "-p", "local:" + socket)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("milter.log").toFile())
                .start();
        try {
            Ended ended = run("/usr/bin/miltertest", "-s", script.toString());
            if (ended.code != 0) {
                fail("miltertest: " + ended.text);
            }
            String value = ended.text.strip().replaceAll("\r?\n", "\r\n");
            return "DKIM-Signature: " + value + "\r\n";
        } finally {
            milter.destroy();
            milter.waitFor(10, TimeUnit.SECONDS);
        }
    }

    // ---- programs ------------------------------------------------------------------------------------------------

    private record Ended(int code, String text) {}

    private static Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return new Ended(process.waitFor(), text);
    }
}
