package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import tamanoir.mail.jmap.Json;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes;
import tamanoir.server.mailbox.Changes.Change;

/// One `/changes` call of a type that lives in the mail of an account (RFC 8620 §5.2).
///
/// Things are listed in the order in which they first changed after the client's state. That order does not move when
/// more happens, so a page can end anywhere in it, also inside one large commit; what happens to a thing after its page
/// was made comes after the version to which all the pages lead, and is told then.
final class MailChanges {
    private MailChanges() {}

    /// What became of one thing.
    enum Fate {
        CREATED,
        UPDATED,
        DESTROYED,
        /// Came and went: nobody needs to know.
        NOTHING
    }

    /// Names the things that a change touches, and says what became of them.
    interface Kind<T> {
        /// Sees all changes first, also those after the page.
        default void prepare(List<Change> all) {}

        /// In order, each once; `what` collects what is needed to decide.
        void touch(Change change, Touched<T> what);

        Map<T, Fate> fates(List<T> things, Touched<T> what);

        String id(T thing);

        /// Further members of the answer.
        default void more(Touched<T> what, Json.Building answer) {}
    }

    /// The things that changed, with the changes of each.
    static final class Touched<T> {
        private final Map<T, List<Change>> changes = new LinkedHashMap<>();

        void by(T thing, Change change) {
            changes.computeIfAbsent(thing, _ -> new ArrayList<>(2)).add(change);
        }

        List<Change> of(T thing) {
            return changes.getOrDefault(thing, List.of());
        }

        List<T> things() {
            return List.copyOf(changes.keySet());
        }
    }

    static <T> Json.Obj answer(
            Call call, Json.Obj json, Function<Call, AccountMail> open, Function<AccountMail, Kind<T>> kind) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        String sinceState = arguments.text("sinceState");
        OptionalLong maxChanges = arguments.unsigned("maxChanges");
        arguments.end();
        if (maxChanges.isPresent() && maxChanges.getAsLong() == 0) {
            throw MethodError.invalidArguments("maxChanges is greater than 0");
        }
        AccountMail mail = open.apply(call);
        Kind<T> its = kind.apply(mail);
        MailState since = MailState.parse(sinceState).orElseThrow(MailChanges::cannotCalculate);
        Changes changes = mail.changesSince(since.version()).orElseThrow(MailChanges::cannotCalculate);
        // Not the version: what only cleared away is nothing to be told.
        long newest = changes.changes().stream().mapToLong(Change::modseq).max().orElse(since.version());
        if (since.upTo() > changes.upTo()) {
            throw cannotCalculate();
        }
        long upTo = since.told() == 0 ? newest : since.upTo();
        its.prepare(changes.changes());
        Touched<T> touched = new Touched<>();
        changes.changes().stream()
                .filter(change -> change.modseq() <= upTo)
                .forEach(change -> its.touch(change, touched));
        List<T> things = touched.things();
        // What was told before must still be the beginning. It is not when things of a mailbox that is gone have been
        // cleared away on the way: then the list begins again.
        boolean goesOn = since.told() <= things.size() && hash(things.subList(0, since.told()), its) == since.hash();
        int from = goesOn ? since.told() : 0;
        int to = (int) Math.min(things.size(), from + maxChanges.orElse(Integer.MAX_VALUE));
        boolean isLast = to == things.size();
        List<Json> created = new ArrayList<>();
        List<Json> updated = new ArrayList<>();
        List<Json> destroyed = new ArrayList<>();
        List<T> page = things.subList(from, to);
        Map<T, Fate> fates = its.fates(page, touched);
        for (T thing : page) {
            Json id = Json.of(its.id(thing));
            switch (fates.getOrDefault(thing, Fate.NOTHING)) {
                case CREATED -> created.add(id);
                case UPDATED -> updated.add(id);
                case DESTROYED -> destroyed.add(id);
                case NOTHING -> {}
            }
        }
        MailState newState = isLast
                ? MailState.of(upTo)
                : new MailState(since.version(), to, upTo, hash(things.subList(0, to), its));
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldState", sinceState)
                .put("newState", newState.toString())
                .put("hasMoreChanges", !isLast || upTo < newest)
                .put("created", created)
                .put("updated", updated)
                .put("destroyed", destroyed);
        its.more(touched, answer);
        return answer.build();
    }

    private static <T> int hash(List<T> things, Kind<T> kind) {
        int hash = 0;
        for (T thing : things) {
            hash = 31 * hash + kind.id(thing).hashCode();
        }
        return hash;
    }

    static MethodError cannotCalculate() {
        return new MethodError(
                "cannotCalculateChanges", "the changes since that state are not known any more; get everything anew");
    }
}
