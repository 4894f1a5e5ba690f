package tamanoir.server.search;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// The triples of neighbouring characters in a message's texts: whoever contains a substring has all of the substring's
/// triples, so an index of them tells which messages need not be looked at. It never tells which do contain it.
///
/// A text is followed by two marks of its end, so that a substring of one or two characters begins a triple wherever it
/// stands. Triples of header fields carry the field's name. Used by one thread.
final class Trigrams {
    /// Between a triple and the name of its field.
    static final char OF_FIELD = '\u0001';

    private static final String END = "\u0000\u0000";

    /// Beyond it the message is looked at each time.
    private static final int MOST = 60_000;

    private final Set<String> header = new HashSet<>();
    private final Set<String> body = new HashSet<>();
    private boolean tooMany;

    /// @param line the whole field, `name: value`
    void addField(String name, String line, String value) {
        addValue(name, value);
        // What reaches from the name into the value belongs to no field.
        int reach = line.length() - value.length() + 2;
        add(header, (line + END).substring(0, reach), OF_FIELD + "");
    }

    void addValue(String name, String value) {
        add(header, value + END, OF_FIELD + name);
    }

    /// Answers whether to go on.
    boolean addBody(String text) {
        add(body, text + END, "");
        return !tooMany;
    }

    private void add(Set<String> to, String text, String ending) {
        for (int i = 0; i + 3 <= text.length() && !tooMany; i++) {
            to.add(ending.isEmpty() ? text.substring(i, i + 3) : text.substring(i, i + 3) + ending);
            tooMany = header.size() + body.size() > MOST;
        }
    }

    Set<String> header() {
        return Collections.unmodifiableSet(header);
    }

    Set<String> body() {
        return Collections.unmodifiableSet(body);
    }

    /// Whether some are left out: every substring may be in the message.
    boolean isCut() {
        return tooMany;
    }

    /// The triples of a substring, none when it is too short to have any.
    static Set<String> of(String wanted) {
        Set<String> triples = new LinkedHashSet<>();
        for (int i = 0; i + 3 <= wanted.length(); i++) {
            triples.add(wanted.substring(i, i + 3));
        }
        return triples;
    }
}
