package tamanoir.server.mailbox;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The flags of one message: the five of the system as bits, keywords in lower-case order (RFC 9051 §2.3.2; RFC 8621
/// §4.1.1).
///
/// Keywords are compared without regard to case and kept in the spelling that the account saw first.
public record Flags(int system, Set<String> keywords) {
    public static final int SEEN = 1;
    public static final int ANSWERED = 2;
    public static final int FLAGGED = 4;
    public static final int DELETED = 8;
    public static final int DRAFT = 16;

    public static final Flags NONE = new Flags(0, Set.of());

    public Flags {
        if ((system & ~31) != 0) {
            throw new IllegalArgumentException("flags " + system);
        }
        if (keywords.isEmpty()) {
            keywords = Set.of();
        } else {
            Set<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            sorted.addAll(keywords);
            keywords = java.util.Collections.unmodifiableSet(sorted);
        }
    }

    /// Reads names as IMAP writes them (`\Seen`, `$Forwarded`). `\Recent` and unknown backslash names are left out.
    public static Flags of(Collection<String> names) {
        int bits = 0;
        Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : names) {
            int bit = switch (name.toLowerCase(Locale.ROOT)) {
                case "\\seen" -> SEEN;
                case "\\answered" -> ANSWERED;
                case "\\flagged" -> FLAGGED;
                case "\\deleted" -> DELETED;
                case "\\draft" -> DRAFT;
                default -> 0;
            };
            bits |= bit;
            if (bit == 0 && !name.startsWith("\\")) {
                keywords.add(name);
            }
        }
        return new Flags(bits, keywords);
    }

    public boolean has(int bit) {
        return (system & bit) != 0;
    }

    public Flags plus(Flags more) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(keywords);
        all.addAll(more.keywords);
        return new Flags(system | more.system, all);
    }

    public Flags minus(Flags less) {
        Set<String> rest = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        rest.addAll(keywords);
        rest.removeAll(less.keywords);
        return new Flags(system & ~less.system, rest);
    }
}
