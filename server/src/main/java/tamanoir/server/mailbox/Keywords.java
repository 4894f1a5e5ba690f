package tamanoir.server.mailbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// The keywords of one account: a message row keeps them as bits, this says what the bits mean. Immutable; only grows.
///
/// Bounded to as many as fit into the row: who needs more distinct keywords gets a clear no, and PERMANENTFLAGS loses
/// its `\*` (RFC 9051 §7.1).
final class Keywords {
    static final int MOST = 64;

    /// Octets of one keyword at most: as JMAP bounds them (RFC 8621 §4.1.1 allows 1 to 255).
    static final int LONGEST = 255;

    static final Keywords NONE = new Keywords(List.of());

    private static final Flags[] SYSTEM_ONLY = new Flags[32];

    static {
        for (int i = 0; i < SYSTEM_ONLY.length; i++) {
            SYSTEM_ONLY[i] = new Flags(i, Set.of());
        }
    }

    private final List<String> names;
    private final Map<String, Integer> bits;

    private Keywords(List<String> names) {
        this.names = List.copyOf(names);
        this.bits = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            bits.put(names.get(i).toLowerCase(Locale.ROOT), i);
        }
    }

    List<String> names() {
        return names;
    }

    boolean isFull() {
        return names.size() >= MOST;
    }

    /// The bits of those keywords that are known; the others are nowhere set.
    long known(Set<String> keywords) {
        long set = 0;
        for (String keyword : keywords) {
            Integer bit = bits.get(keyword.toLowerCase(Locale.ROOT));
            if (bit != null) {
                set |= 1L << bit;
            }
        }
        return set;
    }

    /// This dictionary with the keywords it lacks.
    ///
    /// @throws MailboxRefused when they are too many or no keywords
    Keywords with(Set<String> keywords) {
        List<String> more = new ArrayList<>(0);
        for (String keyword : keywords) {
            if (!bits.containsKey(keyword.toLowerCase(Locale.ROOT))) {
                check(keyword);
                more.add(keyword);
            }
        }
        if (more.isEmpty()) {
            return this;
        }
        if (names.size() + more.size() > MOST) {
            throw new MailboxRefused(
                    Reason.LIMIT, "an account holds " + MOST + " different keywords at most; use one it has");
        }
        more.addAll(0, names);
        return new Keywords(more);
    }

    /// RFC 9051 §9: flag-keyword is an atom.
    private static void check(String keyword) {
        boolean atom = !keyword.isEmpty() && keyword.length() <= LONGEST;
        for (int i = 0; atom && i < keyword.length(); i++) {
            char c = keyword.charAt(i);
            atom = c > ' ' && c < 127 && "(){%*\"\\]".indexOf(c) < 0;
        }
        if (!atom) {
            throw new MailboxRefused(Reason.CANNOT, "a keyword is an atom of ASCII letters, digits and signs");
        }
    }

    Flags flags(int system, long set) {
        if (set == 0) {
            return SYSTEM_ONLY[system];
        }
        Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (long rest = set; rest != 0; rest &= rest - 1) {
            keywords.add(names.get(Long.numberOfTrailingZeros(rest)));
        }
        return new Flags(system, keywords);
    }

    byte[] encode() {
        RowWriter out = new RowWriter(1, 16 * names.size() + 8);
        out.number(names.size());
        names.forEach(name -> out.octets(name.getBytes(StandardCharsets.US_ASCII)));
        return out.row();
    }

    static Keywords decode(byte[] row) {
        RowReader in = RowReader.of(row, 1);
        int count = in.count();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.text());
        }
        return new Keywords(names);
    }
}
