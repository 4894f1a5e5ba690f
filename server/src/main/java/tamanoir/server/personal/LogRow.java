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
        CREATED(1),
        UPDATED(2),
        DESTROYED(3);

        /// What stands in the row.
        private final int code;

        Deed(int code) {
            this.code = code;
        }

        private static Deed of(int code) {
            for (Deed deed : values()) {
                if (deed.code == code) {
                    return deed;
                }
            }
            throw RowReader.damaged("a change that is a " + code);
        }
    }

    record Step(Kind kind, Deed deed, String id) {}

    static byte[] encode(List<Step> steps) {
        RowWriter out = new RowWriter(FORMAT, 16 * steps.size());
        for (Step step : steps) {
            out.octet(step.kind.code()).octet(step.deed.code).text(step.id);
        }
        return out.row();
    }

    static List<Step> decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        List<Step> steps = new ArrayList<>();
        while (in.hasMore()) {
            int code = in.octet();
            Deed deed = Deed.of(in.octet());
            String id = in.text();
            Kind kind = Kind.of(code).orElseThrow(() -> RowReader.damaged("a change of kind " + code));
            steps.add(new Step(kind, deed, id));
        }
        return steps;
    }
}
