package tamanoir.server.authresults;

import java.util.List;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Verifies what is signed in a message: DKIM signatures and the seals of ARC, in one pass over its octets.
///
/// Safe for any number of threads; trouble with the DNS is part of the answer.
public interface Signatures {
    /// Everything found; an empty list and [ArcResult#NONE] where nothing is signed or nothing is asked for.
    record Found(List<Verified> dkim, ArcResult arc) {
        public static final Found NONE = new Found(List.of(), ArcResult.NONE);

        public Found {
            dkim = List.copyOf(dkim);
        }
    }

    /// `head` are the octets that `header` was read from, the beginning of `body`.
    Found verify(HeaderFields header, Octets head, Body body, Blobs blobs);

    /// Looks at nothing.
    static Signatures none() {
        return (_, _, _, _) -> Found.NONE;
    }
}
