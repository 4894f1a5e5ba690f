package tamanoir.server.jmap;

import java.text.Collator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.jmap.Json;
import tamanoir.server.mailbox.MailboxId;

/// The filter and the order of a Mailbox/query (RFC 8621 §2.3).
record MailboxQuery(
        Predicate<MailboxObject> filter,
        List<Comparator<MailboxObject>> order,
        boolean sortAsTree,
        boolean filterAsTree) {
    private static final int DEEPEST = 32;

    static MailboxQuery from(Arguments arguments) {
        Optional<Json.Obj> filter = arguments.object("filter");
        Predicate<MailboxObject> test = filter.isPresent() ? filter(filter.get(), 0) : _ -> true;
        List<Comparator<MailboxObject>> order = new ArrayList<>();
        arguments.any("sort").ifPresent(sort -> order.addAll(order(sort)));
        return new MailboxQuery(
                test, order, arguments.flag("sortAsTree", false), arguments.flag("filterAsTree", false));
    }

    // ---- the filter ------------------------------------------------------------------------------------------

    private static Predicate<MailboxObject> filter(Json.Obj filter, int depth) {
        if (depth > DEEPEST) {
            throw new MethodError("unsupportedFilter", "this filter is too deep");
        }
        return filter.has("operator") ? operator(filter, depth) : condition(filter);
    }

    private static Predicate<MailboxObject> operator(Json.Obj filter, int depth) {
        List<Predicate<MailboxObject>> tests = new ArrayList<>();
        if (!(filter.get("conditions").orElse(Json.NULL) instanceof Json.Arr(List<Json> conditions))) {
            throw MethodError.invalidArguments("an operator has an array of conditions");
        }
        for (Json condition : conditions) {
            if (!(condition instanceof Json.Obj object)) {
                throw MethodError.invalidArguments("a condition is an object");
            }
            tests.add(filter(object, depth + 1));
        }
        return switch (filter.get("operator").orElse(Json.NULL)) {
            case Json.Text(String name)
            when name.equals("AND") -> box -> tests.stream().allMatch(t -> t.test(box));
            case Json.Text(String name)
            when name.equals("OR") -> box -> tests.stream().anyMatch(t -> t.test(box));
            case Json.Text(String name)
            when name.equals("NOT") -> box -> tests.stream().noneMatch(t -> t.test(box));
            case Json.Text _, Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                throw MethodError.invalidArguments("an operator is AND, OR or NOT");
        };
    }

    private static Predicate<MailboxObject> condition(Json.Obj condition) {
        Predicate<MailboxObject> all = _ -> true;
        for (Map.Entry<String, Json> member : condition.members().entrySet()) {
            Predicate<MailboxObject> test = switch (member.getKey()) {
                case "parentId" -> {
                    Optional<String> id = textOrNull(member);
                    yield box -> box.parent().map(Ids::of).equals(id);
                }
                case "name" -> {
                    String text = fold(textOrNull(member).orElseThrow(() -> wrong(member)));
                    yield box -> fold(box.name()).contains(text);
                }
                case "role" -> {
                    Optional<String> role = textOrNull(member);
                    yield box -> box.role().equals(role);
                }
                case "hasAnyRole" -> {
                    boolean has = flag(member);
                    yield box -> box.role().isPresent() == has;
                }
                case "isSubscribed" -> {
                    boolean is = flag(member);
                    yield box -> box.info().subscribed() == is;
                }
                default -> throw new MethodError("unsupportedFilter", "there is no condition " + member.getKey());
            };
            all = all.and(test);
        }
        return all;
    }

    private static Optional<String> textOrNull(Map.Entry<String, Json> member) {
        return switch (member.getValue()) {
            case Json.Text(String text) -> Optional.of(text);
            case Json.Null _ -> Optional.empty();
            case Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ -> throw wrong(member);
        };
    }

    private static boolean flag(Map.Entry<String, Json> member) {
        if (member.getValue() instanceof Json.Bool(boolean flag)) {
            return flag;
        }
        throw wrong(member);
    }

    private static MethodError wrong(Map.Entry<String, Json> member) {
        return MethodError.invalidArguments("the condition " + member.getKey() + " has a value of the wrong type");
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    // ---- the order -------------------------------------------------------------------------------------------

    private static List<Comparator<MailboxObject>> order(Json sort) {
        if (!(sort instanceof Json.Arr(List<Json> items))) {
            throw MethodError.invalidArguments("sort is an array");
        }
        List<Comparator<MailboxObject>> order = new ArrayList<>();
        for (Json item : items) {
            if (!(item instanceof Json.Obj comparator
                    && comparator.get("property").orElse(Json.NULL) instanceof Json.Text(String property))) {
                throw MethodError.invalidArguments("a comparator has a property");
            }
            if (comparator.get("collation").orElse(Json.NULL) instanceof Json.Text(String collation)
                    && !CoreCapability.COLLATIONS.contains(collation)) {
                throw new MethodError("unsupportedSort", "there is no collation " + collation);
            }
            Collator collator = Collator.getInstance(Locale.ROOT);
            Comparator<MailboxObject> by = switch (property) {
                case "sortOrder" -> Comparator.comparingInt(MailboxObject::sortOrder);
                case "name" -> Comparator.comparing(MailboxObject::name, collator::compare);
                case "parentId" ->
                    Comparator.comparing(box -> box.parent().map(Ids::of).orElse(""));
                default -> throw new MethodError("unsupportedSort", "mailboxes cannot be sorted by " + property);
            };
            boolean isAscending = switch (comparator.get("isAscending").orElse(Json.of(true))) {
                case Json.Bool(boolean flag) -> flag;
                case Json.Null _, Json.Int _, Json.Real _, Json.Text _, Json.Arr _, Json.Obj _ ->
                    throw MethodError.invalidArguments("isAscending is true or false");
            };
            order.add(isAscending ? by : by.reversed());
        }
        return order;
    }

    /// The ids that match, in order.
    List<String> run(List<MailboxObject> all) {
        // Equal ones in an order that does not change: as they are listed.
        Comparator<MailboxObject> comparator = (_, _) -> 0;
        for (Comparator<MailboxObject> next : order) {
            comparator = comparator.thenComparing(next);
        }
        List<MailboxObject> sorted = new ArrayList<>(all);
        sorted.sort(comparator);
        Map<MailboxId, MailboxObject> byId = new HashMap<>();
        sorted.forEach(box -> byId.put(box.info().id(), box));
        if (sortAsTree) {
            sorted = asTree(sorted);
        }
        List<String> ids = new ArrayList<>();
        for (MailboxObject box : sorted) {
            if (matches(box, byId)) {
                ids.add(box.id());
            }
        }
        return ids;
    }

    /// With filterAsTree, all that is above it must match too.
    private boolean matches(MailboxObject box, Map<MailboxId, MailboxObject> byId) {
        Optional<MailboxObject> at = Optional.of(box);
        while (at.isPresent()) {
            if (!filter.test(at.get())) {
                return false;
            }
            at = filterAsTree ? at.get().parent().map(byId::get) : Optional.empty();
        }
        return true;
    }

    /// Parents before their children, siblings in the order of the list.
    private static List<MailboxObject> asTree(List<MailboxObject> sorted) {
        Map<Optional<MailboxId>, List<MailboxObject>> children = new HashMap<>();
        for (MailboxObject box : sorted) {
            children.computeIfAbsent(box.parent(), _ -> new ArrayList<>()).add(box);
        }
        List<MailboxObject> tree = new ArrayList<>(sorted.size());
        List<MailboxObject> stack = new ArrayList<>(
                children.getOrDefault(Optional.empty(), List.of()).reversed());
        while (!stack.isEmpty()) {
            MailboxObject box = stack.removeLast();
            tree.add(box);
            stack.addAll(children.getOrDefault(Optional.of(box.info().id()), List.of())
                    .reversed());
        }
        return tree;
    }
}
