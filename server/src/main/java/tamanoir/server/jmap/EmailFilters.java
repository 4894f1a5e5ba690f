package tamanoir.server.jmap;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.search.Condition;
import tamanoir.server.search.Condition.Field;
import tamanoir.server.search.Order;

/// Reads the filter and the sort of an Email/query (RFC 8621 §4.4.1, §4.4.2). Used by one thread for one call.
final class EmailFilters {
    private static final int DEEPEST = 32;
    private static final int MOST = 2_000;

    /// RFC 4790: what comparing without case and accents may be called.
    static final Set<String> COLLATIONS = Set.of("i;ascii-casemap", "i;unicode-casemap");

    private int count;

    Condition filter(Optional<Json.Obj> filter) {
        return filter.map(object -> condition(object, 0)).orElse(Condition.all());
    }

    private Condition condition(Json value, int depth) {
        if (!(value instanceof Json.Obj object)) {
            throw MethodError.invalidArguments("a filter must be an object");
        }
        if (depth > DEEPEST || ++count > MOST) {
            throw unsupported("the filter has too many conditions");
        }
        return object.has("operator") ? operator(object, depth) : all(object);
    }

    private Condition operator(Json.Obj object, int depth) {
        if (!(object.get("conditions").orElse(Json.NULL) instanceof Json.Arr(List<Json> items))) {
            throw MethodError.invalidArguments("an operator needs its conditions, an array");
        }
        List<Condition> conditions = new ArrayList<>(items.size());
        for (Json item : items) {
            conditions.add(condition(item, depth + 1));
        }
        String operator = object.get("operator").orElse(Json.NULL) instanceof Json.Text(String name) ? name : "";
        return switch (operator) {
            case "AND" -> new Condition.And(conditions);
            case "OR" -> new Condition.Or(conditions);
            case "NOT" -> new Condition.Not(conditions);
            default -> throw MethodError.invalidArguments("an operator is AND, OR or NOT");
        };
    }

    /// RFC 8621 §4.4.1: a message must fulfil every property; without any, all do.
    private Condition all(Json.Obj object) {
        List<Condition> conditions = new ArrayList<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            if (!(member.getValue() instanceof Json.Null)) {
                conditions.add(property(member.getKey(), member.getValue()));
            }
        }
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.And(conditions);
    }

    private Condition property(String name, Json value) {
        return switch (name) {
            case "inMailbox" -> inMailbox(text(name, value));
            case "inMailboxOtherThan" -> inMailboxOtherThan(name, value);
            case "before" -> new Condition.Before(date(name, value));
            case "after" -> new Condition.After(date(name, value));
            case "minSize" -> new Condition.MinSize(unsigned(name, value));
            case "maxSize" -> new Condition.MaxSize(unsigned(name, value));
            case "allInThreadHaveKeyword" -> new Condition.AllInThreadHaveKeyword(text(name, value));
            case "someInThreadHaveKeyword" -> new Condition.SomeInThreadHaveKeyword(text(name, value));
            case "noneInThreadHaveKeyword" -> new Condition.NoneInThreadHaveKeyword(text(name, value));
            case "hasKeyword" -> new Condition.HasKeyword(text(name, value));
            case "notKeyword" -> new Condition.Not(List.of(new Condition.HasKeyword(text(name, value))));
            case "hasAttachment" -> {
                if (value instanceof Json.Bool(boolean yes)) {
                    yield new Condition.HasAttachment(yes);
                }
                throw Arguments.wrong(name, "true or false");
            }
            case "text" -> new Condition.Text(Field.ANY, text(name, value));
            case "from" -> new Condition.Text(Field.FROM, text(name, value));
            case "to" -> new Condition.Text(Field.TO, text(name, value));
            case "cc" -> new Condition.Text(Field.CC, text(name, value));
            case "bcc" -> new Condition.Text(Field.BCC, text(name, value));
            case "subject" -> new Condition.Text(Field.SUBJECT, text(name, value));
            case "body" -> new Condition.Text(Field.BODY, text(name, value));
            case "header" -> header(name, value);
            default -> throw unsupported("there is no filter " + name);
        };
    }

    /// An id that no mailbox has is no error: nothing is in it.
    private static Condition inMailbox(String id) {
        Optional<MailboxId> mailbox = Ids.mailbox(id);
        return mailbox.isPresent() ? new Condition.InMailbox(mailbox.get()) : new Condition.Or(List.of());
    }

    private static Condition inMailboxOtherThan(String name, Json value) {
        Set<MailboxId> mailboxes = new HashSet<>();
        for (String id : texts(name, value)) {
            Ids.mailbox(id).ifPresent(mailboxes::add);
        }
        return new Condition.InMailboxOtherThan(mailboxes);
    }

    private static Condition header(String name, Json value) {
        List<String> texts = texts(name, value);
        if (texts.isEmpty() || texts.size() > 2) {
            throw Arguments.wrong(name, "the name of a header field and, if you like, a text");
        }
        return new Condition.Header(texts.getFirst(), texts.size() == 2 ? texts.getLast() : "");
    }

    private static String text(String name, Json value) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw Arguments.wrong(name, "a string");
    }

    private static List<String> texts(String name, Json value) {
        if (!(value instanceof Json.Arr(List<Json> items))) {
            throw Arguments.wrong(name, "an array of strings");
        }
        return items.stream().map(item -> text(name, item)).toList();
    }

    private static long unsigned(String name, Json value) {
        if (value instanceof Json.Int(long number) && number >= 0) {
            return number;
        }
        throw Arguments.wrong(name, "a number from 0 up");
    }

    private static Instant date(String name, Json value) {
        try {
            return OffsetDateTime.parse(text(name, value)).toInstant();
        } catch (DateTimeParseException e) {
            throw Arguments.wrong(name, "a date such as 2026-03-01T08:30:00Z");
        }
    }

    private static MethodError unsupported(String description) {
        return new MethodError("unsupportedFilter", description);
    }

    // ---- sort --------------------------------------------------------------------------------------------------

    /// Newest first where nobody says otherwise.
    static List<Order> sort(Optional<Json> sort) {
        if (sort.isEmpty()) {
            return List.of(new Order(new Order.ReceivedAt(), false));
        }
        if (!(sort.get() instanceof Json.Arr(List<Json> items)) || items.size() > DEEPEST) {
            throw Arguments.wrong("sort", "an array of comparators");
        }
        List<Order> orders = new ArrayList<>(items.size());
        for (Json item : items) {
            if (!(item instanceof Json.Obj comparator)) {
                throw Arguments.wrong("sort", "an array of comparators");
            }
            orders.add(order(comparator));
        }
        return orders.isEmpty() ? List.of(new Order(new Order.ReceivedAt(), false)) : orders;
    }

    private static Order order(Json.Obj comparator) {
        Arguments arguments = new Arguments(comparator);
        String property = arguments.text("property");
        boolean ascending = arguments.flag("isAscending", true);
        Optional<String> collation = arguments.optionalText("collation");
        Optional<String> keyword = arguments.optionalText("keyword");
        arguments.end();
        if (collation.isPresent() && !COLLATIONS.contains(collation.get())) {
            throw new MethodError("unsupportedSort", "there is no collation " + collation.get());
        }
        Order.By by = switch (property) {
            case "receivedAt" -> new Order.ReceivedAt();
            case "size" -> new Order.Size();
            case "from" -> new Order.From();
            case "to" -> new Order.To();
            case "subject" -> new Order.Subject();
            case "sentAt" -> new Order.SentAt();
            case "hasKeyword" -> new Order.HasKeyword(keyword.orElseThrow(() -> Arguments.missing("keyword")));
            case "allInThreadHaveKeyword" ->
                new Order.AllInThreadHaveKeyword(keyword.orElseThrow(() -> Arguments.missing("keyword")));
            case "someInThreadHaveKeyword" ->
                new Order.SomeInThreadHaveKeyword(keyword.orElseThrow(() -> Arguments.missing("keyword")));
            case "relevance" -> new Order.Relevance();
            default -> throw new MethodError("unsupportedSort", "nothing is sorted by " + property);
        };
        return new Order(by, ascending);
    }
}
