package tamanoir.server.tables;

import java.util.ArrayDeque;
import java.util.Deque;
import tamanoir.mail.text.BadSyntax;

/// How large a pattern of re2j becomes when its repetitions are written out, which re2j does: three nested `{900}`
/// would take all memory, and every match would take as long.
public final class PatternSize {
    private static final long LARGEST = 20_000;

    private PatternSize() {}

    /// @throws BadSyntax when it is too large
    public static void check(String pattern) {
        Deque<long[]> open = new ArrayDeque<>(); // For each open group its size so far and that of its last piece.
        long[] now = {0, 0};
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '(') {
                open.push(now);
                now = new long[] {0, 0};
                at++;
            } else if (c == ')' && !open.isEmpty()) {
                long inside = now[0] + 1;
                now = open.pop();
                add(now, inside);
                at++;
            } else if (c == '{') {
                int end = pattern.indexOf('}', at);
                long times = end < 0 ? 0 : most(pattern.substring(at + 1, end));
                if (times > 1) {
                    now[0] += now[1] * (times - 1);
                    now[1] *= times;
                }
                at++;
            } else if (c == '[') {
                at = bracketsEnd(pattern, at);
                add(now, 1);
            } else {
                add(now, 1);
                at += c == '\\' ? 2 : 1;
            }
            if (now[0] > LARGEST) {
                throw new BadSyntax("the pattern is too large when its repetitions are written out");
            }
        }
    }

    private static void add(long[] now, long size) {
        now[0] += size;
        now[1] = size;
    }

    /// The larger number of `n,m`; 0 when it is no repetition.
    private static long most(String bounds) {
        if (!bounds.matches("\\d{1,4}(,\\d{0,4})?")) {
            return 0;
        }
        int comma = bounds.indexOf(',');
        long least = Long.parseLong(comma < 0 ? bounds : bounds.substring(0, comma));
        String upper = comma < 0 ? "" : bounds.substring(comma + 1);
        return Math.max(least, upper.isEmpty() ? 0 : Long.parseLong(upper));
    }

    private static int bracketsEnd(String pattern, int at) {
        int i = at + 1;
        for (; i < pattern.length() && pattern.charAt(i) != ']'; i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.startsWith("[:", i)) {
                i = Math.max(i, pattern.indexOf(":]", i) + 1);
            }
        }
        return i + 1;
    }
}
