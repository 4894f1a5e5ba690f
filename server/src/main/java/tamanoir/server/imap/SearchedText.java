package tamanoir.server.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.store.Body;

/// The text of one message as SEARCH sees it: decoded, folded in case, read part by part as long as it takes.
///
/// The body is the text parts and the headers of messages inside; other contents are not text (RFC 9051 §6.4.4 leaves
/// that to the server).
final class SearchedText {
    /// Larger messages are not decoded as a whole just to look for a word.
    private static final long MOST_OCTETS = 64L << 20;

    private final Part root;

    private SearchedText(Part root) {
        this.root = root;
    }

    /// Empty when the message has gone.
    static Optional<SearchedText> of(Session session, MessageId message) {
        try {
            Body body = session.mail().body(message);
            if (body.size() > MOST_OCTETS) {
                try (MessageOctets octets = new MessageOctets(session.mail().prefix(message), body, session.blobs())) {
                    return Optional.of(new SearchedText(
                            MessageParser.parse(octets.slice(0, Math.min(octets.size(), MOST_OCTETS)))));
                }
            }
            return Optional.of(
                    new SearchedText(MessageParser.parse(session.mail().whole(message))));
        } catch (MailboxRefused gone) {
            return Optional.empty();
        }
    }

    /// Upper case first, so that ß and SS meet.
    static String fold(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    boolean fieldContains(String name, String wanted) {
        for (HeaderField field : root.fields().all(name)) {
            if (fold(field.text()).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    boolean headerContains(String wanted) {
        return headerContains(root, wanted);
    }

    private static boolean headerContains(Part part, String wanted) {
        for (HeaderField field : part.fields()) {
            if (fold(field.name() + ": " + field.text()).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    boolean bodyContains(String wanted) {
        List<Part> left = new ArrayList<>();
        left.add(root);
        while (!left.isEmpty()) {
            Part part = left.removeLast();
            if (part.kind() == Located.Kind.LEAF
                    && part.contentType().isText()
                    && fold(part.text().text()).contains(wanted)) {
                return true;
            }
            if (part.kind() == Located.Kind.MESSAGE
                    && headerContains(part.children().getFirst(), wanted)) {
                return true;
            }
            left.addAll(part.children().reversed());
        }
        return false;
    }
}
