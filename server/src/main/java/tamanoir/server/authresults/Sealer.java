package tamanoir.server.authresults;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.AuthenticationResults;
import tamanoir.mail.authresults.AuthenticationResults.Method;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcSealer;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Seals what is forwarded: what we found out about a message when it came goes on with it, for receivers that trust us
/// (RFC 8617). Immutable; used by many threads.
///
/// What was found stands in our own Authentication-Results field, which only mail of strangers has: the mail of our own
/// people is signed and needs no seal. Nothing here keeps a message from going on.
public final class Sealer {
    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_HEADER = 1 << 20;

    private final boolean on;
    private final String server;
    private final DkimKeys keys;
    private final Blobs blobs;
    private final InstantSource clock;

    /// `server` is the name under which this server tells results.
    public Sealer(boolean on, String server, DkimKeys keys, Blobs blobs, InstantSource clock) {
        this.on = on;
        this.server = server;
        this.keys = keys;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// The three fields of a seal by the domain that forwards, ended by CRLF; empty where there is no key, nothing to
    /// tell or a chain that nobody may go on with. `prefix` is what we put above the body's own header.
    public Octets fields(Trace trace, Domain domain, Octets prefix, Body body) {
        try {
            Optional<AuthenticationResults> found = on ? found(prefix) : Optional.empty();
            Optional<SigningKey> key = found.isPresent() ? key(domain) : Optional.empty();
            return key.isPresent() ? sealed(found.get(), key.get(), prefix, body) : Octets.EMPTY;
        } catch (Unavailable e) {
            trace.warn("not sealed", "domain", domain, "reason", e.detail());
        } catch (IOException e) {
            trace.warn("not sealed", "domain", domain, "reason", String.valueOf(e));
        } catch (RuntimeException bug) {
            trace.bug(bug);
        }
        return Octets.EMPTY;
    }

    private Optional<AuthenticationResults> found(Octets prefix) {
        for (HeaderField field : HeaderFields.of(prefix).all(AuthenticationResults.NAME)) {
            Optional<AuthenticationResults> read = read(field.value()).filter(one -> one.isFrom(server));
            if (read.isPresent()) {
                return read;
            }
        }
        return Optional.empty();
    }

    private static Optional<AuthenticationResults> read(String value) {
        try {
            return Optional.of(AuthenticationResults.parse(value));
        } catch (BadSyntax e) {
            return Optional.empty(); // not ours
        }
    }

    /// RSA where there is a choice: RFC 8617 §4.1.2 knows what DKIM knew then, and many readers know no more.
    private Optional<SigningKey> key(Domain domain) {
        List<SigningKey> all = keys.of(domain.ascii());
        return all.stream()
                .filter(key -> key.algorithm() == Algorithm.RSA_SHA256)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    private Octets sealed(AuthenticationResults results, SigningKey key, Octets prefix, Body body) throws IOException {
        try (InputStream stream = body.stream(blobs)) {
            Octets head = Octets.of(stream.readNBytes((int) Math.min(body.size(), LONGEST_HEADER)));
            HeaderFields own = HeaderFields.of(head);
            HeaderFields whole = HeaderFields.of(Octets.join(prefix, head));
            Optional<ArcResult> chain = chain(results, whole);
            if (chain.isEmpty()) {
                return Octets.EMPTY;
            }
            ArcSealer sealer = new ArcSealer(key);
            Leaving leaving = new Leaving(sealer::feed);
            boolean ended = prefix.endsWith(Octets.of("\r\n\r\n"));
            byte[] first =
                    head.from(ended ? 0 : SignatureCheck.bodyStart(own, head)).toByteArray();
            leaving.feed(first, first.length);
            byte[] buffer = new byte[BUFFER];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                leaving.feed(buffer, count);
            }
            leaving.finish();
            return sealer.fields(whole, results.payload(), chain.get(), clock.instant())
                    .map(Octets::of)
                    .orElse(Octets.EMPTY);
        }
    }

    /// What our own field says of the chain so far; empty when it was not looked at, or could not be.
    private static Optional<ArcResult> chain(AuthenticationResults results, HeaderFields header) {
        Optional<Method> arc =
                results.methods().stream().filter(m -> m.name().equals("arc")).findFirst();
        if (arc.isEmpty()) {
            return header.has("ARC-Seal") ? Optional.empty() : Optional.of(ArcResult.NONE);
        }
        return switch (arc.get().result()) {
            case "pass" -> Optional.of(new ArcResult(Result.PASS, "", 0, List.of()));
            case "fail" -> Optional.of(new ArcResult(Result.FAIL, "", 0, List.of()));
            default -> Optional.empty();
        };
    }
}
