package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// The fields of one header, in order, as offsets. Immutable.
///
/// A line ends at LF, with or without a CR; a CR elsewhere is an octet like any other, so that no two readers can
/// disagree about where a field ends. The header ends at the first empty line, or before the first line that is
/// neither a field nor the continuation of one: Postfix decides so on the way in, and everything behind must agree.
/// `From ` lines of mbox files are passed over.
public final class HeaderFields implements Iterable<HeaderField> {
    private static final int STRIDE = 3;

    private final Octets header;
    /// For each field: start, colon (or the blanks before it), end behind the line end.
    private final int[] offsets;

    private final int count;

    private HeaderFields(Octets header, int[] offsets, int count) {
        this.header = header;
        this.offsets = offsets;
        this.count = count;
    }

    public static HeaderFields of(Octets header) {
        return of(header, Limits.DEFAULT);
    }

    /// The fields of `header`; octets after its end are not looked at.
    public static HeaderFields of(Octets header, Limits limits) {
        byte[] array = header.array();
        int base = header.arrayOffset();
        int end = base + header.length();
        int stop = base + Math.min(header.length(), limits.headerOctets());
        int[] offsets = new int[16 * STRIDE];
        int count = 0;
        int at = base;
        while (at < stop && count < limits.fields()) {
            int next = nextLine(array, at, end);
            if (isEmptyLine(array, at, next)) {
                break;
            }
            int nameEnd = nameEnd(array, at, next);
            if (nameEnd < 0) {
                if (isMboxLine(array, at, next)) {
                    at = next;
                    continue;
                }
                break;
            }
            while (next < end && isBlank(array[next])) {
                next = nextLine(array, next, end);
            }
            if (count * STRIDE == offsets.length) {
                offsets = Arrays.copyOf(offsets, offsets.length * 2);
            }
            offsets[count * STRIDE] = at - base;
            offsets[count * STRIDE + 1] = nameEnd - base;
            offsets[count * STRIDE + 2] = next - base;
            count++;
            at = next;
        }
        return new HeaderFields(header, offsets, count);
    }

    public int size() {
        return count;
    }

    public HeaderField get(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        int start = offsets[index * STRIDE];
        int nameEnd = offsets[index * STRIDE + 1];
        int end = offsets[index * STRIDE + 2];
        int value = header.indexOf(':', nameEnd) + 1;
        return new HeaderField(
                header.slice(start, nameEnd).latin1(),
                header.slice(value, Math.max(value, withoutLineEnd(header, start, end))),
                header.slice(start, end),
                start);
    }

    /// The first field of that name. Where a field occurs twice that may occur once, the first one counts.
    public Optional<HeaderField> first(String name) {
        for (int i = 0; i < count; i++) {
            if (isNamed(i, name)) {
                return Optional.of(get(i));
            }
        }
        return Optional.empty();
    }

    /// The last field of that name.
    public Optional<HeaderField> last(String name) {
        for (int i = count - 1; i >= 0; i--) {
            if (isNamed(i, name)) {
                return Optional.of(get(i));
            }
        }
        return Optional.empty();
    }

    public List<HeaderField> all(String name) {
        List<HeaderField> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (isNamed(i, name)) {
                found.add(get(i));
            }
        }
        return found;
    }

    public boolean has(String name) {
        for (int i = 0; i < count; i++) {
            if (isNamed(i, name)) {
                return true;
            }
        }
        return false;
    }

    /// The unfolded value of the first field of that name.
    public Optional<String> value(String name) {
        return first(name).map(HeaderField::value);
    }

    /// The decoded value of the first field of that name.
    public Optional<String> text(String name) {
        return first(name).map(HeaderField::text);
    }

    /// The addresses of all fields of that name.
    public AddressList addresses(String name) {
        List<AddressList> lists = new ArrayList<>();
        for (HeaderField field : all(name)) {
            lists.add(AddressList.parse(field.value()));
        }
        return AddressList.join(lists);
    }

    String name(int index) {
        return header.slice(offsets[index * STRIDE], offsets[index * STRIDE + 1])
                .latin1();
    }

    boolean isNamed(int index, String name) {
        int start = offsets[index * STRIDE];
        int end = offsets[index * STRIDE + 1];
        return end - start == name.length() && header.slice(start, end).equalsIgnoreCase(name);
    }

    /// The whole field, line end included, without making anything of it.
    Octets octets(int index) {
        return header.slice(offsets[index * STRIDE], offsets[index * STRIDE + 2]);
    }

    @Override
    public Iterator<HeaderField> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public HeaderField next() {
                if (next >= count) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    // ---- lines -----------------------------------------------------------------------------------------------

    /// Where the line after the one at `at` begins.
    static int nextLine(byte[] array, int at, int end) {
        int lf = Octets.indexOf(array, (byte) '\n', at, end);
        return lf < 0 ? end : lf + 1;
    }

    /// A line of nothing, or of CRs only: mail that was converted once too often ends its lines in CR CR LF. Such
    /// octets at the very end, without LF, are no line end.
    static boolean isEmptyLine(byte[] array, int at, int end) {
        int i = at;
        while (i < end && array[i] == '\r') {
            i++;
        }
        return i < end && array[i] == '\n';
    }

    /// Where the name of the field in this line ends, or -1 when the line is no field: printable ASCII, perhaps
    /// blanks (RFC 5322 §4.5), and the colon.
    static int nameEnd(byte[] array, int at, int end) {
        int i = at;
        while (i < end && array[i] > ' ' && array[i] != ':' && array[i] != 127) {
            i++;
        }
        int nameEnd = i;
        while (i < end && isBlank(array[i])) {
            i++;
        }
        return nameEnd > at && i < end && array[i] == ':' ? nameEnd : -1;
    }

    static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /// `From somebody date` or `>From somebody date`: the mark between two messages in an mbox file.
    static boolean isMboxLine(byte[] array, int at, int end) {
        int i = at < end && array[at] == '>' ? at + 1 : at;
        return end - i >= 5
                && array[i] == 'F'
                && array[i + 1] == 'r'
                && array[i + 2] == 'o'
                && array[i + 3] == 'm'
                && array[i + 4] == ' ';
    }

    private static int withoutLineEnd(Octets header, int start, int end) {
        int e = end;
        if (e > start && header.at(e - 1) == '\n') {
            e--;
            while (e > start && header.at(e - 1) == '\r') {
                e--;
            }
        }
        return e;
    }
}
