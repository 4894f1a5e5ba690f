package tamanoir.server.jmap;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.address.Domain;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.Field;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.HeaderProperty.Form;

/// Header fields from the properties of a new email (RFC 8621 §4.6): the way back of [HeaderProperty].
///
/// A [Field] takes values and never lines, so that no value can begin another field.
final class HeaderValues {
    /// The convenience properties of RFC 8621 §4.1.2 and what they stand for.
    static final Map<String, HeaderProperty> SHORT = Map.ofEntries(
            entry("messageId", "Message-ID", Form.MESSAGE_IDS),
            entry("inReplyTo", "In-Reply-To", Form.MESSAGE_IDS),
            entry("references", "References", Form.MESSAGE_IDS),
            entry("sender", "Sender", Form.ADDRESSES),
            entry("from", "From", Form.ADDRESSES),
            entry("to", "To", Form.ADDRESSES),
            entry("cc", "Cc", Form.ADDRESSES),
            entry("bcc", "Bcc", Form.ADDRESSES),
            entry("replyTo", "Reply-To", Form.ADDRESSES),
            entry("subject", "Subject", Form.TEXT),
            entry("sentAt", "Date", Form.DATE));

    private HeaderValues() {}

    private static Map.Entry<String, HeaderProperty> entry(String property, String field, Form form) {
        return Map.entry(property, new HeaderProperty(property, field, form, false));
    }

    /// The fields of one property; none when its value is null.
    ///
    /// @throws SetError when it cannot be written so
    static List<Field> fields(HeaderProperty property, Json value) {
        if (value instanceof Json.Null) {
            return List.of();
        }
        try {
            if (!property.all()) {
                return List.of(field(property, value));
            }
            List<Field> fields = new ArrayList<>();
            for (Json item : array(property, value)) {
                fields.add(field(property, item));
            }
            return fields;
        } catch (BadSyntax e) {
            throw SetError.invalidProperties(String.valueOf(e.getMessage()), property.property());
        }
    }

    private static Field field(HeaderProperty property, Json value) {
        String name = property.field();
        return switch (property.form()) {
            case RAW -> raw(name, text(property, value));
            case TEXT -> Field.text(name, text(property, value));
            case ADDRESSES -> Field.addresses(name, new AddressList(List.copyOf(addresses(property, value))));
            case GROUPED_ADDRESSES -> Field.addresses(name, grouped(property, value));
            case MESSAGE_IDS -> Field.ids(name, texts(property, value));
            case DATE -> Field.date(name, date(property, value));
            case URLS -> urls(property, value);
        };
    }

    /// RFC 8621 §4.1.2.1: as it stands, folds undone; it is folded anew. Raw text that is not ASCII can only be meant
    /// for people, so it is encoded.
    private static Field raw(String name, String value) {
        String line = value.replaceAll("\r?\n(?=[ \t])", "").strip();
        boolean isAscii = line.chars().allMatch(c -> c < 128);
        return isAscii ? Field.structured(name, line) : Field.text(name, line);
    }

    private static List<AddressList.Mailbox> addresses(HeaderProperty property, Json value) {
        List<AddressList.Mailbox> mailboxes = new ArrayList<>();
        for (Json item : array(property, value)) {
            if (!(item instanceof Json.Obj object
                    && object.get("email").orElse(Json.NULL) instanceof Json.Text(String email))) {
                throw wrong(property, "holds objects with name and email");
            }
            String name = switch (object.get("name").orElse(Json.NULL)) {
                case Json.Null _ -> "";
                case Json.Text(String text) -> text;
                case Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                    throw wrong(property, "holds names that are strings");
            };
            mailboxes.add(mailbox(property, name, email.strip()));
        }
        return mailboxes;
    }

    /// The last `@` divides; what is before it gets its quotes from the writer. A draft may hold half an address.
    private static AddressList.Mailbox mailbox(HeaderProperty property, String name, String email) {
        if (email.isEmpty()) {
            throw wrong(property, "holds an address that is empty");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw wrong(property, "holds a name with a line end or another control character");
        }
        int at = email.lastIndexOf('@');
        String local = at < 0 ? email : email.substring(0, at);
        String domain = at < 0 ? "" : email.substring(at + 1);
        if (local.length() > 1 && local.startsWith("\"") && local.endsWith("\"")) {
            local = local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1");
        } else if (local.chars().anyMatch(c -> c <= ' ' || "<>()[]\\,;:@\"".indexOf(c) >= 0)) {
            // Quoted it would be one address, but hardly the one that was meant.
            throw wrong(property, "holds what is no address: " + email);
        }
        boolean isAscii = local.chars().allMatch(c -> c < 128);
        // An address that needs no SMTPUTF8 shall not begin to, for the spelling of its domain.
        return new AddressList.Mailbox(name, local, isAscii && !domain.isEmpty() ? ascii(domain) : domain);
    }

    private static String ascii(String domain) {
        return domain.chars().allMatch(c -> c < 128)
                ? domain
                : Domain.of(domain).ascii();
    }

    private static AddressList grouped(HeaderProperty property, Json value) {
        List<AddressList.Entry> entries = new ArrayList<>();
        for (Json item : array(property, value)) {
            if (!(item instanceof Json.Obj group)) {
                throw wrong(property, "holds groups");
            }
            List<AddressList.Mailbox> members =
                    addresses(property, group.get("addresses").orElse(Json.NULL));
            switch (group.get("name").orElse(Json.NULL)) {
                case Json.Null _ -> entries.addAll(members);
                case Json.Text(String name) -> entries.add(new AddressList.Group(name, members));
                case Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                    throw wrong(property, "holds groups whose name is a string or null");
            }
        }
        return new AddressList(entries);
    }

    private static OffsetDateTime date(HeaderProperty property, Json value) {
        return Optional.of(text(property, value)).flatMap(Times::date).orElseThrow(() -> wrong(property, "is a date"));
    }

    private static Field urls(HeaderProperty property, Json value) {
        List<String> urls = new ArrayList<>();
        for (String url : texts(property, value)) {
            if (url.isEmpty() || url.chars().anyMatch(c -> c <= ' ' || c == '<' || c == '>' || c > 126)) {
                throw wrong(property, "holds URLs");
            }
            urls.add("<" + url + ">");
        }
        return Field.structured(property.field(), String.join(", ", urls));
    }

    private static String text(HeaderProperty property, Json value) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw wrong(property, "is a string");
    }

    private static List<String> texts(HeaderProperty property, Json value) {
        return array(property, value).stream().map(item -> text(property, item)).toList();
    }

    private static List<Json> array(HeaderProperty property, Json value) {
        if (value instanceof Json.Arr(List<Json> items)) {
            return items;
        }
        throw wrong(property, "is an array");
    }

    private static SetError wrong(HeaderProperty property, String is) {
        return SetError.invalidProperties(property.property() + " " + is, property.property());
    }
}
