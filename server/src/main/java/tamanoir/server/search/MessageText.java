package tamanoir.server.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Body;

/// The text of one message, for what neither columns nor facts nor index know. Used by one thread.
///
/// It has two faces. JMAP asks for words ([#matches]), in what a reader sees. IMAP's SEARCH asks for substrings in
/// whatever is text: the header as it is, the text parts decoded, the headers of messages inside; other contents are
/// not text (RFC 9051 §6.4.4 leaves that to the server). [Trigrams] sees exactly these texts, or it would hide
/// messages.
public final class MessageText {
    /// Larger messages are not read as a whole just to look for a word.
    private static final int MOST_OCTETS = 64 << 20;

    private final Part root;
    private @Nullable Extract extract;
    private Documents.@Nullable Fields fields;

    private MessageText(Part root) {
        this.root = root;
    }

    /// Empty when the message has gone.
    public static Optional<MessageText> of(AccountMail mail, MessageId message) {
        return mail.contents(List.of(message)).getFirst().map(content -> of(mail, content));
    }

    /// Of a message whose content is in hand, as many are read in one go.
    public static MessageText of(AccountMail mail, Content content) {
        Octets octets = switch (content.body()) {
            case Body.Large large
            when large.size() > MOST_OCTETS -> Octets.join(content.prefix(), beginning(mail, large));
            case Body.Small _, Body.Large _ -> content.whole(mail.blobs());
        };
        return new MessageText(MessageParser.parse(octets));
    }

    private static Octets beginning(AccountMail mail, Body.Large large) {
        byte[] octets = new byte[MOST_OCTETS];
        ByteBuffer into = ByteBuffer.wrap(octets);
        try (FileChannel file = mail.blobs().open(large.hash())) {
            while (into.hasRemaining()) {
                if (file.read(into) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", large.hash() + ": " + e, e);
        }
        return Octets.of(octets);
    }

    // ---- words -------------------------------------------------------------------------------------------------

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

    // ---- substrings ----------------------------------------------------------------------------------------------

    /// The form in which substrings are compared. Upper case first, so that ß and SS meet.
    public static String caseless(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /// Names and addresses as a person reads them, in one line; what SEARCH FROM and its like look at.
    public static String addressed(AddressList list) {
        StringBuilder text = new StringBuilder();
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> append(text, mailbox);
                case AddressList.Group group -> {
                    text.append(group.name()).append(": ");
                    group.members().forEach(member -> append(text, member));
                }
            }
        }
        return caseless(text.toString());
    }

    private static void append(StringBuilder text, AddressList.Mailbox mailbox) {
        String name = mailbox.name();
        if (!name.isEmpty()) {
            text.append(name).append(' ');
        }
        text.append('<').append(mailbox.address()).append(">, ");
    }

    public boolean fieldContains(String name, String wanted) {
        for (HeaderField field : root.fields().all(name)) {
            if (caseless(field.text()).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    public boolean headerContains(String wanted) {
        return headerContains(root, wanted);
    }

    private static boolean headerContains(Part part, String wanted) {
        for (HeaderField field : part.fields()) {
            if (line(field).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static String line(HeaderField field) {
        return caseless(field.name() + ": " + field.text());
    }

    public boolean bodyContains(String wanted) {
        return !eachBodyText(text -> !text.contains(wanted));
    }

    /// Sees one text after the other until it says no. Answers whether it never did.
    private boolean eachBodyText(TextVisitor visitor) {
        List<Part> left = new ArrayList<>();
        left.add(root);
        while (!left.isEmpty()) {
            Part part = left.removeLast();
            if (part.kind() == Located.Kind.LEAF
                    && part.contentType().isText()
                    && !visitor.visit(caseless(part.text().text()))) {
                return false;
            }
            if (part.kind() == Located.Kind.MESSAGE) {
                for (HeaderField field : part.children().getFirst().fields()) {
                    if (!visitor.visit(line(field))) {
                        return false;
                    }
                }
            }
            left.addAll(part.children().reversed());
        }
        return true;
    }

    private interface TextVisitor {
        boolean visit(String text);
    }

    /// Everything that a substring can be looked for in.
    Trigrams trigrams() {
        Trigrams trigrams = new Trigrams();
        for (HeaderField field : root.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            trigrams.addField(name, line(field), caseless(field.text()));
            switch (name) {
                case "from", "to", "cc", "bcc" ->
                    trigrams.addValue(name, addressed(root.fields().addresses(name)));
                default -> {}
            }
        }
        boolean _ = eachBodyText(trigrams::addBody);
        return trigrams;
    }
}
