package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

/// Finds the octets of an IMAP section (RFC 9051 §6.4.5, §6.4.5.1).
///
/// Part numbers count the parts of a multipart. A message that is no multipart is its own part 1; the same holds
/// for a message inside a message, whose parts follow its own number.
public final class Sections {
    /// HEADER.FIELDS must find every field, also where there are more than anybody looks up.
    private static final Limits ALL_FIELDS = new Limits(1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

    private Sections() {}

    /// Octets `from` to `to` of the whole message.
    public record Range(int from, int to) {
        public int length() {
            return to - from;
        }
    }

    /// The octets of the section; empty when there is no such part, or the part has no such section.
    public static Optional<Octets> octets(Part root, Section section) {
        return range(root, section).map(range -> filtered(root.slice(range), section.content()));
    }

    /// The same from a structure that was kept, and the whole message.
    public static Optional<Octets> octets(Octets whole, BodyStructure root, Section section) {
        return range(root, section).map(range -> filtered(whole.slice(range.from(), range.to()), section.content()));
    }

    /// Where the section lies; for HEADER.FIELDS, the header to take them from (see [#filtered]).
    public static Optional<Range> range(Located root, Section section) {
        boolean isWhole = section.path().isEmpty();
        Optional<Located> found = isWhole ? Optional.of(root) : find(root, section.path());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Located part = found.get();
        return switch (section.content()) {
            case Section.Content.Whole w -> Optional.of(isWhole ? new Range(part.start(), part.end()) : body(part));
            case Section.Content.Mime m -> isWhole ? Optional.empty() : Optional.of(header(part));
            case Section.Content.Header h -> message(part, isWhole).map(Sections::header);
            case Section.Content.HeaderFields h -> message(part, isWhole).map(Sections::header);
            case Section.Content.HeaderFieldsNot h -> message(part, isWhole).map(Sections::header);
            case Section.Content.Text t -> message(part, isWhole).map(Sections::body);
        };
    }

    /// The part with those numbers.
    public static Optional<Located> find(Located root, List<Integer> path) {
        // What the next number counts: the parts of a multipart, or the one body of a message.
        Located message = root;
        boolean isBody = false;
        for (int number : path) {
            if (isBody) {
                // Below a part: only a message has parts of its own.
                if (message.kind() != Kind.MESSAGE && message.kind() != Kind.MULTIPART) {
                    return Optional.empty();
                }
                message = message.kind() == Kind.MESSAGE ? message.children().getFirst() : message;
            }
            if (message.kind() == Kind.MULTIPART) {
                if (number < 1 || number > message.children().size()) {
                    return Optional.empty();
                }
                message = message.children().get(number - 1);
            } else if (number != 1) {
                return Optional.empty();
            }
            isBody = true;
        }
        return Optional.of(message);
    }

    /// The message whose header and text are meant: the whole, or the one inside the part.
    private static Optional<Located> message(Located part, boolean isWhole) {
        if (isWhole) {
            return Optional.of(part);
        }
        return part.kind() == Kind.MESSAGE ? Optional.of(part.children().getFirst()) : Optional.empty();
    }

    private static Range header(Located part) {
        return new Range(part.start(), part.bodyStart());
    }

    private static Range body(Located part) {
        return new Range(part.bodyStart(), part.end());
    }

    /// The fields that the section asks for, and the empty line (RFC 9051 §6.4.5.1: always, even if no field
    /// matches); other contents as they stand.
    public static Octets filtered(Octets octets, Section.Content content) {
        return switch (content) {
            case Section.Content.HeaderFields(List<String> names) -> fields(octets, names, true);
            case Section.Content.HeaderFieldsNot(List<String> names) -> fields(octets, names, false);
            case Section.Content.Whole w -> octets;
            case Section.Content.Header h -> octets;
            case Section.Content.Text t -> octets;
            case Section.Content.Mime m -> octets;
        };
    }

    private static Octets fields(Octets header, List<String> names, boolean wanted) {
        Set<String> set = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        HeaderFields fields = HeaderFields.of(header, ALL_FIELDS);
        List<Octets> runs = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (set.contains(fields.name(i).toLowerCase(Locale.ROOT)) == wanted) {
                Octets field = fields.octets(i);
                // A field at the very end of a message without line end needs one here.
                runs.add(field.endsWith(LF) ? field : Octets.join(field, CRLF));
            }
        }
        runs.add(CRLF);
        return Octets.join(runs.toArray(Octets[]::new));
    }

    private static final Octets LF = Octets.of("\n");
    private static final Octets CRLF = Octets.of("\r\n");
}
