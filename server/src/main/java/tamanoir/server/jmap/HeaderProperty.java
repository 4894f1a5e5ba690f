package tamanoir.server.jmap;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageIds;

/// A property such as `header:List-Post:asURLs:all` (RFC 8621 §4.1.3): a header field in one of its forms.
///
/// @param property as the client wrote it, which is how it is answered
/// @param all every field of that name, not only the last
record HeaderProperty(String property, String field, Form form, boolean all) {
    private static final String PREFIX = "header:";

    /// RFC 8621 §4.1.2.
    enum Form {
        RAW("asRaw"),
        TEXT("asText"),
        ADDRESSES("asAddresses"),
        GROUPED_ADDRESSES("asGroupedAddresses"),
        MESSAGE_IDS("asMessageIds"),
        DATE("asDate"),
        URLS("asURLs");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }

        static Optional<Form> of(String suffix) {
            for (Form form : values()) {
                if (form.suffix.equals(suffix)) {
                    return Optional.of(form);
                }
            }
            return Optional.empty();
        }
    }

    private static final Set<String> TEXTS = Set.of("subject", "comments", "keywords", "list-id");
    private static final Set<String> ADDRESSES = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "resent-from",
            "resent-sender",
            "resent-reply-to",
            "resent-to",
            "resent-cc",
            "resent-bcc");
    private static final Set<String> IDS = Set.of("message-id", "in-reply-to", "references", "resent-message-id");
    private static final Set<String> DATES = Set.of("date", "resent-date");
    private static final Set<String> URLS =
            Set.of("list-help", "list-unsubscribe", "list-subscribe", "list-post", "list-owner", "list-archive");
    private static final Set<String> ONLY_RAW = Set.of("return-path", "received");

    static boolean isOne(String property) {
        return property.startsWith(PREFIX);
    }

    /// Empty when it is no such property, or a form that the field cannot have.
    static Optional<HeaderProperty> of(String property) {
        if (!isOne(property)) {
            return Optional.empty();
        }
        List<String> words =
                new ArrayList<>(List.of(property.substring(PREFIX.length()).split(":", -1)));
        String field = words.removeFirst();
        if (field.isEmpty() || !field.chars().allMatch(c -> c > ' ' && c < 127)) {
            return Optional.empty();
        }
        boolean all = !words.isEmpty() && words.getLast().equals("all");
        if (all) {
            words.removeLast();
        }
        Optional<Form> form = words.isEmpty()
                ? Optional.of(Form.RAW)
                : words.size() == 1 ? Form.of(words.getFirst()) : Optional.empty();
        return form.filter(its -> isAllowed(field.toLowerCase(Locale.ROOT), its))
                .map(its -> new HeaderProperty(property, field, its, all));
    }

    /// RFC 8621 §4.1.2: a field of RFC 5322 or RFC 2369 has the form of its grammar, any other has whatever is asked
    /// for.
    private static boolean isAllowed(String field, Form form) {
        boolean isKnown = TEXTS.contains(field)
                || ADDRESSES.contains(field)
                || IDS.contains(field)
                || DATES.contains(field)
                || URLS.contains(field)
                || ONLY_RAW.contains(field);
        if (!isKnown) {
            return true;
        }
        return switch (form) {
            case RAW -> true;
            case TEXT -> TEXTS.contains(field);
            case ADDRESSES, GROUPED_ADDRESSES -> ADDRESSES.contains(field);
            case MESSAGE_IDS -> IDS.contains(field);
            case DATE -> DATES.contains(field);
            case URLS -> URLS.contains(field);
        };
    }

    /// Null, or with `all` an empty list, when there is no such field.
    Json in(HeaderFields fields) {
        if (all) {
            return new Json.Arr(fields.all(field).stream().map(this::value).toList());
        }
        return fields.last(field).map(this::value).orElse(Json.NULL);
    }

    private Json value(HeaderField found) {
        return switch (form) {
            case RAW -> raw(found);
            case TEXT -> Json.of(text(found));
            case ADDRESSES -> addresses(AddressList.parse(found.value()));
            case GROUPED_ADDRESSES -> grouped(AddressList.parse(found.value()));
            case MESSAGE_IDS -> ids(MessageIds.parse(found.value()));
            case DATE ->
                Json.orNull(DateTimes.parse(found.value()).map(Times::date).map(Json::of));
            case URLS -> urls(found.value());
        };
    }

    /// RFC 8621 §4.1.2.1: what is no UTF-8 becomes U+FFFD, NUL is dropped.
    static Json raw(HeaderField field) {
        String text = field.rawValue().utf8();
        return Json.of(text.indexOf('\0') < 0 ? text : text.replace("\0", ""));
    }

    private static String text(HeaderField field) {
        return Normalizer.normalize(field.text(), Normalizer.Form.NFC);
    }

    /// RFC 8621 §4.1.2.3: groups are taken apart.
    static Json addresses(AddressList list) {
        return new Json.Arr(
                list.mailboxes().stream().map(HeaderProperty::address).toList());
    }

    private static Json address(AddressList.Mailbox mailbox) {
        String name = mailbox.name();
        return Json.object()
                .put("name", name.isEmpty() ? Json.NULL : Json.of(Normalizer.normalize(name, Normalizer.Form.NFC)))
                .put("email", mailbox.address())
                .build();
    }

    /// RFC 8621 §4.1.2.4: neighbours without a group are one group without a name.
    private static Json grouped(AddressList list) {
        List<Json> groups = new ArrayList<>();
        List<Json> alone = new ArrayList<>();
        for (AddressList.Entry entry : list.entries()) {
            switch (entry) {
                case AddressList.Mailbox mailbox -> alone.add(address(mailbox));
                case AddressList.Group group -> {
                    if (!alone.isEmpty()) {
                        groups.add(group(Json.NULL, alone));
                        alone = new ArrayList<>();
                    }
                    groups.add(group(
                            Json.of(group.name()),
                            group.members().stream()
                                    .map(HeaderProperty::address)
                                    .toList()));
                }
            }
        }
        if (!alone.isEmpty()) {
            groups.add(group(Json.NULL, alone));
        }
        return new Json.Arr(groups);
    }

    private static Json group(Json name, List<Json> addresses) {
        return Json.object().put("name", name).put("addresses", addresses).build();
    }

    static Json ids(List<String> ids) {
        return ids.isEmpty() ? Json.NULL : Json.Arr.ofTexts(ids);
    }

    /// RFC 2369 §2: URLs in angle brackets, white space in them left out; comments between them passed over.
    private static Json urls(String value) {
        List<Json> urls = new ArrayList<>();
        int at = 0;
        while (true) {
            int open = value.indexOf('<', at);
            int close = open < 0 ? -1 : value.indexOf('>', open);
            if (close < 0) {
                break;
            }
            String url = value.substring(open + 1, close).replaceAll("[ \t]", "");
            if (!url.isEmpty()) {
                urls.add(Json.of(url));
            }
            at = close + 1;
        }
        return urls.isEmpty() ? Json.NULL : new Json.Arr(urls);
    }
}
