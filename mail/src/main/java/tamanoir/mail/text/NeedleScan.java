package tamanoir.mail.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Finds which of many texts stand in another, in one walk over it (Aho and Corasick, 1975), letter case aside.
/// Immutable.
public final class NeedleScan {
    private static final int ASCII = 128;
    private static final char LONG_S = '\u017F';

    private static final int LARGEST = 4_000_000;
    private static final int SOMETHING_ENDS = Integer.MIN_VALUE;

    /// Character to its column; 0 for those that no needle has.
    private final short[] columns;
    private final int width;
    /// For each state a row of `width` cells with the place of the next state's row, [#SOMETHING_ENDS] where a text
    /// ends
    /// there. Column 0 leads to the beginning.
    private final int[] rows;
    /// What ends in a state.
    private final BitSet[] ends;

    private NeedleScan(short[] columns, int width, int[] next, BitSet[] ends) {
        this.columns = columns;
        this.width = width;
        this.rows = new int[next.length];
        this.ends = ends;
        for (int i = 0; i < next.length; i++) {
            rows[i] = (next[i] * width) | (ends[next[i]].isEmpty() ? 0 : SOMETHING_ENDS);
        }
    }

    /// Looks for the texts of the groups, each written in lower case and known by the number of its group. Empty when
    /// they would need too much memory (about 16 MiB).
    public static Optional<NeedleScan> of(List<List<String>> groups) {
        int last = groups.stream()
                .flatMap(List::stream)
                .flatMapToInt(String::chars)
                .max()
                .orElse(0);
        short[] columns = new short[last + 1];
        int width = 1;
        int states = 1;
        for (List<String> group : groups) {
            for (String needle : group) {
                states += needle.length();
                for (int i = 0; i < needle.length(); i++) {
                    if (columns[needle.charAt(i)] == 0) {
                        columns[needle.charAt(i)] = (short) width++;
                    }
                }
            }
        }
        if ((long) states * width > LARGEST) {
            return Optional.empty();
        }
        int[] next = new int[states * width];
        List<BitSet> ends = new ArrayList<>(List.of(new BitSet()));
        for (int number = 0; number < groups.size(); number++) {
            for (String needle : groups.get(number)) {
                int state = 0;
                for (int i = 0; i < needle.length(); i++) {
                    int cell = state * width + columns[needle.charAt(i)];
                    if (next[cell] == 0) {
                        next[cell] = ends.size();
                        ends.add(new BitSet());
                    }
                    state = next[cell];
                }
                ends.get(state).set(number);
            }
        }
        complete(next, width, ends);
        return Optional.of(
                new NeedleScan(columns, width, Arrays.copyOf(next, ends.size() * width), ends.toArray(BitSet[]::new)));
    }

    /// Where a text breaks off, the longest end of it that begins another goes on.
    private static void complete(int[] next, int width, List<BitSet> ends) {
        int[] fallback = new int[ends.size()];
        Deque<Integer> open = new ArrayDeque<>();
        for (int column = 1; column < width; column++) {
            if (next[column] != 0) {
                open.add(next[column]);
            }
        }
        while (!open.isEmpty()) {
            int state = open.remove();
            for (int column = 1; column < width; column++) {
                int child = next[state * width + column];
                int other = next[fallback[state] * width + column];
                if (child == 0) {
                    next[state * width + column] = other;
                } else {
                    fallback[child] = other;
                    ends.get(child).or(ends.get(other));
                    open.add(child);
                }
            }
        }
    }

    /// The numbers of the groups of which a text stands in the key.
    public BitSet in(CharSequence key) {
        BitSet found = new BitSet();
        int row = 0;
        for (int i = 0; i < key.length(); i++) {
            char folded = folded(key.charAt(i));
            int cell = rows[row + (folded < columns.length ? columns[folded] : 0)];
            row = cell & ~SOMETHING_ENDS;
            if (cell < 0) {
                found.or(ends[row / width]);
            }
        }
        return found;
    }

    /// Unicode's simple case folding, as far as it leads to letters that needles have: the long s is one of them.
    private static char folded(char c) {
        if (c < ASCII) {
            return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        }
        return c == LONG_S ? 's' : Character.toLowerCase(c);
    }
}
