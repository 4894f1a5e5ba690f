package tamanoir.server.authresults;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.authresults.dkim.DkimVerifier;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Verifies DKIM and ARC as the DNS has the keys now; the body is read once for both, and not at all where nothing is
/// signed. Immutable.
public final class SignatureCheck implements Signatures {
    private final Dns dns;
    private final InstantSource clock;
    private final boolean dkim;
    private final boolean arc;

    public SignatureCheck(Dns dns, InstantSource clock, boolean dkim, boolean arc) {
        this.dns = dns;
        this.clock = clock;
        this.dkim = dkim;
        this.arc = arc;
    }

    @Override
    public Found verify(HeaderFields header, Octets head, Body body, Blobs blobs) {
        DkimVerifier signatures = new DkimVerifier(header, dns, clock.instant());
        ArcVerifier chain = new ArcVerifier(header, dns);
        boolean readsForDkim = dkim && !signatures.isIdle();
        boolean readsForArc = arc && !chain.isIdle();
        if (readsForDkim || readsForArc) {
            try (InputStream in = body.stream(blobs)) {
                in.skipNBytes(bodyStart(header, head));
                byte[] buffer = new byte[16 * 1024];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (readsForDkim) {
                        signatures.feed(buffer, 0, count);
                    }
                    if (readsForArc) {
                        chain.feed(buffer, 0, count);
                    }
                }
            } catch (IOException e) {
                throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
            }
        }
        return new Found(dkim ? signatures.results() : List.of(), arc ? chain.result() : ArcResult.NONE);
    }

    /// Behind the empty line that ends the header, or where the header ends without one.
    static int bodyStart(HeaderFields header, Octets head) {
        int at = 0;
        if (header.size() > 0) {
            HeaderField last = header.get(header.size() - 1);
            at = last.start() + last.octets().length();
        }
        int end = at;
        while (end < head.length() && head.at(end) == '\r') {
            end++;
        }
        return end < head.length() && head.at(end) == '\n' ? end + 1 : at;
    }
}
