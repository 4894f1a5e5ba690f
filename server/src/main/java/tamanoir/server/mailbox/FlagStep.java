package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import tamanoir.server.mailbox.AccountMail.FlagOperation;

/// Changes the flags of some messages in one edit. Who has the wanted flags already is left alone: no new modseq, no
/// row, nothing to tell others.
record FlagStep(FlagOperation operation, Flags flags, long unchangedSince) {
    /// `modseq` is 0 when nothing changed.
    record Outcome(long modseq, List<Long> changed, List<Long> stale) {}

    Outcome apply(Edit edit, Sweep sweep) {
        Rows rows = Objects.requireNonNull(edit.selectable(sweep.mailbox()).rows());
        int[] indexes = sweep.next(edit, edit.room());
        // Only flags that are set somewhere need a bit.
        long bits = operation == FlagOperation.REMOVE || indexes.length == 0
                ? edit.keywords().known(flags.keywords())
                : edit.keywordBits(flags);
        int[] changing = new int[indexes.length];
        int[] system = new int[indexes.length];
        long[] keywords = new long[indexes.length];
        int count = 0;
        List<Long> changed = new ArrayList<>();
        List<Long> stale = new ArrayList<>(0);
        for (int index : indexes) {
            if (rows.modseq(index) > unchangedSince) {
                stale.add(rows.uid(index)); // RFC 7162 §3.1.3
                continue;
            }
            int oldSystem = rows.system(index);
            long oldKeywords = rows.keywords(index);
            int newSystem = switch (operation) {
                case REPLACE -> flags.system();
                case ADD -> oldSystem | flags.system();
                case REMOVE -> oldSystem & ~flags.system();
            };
            long newKeywords = switch (operation) {
                case REPLACE -> bits;
                case ADD -> oldKeywords | bits;
                case REMOVE -> oldKeywords & ~bits;
            };
            if (newSystem != oldSystem || newKeywords != oldKeywords) {
                changing[count] = index;
                system[count] = newSystem;
                keywords[count++] = newKeywords;
                changed.add(rows.uid(index));
            }
        }
        if (count > 0) {
            edit.flag(
                    sweep.mailbox(),
                    Arrays.copyOf(changing, count),
                    Arrays.copyOf(system, count),
                    Arrays.copyOf(keywords, count));
        }
        return new Outcome(count == 0 ? 0 : edit.modseq(), changed, stale);
    }
}
