package tamanoir.mail.imap;

import java.time.LocalDate;
import java.util.List;

/// What SEARCH looks for (RFC 9051 §6.4.4). Strings are decoded already, so the charset of the command is forgotten.
public sealed interface SearchKey {
    record All() implements SearchKey {}

    /// One of the system flags, spelled `\Seen`; `set` false for UNSEEN and its like.
    record SystemFlag(String name, boolean set) implements SearchKey {}

    record Keyword(String name, boolean set) implements SearchKey {}

    record Recent() implements SearchKey {}

    /// Recent and not seen (RFC 3501 §6.4.4).
    record New() implements SearchKey {}

    record Old() implements SearchKey {}

    /// Compares the calendar day, never the time or the zone (RFC 9051 §6.4.4).
    record Date(Field field, Order order, LocalDate day) implements SearchKey {
        public enum Field {
            INTERNAL,
            SENT,
            /// RFC 8514 §4.3.
            SAVED
        }

        public enum Order {
            BEFORE,
            ON,
            SINCE
        }
    }

    /// OLDER (`older` true) or YOUNGER than so many seconds (RFC 5032 §3).
    record Within(boolean older, long seconds) implements SearchKey {}

    /// A header field with this name that contains the text; the empty text asks whether the field is there.
    record Header(String name, String text) implements SearchKey {}

    record Body(String text) implements SearchKey {}

    record Text(String text) implements SearchKey {}

    record Larger(long octets) implements SearchKey {}

    record Smaller(long octets) implements SearchKey {}

    record Uid(SequenceSet set) implements SearchKey {}

    record Sequence(SequenceSet set) implements SearchKey {}

    /// At least this modification sequence (RFC 7162 §3.1.5).
    record Modseq(long modseq) implements SearchKey {}

    /// RFC 8474 §5.4.
    record EmailId(String id) implements SearchKey {}

    /// RFC 8474 §5.4.
    record ThreadId(String id) implements SearchKey {}

    /// RFC 8514 §4.3: the server knows save dates.
    record SaveDateSupported() implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = List.copyOf(keys);
        }
    }

    /// Whether a [Modseq] is in it: then the answer tells the highest modification sequence found (RFC 7162 §3.1.5).
    default boolean asksModseq() {
        return switch (this) {
            case Modseq m -> true;
            case Not not -> not.key().asksModseq();
            case Or or -> or.one().asksModseq() || or.other().asksModseq();
            case And and -> and.keys().stream().anyMatch(SearchKey::asksModseq);
            case All k -> false;
            case SystemFlag k -> false;
            case Keyword k -> false;
            case Recent k -> false;
            case New k -> false;
            case Old k -> false;
            case Date k -> false;
            case Within k -> false;
            case Header k -> false;
            case Body k -> false;
            case Text k -> false;
            case Larger k -> false;
            case Smaller k -> false;
            case Uid k -> false;
            case Sequence k -> false;
            case EmailId k -> false;
            case ThreadId k -> false;
            case SaveDateSupported k -> false;
        };
    }
}
