package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.AddressList.Entry;
import tamanoir.mail.message.AddressList.Group;
import tamanoir.mail.message.AddressList.Mailbox;

/// Reads one address field from left to right (RFC 5322 §3.4 with §4.4).
///
/// Words are gathered until a character says what they were: `<` a name, `:` the name of a group, a comma,
/// semicolon or the end an address without brackets.
final class AddressReader {
    private static final String SPECIALS = ",;:<>\"(";

    private record Word(String text, boolean isQuoted, boolean afterBlank) {}

    private final String value;
    private final Words in;
    private final EncodedWords encodedWords;
    private final List<Entry> entries = new ArrayList<>();

    private final List<Word> words = new ArrayList<>();
    private String comment = "";
    private boolean blank;
    /// Whether any of the words has an @ outside quotes.
    private boolean hasAt;
    /// The next `]`, so that it is not searched for again and again.
    private int nextClose = -1;

    private @Nullable String group;
    private List<Mailbox> members = new ArrayList<>();

    AddressReader(String value) {
        this.value = value;
        this.in = new Words(value);
        this.encodedWords = new EncodedWords(value);
    }

    AddressList read() {
        while (!in.atEnd()) {
            char c = value.charAt(in.at);
            switch (c) {
                case ' ', '\t', '\r', '\n' -> {
                    in.at++;
                    blank = true;
                }
                case '(' -> {
                    String inside = in.comment();
                    comment = comment.isEmpty() ? inside.trim() : comment;
                    blank = true;
                }
                case '"' -> {
                    words.add(new Word(in.quoted(), true, blank));
                    blank = false;
                }
                case '<' -> angle();
                case '>' -> in.at++;
                case ',' -> {
                    in.at++;
                    bare();
                }
                case ';' -> {
                    in.at++;
                    bare();
                    endGroup();
                }
                case ':' -> {
                    in.at++;
                    colon();
                }
                default -> {
                    String atom = atom();
                    words.add(new Word(atom, false, blank));
                    hasAt |= atom.indexOf('@') >= 0;
                    blank = false;
                }
            }
        }
        bare();
        endGroup();
        return new AddressList(entries);
    }

    /// Up to a special character. An encoded word and a domain literal are taken whole, whatever they hold: RFC
    /// 2047 §5 forbids commas and brackets in a word of a phrase, they occur all the same.
    private String atom() {
        int from = in.at;
        if (value.startsWith("=?", from)) {
            int end = encodedWords.wordEnd(from);
            if (end > 0) {
                in.at = end;
                return value.substring(from, end);
            }
        }
        int at = from;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '[' && at > from && value.charAt(at - 1) == '@') {
                at = literalEnd(at);
                continue;
            }
            if (c == '\\' && at + 1 < value.length()) {
                at += 2;
                continue;
            }
            if (Words.isBlank(c) || SPECIALS.indexOf(c) >= 0) {
                break;
            }
            at++;
        }
        in.at = Math.max(at, from + 1);
        return value.substring(from, Math.min(in.at, value.length()));
    }

    /// Where the domain literal that begins here ends; not closed, it is its bracket only.
    private int literalEnd(int at) {
        if (nextClose < at) {
            int close = value.indexOf(']', at);
            nextClose = close < 0 ? Integer.MAX_VALUE : close;
        }
        return nextClose == Integer.MAX_VALUE ? at + 1 : nextClose + 1;
    }

    // ---- what the words were ---------------------------------------------------------------------------------

    private void colon() {
        if (hasAt) {
            // Not the name of a group; most likely `mailto:` the other way round or a stray colon.
            words.add(new Word(":", false, blank));
            return;
        }
        endGroup();
        group = phrase();
        members = new ArrayList<>();
        reset();
    }

    private void endGroup() {
        String name = group;
        if (name != null) {
            entries.add(new Group(name, members));
            group = null;
        }
    }

    /// An address without brackets, or a name without an address.
    private void bare() {
        if (words.isEmpty()) {
            reset();
            return;
        }
        if (!hasAt) {
            boolean oneWord = words.size() == 1 && !words.getFirst().isQuoted();
            String text = phrase();
            add(oneWord ? new Mailbox(comment, text, "") : new Mailbox(text, "", ""));
            reset();
            return;
        }
        int from = 0;
        while (from < words.size()) {
            from = bare(from);
        }
        reset();
    }

    /// The address among the words from there on; answers where the next may be.
    private int bare(int from) {
        int at = nextAt(from);
        // `john . doe @ example . com` is legal (RFC 5322 §4.4): a word belongs to the address if it touches it, or a
        // dot or the @ is all that lies between.
        int first = at;
        while (first > from && joins(words.get(first - 1), words.get(first))) {
            first--;
        }
        int end = at + 1;
        while (end < words.size() && joins(words.get(end - 1), words.get(end))) {
            end++;
        }
        StringBuilder local = new StringBuilder();
        StringBuilder domain = new StringBuilder();
        boolean inDomain = false;
        for (int i = first; i < end; i++) {
            Word word = words.get(i);
            int mark = word.isQuoted() || inDomain ? -1 : word.text().lastIndexOf('@');
            if (mark >= 0) {
                local.append(word.text(), 0, mark);
                domain.append(word.text(), mark + 1, word.text().length());
                inDomain = true;
            } else {
                (inDomain ? domain : local).append(word.text());
            }
        }
        List<Word> others = new ArrayList<>(words.subList(from, first));
        if (nextAt(end) == words.size()) {
            others.addAll(words.subList(end, words.size()));
            end = words.size();
        }
        add(new Mailbox(others.isEmpty() ? comment : phrase(others), local.toString(), domain.toString()));
        return end;
    }

    private int nextAt(int from) {
        int i = from;
        while (i < words.size()
                && (words.get(i).isQuoted() || words.get(i).text().indexOf('@') < 0)) {
            i++;
        }
        return i;
    }

    private static boolean joins(Word left, Word right) {
        if (!right.afterBlank()) {
            return true;
        }
        String l = left.text();
        String r = right.text();
        boolean open = !left.isQuoted() && (l.endsWith(".") || l.endsWith("@"));
        return open || (!right.isQuoted() && (r.startsWith(".") || r.startsWith("@")));
    }

    /// `<` route, local part, `@`, domain, `>`; tolerant of everything but the closing bracket, at whose place a
    /// comma before the next `@` may stand.
    private void angle() {
        in.at++;
        StringBuilder route = new StringBuilder();
        StringBuilder local = new StringBuilder();
        StringBuilder domain = new StringBuilder();
        boolean inDomain = false;
        boolean done = false;
        while (!done && !in.atEnd()) {
            char c = value.charAt(in.at);
            switch (c) {
                case '>' -> {
                    in.at++;
                    done = true;
                }
                case '<' -> {
                    // `<<a@b>>`, or the bracket before was never closed.
                    if (local.isEmpty() && !inDomain) {
                        in.at++;
                    } else {
                        done = true;
                    }
                }
                case ' ', '\t', '\r', '\n' -> in.at++;
                case '(' -> in.comment();
                case '"' -> (inDomain ? domain : local).append(in.quoted());
                case '@' -> {
                    in.at++;
                    if (inDomain) {
                        // `a@b@c`: what stood before the last @ is the local part.
                        local.append('@').append(domain);
                        domain.setLength(0);
                    }
                    inDomain = true;
                }
                case ':' -> {
                    in.at++;
                    if (local.isEmpty() || (!route.isEmpty() && !inDomain)) {
                        route.append(domain.isEmpty() ? "" : "@" + domain);
                        domain.setLength(0);
                        inDomain = false;
                    } else {
                        (inDomain ? domain : local).append(':');
                    }
                }
                case ',' -> {
                    if (local.isEmpty() && inDomain) {
                        // RFC 5322 §4.4: obs-route is `@a,@b:`.
                        in.at++;
                        route.append('@').append(domain).append(',');
                        domain.setLength(0);
                        inDomain = false;
                    } else {
                        done = true;
                    }
                }
                case ';' -> done = true;
                case '[' -> {
                    int end = literalEnd(in.at);
                    (inDomain ? domain : local).append(value, in.at, end);
                    in.at = end;
                }
                case '\\' -> {
                    in.at++;
                    if (!in.atEnd()) {
                        (inDomain ? domain : local).append(value.charAt(in.at++));
                    }
                }
                default -> {
                    (inDomain ? domain : local).append(c);
                    in.at++;
                }
            }
        }
        String name = words.isEmpty() ? comment : phrase();
        add(new Mailbox(name, route.toString(), local.toString(), domain.toString()));
        reset();
    }

    private void add(Mailbox read) {
        if (read.rawName().isEmpty()
                && read.localPart().isEmpty()
                && read.domain().isEmpty()) {
            // `@`, `<>`: nobody.
            return;
        }
        String domain = plainDomain(read.domain());
        Mailbox mailbox = domain.equals(read.domain())
                ? read
                : new Mailbox(read.rawName(), read.route(), read.localPart(), domain);
        if (group == null) {
            entries.add(mailbox);
        } else {
            members.add(mailbox);
        }
    }

    /// Specials in a domain can only come from quotes or broken literals. Nobody may take them for the beginning of
    /// another address when the domain is shown or written again, so they are left out.
    private static String plainDomain(String domain) {
        boolean isLiteral = domain.startsWith("[") && domain.endsWith("]") && domain.length() > 1;
        int from = isLiteral ? 1 : 0;
        int to = domain.length() - from;
        String forbidden = isLiteral ? ",;<>\"()@[]\\" : ",;<>\"()@[]\\:";
        int i = from;
        while (i < to && isPlain(domain.charAt(i), forbidden)) {
            i++;
        }
        if (i == to) {
            return domain;
        }
        StringBuilder plain = new StringBuilder(domain.length());
        plain.append(domain, 0, from);
        for (int k = from; k < to; k++) {
            if (isPlain(domain.charAt(k), forbidden)) {
                plain.append(domain.charAt(k));
            }
        }
        return plain.append(domain, to, domain.length()).toString();
    }

    private static boolean isPlain(char c, String forbidden) {
        return c > ' ' && c != 127 && forbidden.indexOf(c) < 0;
    }

    private String phrase() {
        return phrase(words);
    }

    private static String phrase(List<Word> words) {
        if (words.size() == 1) {
            return words.getFirst().text().trim();
        }
        StringBuilder phrase = new StringBuilder();
        for (Word word : words) {
            if (!phrase.isEmpty() && word.afterBlank()) {
                phrase.append(' ');
            }
            phrase.append(word.text());
        }
        return phrase.toString().trim();
    }

    private void reset() {
        words.clear();
        comment = "";
        blank = false;
        hasAt = false;
    }
}
