package tamanoir.mail.message;

import java.util.List;

/// A section of a message in IMAP's words (RFC 9051 §6.4.5): part numbers, and what of that part.
public record Section(List<Integer> path, Content content) {
    public static final Section WHOLE = new Section(List.of(), new Content.Whole());
    public static final Section HEADER = new Section(List.of(), new Content.Header());
    public static final Section TEXT = new Section(List.of(), new Content.Text());

    public sealed interface Content {
        /// The whole message, or the body of a part.
        record Whole() implements Content {}

        record Header() implements Content {}

        record HeaderFields(List<String> names) implements Content {
            public HeaderFields {
                names = List.copyOf(names);
            }
        }

        record HeaderFieldsNot(List<String> names) implements Content {
            public HeaderFieldsNot {
                names = List.copyOf(names);
            }
        }

        /// The body of a message.
        record Text() implements Content {}

        /// The header of a part.
        record Mime() implements Content {}
    }

    public Section {
        path = List.copyOf(path);
    }
}
