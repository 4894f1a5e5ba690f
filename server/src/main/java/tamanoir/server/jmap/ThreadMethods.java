package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MailChanges.Fate;
import tamanoir.server.jmap.MailChanges.Touched;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.ThreadId;
import tamanoir.server.mailbox.Whereabouts;

/// Thread/get and Thread/changes (RFC 8621 §3).
final class ThreadMethods {
    private static final Set<String> PROPERTIES = Set.of("id", "emailIds");

    /// RFC 8621 §3: oldest first, those of one second by id.
    private static final Comparator<Whereabouts> BY_DATE = Comparator.comparing(Whereabouts::received)
            .thenComparingLong(where -> where.message().number());

    private final MailRoom room;

    ThreadMethods(MailRoom room) {
        this.room = room;
    }

    Map<String, Method> methods() {
        return Map.of(
                "Thread/get",
                this::get,
                "Thread/changes",
                (call, arguments) -> MailChanges.answer(call, arguments, room::open, ThreadKind::new));
    }

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        GetIds ids = GetIds.from(arguments, room.settings());
        Set<String> properties = GetIds.properties(arguments, PROPERTIES);
        arguments.end();
        AccountMail mail = room.open(call);
        List<String> wanted = ids.wanted().orElseGet(() -> allThreads(mail, ids));
        List<ThreadId> known = new ArrayList<>();
        Set<String> notFound = new HashSet<>();
        for (String id : wanted) {
            Ids.thread(id).ifPresentOrElse(known::add, () -> notFound.add(id));
        }
        Whereabouts.At<List<List<Whereabouts>>> found = mail.conversations(known);
        List<Json> list = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            List<Json> emails = found.answer().get(i).stream()
                    .filter(Visible::is)
                    .sorted(BY_DATE)
                    .map(where -> Json.of(Ids.of(where.message())))
                    .toList();
            String id = Ids.of(known.get(i));
            if (emails.isEmpty()) {
                notFound.add(id);
            } else {
                Json.Building thread = Json.object().put("id", id);
                if (properties.contains("emailIds")) {
                    thread.put("emailIds", emails);
                }
                list.add(thread.build());
            }
        }
        return ids.answer(call, MailState.of(found.lastChange()).toString(), list, notFound);
    }

    private static List<String> allThreads(AccountMail mail, GetIds ids) {
        Set<ThreadId> threads = new java.util.LinkedHashSet<>();
        MailRoom.everyMessage(mail, (view, index) -> {
            threads.add(view.thread(index));
            ids.checkCount(threads.size());
        });
        return threads.stream().map(Ids::of).toList();
    }

    /// Which threads a change touches. What one consists of says the store; whether it was there before says what was
    /// not created since.
    private static final class ThreadKind implements MailChanges.Kind<ThreadId> {
        private final AccountMail mail;
        private final Map<MessageId, ThreadId> threads = new HashMap<>();
        private final Set<MessageId> created = new HashSet<>();

        ThreadKind(AccountMail mail) {
            this.mail = mail;
        }

        /// A message that has gone altogether is named with its thread where it was removed.
        @Override
        public void prepare(List<Change> all) {
            for (Change change : all) {
                if (change instanceof Change.Removed removed) {
                    threads.put(removed.message(), removed.thread());
                }
            }
        }

        @Override
        public void touch(Change change, Touched<ThreadId> what) {
            switch (change) {
                case Change.Added added -> {
                    if (added.created()) {
                        created.add(added.message());
                    }
                    touch(added.message(), change, what);
                }
                case Change.Flagged flagged -> {
                    // Hiding one by \Deleted counts as going.
                    if (flagged.deleted() != Change.Deleted.AS_BEFORE) {
                        touch(flagged.message(), change, what);
                    }
                }
                case Change.Removed removed -> what.by(removed.thread(), change);
                case Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> {}
            }
        }

        private void touch(MessageId message, Change change, Touched<ThreadId> what) {
            ThreadId thread = threads.computeIfAbsent(
                    message, its -> mail.threadIfAny(its).orElse(new ThreadId(0)));
            if (thread.number() != 0) {
                what.by(thread, change);
            }
        }

        @Override
        public Map<ThreadId, Fate> fates(List<ThreadId> things, Touched<ThreadId> what) {
            List<List<Whereabouts>> members = mail.conversations(things).answer();
            Map<ThreadId, Fate> fates = new HashMap<>();
            for (int i = 0; i < things.size(); i++) {
                fates.put(things.get(i), fate(members.get(i), what.of(things.get(i))));
            }
            return fates;
        }

        private Fate fate(List<Whereabouts> members, List<Change> changes) {
            boolean isThere = members.stream().anyMatch(Visible::is);
            boolean wasThere = members.stream().anyMatch(member -> wasVisible(member.message(), changes))
                    || changes.stream()
                            .anyMatch(change ->
                                    change instanceof Change.Removed removed && !created.contains(removed.message()));
            if (!isThere) {
                return wasThere ? Fate.DESTROYED : Fate.NOTHING;
            }
            return wasThere ? Fate.UPDATED : Fate.CREATED;
        }

        private boolean wasVisible(MessageId message, List<Change> changes) {
            return !created.contains(message)
                    && changes.stream()
                            .filter(change -> change instanceof Change.Flagged flagged
                                    && flagged.message().equals(message))
                            .findFirst()
                            .map(change -> ((Change.Flagged) change).deleted() != Change.Deleted.CLEARED)
                            .orElse(true);
        }

        @Override
        public String id(ThreadId thing) {
            return Ids.of(thing);
        }
    }
}
