package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.EncodedWords;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// The message of a run: read by tests, changed by `addheader`, `deleteheader` and `replace`. Used by one thread.
public final class Letter {
    /// One field: `raw` is all of it, with its line end.
    public record Line(String name, Octets raw) {
        /// Behind the colon, unfolded and without blanks at its ends.
        public String rawValue() {
            String text = raw.utf8();
            return unfolded(text.substring(text.indexOf(':') + 1)).strip();
        }

        /// The same with encoded words decoded (RFC 2047).
        public String value() {
            return EncodedWords.decode(rawValue());
        }

        private static String unfolded(String text) {
            return text.replace("\r\n", "").replace("\n", "");
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private Octets body;
    private @Nullable Octets whole;
    private @Nullable Part root;
    private boolean changed;

    public Letter(Octets message) {
        this.body = read(message);
        this.whole = message;
    }

    private Octets read(Octets message) {
        lines.clear();
        Part part = MessageParser.parse(message);
        root = part;
        for (HeaderField field : HeaderFields.of(part.header())) {
            lines.add(new Line(field.name(), field.octets()));
        }
        return message.from(Math.min(part.bodyStart(), message.length()));
    }

    /// Another message in its place.
    public void replace(Octets message) {
        body = read(message);
        whole = message;
        changed = true;
    }

    public boolean isChanged() {
        return changed;
    }

    /// As it is now.
    public Octets octets() {
        Octets octets = whole;
        if (octets == null) {
            List<Octets> parts = new ArrayList<>();
            lines.forEach(line -> parts.add(line.raw));
            parts.add(Octets.of("\r\n"));
            parts.add(body);
            octets = Octets.join(parts.toArray(Octets[]::new));
            whole = octets;
        }
        return octets;
    }

    public long size() {
        return octets().length();
    }

    /// Its MIME tree.
    public Part root() {
        Part part = root;
        if (part == null) {
            part = MessageParser.parse(octets());
            root = part;
        }
        return part;
    }

    public List<Line> lines() {
        return lines;
    }

    public List<Line> all(String name) {
        return lines.stream().filter(line -> line.name.equalsIgnoreCase(name)).toList();
    }

    public Optional<Line> first(String name) {
        return lines.stream().filter(line -> line.name.equalsIgnoreCase(name)).findFirst();
    }

    /// A field on top of all, or below all (RFC 5293 §4).
    public void add(Line line, boolean last) {
        lines.add(last ? lines.size() : 0, line);
        touched();
    }

    /// Takes lines away that are in `gone` by identity.
    public void remove(List<Line> gone) {
        Set<Line> same = Collections.newSetFromMap(new IdentityHashMap<>());
        same.addAll(gone);
        lines.removeIf(same::contains);
        touched();
    }

    private void touched() {
        whole = null;
        root = null;
        changed = true;
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
