package tamanoir.server.search;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;

/// The octets of one message, for what neither columns nor facts nor index know. Used by one thread.
final class MessageText {
    private final Part root;
    private @Nullable Extract extract;
    private Documents.@Nullable Fields fields;

    private MessageText(Part root) {
        this.root = root;
    }

    /// Empty when the message has gone.
    static Optional<MessageText> of(AccountMail mail, MessageId message) {
        try {
            return Optional.of(new MessageText(MessageParser.parse(mail.whole(message))));
        } catch (MailboxRefused gone) {
            return Optional.empty();
        }
    }

    Extract extract() {
        Extract known = extract;
        if (known == null) {
            known = Extract.of(root);
            extract = known;
        }
        return known;
    }

    Documents.Fields fields(Languages.Stems stems) {
        Documents.Fields known = fields;
        if (known == null) {
            known = Documents.Fields.of(extract(), stems);
            fields = known;
        }
        return known;
    }

    /// Whether an index would find it.
    boolean matches(List<Pattern> patterns, Condition.Field field, Languages.Stems stems) {
        List<Terms> where = fields(stems).of(field);
        for (Pattern pattern : patterns) {
            boolean there = where.stream().anyMatch(terms -> terms.find(pattern, 0) >= 0);
            if (there == pattern.absent()) {
                return false;
            }
        }
        return true;
    }

    /// RFC 8621 §4.4.1: a header of that name whose value contains the text, whatever the case.
    boolean hasHeader(String name, String text) {
        String wanted = Folding.fold(text);
        for (HeaderField field : root.fields().all(name)) {
            if (wanted.isEmpty() || Folding.fold(field.text()).contains(wanted)) {
                return true;
            }
        }
        return false;
    }
}
