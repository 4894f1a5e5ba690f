package tamanoir.server.filter.junk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderField;

/// What is learned of a message: words and marks, each as 64 bits of hash, each once, those of the header first. Made
/// by one thread.
///
/// At most [#MOST]: so one lesson is one batch of the store, written whole or not at all; the 150 that say most decide
/// anyway. Of scripts without blanks between words, pairs of characters stand for words. Characters that nobody sees
/// are passed over, so that a word with a hole in it is still the word.
final class Tokens {
    static final int MOST = 900;
    private static final int MOST_OF_HEADER = 250;
    /// Words looked at: a text that repeats itself ends here.
    private static final int MOST_WORDS = 20_000;
    private static final int SHORTEST = 3;
    private static final int LONGEST = 24;

    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final long[] found = new long[MOST];
    private final long[] seen = new long[2048];
    private int count;
    private int words;
    private int limit = MOST_OF_HEADER;

    private Tokens() {}

    static long[] of(Contents contents) {
        Tokens tokens = new Tokens();
        tokens.header(contents);
        tokens.limit = MOST;
        tokens.make(contents);
        tokens.words("", contents.text());
        return Arrays.copyOf(tokens.found, tokens.count);
    }

    /// What stands for the author of a message.
    static long author(String address) {
        return mixed(hash(hash(BASIS, "from:"), address));
    }

    // ---- marks -----------------------------------------------------------------------------------------------------

    private void header(Contents contents) {
        String author = contents.author();
        if (!author.isEmpty()) {
            add(author(author));
            mark("fromdomain:", author.substring(author.indexOf('@') + 1));
        }
        for (AddressList.Mailbox from : contents.header().addresses("From").mailboxes()) {
            words("fromname:", from.name());
        }
        words("subject:", contents.subject());
        for (AddressList.Mailbox reply : contents.header().addresses("Reply-To").mailboxes()) {
            mark("reply:", reply.domain().toLowerCase(Locale.ROOT));
        }
        contents.header().value("List-Id").ifPresent(list -> mark("list:", list));
        contents.header().value("X-Mailer").ifPresent(program -> words("program:", program));
        contents.header().value("User-Agent").ifPresent(program -> words("program:", program));
        contents.header().first("Received").ifPresent(hop -> words("hop:", hop.value()));
        for (HeaderField field : contents.header()) {
            mark("field:", field.name().toLowerCase(Locale.ROOT));
        }
    }

    private void make(Contents contents) {
        contents.shapes().forEach(shape -> mark("part:", shape));
        for (Contents.Link link : contents.links()) {
            String host = Links.host(link.target());
            mark("link:", host);
            mark("linkdomain:", Links.registered(host));
        }
        names(contents.fileNames());
        names(contents.archived());
    }

    private void names(List<String> names) {
        for (String name : names) {
            int dot = name.lastIndexOf('.');
            mark("file:", dot < 0 ? "" : name.substring(dot));
            words("filename:", name);
        }
    }

    private void mark(String kind, String value) {
        if (!value.isEmpty()) {
            add(mixed(hash(hash(BASIS, kind), value.length() > 200 ? value.substring(0, 200) : value)));
        }
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    private void words(String kind, CharSequence text) {
        long begin = hash(BASIS, kind);
        long hash = begin;
        int length = 0;
        int before = 0;
        int end = Math.min(text.length(), Contents.MOST_CHARS);
        for (int i = 0; i <= end; ) {
            int c = i < end ? Character.codePointAt(text, i) : ' ';
            i += Character.charCount(c);
            if (isUnseen(c)) {
                continue;
            }
            if (Character.isLetterOrDigit(c) && !isIdeographic(c)) {
                length++;
                hash = (hash ^ Character.toLowerCase(c)) * PRIME;
                before = 0;
                continue;
            }
            if (length >= SHORTEST) {
                if (++words > MOST_WORDS || count >= limit) {
                    return;
                }
                // What is longer than words are says how long it is, roughly.
                add(mixed(
                        length <= LONGEST
                                ? hash
                                : (hash(begin, "long") ^ Integer.numberOfLeadingZeros(length)) * PRIME));
            }
            length = 0;
            hash = begin;
            if (isIdeographic(c)) {
                if (before != 0) {
                    if (++words > MOST_WORDS || count >= limit) {
                        return;
                    }
                    add(mixed(((begin ^ before) * PRIME ^ c) * PRIME));
                }
                before = c;
            } else {
                before = 0;
            }
        }
    }

    private static boolean isIdeographic(int c) {
        return c > 0x0E00
                && switch (Character.UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
                    default -> false;
                };
    }

    /// Soft hyphens, zero widths, marks of direction.
    static boolean isUnseen(int c) {
        return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 || c == 0xFEFF;
    }

    private static long hash(long from, CharSequence text) {
        long hash = from;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }

    /// FNV leaves the upper bits of short words poor; 0 stands for an empty place below.
    private static long mixed(long hash) {
        long h = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h == 0 ? 1 : h;
    }

    private void add(long token) {
        if (count >= limit) {
            return;
        }
        int at = (int) token & (seen.length - 1);
        while (seen[at] != 0) {
            if (seen[at] == token) {
                return;
            }
            at = (at + 1) & (seen.length - 1);
        }
        seen[at] = token;
        found[count++] = token;
    }
}
