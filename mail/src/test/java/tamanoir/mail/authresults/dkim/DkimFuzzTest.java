package tamanoir.mail.authresults.dkim;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.authresults.KeyDns;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Signatures, keys, chains and bodies that nobody thought of: a verdict comes, or [BadSyntax], and never a pass.
class DkimFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final KeyDns DNS = new KeyDns()
            .txt("e._domainkey.a.example", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");

    @FuzzTest(maxDuration = "60s")
    void signatureField(byte[] octets) throws IOException {
        Octets text =
                Octets.join(Octets.of("DKIM-Signature: "), Octets.of(octets), Octets.of("\r\nFrom: a@a.example\r\n"));
        HeaderFields header = HeaderFields.of(text);
        List<Verified> all = DkimVerifier.verify(header, new ByteArrayInputStream(new byte[0]), DNS, NOW);
        that(all.size() <= DkimVerifier.MOST, "more signatures than are looked at");
        for (Verified one : all) {
            that(one.result() != Result.PASS, "a pass for what nobody signed");
            that(isOneLine(one.reason()), "a reason of more than one line");
        }
    }

    @FuzzTest(maxDuration = "60s")
    void keyRecord(byte[] octets) {
        try {
            KeyRecord record = KeyRecord.of(Octets.of(octets).latin1());
            that(record.bits() > 0, "a key without a size");
            that(record.type().equals("rsa") || record.type().equals("ed25519"), "a key of an unknown type");
        } catch (BadSyntax expected) {
            that(isOneLine(String.valueOf(expected.getMessage())), "a reason of more than one line");
        }
    }

    @FuzzTest(maxDuration = "60s")
    void arcSets(byte[] octets) throws IOException {
        HeaderFields header = HeaderFields.of(Octets.of(octets));
        ArcResult result = ArcVerifier.verify(header, new ByteArrayInputStream(new byte[0]), DNS);
        that(result.result() != Result.PASS, "a chain that nobody sealed");
        that(result.instances() <= 50, "a chain longer than RFC 8617 allows");
    }

    /// However the octets come, the hash is the same, and it is that of the plain way to say what the form is.
    @FuzzTest(maxDuration = "60s")
    void bodies(FuzzedDataProvider data) {
        boolean relaxed = data.consumeBoolean();
        int limit = data.consumeInt(-1, 200);
        int seed = data.consumeInt(1, 40);
        byte[] body = data.consumeRemainingAsBytes();
        BodyCanon whole = new BodyCanon(relaxed, limit);
        whole.feed(body, 0, body.length);
        BodyCanon pieces = new BodyCanon(relaxed, limit);
        int size = seed;
        for (int i = 0; i < body.length; i += size) {
            size = 1 + (size * 31 + seed) % 40;
            pieces.feed(body, i, Math.min(size, body.length - i));
        }
        byte[] hash = whole.finish();
        that(Arrays.equals(hash, pieces.finish()), "pieces make a difference");
        that(whole.length() == pieces.length(), "pieces make a difference in length");
        byte[] plain = Octets.latin1(plainly(Octets.of(body).latin1(), relaxed)).toByteArray();
        that(whole.length() == plain.length, "another length than the plain way");
        byte[] covered = limit < 0 ? plain : Arrays.copyOf(plain, Math.min(limit, plain.length));
        that(Arrays.equals(hash, BodyCanon.sha256().digest(covered)), "another hash than the plain way");
    }

    @FuzzTest(maxDuration = "60s")
    void headers(byte[] octets) {
        for (HeaderField field : HeaderFields.of(Octets.of(octets))) {
            Octets once = Octets.of(HeaderCanon.field(field.octets(), true));
            that(once.equals(Octets.of(HeaderCanon.field(once, true))), "relaxed twice is not relaxed once");
            String name = field.name().toLowerCase(Locale.ROOT);
            that(once.latin1().startsWith(name + ":"), "another name: " + name);
            that(once.latin1().indexOf('\n') == once.length() - 1, "a folded line");
        }
    }

    /// RFC 6376 §3.4.3 and §3.4.4, word for word and slowly; a line feed alone ends a line.
    private static String plainly(String body, boolean relaxed) {
        String lines = body.replaceAll("\r?\n", "\n");
        if (relaxed) {
            lines = lines.replaceAll("[ \t]+", " ").replaceAll(" (?=\n|\\z)", "");
        }
        lines = lines.replaceAll("\n+\\z", "");
        if (lines.isEmpty()) {
            return relaxed ? "" : "\r\n";
        }
        return (lines + "\n").replace("\n", "\r\n");
    }

    private static boolean isOneLine(String text) {
        return text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    }

    private static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
