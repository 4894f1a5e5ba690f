package tamanoir.server.mailbox;

import tamanoir.mail.text.Octets;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// The octets of one message: the header fields that this server put above, and the octets as received.
public record Content(Octets prefix, Body body) {
    public long size() {
        return prefix.length() + body.size();
    }

    /// Both in one run. Costs `size()` octets of heap.
    public Octets whole(Blobs blobs) {
        Octets octets = body.load(blobs);
        return prefix.isEmpty() ? octets : Octets.join(prefix, octets);
    }
}
