package tamanoir.server.authresults;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.dkim.DkimSigner;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Signs what our own people send (RFC 6376), with every key of the domain in From. Immutable; used by many threads.
///
/// What is signed is what leaves: line ends as they go out, a lone CR as the blank that it becomes.
public final class Signer {
    private static final int BUFFER = 16 * 1024;

    /// A header beyond this was refused.
    private static final int LONGEST_HEADER = 1 << 20;

    private final DkimKeys keys;
    private final Predicate<InetAddress> trusted;
    private final InstantSource clock;

    /// `trusted` are clients whose mail is ours although nobody signed in.
    public Signer(DkimKeys keys, Predicate<InetAddress> trusted, InstantSource clock) {
        this.keys = keys;
        this.trusted = trusted;
        this.clock = clock;
    }

    public boolean trusts(InetAddress client) {
        return trusted.test(client);
    }

    /// The DKIM-Signature fields for a message, ended by CRLF; empty when its author's domain has no key. `prefix` is
    /// what stands before the body's own header.
    ///
    /// @throws Unavailable when a key cannot be read
    public String fields(Octets prefix, Body body, Blobs blobs) {
        try (InputStream stream = body.stream(blobs)) {
            Octets head = Octets.of(stream.readNBytes((int) Math.min(body.size(), LONGEST_HEADER)));
            HeaderFields own = HeaderFields.of(head);
            HeaderFields whole = HeaderFields.of(Octets.join(prefix, head));
            List<DkimSigner> signers = new ArrayList<>();
            for (SigningKey key : keysFor(whole)) {
                signers.add(new DkimSigner(key));
            }
            if (signers.isEmpty()) {
                return "";
            }
            Leaving leaving =
                    new Leaving((octets, from, count) -> signers.forEach(signer -> signer.feed(octets, from, count)));
            // A prefix that ends the header leaves all of the body's octets to the body.
            boolean ended = prefix.endsWith(Octets.of("\r\n\r\n"));
            byte[] first =
                    head.from(ended ? 0 : SignatureCheck.bodyStart(own, head)).toByteArray();
            leaving.feed(first, first.length);
            byte[] buffer = new byte[BUFFER];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                leaving.feed(buffer, count);
            }
            leaving.finish();
            StringBuilder fields = new StringBuilder();
            signers.forEach(signer -> fields.append(signer.field(whole, clock.instant())));
            return fields.toString();
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }

    /// The keys of the author's domain, or of the nearest domain above it that has some: both are aligned for DMARC.
    private List<SigningKey> keysFor(HeaderFields header) {
        List<AddressList.Mailbox> authors = header.addresses("From").mailboxes();
        if (authors.isEmpty()) {
            return List.of();
        }
        String domain;
        try {
            domain = Domain.of(authors.getFirst().domain()).ascii();
        } catch (BadSyntax e) {
            return List.of();
        }
        while (domain.indexOf('.') > 0) {
            List<SigningKey> found = keys.of(domain);
            if (!found.isEmpty()) {
                return found;
            }
            domain = domain.substring(domain.indexOf('.') + 1);
        }
        return List.of();
    }
}
