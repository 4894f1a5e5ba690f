package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.personal.Changes;
import tamanoir.server.personal.Reading;
import tamanoir.server.personal.Stored;

/// `/query` and `/queryChanges` of a type (RFC 8620 §5.5, §5.6). All objects of the type are looked at,
/// which is well for the thousands that a person has.
final class ObjectQuery {
    private static final int DEEPEST = 16;

    private final Shelf shelf;
    private final Terms terms;

    /// What one may ask of the type.
    interface Terms {
        /// Whether an object meets one condition.
        ///
        /// @throws MethodError `unsupportedFilter` when the condition has something that is not known
        Predicate<Stored> condition(Json.Obj condition);

        /// Ascending order by one property; empty when the type is not sorted by it.
        Optional<Comparator<Stored>> order(String property, Json.Obj comparator);
    }

    ObjectQuery(Shelf shelf, Terms terms) {
        this.shelf = shelf;
        this.terms = terms;
    }

    Map<String, Method> methods() {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put(shelf.type().name() + "/query", this::query);
        methods.put(shelf.type().name() + "/queryChanges", this::queryChanges);
        return methods;
    }

    // ---- the methods -----------------------------------------------------------------------------------------

    private Json.Obj query(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Wanted wanted = wanted(arguments);
        long position = arguments.integer("position").orElse(0);
        Optional<String> anchor = arguments.optionalText("anchor");
        long anchorOffset = arguments.integer("anchorOffset").orElse(0);
        OptionalLong limit = arguments.unsigned("limit");
        boolean total = arguments.flag("calculateTotal", false);
        arguments.end();
        return shelf.open(call.caller().account()).read(reading -> {
            List<String> ids = ids(reading, wanted);
            long from = position < 0 ? Math.max(0, ids.size() + position) : position;
            if (anchor.isPresent()) {
                int at = ids.indexOf(call.resolved(anchor.get()));
                if (at < 0) {
                    throw new MethodError("anchorNotFound", "the anchor is not among the results");
                }
                from = Math.max(0, at + anchorOffset);
            }
            long most = Math.min(limit.orElse(Long.MAX_VALUE), shelf.settings().maxObjectsInGet());
            List<String> page =
                    from >= ids.size() ? List.of() : ids.subList((int) from, (int) Math.min(ids.size(), from + most));
            Json.Building answer = Json.object()
                    .put("accountId", call.caller().account().id().toString())
                    .put("queryState", Long.toString(reading.state(shelf.type().kind())))
                    .put("canCalculateChanges", true)
                    .put("position", from)
                    .put("ids", Json.Arr.ofTexts(page));
            if (total) {
                answer.put("total", ids.size());
            }
            if (limit.isEmpty() || limit.getAsLong() > most) {
                answer.put("limit", most);
            }
            return answer.build();
        });
    }

    private Json.Obj queryChanges(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Wanted wanted = wanted(arguments);
        String since = arguments.text("sinceQueryState");
        long most = arguments.unsigned("maxChanges").orElse(Long.MAX_VALUE);
        arguments.optionalText("upToId"); // RFC 8620 §5.6: it only allows to say less
        boolean total = arguments.flag("calculateTotal", false);
        arguments.end();
        long version = Shelf.version(since);
        return shelf.open(call.caller().account()).read(reading -> {
            Changes changes = reading.changesSince(shelf.type().kind(), version, Integer.MAX_VALUE)
                    .orElseThrow(() -> new MethodError(
                            "cannotCalculateChanges", "the changes since then are not known any more; query again"));
            // What changed may have been a result before: it is taken out, and put in again where it is one now.
            Set<String> removed = new LinkedHashSet<>(changes.destroyed());
            removed.addAll(changes.updated());
            Set<String> touched = new HashSet<>(changes.updated());
            touched.addAll(changes.created());
            List<String> ids = ids(reading, wanted);
            List<Json> added = new ArrayList<>();
            for (int index = 0; index < ids.size(); index++) {
                if (touched.contains(ids.get(index))) {
                    added.add(Json.object()
                            .put("id", ids.get(index))
                            .put("index", index)
                            .build());
                }
            }
            if (removed.size() + added.size() > most) {
                throw new MethodError("tooManyChanges", "there are more changes than " + most);
            }
            Json.Building answer = Json.object()
                    .put("accountId", call.caller().account().id().toString())
                    .put("oldQueryState", since)
                    .put(
                            "newQueryState",
                            Long.toString(reading.state(shelf.type().kind())))
                    .put("removed", Json.Arr.ofTexts(removed))
                    .put("added", added);
            if (total) {
                answer.put("total", ids.size());
            }
            return answer.build();
        });
    }

    private List<String> ids(Reading reading, Wanted wanted) {
        return reading.all(shelf.type().kind()).stream()
                .filter(wanted.filter)
                .sorted(wanted.order)
                .map(Stored::id)
                .toList();
    }

    // ---- filter and sort -------------------------------------------------------------------------------------

    private record Wanted(Predicate<Stored> filter, Comparator<Stored> order) {}

    private Wanted wanted(Arguments arguments) {
        Predicate<Stored> filter =
                arguments.object("filter").map(given -> filter(given, 0)).orElse(_ -> true);
        Comparator<Stored> order = (_, _) -> 0;
        if (arguments.any("sort").isPresent()) {
            if (!(arguments.any("sort").get() instanceof Json.Arr(List<Json> comparators))) {
                throw Arguments.wrong("sort", "an array of comparators");
            }
            for (Json comparator : comparators) {
                order = order.thenComparing(order(comparator));
            }
        }
        // RFC 8620 §5.5: the order of equals must not change from call to call.
        return new Wanted(filter, order.thenComparing(Stored::id));
    }

    private Predicate<Stored> filter(Json.Obj given, int depth) {
        if (depth > DEEPEST) {
            throw new MethodError("unsupportedFilter", "the filter is nested too deeply");
        }
        if (!given.has("operator")) {
            return terms.condition(given);
        }
        if (!(given.get("conditions").orElse(Json.NULL) instanceof Json.Arr(List<Json> conditions))) {
            throw MethodError.invalidArguments("a filter operator has conditions");
        }
        List<Predicate<Stored>> all = new ArrayList<>();
        for (Json condition : conditions) {
            if (!(condition instanceof Json.Obj object)) {
                throw MethodError.invalidArguments("a condition of a filter is an object");
            }
            all.add(filter(object, depth + 1));
        }
        return switch (given.get("operator").orElse(Json.NULL)) {
            case Json.Text(String operator)
            when operator.equals("AND") -> stored -> all.stream().allMatch(one -> one.test(stored));
            case Json.Text(String operator)
            when operator.equals("OR") -> stored -> all.stream().anyMatch(one -> one.test(stored));
            case Json.Text(String operator)
            when operator.equals("NOT") -> stored -> all.stream().noneMatch(one -> one.test(stored));
            case Json.Text _, Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                throw MethodError.invalidArguments("a filter operator is AND, OR or NOT");
        };
    }

    private Comparator<Stored> order(Json given) {
        if (!(given instanceof Json.Obj comparator)
                || !(comparator.get("property").orElse(Json.NULL) instanceof Json.Text(String property))) {
            throw MethodError.invalidArguments("a comparator is an object that names a property");
        }
        Comparator<Stored> order = terms.order(property, comparator)
                .orElseThrow(() ->
                        new MethodError("unsupportedSort", shelf.type().name() + " cannot be sorted by " + property));
        boolean ascending = !(comparator.get("isAscending").orElse(Json.NULL) instanceof Json.Bool(boolean up)) || up;
        return ascending ? order : order.reversed();
    }
}
