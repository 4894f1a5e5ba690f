package tamanoir.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageBodies;
import tamanoir.mail.message.Part;

/// What of a message people search for, as plain texts: who, subject, what it says, what is attached.
///
/// Bounded whatever comes: strangers write what is read here. Texts beyond [#MOST_CHARS] are cut.
///
/// @param body every text a reader would see, those of enclosed messages and calendar entries among them
/// @param names of attachments, one a line
record Extract(
        String from,
        String to,
        String cc,
        String bcc,
        String subject,
        String body,
        String names,
        boolean hasAttachment) {
    /// Of all texts of one message together: a thick book.
    static final int MOST_CHARS = 1 << 20;

    /// Parts looked into; a mail that people wrote has a dozen.
    private static final int MOST_PARTS = 500;

    private static final int DEEPEST_MESSAGE = 8;

    /// An alternative as short as this only says where to look instead.
    private static final int STUB = 200;

    /// Puts one together. Used by one thread.
    private static final class Reading {
        private final StringBuilder body = new StringBuilder();
        private final StringBuilder names = new StringBuilder();
        private int parts;

        void read(Part part, int depth) {
            if (++parts > MOST_PARTS || body.length() >= MOST_CHARS) {
                return;
            }
            part.fileName().ifPresent(name -> names.append(name).append(Tokens.GAP));
            switch (part.kind()) {
                case MESSAGE -> {
                    if (depth < DEEPEST_MESSAGE) {
                        message(part.children().getFirst(), depth + 1);
                    }
                }
                case MULTIPART -> {
                    if (part.contentType().mediaType().equals("multipart/alternative")) {
                        alternative(part.children(), depth);
                    } else {
                        part.children().forEach(child -> read(child, depth));
                    }
                }
                case LEAF -> take(text(part));
            }
        }

        private void message(Part inside, int depth) {
            HeaderFields fields = inside.fields();
            take(addresses(fields.addresses("From")));
            take(addresses(fields.addresses("To")));
            take(fields.text("Subject").orElse(""));
            read(inside, depth);
        }

        /// One of them says it all. The plain one, unless it is a stub; whatever is no text beside it (a calendar
        /// entry,
        /// pictures) is read too.
        private void alternative(List<Part> children, int depth) {
            String plain = "";
            String html = "";
            for (Part child : children) {
                if (child.kind() == Located.Kind.LEAF
                        && child.contentType().mediaType().equals("text/plain")) {
                    plain = text(child);
                } else if (child.kind() == Located.Kind.LEAF
                        && child.contentType().mediaType().equals("text/html")) {
                    html = text(child);
                } else {
                    read(child, depth);
                }
            }
            take(plain.strip().length() > STUB || html.isBlank() ? plain : html);
            if (plain.strip().length() <= STUB && !html.isBlank()) {
                take(plain);
            }
        }

        private void take(String text) {
            int room = MOST_CHARS - body.length();
            if (!text.isBlank() && room > 0) {
                body.append(text, 0, Math.min(text.length(), room))
                        .append(Tokens.GAP)
                        .append('\n');
            }
        }
    }

    static Extract of(Part root) {
        Reading reading = new Reading();
        reading.read(root, 0);
        HeaderFields fields = root.fields();
        return new Extract(
                addresses(fields.addresses("From")),
                addresses(fields.addresses("To")),
                addresses(fields.addresses("Cc")),
                addresses(fields.addresses("Bcc")),
                fields.text("Subject").orElse(""),
                reading.body.toString(),
                reading.names.toString(),
                MessageBodies.of(root).hasAttachment());
    }

    private static String text(Part part) {
        String type = part.contentType().mediaType().toLowerCase(Locale.ROOT);
        if (!part.contentType().isText()) {
            return "";
        }
        String text = part.text().text();
        if (text.length() > MOST_CHARS) {
            text = text.substring(0, MOST_CHARS);
        }
        return switch (type) {
            case "text/html" -> HtmlText.of(text);
            case "text/calendar", "text/vcard", "text/x-vcard", "text/directory" -> CardText.of(text);
            case "text/css", "text/javascript", "text/rfc822-headers" -> "";
            default -> text;
        };
    }

    private static String addresses(AddressList list) {
        List<String> all = new ArrayList<>();
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> all.add(shown(mailbox));
                case AddressList.Group group -> {
                    all.add(group.name());
                    group.members().forEach(member -> all.add(shown(member)));
                }
            }
        }
        return String.join(String.valueOf(Tokens.GAP), all);
    }

    private static String shown(AddressList.Mailbox mailbox) {
        return mailbox.name() + ' ' + mailbox.address();
    }
}
