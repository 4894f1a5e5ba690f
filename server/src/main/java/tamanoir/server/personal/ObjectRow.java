package tamanoir.server.personal;

import java.util.Arrays;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.json.JsonText;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;

/// Row 01: one object. Its JSON stands in the row while it is short, else in pieces beside it, which do not
/// count against the size of a batch.
final class ObjectRow {
    private static final int FORMAT = 1;
    private static final int INLINE = 4 << 10;
    private static final int PIECE = 60 << 10;
    private static final JsonText JSON = new JsonText(16L << 20);

    private ObjectRow() {}

    /// @throws PersonalRefused when it is too large for its kind
    static byte[] json(Kind kind, Json.Obj value) {
        byte[] json = JSON.write(value);
        if (json.length > kind.mostOctets()) {
            throw new PersonalRefused(
                    PersonalRefused.Reason.TOO_LARGE,
                    "this takes " + json.length + " octets; at most " + kind.mostOctets() + " are kept");
        }
        return json;
    }

    /// Writes the object; `before` is the row that it replaces.
    static void put(Batch batch, Kind kind, String id, byte[] json, long version, Optional<byte[]> before) {
        int pieces = json.length <= INLINE ? 0 : (json.length + PIECE - 1) / PIECE;
        RowWriter row = new RowWriter(FORMAT, 24 + (pieces == 0 ? json.length : 0))
                .number(version)
                .number(json.length)
                .number(pieces);
        if (pieces == 0) {
            row.octets(json);
        }
        batch.put(Keys.OBJECT, Keys.object(kind, id), row.row());
        for (int piece = 0; piece < pieces; piece++) {
            batch.put(
                    Keys.PIECE,
                    Keys.piece(kind, id, piece),
                    Arrays.copyOfRange(json, piece * PIECE, Math.min(json.length, (piece + 1) * PIECE)));
        }
        deletePieces(batch, kind, id, pieces, before);
    }

    static void delete(Batch batch, Kind kind, String id, byte[] before) {
        batch.delete(Keys.OBJECT, Keys.object(kind, id));
        deletePieces(batch, kind, id, 0, Optional.of(before));
    }

    private static void deletePieces(Batch batch, Kind kind, String id, int from, Optional<byte[]> before) {
        int old = before.map(ObjectRow::pieces).orElse(0);
        for (int piece = from; piece < old; piece++) {
            batch.delete(Keys.PIECE, Keys.piece(kind, id, piece));
        }
    }

    static int pieces(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        in.number();
        in.number();
        return in.count();
    }

    static Stored read(Snapshot snapshot, Partition partition, Kind kind, String id, byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        long version = in.number();
        int length = in.count();
        int pieces = in.count();
        byte[] json = pieces == 0 ? in.octets() : new byte[length];
        if (pieces > 0) {
            int at = 0;
            for (int piece = 0; piece < pieces; piece++) {
                int number = piece;
                byte[] part = snapshot.get(partition, Keys.PIECE, Keys.piece(kind, id, piece))
                        .orElseThrow(() -> RowReader.damaged("piece " + number + " of " + id + " is not there"));
                if (at + part.length > length) {
                    throw RowReader.damaged("the pieces of " + id + " are too long");
                }
                System.arraycopy(part, 0, json, at, part.length);
                at += part.length;
            }
            if (at != length) {
                throw RowReader.damaged("the pieces of " + id + " are too short");
            }
        }
        try {
            if (JSON.read(json) instanceof Json.Obj value) {
                return new Stored(kind, id, value, version);
            }
        } catch (BadSyntax e) {
            throw RowReader.damaged("the object " + id + ": " + e.getMessage());
        }
        throw RowReader.damaged("the object " + id + " is none");
    }
}
