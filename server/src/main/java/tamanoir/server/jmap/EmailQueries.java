package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.search.Condition;
import tamanoir.server.search.Difference;
import tamanoir.server.search.Found;
import tamanoir.server.search.Query;
import tamanoir.server.search.Search;
import tamanoir.server.search.Snippets;

/// Email/query and Email/queryChanges (RFC 8621 §4.4, §4.5; RFC 8620 §5.5, §5.6) and SearchSnippet/get (RFC 8621 §5.1).
/// Immutable.
///
/// The state of a query is the version of the account: the finest there is, and with the change log behind it every
/// difference can be told for as long as the log reaches back.
public final class EmailQueries {
    /// Ids in one answer at most; who has more messages pages.
    static final int MOST_IDS = 50_000;

    /// Each message is read as a whole.
    private static final int MOST_SNIPPETS = 256;

    private final Search search;

    public EmailQueries(Search search) {
        this.search = search;
    }

    public Map<String, Method> methods() {
        return Map.of(
                "Email/query", this::query,
                "Email/queryChanges", this::queryChanges,
                "SearchSnippet/get", this::snippets);
    }

    private static Query read(Arguments arguments) {
        return new Query(
                new EmailFilters().filter(arguments.object("filter")),
                EmailFilters.sort(arguments.any("sort")),
                arguments.flag("collapseThreads", false));
    }

    private static String id(Found found, int place) {
        return Ids.of(new MessageId(found.messages()[place]));
    }

    // ---- Email/query -------------------------------------------------------------------------------------------

    private Json.Obj query(Call call, Json.Obj object) {
        Arguments arguments = new Arguments(object).inAccountOf(call.caller());
        Query query = read(arguments);
        long position = arguments.integer("position").orElse(0);
        Optional<String> anchor = arguments.optionalText("anchor");
        long anchorOffset = arguments.integer("anchorOffset").orElse(0);
        OptionalLong limit = arguments.unsigned("limit");
        boolean calculateTotal = arguments.flag("calculateTotal", false);
        arguments.end();

        Found found = search.find(call.caller().account().id(), query);
        int from = start(found, position, anchor, anchorOffset);
        long most = Math.min(limit.orElse(MOST_IDS), MOST_IDS);
        int to = (int) Math.min(found.size(), from + most);
        List<Json> ids = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            ids.add(Json.of(id(found, i)));
        }
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("queryState", Long.toString(found.version()))
                .put("canCalculateChanges", found.complete() && !query.sortsByRelevance())
                .put("position", from)
                .put("ids", ids);
        if (calculateTotal) {
            answer.put("total", found.size());
        }
        if (limit.isEmpty() ? to < found.size() : limit.getAsLong() > MOST_IDS) {
            answer.put("limit", MOST_IDS); // RFC 8620 §5.5: said when it is not what was asked
        }
        return answer.build();
    }

    /// RFC 8620 §5.5: an anchor has precedence; a negative position counts from the end; both stop at the beginning.
    private static int start(Found found, long position, Optional<String> anchor, long anchorOffset) {
        long start;
        if (anchor.isPresent()) {
            int place = Ids.message(anchor.get())
                    .map(id -> found.indexOf(id.number()))
                    .orElse(-1);
            if (place < 0) {
                throw new MethodError("anchorNotFound", "the anchor is not among what was found");
            }
            start = Math.max(0, place + anchorOffset);
        } else {
            start = position < 0 ? Math.max(0, found.size() + position) : position;
        }
        return (int) Math.min(start, found.size());
    }

    // ---- Email/queryChanges ------------------------------------------------------------------------------------

    private Json.Obj queryChanges(Call call, Json.Obj object) {
        Arguments arguments = new Arguments(object).inAccountOf(call.caller());
        Query query = read(arguments);
        String since = arguments.text("sinceQueryState");
        OptionalLong maxChanges = arguments.unsigned("maxChanges");
        Optional<String> upToId = arguments.optionalText("upToId");
        boolean calculateTotal = arguments.flag("calculateTotal", false);
        arguments.end();
        if (maxChanges.isPresent() && maxChanges.getAsLong() == 0) {
            throw Arguments.wrong("maxChanges", "above 0"); // RFC 8620 §5.6
        }

        Difference difference = difference(call.caller().account().id(), query, since);
        Found now = difference.now();
        int last = query.isImmutable() ? last(now, upToId) : now.size();
        List<Json> added = new ArrayList<>();
        for (int place : difference.added()) {
            if (place <= last) {
                added.add(Json.object()
                        .put("id", id(now, place))
                        .put("index", place)
                        .build());
            }
        }
        List<Json> removed = new ArrayList<>(difference.removed().length);
        for (long message : difference.removed()) {
            removed.add(Json.of(Ids.of(new MessageId(message))));
        }
        if (maxChanges.isPresent() && added.size() + removed.size() > maxChanges.getAsLong()) {
            throw new MethodError("tooManyChanges", "more than maxChanges changed; ask for the list anew");
        }
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldQueryState", since)
                .put("newQueryState", Long.toString(now.version()));
        if (calculateTotal) {
            answer.put("total", now.size());
        }
        return answer.put("removed", removed).put("added", added).build();
    }

    private Difference difference(AccountId account, Query query, String since) {
        long version;
        try {
            version = Long.parseLong(since);
        } catch (NumberFormatException e) {
            version = -1;
        }
        Optional<Difference> difference =
                version < 0 ? Optional.empty() : search.differenceSince(account, query, version);
        return difference.orElseThrow(() -> new MethodError(
                "cannotCalculateChanges",
                "what changed since that state is not known any more; ask for the list anew"));
    }

    /// RFC 8620 §5.6: what comes behind the last message that the client knows need not be told, as long as nothing
    /// but coming and going changes the list.
    private static int last(Found now, Optional<String> upToId) {
        int place =
                upToId.flatMap(Ids::message).map(id -> now.indexOf(id.number())).orElse(-1);
        return place < 0 ? now.size() : place;
    }

    // ---- SearchSnippet/get -------------------------------------------------------------------------------------

    /// RFC 8621 §5.1: every message that is there has its snippet, if only with nothing in it.
    private Json.Obj snippets(Call call, Json.Obj object) {
        Arguments arguments = new Arguments(object).inAccountOf(call.caller());
        Condition filter = new EmailFilters().filter(arguments.object("filter"));
        Set<String> ids = arguments.ids("emailIds").orElseThrow(() -> Arguments.missing("emailIds"));
        arguments.end();
        if (ids.size() > MOST_SNIPPETS) {
            throw new MethodError("requestTooLarge", "ask for " + MOST_SNIPPETS + " snippets at most");
        }
        Snippets snippets = search.snippets(call.caller().account().id(), filter);
        List<Json> list = new ArrayList<>(ids.size());
        List<Json> notFound = new ArrayList<>();
        for (String id : ids) {
            Optional<Snippets.Snippet> snippet = Ids.message(id).flatMap(snippets::of);
            if (snippet.isEmpty()) {
                notFound.add(Json.of(id));
                continue;
            }
            list.add(Json.object()
                    .put("emailId", id)
                    .put("subject", Json.orNull(snippet.get().subject().map(Json::of)))
                    .put("preview", Json.orNull(snippet.get().preview().map(Json::of)))
                    .build());
        }
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("list", list)
                .put("notFound", notFound.isEmpty() ? Json.NULL : new Json.Arr(notFound))
                .build();
    }
}
