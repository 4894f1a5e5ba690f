package tamanoir.server.mailbox;

import java.util.Optional;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 04 of a message: what does not depend on the mailboxes it is in. Written once, never changed.
///
/// @param bodyOctets of the octets as received
/// @param prefixOctets of the header fields above them
/// @param blob where the body is when it is too large for a row of its own
/// @param received seconds since 1970
/// @param kinship what decides the conversation; names the rows 06
record Letter(long thread, long bodyOctets, int prefixOctets, Optional<BlobHash> blob, long received, Kinship kinship) {
    private static final int FORMAT = 1;

    /// Where the body is. 3 is reserved for packs of bodies in an object store: pack, offset, length.
    private static final int IN_ROW = 1;
    private static final int IN_BLOB = 2;

    byte[] encode() {
        RowWriter out = new RowWriter(FORMAT, 64 + 8 * kinship.ids().length)
                .fixed(thread)
                .number(bodyOctets)
                .number(prefixOctets)
                .signed(received)
                .octet(blob.isPresent() ? IN_BLOB : IN_ROW);
        blob.ifPresent(hash -> out.rest(hash.octets(), 0, 32));
        out.number(kinship.subject() & 0xFFFF_FFFFL).number(kinship.ids().length);
        for (long id : kinship.ids()) {
            out.fixed(id);
        }
        return out.row();
    }

    static Letter decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        long thread = in.fixed();
        long bodyOctets = in.number();
        int prefixOctets = in.count();
        long received = in.signed();
        int place = in.octet();
        Optional<BlobHash> blob = Optional.empty();
        if (place == IN_BLOB) {
            byte[] hash = new byte[32];
            for (int i = 0; i < 32; i++) {
                hash[i] = (byte) in.octet();
            }
            blob = Optional.of(new BlobHash(hash));
        } else if (place != IN_ROW) {
            throw RowReader.damaged("a body in place " + place);
        }
        int subject = (int) in.number();
        long[] ids = new long[Math.min(in.count(), Kinship.MOST)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.fixed();
        }
        return new Letter(thread, bodyOctets, prefixOctets, blob, received, new Kinship(ids, subject));
    }

    long octets() {
        return bodyOctets + prefixOctets;
    }
}
