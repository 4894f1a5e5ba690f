package tamanoir.mail.imap;

import java.util.List;

/// One thing a FETCH asks for (RFC 9051 §6.4.5). The macros ALL, FAST and FULL are spelled out by the parser.
public sealed interface FetchItem {
    record Flags() implements FetchItem {}

    record InternalDate() implements FetchItem {}

    record Rfc822Size() implements FetchItem {}

    record Envelope() implements FetchItem {}

    /// BODYSTRUCTURE, or BODY without brackets when `extensions` is false.
    record Structure(boolean extensions) implements FetchItem {}

    record Uid() implements FetchItem {}

    /// BODY[section]<partial>, BODY.PEEK[section]<partial>.
    record Body(BodySection section, boolean peek, Partial partial) implements FetchItem {}

    /// RFC822, RFC822.HEADER, RFC822.TEXT: old names of BODY[], BODY.PEEK[HEADER] and BODY[TEXT] (RFC 3501 §6.4.5).
    record Rfc822(BodySection.Kind kind) implements FetchItem {}

    /// BINARY[part]<partial>: the content without its transfer encoding (RFC 3516 §4.2).
    record Binary(List<Integer> part, boolean peek, Partial partial) implements FetchItem {
        public Binary {
            part = List.copyOf(part);
        }
    }

    record BinarySize(List<Integer> part) implements FetchItem {
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /// RFC 7162 §3.1.5.
    record Modseq() implements FetchItem {}

    /// RFC 8474 §5.3.
    record EmailId() implements FetchItem {}

    /// RFC 8474 §5.3.
    record ThreadId() implements FetchItem {}

    /// RFC 8970 §3; `lazy` asks for no more than is at hand.
    record Preview(boolean lazy) implements FetchItem {}

    /// RFC 8514 §4.2.
    record SaveDate() implements FetchItem {}

    /// `<origin.length>`; [#NONE] when the client asked for the whole.
    record Partial(long origin, long length) {
        public static final Partial NONE = new Partial(-1, Long.MAX_VALUE);

        public boolean isAsked() {
            return origin >= 0;
        }

        /// The first octet of `size` to send.
        public long from(long size) {
            return Math.min(Math.max(origin, 0), size);
        }

        /// The end (exclusive) of the octets to send, of `size`; nothing overflows.
        public long to(long size) {
            long from = from(size);
            return from + Math.min(length, size - from);
        }
    }

    /// True when the answer sets \Seen (RFC 9051 §6.4.5).
    default boolean setsSeen() {
        return switch (this) {
            case Body body -> !body.peek();
            case Binary binary -> !binary.peek();
            case Rfc822 old -> old.kind() != BodySection.Kind.HEADER;
            case Flags f -> false;
            case InternalDate d -> false;
            case Rfc822Size s -> false;
            case Envelope e -> false;
            case Structure s -> false;
            case Uid u -> false;
            case BinarySize b -> false;
            case Modseq m -> false;
            case EmailId e -> false;
            case ThreadId t -> false;
            case Preview p -> false;
            case SaveDate s -> false;
        };
    }
}
