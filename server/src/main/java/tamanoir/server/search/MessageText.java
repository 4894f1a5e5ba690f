package tamanoir.server.search;

import java.util.Optional;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;

/// The octets of one message, for what neither columns nor facts nor index know. Used by one thread.
final class MessageText {
    private final Part root;

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

    Part root() {
        return root;
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
