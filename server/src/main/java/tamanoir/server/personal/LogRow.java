package tamanoir.server.personal;

import java.util.ArrayList;
import java.util.List;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 07: what one commit did.
final class LogRow {
    private static final int FORMAT = 1;

    private LogRow() {}

    enum Deed {
        CREATED,
        UPDATED,
        DESTROYED
    }

    record Step(Kind kind, Deed deed, String id) {}

    static byte[] encode(List<Step> steps) {
        RowWriter out = new RowWriter(FORMAT, 16 * steps.size());
        for (Step step : steps) {
            out.octet(step.kind.code()).octet(1 + step.deed.ordinal()).text(step.id);
        }
        return out.row();
    }

    static List<Step> decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        List<Step> steps = new ArrayList<>();
        while (in.hasMore()) {
            int code = in.octet();
            int deed = in.octet();
            String id = in.text();
            Kind kind = Kind.of(code).orElseThrow(() -> RowReader.damaged("a change of kind " + code));
            if (deed < 1 || deed > Deed.values().length) {
                throw RowReader.damaged("a change that is a " + deed);
            }
            steps.add(new Step(kind, Deed.values()[deed - 1], id));
        }
        return steps;
    }
}
