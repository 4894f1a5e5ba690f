package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.message.BaseSubject;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.MessageIds;
import tamanoir.mail.text.Sha256;

/// What of a message decides its conversation: the message ids that it names, its own among them, and its subject
/// without `Re:` and the like (RFC 8621 §3). Kept as hashes, because only equality counts.
///
/// @param ids hashes of Message-ID, In-Reply-To and References without repetition
/// @param subject hash of the base subject (RFC 5256 §2.1)
record Kinship(long[] ids, int subject) {
    /// Ids kept at most: the own one, the first reference and the nearest ones. A thread of hundreds is still found.
    static final int MOST = 12;

    static final Kinship NONE = new Kinship(new long[0], 0);

    static Kinship of(MessageFacts facts) {
        return of(facts.messageIds(), together(facts.references(), facts.inReplyTo()), facts.baseSubject());
    }

    /// The same of a header alone, for bodies that are not in memory.
    static Kinship of(HeaderFields header) {
        return of(
                ids(header, "Message-ID"),
                together(ids(header, "References"), ids(header, "In-Reply-To")),
                BaseSubject.of(header.text("Subject").orElse("")).text());
    }

    private static List<String> ids(HeaderFields header, String name) {
        return header.value(name).map(MessageIds::parse).orElse(List.of());
    }

    private static List<String> together(List<String> references, List<String> inReplyTo) {
        List<String> all = new ArrayList<>(references);
        all.addAll(inReplyTo);
        return all;
    }

    static Kinship of(Collection<String> messageIds, Collection<String> references, String baseSubject) {
        Set<Long> hashes = new LinkedHashSet<>();
        messageIds.stream().limit(1).forEach(id -> hashes.add(hash(id)));
        int i = 0;
        for (String id : references) {
            if (i == 0 || i > references.size() - MOST) {
                hashes.add(hash(id));
            }
            i++;
        }
        return new Kinship(
                hashes.stream().limit(MOST).mapToLong(Long::longValue).toArray(),
                (int) hash(baseSubject.toLowerCase(Locale.ROOT)));
    }

    private static long hash(String text) {
        return Keys.read64(Sha256.of(text), 0);
    }
}
