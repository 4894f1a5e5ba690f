package tamanoir.server.search;

import java.util.Arrays;

/// How an answer came to differ from an earlier one (RFC 8620 §5.6): take `removed` out of the old list, then put what
/// stands in `now` at `added` into these places, lowest first.
///
/// @param removed messages that are no longer there or moved; may name some that were never there
/// @param added places in `now`, ascending
@SuppressWarnings("ArrayRecordComponent")
public record Difference(Found now, long[] removed, int[] added) {
    /// Exactly what differs. Messages that kept their order among one another stay; one that passed another is taken
    /// out and put in again.
    static Difference between(Found before, Found now) {
        LongTable there = new LongTable(now.size());
        for (int i = 0; i < now.size(); i++) {
            there.put(now.messages()[i], i);
        }
        long[] removed = new long[before.size()];
        int gone = 0;
        boolean[] stays = new boolean[now.size()];
        int last = -1;
        for (long message : before.messages()) {
            int place = there.get(message, -1);
            if (place > last) {
                stays[place] = true;
                last = place;
            } else {
                removed[gone++] = message;
            }
        }
        int[] added = new int[now.size()];
        int come = 0;
        for (int i = 0; i < now.size(); i++) {
            if (!stays[i]) {
                added[come++] = i;
            }
        }
        return new Difference(now, Arrays.copyOf(removed, gone), Arrays.copyOf(added, come));
    }
}
