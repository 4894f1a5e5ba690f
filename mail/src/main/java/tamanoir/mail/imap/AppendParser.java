package tamanoir.mail.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// APPEND, which is read in pieces because its messages go to disk as they come (RFC 9051 §6.3.12, MULTIAPPEND of RFC
/// 3502, UTF8 of RFC 6855 §4, literal8 of RFC 3516 §4.4).
///
/// The reader hands over text up to the end of a line: [#begin] first, then [#next] after each message, and learns
/// whether another message comes. The text may hold literals in place (the mailbox name may be one); the announcement
/// of a message's own literal ends it.
public final class AppendParser {
    private boolean utf8Open;

    public AppendParser() {}

    /// What precedes one message.
    ///
    /// `date` is the text between the quotes, "" for none. `utf8` when the message stands in `UTF8 (…)`.
    public record Item(List<String> flags, String date, boolean utf8, LiteralHead literal) {
        public Item {
            flags = List.copyOf(flags);
        }
    }

    public record Beginning(Octets mailbox, Item item) {}

    /// True when the octets so far are an APPEND whose mailbox name is still to come as a literal: then that literal is
    /// read as any other, and the message is announced later.
    public static boolean wantsName(Octets whole) {
        // tag SP "APPEND" SP "{"
        int blank = whole.indexOf(' ', 0);
        int second = blank < 0 ? -1 : whole.indexOf(' ', blank + 1);
        return second > 0 && second + 1 < whole.length() && whole.at(second + 1) == '{' && whole.indexOf('\n', 0) < 0;
    }

    /// True when this line's command is APPEND.
    public static boolean isAppend(Octets line) {
        int blank = line.indexOf(' ', 0);
        return blank > 0
                && line.length() > blank + 8
                && line.slice(blank + 1, blank + 8).equalsIgnoreCase("APPEND ");
    }

    /// Reads from the tag to the announcement of the first message.
    public Beginning begin(Octets text) {
        Scanner in = new Scanner(text);
        int blank = text.indexOf(' ', 0);
        for (int i = 0; i <= blank; i++) {
            in.takes((char) in.peek());
        }
        in.word();
        in.space();
        Octets mailbox = in.astring();
        in.space();
        return new Beginning(mailbox, item(in));
    }

    /// What follows a message: another one (`text` begins with a blank), or nothing more.
    public Optional<Item> next(Octets text) {
        Scanner in = new Scanner(text);
        if (utf8Open) {
            in.expect(')');
            utf8Open = false;
        }
        if (in.atEnd()) {
            return Optional.empty();
        }
        in.space();
        return Optional.of(item(in));
    }

    private Item item(Scanner in) {
        List<String> flags = new ArrayList<>();
        if (in.peek() == '(') {
            flags.addAll(in.flagList());
            in.space();
        }
        String date = "";
        if (in.peek() == '"') {
            date = in.string().latin1();
            DateTimes.parse(date);
            in.space();
        }
        boolean utf8 = in.peeks("UTF8 (");
        if (utf8) {
            in.word();
            in.space();
            in.expect('(');
        }
        Octets rest = in.rest();
        Optional<LiteralHead> head = LiteralHead.atEndOf(rest);
        if (head.isEmpty()
                || rest.at(0) != (head.get().binary() ? '~' : '{')
                || rest.indexOf('{', head.get().binary() ? 2 : 1) >= 0) {
            throw new BadSyntax("expected the literal of a message");
        }
        if (utf8 && !head.get().binary()) {
            throw new BadSyntax("UTF8 takes a ~{} literal"); // RFC 6855 §4
        }
        utf8Open = utf8;
        return new Item(flags, date, utf8, head.get());
    }
}
