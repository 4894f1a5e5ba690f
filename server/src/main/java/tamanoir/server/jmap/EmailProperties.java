package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// Which properties of an email are asked for, and how much of its bodies (RFC 8621 §4.2).
///
/// @param plain properties that are no `header:…`, in order
/// @param maxBodyValueBytes 0 for no limit
record EmailProperties(
        Set<String> plain,
        List<HeaderProperty> headers,
        PartProperties parts,
        boolean textBodyValues,
        boolean htmlBodyValues,
        boolean allBodyValues,
        long maxBodyValueBytes) {
    /// What the mailbox knows.
    private static final List<String> OF_MAILBOX =
            List.of("id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt");

    /// What is kept beside the message.
    private static final List<String> OF_FACTS = List.of(
            "messageId",
            "inReplyTo",
            "references",
            "sender",
            "from",
            "to",
            "cc",
            "bcc",
            "replyTo",
            "subject",
            "sentAt",
            "hasAttachment",
            "preview");

    private static final List<String> OF_BODY = List.of("bodyValues", "textBody", "htmlBody", "attachments");

    private static final Set<String> WITHOUT_FACTS = Set.copyOf(OF_MAILBOX);

    /// What is known without the message.
    private static final Set<String> WITHOUT_OCTETS = Set.copyOf(joined(OF_MAILBOX, OF_FACTS));

    private static final Set<String> OF_STRUCTURE = Set.copyOf(joined(List.of("bodyStructure"), OF_BODY));

    /// RFC 8621 §4.9: of a message that is in no mailbox.
    private static final List<String> STANDARD_PARSED = joined(OF_FACTS, OF_BODY);

    /// RFC 8621 §4.2.
    private static final List<String> STANDARD = joined(OF_MAILBOX, STANDARD_PARSED);

    private static List<String> joined(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /// Properties of a part (RFC 8621 §4.1.4).
    record PartProperties(Set<String> plain, List<HeaderProperty> headers) {
        private static final Set<String> ALL = Set.of(
                "partId",
                "blobId",
                "size",
                "headers",
                "name",
                "type",
                "charset",
                "disposition",
                "cid",
                "language",
                "location",
                "subParts");

        /// RFC 8621 §4.2.
        private static final List<String> STANDARD = List.of(
                "partId", "blobId", "size", "name", "type", "charset", "disposition", "cid", "language", "location");

        static PartProperties from(Optional<List<String>> wanted) {
            Set<String> plain = new LinkedHashSet<>();
            List<HeaderProperty> headers = new ArrayList<>();
            sort(wanted.orElse(STANDARD), ALL, plain, headers);
            return new PartProperties(plain, headers);
        }
    }

    /// Reads `properties`, `bodyProperties`, `fetch…BodyValues` and `maxBodyValueBytes`.
    static EmailProperties from(Arguments arguments, boolean isParsed) {
        Set<String> plain = new LinkedHashSet<>();
        List<HeaderProperty> headers = new ArrayList<>();
        if (!isParsed) {
            plain.add("id"); // RFC 8620 §5.1: always there.
        }
        Set<String> all = new LinkedHashSet<>(WITHOUT_OCTETS);
        all.addAll(OF_STRUCTURE);
        all.add("headers");
        sort(arguments.texts("properties").orElse(isParsed ? STANDARD_PARSED : STANDARD), all, plain, headers);
        OptionalLong most = arguments.unsigned("maxBodyValueBytes");
        return new EmailProperties(
                plain,
                headers,
                PartProperties.from(arguments.texts("bodyProperties")),
                arguments.flag("fetchTextBodyValues", false),
                arguments.flag("fetchHTMLBodyValues", false),
                arguments.flag("fetchAllBodyValues", false),
                most.orElse(0));
    }

    private static void sort(List<String> wanted, Set<String> known, Set<String> plain, List<HeaderProperty> headers) {
        for (String property : wanted) {
            if (HeaderProperty.isOne(property)) {
                headers.add(HeaderProperty.of(property)
                        .orElseThrow(() -> MethodError.invalidArguments("there is no property " + property)));
            } else if (known.contains(property)) {
                plain.add(property);
            } else {
                throw MethodError.invalidArguments("there is no property " + property);
            }
        }
    }

    boolean needFacts() {
        return !WITHOUT_FACTS.containsAll(plain) || needHeader();
    }

    boolean needHeader() {
        return !headers.isEmpty() || plain.contains("headers");
    }

    boolean needWhole() {
        return plain.stream().anyMatch(OF_STRUCTURE::contains);
    }
}
