package tamanoir.mail.authresults.arc;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcChain.Validation;
import tamanoir.mail.authresults.dkim.BodyCanon;
import tamanoir.mail.authresults.dkim.DkimVerifier;
import tamanoir.mail.authresults.dkim.Keys;
import tamanoir.mail.authresults.dkim.Signature;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;

/// Says what the chain of a message is worth: make it with the header, feed it the body, ask for the result (RFC 8617
/// §5.2). Used once, by one thread.
public final class ArcVerifier {
    private final HeaderFields header;
    private final Dns dns;
    private final Optional<ArcChain> chain;
    private final String broken;
    private final Optional<BodyCanon> body;

    public ArcVerifier(HeaderFields header, Dns dns) {
        this.header = header;
        this.dns = dns;
        Optional<ArcChain> read = Optional.empty();
        String trouble = "";
        try {
            read = Optional.of(ArcChain.of(header));
        } catch (BadSyntax e) {
            trouble = String.valueOf(e.getMessage());
        }
        this.chain = read;
        this.broken = trouble;
        this.body = read.filter(c -> c.length() > 0).map(c -> {
            Signature last = c.sets().getLast().signature();
            return new BodyCanon(last.relaxedBody(), last.limit());
        });
    }

    /// There is no chain, or it is broken already: the body need not be read.
    public boolean isIdle() {
        return body.isEmpty();
    }

    public void feed(byte[] octets, int offset, int count) {
        body.ifPresent(canon -> canon.feed(octets, offset, count));
    }

    /// Asks the DNS.
    public ArcResult result() {
        if (chain.isEmpty()) {
            return new ArcResult(Result.FAIL, broken, 0, List.of());
        }
        if (chain.get().length() == 0 || body.isEmpty()) {
            return ArcResult.NONE;
        }
        return judged(chain.get(), body.get().finish());
    }

    private ArcResult judged(ArcChain sets, byte[] bodyHash) {
        List<String> sealers =
                sets.sets().stream().map(set -> set.stamp().domain()).toList();
        int length = sets.length();
        ArcChain.Set last = sets.sets().getLast();
        if (sets.sets().stream().anyMatch(set -> set.stamp().validation() == Validation.FAIL)) {
            return new ArcResult(Result.FAIL, "a sealer found the chain broken", length, sealers);
        }
        if (!MessageDigest.isEqual(bodyHash, last.signature().bodyHash())) {
            return new ArcResult(Result.FAIL, "the body has been changed since the last seal", length, sealers);
        }
        Keys keys = new Keys(dns);
        Keys.Checked message = keys.check(
                last.signature().algorithm(),
                last.signature().domain(),
                last.signature().selector(),
                last.signature().identity(),
                DkimVerifier.signed(header, last.message(), last.signature()),
                last.signature().signature());
        if (message.result() != Result.PASS) {
            return new ArcResult(
                    temporary(message), "ARC-Message-Signature " + length + ": " + message.reason(), length, sealers);
        }
        for (int instance = length; instance >= 1; instance--) {
            ArcChain.Seal seal = sets.sets().get(instance - 1).stamp();
            Keys.Checked checked = keys.check(
                    seal.algorithm(),
                    seal.domain(),
                    seal.selector(),
                    "@" + seal.domain(),
                    sets.sealed(instance),
                    seal.signature());
            if (checked.result() != Result.PASS) {
                return new ArcResult(
                        temporary(checked), "ARC-Seal " + instance + ": " + checked.reason(), length, sealers);
            }
        }
        return new ArcResult(Result.PASS, "", length, sealers);
    }

    private static Result temporary(Keys.Checked checked) {
        return checked.result() == Result.TEMPERROR ? Result.TEMPERROR : Result.FAIL;
    }

    /// Everything at once, for a body that can be read as a stream.
    ///
    /// @throws IOException when it cannot be read
    public static ArcResult verify(HeaderFields header, InputStream body, Dns dns) throws IOException {
        ArcVerifier verifier = new ArcVerifier(header, dns);
        if (!verifier.isIdle()) {
            byte[] buffer = new byte[16 * 1024];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                verifier.feed(buffer, 0, count);
            }
        }
        return verifier.result();
    }
}
