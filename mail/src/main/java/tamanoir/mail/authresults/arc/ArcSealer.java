package tamanoir.mail.authresults.arc;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.BodyCanon;
import tamanoir.mail.authresults.dkim.DkimSigner;
import tamanoir.mail.authresults.dkim.HeaderCanon;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Adds an ARC set to a message that is handed on (RFC 8617 §5.1): make it, feed it the body as it will leave, ask for
/// the fields. Used once.
public final class ArcSealer {
    /// What a list or a forwarder seldom touches, and what a reader believes.
    private static final List<String> SIGNED = List.of(
            "from",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "in-reply-to",
            "references",
            "reply-to",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "list-id",
            "list-unsubscribe",
            "dkim-signature");

    private final SigningKey key;
    private final BodyCanon body = new BodyCanon(true, -1);

    public ArcSealer(SigningKey key) {
        this.key = key;
    }

    public void feed(byte[] octets, int offset, int count) {
        body.feed(octets, offset, count);
    }

    /// The three fields, to be put on top in this order; empty when the chain is full or was sealed as broken before
    /// (§5.1: nobody seals behind a `cv=fail`).
    ///
    /// `results` is what Authentication-Results says of the message as it came, from the authserv-id on;
    /// `chain` what [ArcVerifier] found.
    public Optional<String> fields(HeaderFields header, String results, ArcResult chain, Instant now) {
        return fields(header, SIGNED, results, chain, now);
    }

    Optional<String> fields(HeaderFields header, List<String> wanted, String results, ArcResult chain, Instant now) {
        ArcChain sets;
        boolean broken = chain.result() != Result.PASS && chain.result() != Result.NONE;
        try {
            sets = ArcChain.of(header);
            if (sets.length() > 0 && sets.sets().getLast().stamp().validation() == ArcChain.Validation.FAIL) {
                return Optional.empty();
            }
        } catch (BadSyntax e) {
            return Optional.empty(); // what cannot be read cannot be counted on: no instance fits
        }
        int instance = sets.length() + 1;
        if (instance > ArcChain.MOST) {
            return Optional.empty();
        }
        String cv = broken ? "fail" : instance == 1 ? "none" : "pass";
        String first = "ARC-Authentication-Results: i=" + instance + "; " + results.strip() + "\r\n";
        StringBuilder names = new StringBuilder();
        ByteArrayOutputStream signed = new ByteArrayOutputStream(4096);
        for (String name : wanted) {
            List<HeaderField> all = header.all(name);
            for (int i = all.size() - 1; i >= 0; i--) {
                names.append(names.isEmpty() ? "" : ":").append(name);
                signed.writeBytes(HeaderCanon.field(all.get(i).octets(), true));
            }
        }
        String second = "ARC-Message-Signature: i=" + instance + "; a="
                + key.algorithm().word()
                + "; c=relaxed/relaxed; d=" + key.domain() + ";\r\n\ts=" + key.selector() + "; t="
                + now.getEpochSecond() + ";\r\n\th=" + names.toString().replace(":", ":\r\n\t ") + ";\r\n\tbh="
                + Base64.getEncoder().encodeToString(body.finish()) + ";\r\n\tb=";
        signed.writeBytes(HeaderCanon.ownField(Octets.of(second), true));
        second += DkimSigner.wrapped(key.sign(signed.toByteArray())) + "\r\n";
        String third = "ARC-Seal: i=" + instance + "; a=" + key.algorithm().word() + "; cv=" + cv + "; d="
                + key.domain() + ";\r\n\ts=" + key.selector() + "; t=" + now.getEpochSecond() + ";\r\n\tb=";
        byte[] covered = sets.sealedWith(Octets.of(first), Octets.of(second), Octets.of(third), broken);
        third += DkimSigner.wrapped(key.sign(covered)) + "\r\n";
        return Optional.of(third + second + first);
    }
}
