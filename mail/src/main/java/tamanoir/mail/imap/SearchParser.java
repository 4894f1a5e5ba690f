package tamanoir.mail.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The program of SEARCH, SORT and THREAD (RFC 9051 §6.4.4 and §9, search-key).
final class SearchParser {
    private static final int DEEPEST = 100;
    private static final int MOST_KEYS = 2_000;

    private final Scanner in;
    private Charset charset = StandardCharsets.UTF_8;
    private int keys;

    SearchParser(Scanner in) {
        this.in = in;
    }

    /// `RETURN (…) ` when it is next.
    SearchReturn returns() {
        if (!in.peeks("RETURN (")) {
            return SearchReturn.NONE;
        }
        in.word();
        in.space();
        in.expect('(');
        boolean min = false;
        boolean max = false;
        boolean all = false;
        boolean count = false;
        boolean save = false;
        long from = 0;
        long to = 0;
        for (boolean first = true; !in.takes(')'); first = false) {
            if (!first) {
                in.space();
            }
            switch (in.word()) {
                case "MIN" -> min = true;
                case "MAX" -> max = true;
                case "ALL" -> all = true;
                case "COUNT" -> count = true;
                case "SAVE" -> save = true;
                case "PARTIAL" -> {
                    in.space();
                    boolean backwards = in.takes('-');
                    from = in.positive() * (backwards ? -1 : 1);
                    in.expect(':');
                    if (in.takes('-') != backwards) {
                        throw new BadSyntax("both ends of PARTIAL count from the same side");
                    }
                    to = in.positive() * (backwards ? -1 : 1);
                }
                default -> throw new BadSyntax("SEARCH does not know this return option");
            }
        }
        if (from != 0 && all) {
            throw new BadSyntax("PARTIAL and ALL exclude each other"); // RFC 9394 §3.1
        }
        if (Math.abs(from) > Math.abs(to)) {
            long swap = from;
            from = to;
            to = swap;
        }
        // RFC 4731 §3.1: an empty list means ALL; RFC 5182 §2.1: SAVE alone asks for no result
        boolean nothing = !min && !max && !count && !save && from == 0;
        in.space();
        return new SearchReturn(true, min, max, all || nothing, count, save, from, to);
    }

    void charset(String name) {
        try {
            charset = Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UnknownCharset();
        }
    }

    /// All keys up to the end, after CHARSET where that may stand.
    SearchKey program(boolean mayNameCharset) {
        if (mayNameCharset && in.peeks("CHARSET ")) {
            in.word();
            in.space();
            charset(in.astring().latin1());
            in.space();
        }
        List<SearchKey> all = new ArrayList<>();
        do {
            all.add(key(0));
        } while (in.takes(' '));
        return all.size() == 1 ? all.getFirst() : new SearchKey.And(all);
    }

    List<Command.SortKey> order() {
        in.expect('(');
        List<Command.SortKey> order = new ArrayList<>();
        do {
            String word = in.word();
            boolean reverse = word.equals("REVERSE");
            if (reverse) {
                in.space();
                word = in.word();
            }
            Command.SortKey.Field field;
            try {
                field = Command.SortKey.Field.valueOf(word);
            } catch (IllegalArgumentException e) {
                throw new BadSyntax("SORT does not know this key");
            }
            order.add(new Command.SortKey(field, reverse));
            if (order.size() > 50) {
                throw new BadSyntax("too many sort keys");
            }
        } while (in.takes(' '));
        in.expect(')');
        return order;
    }

    private SearchKey key(int depth) {
        if (depth > DEEPEST || ++keys > MOST_KEYS) {
            throw new BadSyntax("the search is too large");
        }
        int c = in.peek();
        if (c == '(') {
            in.expect('(');
            List<SearchKey> inside = new ArrayList<>();
            do {
                inside.add(key(depth + 1));
            } while (in.takes(' '));
            in.expect(')');
            return inside.size() == 1 ? inside.getFirst() : new SearchKey.And(inside);
        }
        if (c == '*' || c == '$' || (c >= '0' && c <= '9')) {
            return new SearchKey.Sequence(in.sequenceSet());
        }
        return named(in.word(), depth);
    }

    private SearchKey named(String word, int depth) {
        return switch (word) {
            case "ALL" -> new SearchKey.All();
            case "ANSWERED" -> new SearchKey.SystemFlag("\\Answered", true);
            case "DELETED" -> new SearchKey.SystemFlag("\\Deleted", true);
            case "DRAFT" -> new SearchKey.SystemFlag("\\Draft", true);
            case "FLAGGED" -> new SearchKey.SystemFlag("\\Flagged", true);
            case "SEEN" -> new SearchKey.SystemFlag("\\Seen", true);
            case "UNANSWERED" -> new SearchKey.SystemFlag("\\Answered", false);
            case "UNDELETED" -> new SearchKey.SystemFlag("\\Deleted", false);
            case "UNDRAFT" -> new SearchKey.SystemFlag("\\Draft", false);
            case "UNFLAGGED" -> new SearchKey.SystemFlag("\\Flagged", false);
            case "UNSEEN" -> new SearchKey.SystemFlag("\\Seen", false);
            case "KEYWORD" -> new SearchKey.Keyword(keyword(), true);
            case "UNKEYWORD" -> new SearchKey.Keyword(keyword(), false);
            case "RECENT" -> new SearchKey.Recent();
            case "NEW" -> new SearchKey.New();
            case "OLD" -> new SearchKey.Old();
            case "BEFORE" -> date(SearchKey.Date.Field.INTERNAL, SearchKey.Date.Order.BEFORE);
            case "ON" -> date(SearchKey.Date.Field.INTERNAL, SearchKey.Date.Order.ON);
            case "SINCE" -> date(SearchKey.Date.Field.INTERNAL, SearchKey.Date.Order.SINCE);
            case "SENTBEFORE" -> date(SearchKey.Date.Field.SENT, SearchKey.Date.Order.BEFORE);
            case "SENTON" -> date(SearchKey.Date.Field.SENT, SearchKey.Date.Order.ON);
            case "SENTSINCE" -> date(SearchKey.Date.Field.SENT, SearchKey.Date.Order.SINCE);
            case "SAVEDBEFORE" -> date(SearchKey.Date.Field.SAVED, SearchKey.Date.Order.BEFORE);
            case "SAVEDON" -> date(SearchKey.Date.Field.SAVED, SearchKey.Date.Order.ON);
            case "SAVEDSINCE" -> date(SearchKey.Date.Field.SAVED, SearchKey.Date.Order.SINCE);
            case "SAVEDATESUPPORTED" -> new SearchKey.SaveDateSupported();
            case "OLDER" -> new SearchKey.Within(true, positive());
            case "YOUNGER" -> new SearchKey.Within(false, positive());
            case "BCC" -> new SearchKey.Header("Bcc", text());
            case "CC" -> new SearchKey.Header("Cc", text());
            case "FROM" -> new SearchKey.Header("From", text());
            case "SUBJECT" -> new SearchKey.Header("Subject", text());
            case "TO" -> new SearchKey.Header("To", text());
            case "HEADER" -> {
                in.space();
                String name = in.astring().latin1();
                yield new SearchKey.Header(name, text());
            }
            case "BODY" -> new SearchKey.Body(text());
            case "TEXT" -> new SearchKey.Text(text());
            case "LARGER" -> new SearchKey.Larger(number());
            case "SMALLER" -> new SearchKey.Smaller(number());
            case "UID" -> {
                in.space();
                yield new SearchKey.Uid(in.sequenceSet());
            }
            case "MODSEQ" -> modseq();
            case "EMAILID" -> new SearchKey.EmailId(objectId());
            case "THREADID" -> new SearchKey.ThreadId(objectId());
            case "NOT" -> {
                in.space();
                yield new SearchKey.Not(key(depth + 1));
            }
            case "OR" -> {
                in.space();
                SearchKey one = key(depth + 1);
                in.space();
                yield new SearchKey.Or(one, key(depth + 1));
            }
            default -> throw new BadSyntax("SEARCH does not know " + (word.length() > 30 ? "this key" : word));
        };
    }

    private long number() {
        in.space();
        return in.number();
    }

    private long positive() {
        in.space();
        return in.positive();
    }

    private String objectId() {
        in.space();
        return in.atom();
    }

    private String keyword() {
        in.space();
        return in.flag();
    }

    private SearchKey date(SearchKey.Date.Field field, SearchKey.Date.Order order) {
        in.space();
        return new SearchKey.Date(field, order, DateTimes.parseDay(in.astring().latin1()));
    }

    /// RFC 7162 §3.1.5: `MODSEQ [entry-name SP entry-type-req SP] value`. All entries share one counter, so name and
    /// type are read and forgotten.
    private SearchKey modseq() {
        in.space();
        if (in.peek() == '"') {
            in.string();
            in.space();
            String type = in.word();
            if (!type.equals("ALL") && !type.equals("PRIV") && !type.equals("SHARED")) {
                throw new BadSyntax("an entry is priv, shared or all");
            }
            in.space();
        }
        return new SearchKey.Modseq(in.number());
    }

    private String text() {
        in.space();
        Octets octets = in.astring();
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(octets.array(), octets.arrayOffset(), octets.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadSyntax("the text is not in the charset of the search");
        } catch (UnsupportedOperationException e) {
            throw new UnknownCharset();
        }
    }
}
