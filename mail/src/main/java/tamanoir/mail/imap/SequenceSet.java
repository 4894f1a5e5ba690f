package tamanoir.mail.imap;

import java.util.ArrayList;
import java.util.List;

/// Message numbers or UIDs as a client writes them: `1:3,7,10:*`, or `$` for the last saved search (RFC 5182).
///
/// Ranges stay in the order given. `*` is the largest number in use, known only when the set is [#resolve]d.
public record SequenceSet(List<Range> ranges, boolean saved) {
    public static final SequenceSet SAVED = new SequenceSet(List.of(), true);

    /// Stands for `*`.
    public static final long STAR = Long.MAX_VALUE;

    public SequenceSet {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty() != saved) {
            throw new IllegalArgumentException("a set has ranges or is $");
        }
    }

    public static SequenceSet of(long number) {
        return new SequenceSet(List.of(new Range(number, number)), false);
    }

    /// `first` and `last` in the order written; either may be [#STAR]. `4:2` means the same as `2:4`.
    public record Range(long first, long last) {
        public Range {
            if (first < 1 || last < 1) {
                throw new IllegalArgumentException(first + ":" + last);
            }
        }
    }

    /// The ranges ascending, without overlap, with `*` replaced by `largest` (RFC 9051 §9, seq-range: `3291:*` includes
    /// the last message even when that is below 3291). An empty mailbox has `largest` 0: then `*` is nothing.
    public List<Range> resolve(long largest) {
        List<Range> sorted = new ArrayList<>(ranges.size());
        for (Range range : ranges) {
            long a = range.first() == STAR ? largest : range.first();
            long b = range.last() == STAR ? largest : range.last();
            if (a < 1 && b < 1) {
                continue;
            }
            long low = Math.max(1, Math.min(a, b));
            sorted.add(new Range(low, Math.max(low, Math.max(a, b))));
        }
        sorted.sort((x, y) -> Long.compare(x.first(), y.first()));
        List<Range> merged = new ArrayList<>(sorted.size());
        for (Range range : sorted) {
            int end = merged.size() - 1;
            if (end >= 0 && range.first() <= merged.get(end).last() + 1) {
                Range before = merged.get(end);
                if (range.last() > before.last()) {
                    merged.set(end, new Range(before.first(), range.last()));
                }
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /// The largest number named, `*` aside; 0 when there is none but `*`.
    public long largestNamed() {
        long largest = 0;
        for (Range range : ranges) {
            largest = Math.max(largest, range.first() == STAR ? 0 : range.first());
            largest = Math.max(largest, range.last() == STAR ? 0 : range.last());
        }
        return largest;
    }

    /// The shortest way to write ascending numbers, `1:3,5`; the empty text for none.
    public static String compact(long[] ascending) {
        StringBuilder text = new StringBuilder();
        appendCompact(text, ascending, ascending.length);
        return text.toString();
    }

    /// The same in the order given: runs upwards become ranges, so that two lists of equal length keep their pairs when
    /// expanded again (RFC 4315 §3). `30:32,7` is possible.
    public static String inOrder(List<Long> numbers) {
        StringBuilder text = new StringBuilder();
        long[] all = numbers.stream().mapToLong(Long::longValue).toArray();
        appendCompact(text, all, all.length);
        return text.toString();
    }

    private static void appendCompact(StringBuilder text, long[] numbers, int length) {
        for (int i = 0; i < length; ) {
            int end = i;
            while (end + 1 < length && numbers[end + 1] == numbers[end] + 1) {
                end++;
            }
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(numbers[i]);
            if (end > i) {
                text.append(':').append(numbers[end]);
            }
            i = end + 1;
        }
    }

    @Override
    public String toString() {
        if (saved) {
            return "$";
        }
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(range.first() == STAR ? "*" : Long.toString(range.first()));
            if (range.first() != range.last()) {
                text.append(':').append(range.last() == STAR ? "*" : Long.toString(range.last()));
            }
        }
        return text.toString();
    }
}
