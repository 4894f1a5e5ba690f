package tamanoir.mail.authresults.dkim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;

/// Checks the signatures of one message: make it with the header, feed it the body, ask for the results (RFC 6376
/// §6.1). Used once, by one thread.
///
/// Each signature has a hash of the body of its own, for its own form and length; they are made in one pass.
public final class DkimVerifier {
    /// More signatures than this are not looked at: each costs a question and a check (RFC 6376 §8.4).
    static final int MOST = 10;

    private final HeaderFields header;
    private final Dns dns;
    private final Instant now;
    private final List<Candidate> candidates = new ArrayList<>();

    private sealed interface Candidate {
        record Legible(HeaderField field, Signature signature, BodyCanon body) implements Candidate {}

        record Illegible(Verified verdict) implements Candidate {}
    }

    public DkimVerifier(HeaderFields header, Dns dns, Instant now) {
        this.header = header;
        this.dns = dns;
        this.now = now;
        for (HeaderField field : header.all("DKIM-Signature")) {
            if (candidates.size() == MOST) {
                break;
            }
            candidates.add(candidate(field));
        }
    }

    private static Candidate candidate(HeaderField field) {
        String domain = "";
        String selector = "";
        try {
            TagList tags = TagList.parse(field.rawValue().latin1());
            domain = tags.packed("d").orElse("");
            selector = tags.packed("s").orElse("");
            Signature signature = Signature.dkim(tags);
            return new Candidate.Legible(field, signature, new BodyCanon(signature.relaxedBody(), signature.limit()));
        } catch (BadSyntax e) {
            return new Candidate.Illegible(new Verified(
                    Result.PERMERROR, String.valueOf(e.getMessage()), domain, selector, "@" + domain, "", 0, false));
        }
    }

    /// Nothing is signed: the body need not be read.
    public boolean isIdle() {
        return candidates.stream().noneMatch(one -> one instanceof Candidate.Legible);
    }

    public void feed(byte[] octets, int offset, int count) {
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Legible legible) {
                legible.body.feed(octets, offset, count);
            }
        }
    }

    /// One for each signature, the topmost first; asks the DNS.
    public List<Verified> results() {
        List<Verified> results = new ArrayList<>();
        for (Candidate candidate : candidates) {
            results.add(
                    switch (candidate) {
                        case Candidate.Illegible illegible -> illegible.verdict;
                        case Candidate.Legible legible -> verified(legible);
                    });
        }
        return results;
    }

    private Verified verified(Candidate.Legible legible) {
        Signature signature = legible.signature;
        byte[] hash = legible.body.finish();
        boolean whole = signature.limit() < 0 || signature.limit() >= legible.body.length();
        if (signature.limit() > legible.body.length()) {
            return verdict(signature, Result.PERMERROR, "l= is longer than the body", 0, false); // RFC 6376 §6.1.1
        }
        if (signature.expiry().filter(end -> !now.isBefore(end)).isPresent()) {
            return verdict(signature, Result.FAIL, "the signature has expired", 0, whole);
        }
        if (!Keys.same(hash, signature.bodyHash())) {
            return verdict(signature, Result.FAIL, "the body has been changed", 0, whole);
        }
        Keys.Checked checked = new Keys(dns)
                .check(
                        signature.algorithm(),
                        signature.domain(),
                        signature.selector(),
                        signature.identity(),
                        signed(header, legible.field, signature),
                        signature.signature());
        return verdict(signature, checked.result(), checked.reason(), checked.bits(), whole);
    }

    /// What was signed: the chosen fields, then the signature itself without its value.
    public static byte[] signed(HeaderFields header, HeaderField own, Signature signature) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        for (HeaderField field : HeaderCanon.chosen(header, signature.names())) {
            out.writeBytes(HeaderCanon.field(field.octets(), signature.relaxedHeader()));
        }
        out.writeBytes(HeaderCanon.ownField(own.octets(), signature.relaxedHeader()));
        return out.toByteArray();
    }

    private static Verified verdict(Signature signature, Result result, String reason, int bits, boolean whole) {
        return new Verified(
                result,
                reason,
                signature.domain(),
                signature.selector(),
                signature.identity(),
                signature.algorithm().word(),
                bits,
                whole);
    }

    /// Everything at once, for a body that can be read as a stream.
    ///
    /// @throws IOException when it cannot be read
    public static List<Verified> verify(HeaderFields header, InputStream body, Dns dns, Instant now)
            throws IOException {
        DkimVerifier verifier = new DkimVerifier(header, dns, now);
        if (!verifier.isIdle()) {
            byte[] buffer = new byte[16 * 1024];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                verifier.feed(buffer, 0, count);
            }
        }
        return verifier.results();
    }
}
