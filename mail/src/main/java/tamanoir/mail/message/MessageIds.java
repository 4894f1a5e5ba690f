package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Message identifiers in Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), without their angle brackets.
public final class MessageIds {
    /// Longer texts are not identifiers: no line could hold them (RFC 5322 §2.1.1) when a reply repeats them.
    private static final int LONGEST = 900;

    private MessageIds() {}

    /// All identifiers in the unfolded value, in order, each once. Words between them (RFC 5322 §4.5.4 allows
    /// phrases) are passed over; a value without any bracket is taken as bare identifiers if they look like some.
    public static List<String> parse(String value) {
        Set<String> ids = new LinkedHashSet<>();
        int at = 0;
        while (true) {
            int open = value.indexOf('<', at);
            if (open < 0) {
                break;
            }
            int close = value.indexOf('>', open);
            if (close < 0) {
                break;
            }
            // `<a <b@c>`: the inner bracket is where it begins.
            int start = value.lastIndexOf('<', close) + 1;
            add(ids, value.substring(start, close));
            at = close + 1;
        }
        if (ids.isEmpty() && value.indexOf('@') >= 0) {
            for (String word : value.split("[ \t,]+")) {
                if (word.indexOf('@') > 0) {
                    add(ids, word.replace("<", "").replace(">", ""));
                }
            }
        }
        return new ArrayList<>(ids);
    }

    private static void add(Set<String> ids, String inside) {
        StringBuilder id = new StringBuilder(Math.min(inside.length(), LONGEST));
        int octets = 0;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            // RFC 5256 §2.2 compares them without white space and without quotes that need not be there.
            if (c > ' ' && c != 127 && c != '"') {
                octets += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
                if (octets > LONGEST) {
                    return;
                }
                id.append(c);
            }
        }
        if (!id.isEmpty()) {
            ids.add(id.toString());
        }
    }
}
