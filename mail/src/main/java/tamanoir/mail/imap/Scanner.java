package tamanoir.mail.imap;

import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Reads the atoms of IMAP's grammar from one whole command, literals in place (RFC 9051 §9).
///
/// Strict where the grammar is: one blank between arguments, no NUL anywhere (RFC 9051 §9, CHAR8), no octets left over.
final class Scanner {
    private static final int MOST_RANGES = 20_000;

    private final Octets text;
    private int at;

    Scanner(Octets text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /// Everything not read yet.
    Octets rest() {
        return text.from(at);
    }

    /// The next octet, or -1 at the end.
    int peek() {
        return at < text.length() ? text.at(at) : -1;
    }

    boolean peeks(String word) {
        return at + word.length() <= text.length()
                && text.slice(at, at + word.length()).equalsIgnoreCase(word);
    }

    /// Takes the octet when it is next.
    boolean takes(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) {
        if (!takes(c)) {
            throw new BadSyntax(
                    atEnd() ? "something is missing at the end of the command" : "expected '" + c + "'" + here());
        }
    }

    void space() {
        if (!takes(' ')) {
            throw new BadSyntax(atEnd() ? "an argument is missing" : "expected a blank" + here());
        }
    }

    void end() {
        if (!atEnd()) {
            throw new BadSyntax("too many arguments" + here());
        }
    }

    private String here() {
        return " at octet " + (at + 1);
    }

    // ---- atoms -------------------------------------------------------------------------------------------------

    static boolean isAtomChar(int c) {
        return c > ' ' && c < 127 && c != '(' && c != ')' && c != '{' && c != '%' && c != '*' && c != '"' && c != '\\'
                && c != ']';
    }

    private static boolean isAstringChar(int c) {
        return isAtomChar(c) || c == ']';
    }

    private static boolean isListChar(int c) {
        return isAstringChar(c) || c == '%' || c == '*';
    }

    String atom() {
        int start = at;
        while (at < text.length() && isAtomChar(text.at(at))) {
            at++;
        }
        if (start == at) {
            throw new BadSyntax("expected a word" + here());
        }
        return text.slice(start, at).latin1();
    }

    /// An atom in upper case.
    String word() {
        return upper(atom());
    }

    /// Letters, digits and hyphens only, in upper case: the names of items, which brackets may follow.
    String name() {
        int start = at;
        while (at < text.length() && isNameChar(text.at(at))) {
            at++;
        }
        if (start == at) {
            throw new BadSyntax("expected a name" + here());
        }
        return upper(text.slice(start, at).latin1());
    }

    private static boolean isNameChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }

    static String upper(String ascii) {
        return ascii.toUpperCase(java.util.Locale.ROOT);
    }

    /// `flag` of RFC 9051 §9: a keyword, or a backslash and an atom.
    String flag() {
        return takes('\\') ? "\\" + atom() : atom();
    }

    List<String> flagList() {
        expect('(');
        List<String> flags = new ArrayList<>();
        while (!takes(')')) {
            if (!flags.isEmpty()) {
                space();
            }
            flags.add(flag());
        }
        return flags;
    }

    // ---- strings -----------------------------------------------------------------------------------------------

    Octets astring() {
        int c = peek();
        if (c == '"' || c == '{' || startsLiteral8()) {
            return string();
        }
        return run(true);
    }

    Octets listMailbox() {
        int c = peek();
        return c == '"' || c == '{' ? string() : run(false);
    }

    private Octets run(boolean astring) {
        int start = at;
        while (at < text.length() && (astring ? isAstringChar(text.at(at)) : isListChar(text.at(at)))) {
            at++;
        }
        if (start == at) {
            throw new BadSyntax(atEnd() ? "an argument is missing" : "expected a string" + here());
        }
        return text.slice(start, at);
    }

    Octets string() {
        if (peek() == '"') {
            return quoted();
        }
        if (startsLiteral8()) {
            throw new BadSyntax("a binary literal is not allowed here");
        }
        return literal();
    }

    private boolean startsLiteral8() {
        return peek() == '~' && at + 1 < text.length() && text.at(at + 1) == '{';
    }

    /// A string, or NIL, which is taken for the empty string.
    Octets nstring() {
        if (peek() != '"' && peek() != '{') {
            if (!word().equals("NIL")) {
                throw new BadSyntax("expected a string or NIL" + here());
            }
            return Octets.EMPTY;
        }
        return string();
    }

    private Octets quoted() {
        expect('"');
        int start = at;
        boolean escaped = false;
        while (at < text.length()) {
            int c = text.at(at);
            if (c == '"') {
                Octets inside = text.slice(start, at);
                at++;
                return escaped ? unescape(inside) : inside;
            }
            if (c == '\\') {
                escaped = true;
                at++;
                c = peek();
                if (c != '"' && c != '\\') {
                    throw new BadSyntax("only \" and \\ are escaped in a quoted string");
                }
            } else if (c == 0 || c == '\r' || c == '\n') {
                throw new BadSyntax("a quoted string cannot hold this octet" + here());
            }
            at++;
        }
        throw new BadSyntax("a quoted string has no end");
    }

    private static Octets unescape(Octets inside) {
        byte[] plain = new byte[inside.length()];
        int length = 0;
        for (int i = 0; i < inside.length(); i++) {
            int c = inside.at(i);
            if (c == '\\') {
                c = inside.at(++i);
            }
            plain[length++] = (byte) c;
        }
        return Octets.of(plain, 0, length);
    }

    private Octets literal() {
        expect('{');
        long length = number();
        takes('+');
        expect('}');
        takes('\r');
        expect('\n');
        if (length > text.length() - at) {
            throw new BadSyntax("a literal is cut short");
        }
        Octets octets = text.slice(at, at + (int) length);
        at += (int) length;
        if (octets.indexOf(0, 0) >= 0) {
            // RFC 9051 §9, literal: CHAR8 has no NUL. Cutting at it would log somebody in under another name.
            throw new BadSyntax("a string cannot hold NUL");
        }
        return octets;
    }

    // ---- numbers -----------------------------------------------------------------------------------------------

    /// Up to 63 bits: RFC 9051 §9, number64.
    long number() {
        int start = at;
        long value = 0;
        while (at < text.length() && text.at(at) >= '0' && text.at(at) <= '9') {
            int digit = text.at(at) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw new BadSyntax("a number is too large");
            }
            value = value * 10 + digit;
            at++;
        }
        if (start == at) {
            throw new BadSyntax("expected a number" + here());
        }
        return value;
    }

    long positive() {
        long value = number();
        if (value == 0) {
            throw new BadSyntax("zero is not allowed here");
        }
        return value;
    }

    /// A message number or UID: 32 bits, not zero.
    private long sequenceNumber() {
        if (takes('*')) {
            return SequenceSet.STAR;
        }
        long value = positive();
        if (value > 0xFFFF_FFFFL) {
            throw new BadSyntax("a message number has 32 bits");
        }
        return value;
    }

    SequenceSet sequenceSet() {
        if (takes('$')) {
            return SequenceSet.SAVED;
        }
        List<SequenceSet.Range> ranges = new ArrayList<>();
        do {
            long first = sequenceNumber();
            long last = takes(':') ? sequenceNumber() : first;
            ranges.add(new SequenceSet.Range(first, last));
            if (ranges.size() > MOST_RANGES) {
                throw new BadSyntax("the set has too many ranges");
            }
        } while (takes(','));
        return new SequenceSet(ranges, false);
    }

    /// A set without `*` and `$`, as QRESYNC wants it.
    SequenceSet plainSet() {
        SequenceSet set = sequenceSet();
        boolean star =
                set.ranges().stream().anyMatch(r -> r.first() == SequenceSet.STAR || r.last() == SequenceSet.STAR);
        if (set.saved() || star) {
            throw new BadSyntax("this set must consist of numbers");
        }
        return set;
    }
}
