package tamanoir.server.authresults;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.authresults.dkim.DkimVerifier;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Verifies DKIM and ARC in one pass over the octets of a message. Immutable; used by many threads.
public record SignatureVerifier(Dns dns, InstantSource clock) implements Signatures {
    static final int BUFFER = 16 * 1024;

    /// A header beyond this is not looked at; intake refuses such a message.
    static final int LONGEST_HEADER = 1 << 20;

    @Override
    public Found verify(Body body, Blobs blobs) {
        try (InputStream stream = body.stream(blobs)) {
            Octets head = Octets.of(stream.readNBytes((int) Math.min(body.size(), LONGEST_HEADER)));
            HeaderFields header = HeaderFields.of(head);
            DkimVerifier dkim = new DkimVerifier(header, dns, clock.instant());
            ArcVerifier arc = new ArcVerifier(header, dns);
            if (!dkim.isIdle() || !arc.isIdle()) {
                int start = bodyStart(head, header);
                byte[] first = head.from(start).toByteArray();
                dkim.feed(first, 0, first.length);
                arc.feed(first, 0, first.length);
                byte[] buffer = new byte[BUFFER];
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    dkim.feed(buffer, 0, count);
                    arc.feed(buffer, 0, count);
                }
            }
            return new Found(dkim.results(), arc.result());
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }

    /// Where the body begins: behind the empty line, or behind the header where there is none.
    static int bodyStart(Octets head, HeaderFields header) {
        int end = 0;
        if (header.size() > 0) {
            var last = header.get(header.size() - 1);
            end = last.start() + last.octets().length();
        }
        if (end < head.length() && head.at(end) == '\n') {
            return end + 1;
        }
        return end + 1 < head.length() && head.at(end) == '\r' && head.at(end + 1) == '\n' ? end + 2 : end;
    }
}
