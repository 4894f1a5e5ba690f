package tamanoir.server.personal;

import java.util.EnumMap;
import java.util.Map;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 00: what belongs to all objects of an account together.
///
/// @param next the number of the next new object; ids are never used again
/// @param logFloor the change log reaches back to what happened after this version
/// @param tallies for each kind that ever had objects
record Head(long next, long logFloor, Map<Kind, Tally> tallies) {
    private static final int FORMAT = 1;

    static final Head FRESH = new Head(1, 0, Map.of());

    /// How many objects there are, and the version that changed one of them last.
    record Tally(int count, long changed) {
        static final Tally NONE = new Tally(0, 0);
    }

    Head {
        tallies = Map.copyOf(tallies);
    }

    Tally tally(Kind kind) {
        return tallies.getOrDefault(kind, Tally.NONE);
    }

    byte[] encode() {
        RowWriter out = new RowWriter(FORMAT, 64).number(next).number(logFloor).number(tallies.size());
        // In the order of the kinds, so that equal heads are equal rows.
        for (Kind kind : Kind.values()) {
            Tally tally = tallies.get(kind);
            if (tally != null) {
                out.octet(kind.code()).number(tally.count).number(tally.changed);
            }
        }
        return out.row();
    }

    static Head decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        long next = in.number();
        long floor = in.number();
        Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
        for (int left = in.count(); left > 0; left--) {
            int code = in.octet();
            Kind kind = Kind.of(code).orElseThrow(() -> RowReader.damaged("a personal object of kind " + code));
            tallies.put(kind, new Tally(in.count(), in.number()));
        }
        return new Head(next, floor, tallies);
    }
}
