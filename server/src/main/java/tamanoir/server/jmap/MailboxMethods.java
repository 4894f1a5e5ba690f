package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MailChanges.Fate;
import tamanoir.server.jmap.MailChanges.Touched;
import tamanoir.server.jmap.MailboxCounts.Counts;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.ThreadId;
import tamanoir.server.mailbox.Whereabouts;

/// Mailbox/get, /changes, /query and /queryChanges (RFC 8621 §2.1 to §2.4).
final class MailboxMethods {
    private final MailRoom room;
    private final MailboxCounts counts = new MailboxCounts();

    MailboxMethods(MailRoom room) {
        this.room = room;
    }

    Map<String, Method> methods() {
        return Map.of(
                "Mailbox/get",
                this::get,
                "Mailbox/changes",
                (call, arguments) -> MailChanges.answer(call, arguments, room::open, MailboxKind::new),
                "Mailbox/query",
                this::query,
                "Mailbox/queryChanges",
                this::queryChanges,
                "Mailbox/set",
                new MailboxSet(room)::set);
    }

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        GetIds ids = GetIds.from(arguments, room.settings());
        Set<String> properties = GetIds.properties(arguments, MailboxObject.PROPERTIES);
        arguments.end();
        AccountMail mail = room.open(call);
        // The version first: what comes later is told again, what came before is in the list.
        String state = MailState.of(mail.lastChange()).toString();
        List<MailboxInfo> all = mail.list();
        Map<MailboxId, Counts> counted =
                properties.stream().anyMatch(MailboxObject.COUNTS::contains) ? counts.of(mail, all) : Map.of();
        Map<String, Json> objects = new LinkedHashMap<>();
        for (MailboxInfo info : all) {
            MailboxObject object = new MailboxObject(info);
            objects.put(object.id(), object.show(properties, counted.getOrDefault(info.id(), Counts.NONE)));
        }
        List<Json> list = new ArrayList<>();
        Set<String> notFound = new LinkedHashSet<>();
        for (String id : ids.wanted().orElse(List.copyOf(objects.keySet()))) {
            Json object = objects.get(id);
            if (object == null) {
                notFound.add(id);
            } else {
                list.add(object);
            }
        }
        return ids.answer(call, state, list, notFound);
    }

    // ---- queries ---------------------------------------------------------------------------------------------

    private Json.Obj query(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        MailboxQuery query = MailboxQuery.from(arguments);
        QueryWindow window = QueryWindow.from(arguments);
        arguments.end();
        AccountMail mail = room.open(call);
        String state = MailState.of(mail.lastChange()).toString();
        return window.answer(call, state, true, run(query, mail));
    }

    private static List<String> run(MailboxQuery query, AccountMail mail) {
        return query.run(mail.list().stream().map(MailboxObject::new).toList());
    }

    /// RFC 8620 §5.6 lets us name more as removed and added again than really moved. Mailboxes are few and seldom
    /// change, so any change of a name, place or role moves them all; counts move nothing.
    private Json.Obj queryChanges(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        MailboxQuery query = MailboxQuery.from(arguments);
        String since = arguments.text("sinceQueryState");
        long maxChanges = arguments.unsigned("maxChanges").orElse(Long.MAX_VALUE);
        arguments.optionalText("upToId");
        boolean calculateTotal = arguments.flag("calculateTotal", false);
        arguments.end();
        AccountMail mail = room.open(call);
        MailState state =
                MailState.parse(since).filter(its -> its.told() == 0).orElseThrow(MailChanges::cannotCalculate);
        tamanoir.server.mailbox.Changes changes =
                mail.changesSince(state.version()).orElseThrow(MailChanges::cannotCalculate);
        long newest = changes.changes().stream().mapToLong(Change::modseq).max().orElse(state.version());
        List<String> now = run(query, mail);
        Set<String> removed = new LinkedHashSet<>();
        for (Change change : changes.changes()) {
            switch (change) {
                case Change.MailboxMade made -> removed.add(Ids.of(made.mailbox()));
                case Change.MailboxChanged changed -> removed.add(Ids.of(changed.mailbox()));
                case Change.MailboxGone gone -> removed.add(Ids.of(gone.mailbox()));
                case Change.Added _, Change.Flagged _, Change.Removed _ -> {}
            }
        }
        List<Json> added = new ArrayList<>();
        if (!removed.isEmpty()) {
            removed.addAll(now);
            for (int i = 0; i < now.size(); i++) {
                added.add(Json.object().put("id", now.get(i)).put("index", i).build());
            }
        }
        if (removed.size() + added.size() > maxChanges) {
            throw new MethodError("tooManyChanges", "more than maxChanges; run the query anew");
        }
        Json.Building answer = Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldQueryState", since)
                .put("newQueryState", MailState.of(newest).toString());
        if (calculateTotal) {
            answer.put("total", now.size());
        }
        return answer.put("removed", Json.Arr.ofTexts(removed))
                .put("added", added)
                .build();
    }

    // ---- changes ---------------------------------------------------------------------------------------------

    /// Mailboxes change with their names and with their counts. An email that is read makes its thread read, also in
    /// other mailboxes.
    private static final class MailboxKind implements MailChanges.Kind<MailboxId> {
        /// With more threads than this, every mailbox counts as changed.
        private static final int MOST_THREADS = 500;

        private final AccountMail mail;
        private final Map<MessageId, Change> messages = new LinkedHashMap<>();

        MailboxKind(AccountMail mail) {
            this.mail = mail;
        }

        /// Where the other emails of a thread are is asked once, and told of before what follows.
        private Set<MailboxId> companions = Set.of();

        @Override
        public void prepare(List<Change> all) {
            Set<ThreadId> threads = new HashSet<>();
            for (Change change : all) {
                switch (change) {
                    case Change.Added added -> messages.put(added.message(), change);
                    case Change.Flagged flagged -> messages.put(flagged.message(), change);
                    case Change.Removed removed -> threads.add(removed.thread());
                    case Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> {}
                }
                if (threads.size() + messages.size() > MOST_THREADS) {
                    companions = new LinkedHashSet<>();
                    mail.list().forEach(info -> companions.add(info.id()));
                    return;
                }
            }
            List<MessageId> list = List.copyOf(messages.keySet());
            mail.whereabouts(list).answer().forEach(where -> where.ifPresent(its -> threads.add(its.thread())));
            Set<MailboxId> found = new java.util.TreeSet<>(java.util.Comparator.comparingInt(MailboxId::number));
            for (List<Whereabouts> members :
                    mail.conversations(List.copyOf(threads)).answer()) {
                members.forEach(member -> member.places().forEach(place -> found.add(place.mailbox())));
            }
            companions = found;
        }

        @Override
        public void touch(Change change, Touched<MailboxId> what) {
            switch (change) {
                case Change.Added added -> what.by(added.mailbox(), change);
                case Change.Flagged flagged -> what.by(flagged.mailbox(), change);
                case Change.Removed removed -> what.by(removed.mailbox(), change);
                case Change.MailboxMade made -> what.by(made.mailbox(), change);
                case Change.MailboxChanged changed -> what.by(changed.mailbox(), change);
                case Change.MailboxGone gone -> what.by(gone.mailbox(), change);
            }
            companions.forEach(mailbox -> what.by(mailbox, change));
            companions = Set.of();
        }

        @Override
        public Map<MailboxId, Fate> fates(List<MailboxId> things, Touched<MailboxId> what) {
            Set<MailboxId> now = new HashSet<>();
            mail.list().forEach(info -> now.add(info.id()));
            Map<MailboxId, Fate> fates = new HashMap<>();
            for (MailboxId thing : things) {
                // A name that becomes a mailbox that holds messages is changed first and then made.
                boolean made = what.of(thing).stream()
                        .filter(change -> isOf(change, thing))
                        .findFirst()
                        .filter(change -> change instanceof Change.MailboxMade)
                        .isPresent();
                fates.put(
                        thing,
                        now.contains(thing)
                                ? made ? Fate.CREATED : Fate.UPDATED
                                : made ? Fate.NOTHING : Fate.DESTROYED);
            }
            return fates;
        }

        private static boolean isOf(Change change, MailboxId mailbox) {
            return switch (change) {
                case Change.MailboxMade made -> made.mailbox().equals(mailbox);
                case Change.MailboxChanged changed -> changed.mailbox().equals(mailbox);
                case Change.MailboxGone _, Change.Added _, Change.Flagged _, Change.Removed _ -> false;
            };
        }

        @Override
        public String id(MailboxId thing) {
            return Ids.of(thing);
        }

        /// RFC 8621 §2.2: the properties that may have changed when nothing but counts did.
        @Override
        public void more(Touched<MailboxId> what, Json.Building answer) {
            boolean onlyCounts = what.things().stream()
                    .flatMap(thing -> what.of(thing).stream())
                    .noneMatch(change -> switch (change) {
                        case Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> true;
                        case Change.Added _, Change.Flagged _, Change.Removed _ -> false;
                    });
            boolean any = !what.things().isEmpty();
            answer.put(
                    "updatedProperties",
                    any && onlyCounts
                            ? Json.Arr.ofTexts(
                                    MailboxObject.COUNTS.stream().sorted().toList())
                            : Json.NULL);
        }
    }
}
