package tamanoir.mail.imap;

import java.util.List;
import tamanoir.mail.message.Section;

/// What stands between the brackets of BODY[…] and BINARY[…]: a part, and what of it (RFC 9051 §6.4.5).
///
/// `part` is empty for the message itself. `fields` are the names of HEADER.FIELDS and HEADER.FIELDS.NOT as written.
public record BodySection(List<Integer> part, Kind kind, List<String> fields) {
    public static final BodySection WHOLE = new BodySection(List.of(), Kind.ALL, List.of());

    public enum Kind {
        ALL(""),
        HEADER("HEADER"),
        HEADER_FIELDS("HEADER.FIELDS"),
        HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
        TEXT("TEXT"),
        MIME("MIME");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    public BodySection {
        part = List.copyOf(part);
        fields = List.copyOf(fields);
        boolean named = kind == Kind.HEADER_FIELDS || kind == Kind.HEADER_FIELDS_NOT;
        if (named == fields.isEmpty() || (kind == Kind.MIME && part.isEmpty())) {
            throw new IllegalArgumentException("no such section");
        }
    }

    /// The same in the words of the MIME engine.
    public Section section() {
        return new Section(
                part,
                switch (kind) {
                    case ALL -> new Section.Content.Whole();
                    case HEADER -> new Section.Content.Header();
                    case HEADER_FIELDS -> new Section.Content.HeaderFields(fields);
                    case HEADER_FIELDS_NOT -> new Section.Content.HeaderFieldsNot(fields);
                    case TEXT -> new Section.Content.Text();
                    case MIME -> new Section.Content.Mime();
                });
    }

    /// The section as a response names it, without the brackets: `1.2.HEADER.FIELDS (FROM TO)`.
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int number : part) {
            if (!text.isEmpty()) {
                text.append('.');
            }
            text.append(number);
        }
        if (kind != Kind.ALL) {
            if (!text.isEmpty()) {
                text.append('.');
            }
            text.append(kind.word);
        }
        if (!fields.isEmpty()) {
            text.append(" (");
            for (int i = 0; i < fields.size(); i++) {
                text.append(i == 0 ? "" : " ").append(Wire.astring(fields.get(i)));
            }
            text.append(')');
        }
        return text.toString();
    }
}
