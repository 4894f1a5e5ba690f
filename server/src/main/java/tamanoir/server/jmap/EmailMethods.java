package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.Octets;
import tamanoir.server.jmap.MailChanges.Fate;
import tamanoir.server.jmap.MailChanges.Touched;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Whereabouts;
import tamanoir.server.store.Blobs;

/// Email/get, Email/changes and Email/parse (RFC 8621 §4.2, §4.3, §4.9).
final class EmailMethods {
    /// Facts that are in memory at once.
    private static final int AT_ONCE = 200;

    /// Of the bodies in one answer: a thousand emails of a megabyte must not meet in the heap.
    private static final long MOST_BODY_OCTETS = 64L << 20;

    private final MailRoom room;

    EmailMethods(MailRoom room) {
        this.room = room;
    }

    Map<String, Method> methods() {
        return Map.of(
                "Email/get",
                this::get,
                "Email/changes",
                (call, arguments) -> MailChanges.answer(call, arguments, room::open, EmailKind::new),
                "Email/parse",
                this::parse);
    }

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        GetIds ids = GetIds.from(arguments, room.settings());
        EmailProperties properties = EmailProperties.from(arguments, false);
        arguments.end();
        AccountMail mail = room.open(call);
        List<String> wanted = ids.wanted().orElseGet(() -> allEmails(mail, ids));
        List<MessageId> known = new ArrayList<>(wanted.size());
        Set<String> notFound = new LinkedHashSet<>();
        for (String id : wanted) {
            Ids.message(id).ifPresentOrElse(known::add, () -> notFound.add(id));
        }
        Whereabouts.At<List<Optional<Whereabouts>>> found = mail.whereabouts(known);
        List<Whereabouts> there = new ArrayList<>(known.size());
        for (int i = 0; i < known.size(); i++) {
            Optional<Whereabouts> where = found.answer().get(i).filter(Visible::is);
            where.ifPresent(there::add);
            if (where.isEmpty()) {
                notFound.add(Ids.of(known.get(i)));
            }
        }
        List<Json> list = new ArrayList<>(there.size());
        long[] left = {MOST_BODY_OCTETS};
        for (int from = 0; from < there.size(); from += AT_ONCE) {
            show(mail, there.subList(from, Math.min(there.size(), from + AT_ONCE)), properties, left, list, notFound);
        }
        return ids.answer(call, MailState.of(found.lastChange()).toString(), list, notFound);
    }

    private void show(
            AccountMail mail,
            List<Whereabouts> emails,
            EmailProperties properties,
            long[] left,
            List<Json> list,
            Set<String> notFound) {
        Blobs blobs = room.mailboxes().blobs();
        List<Optional<MessageFacts>> facts = properties.needFacts()
                ? mail.facts(emails.stream().map(Whereabouts::message).toList())
                : List.of();
        for (int i = 0; i < emails.size(); i++) {
            Whereabouts where = emails.get(i);
            Optional<MessageFacts> its = facts.isEmpty() ? Optional.empty() : facts.get(i);
            if (properties.needFacts() && its.isEmpty()) {
                // It went while we looked.
                notFound.add(Ids.of(where.message()));
                continue;
            }
            try {
                list.add(new EmailView(new EmailSource.Kept(mail, blobs, where, its), properties, left).show());
            } catch (MailboxRefused gone) {
                notFound.add(Ids.of(where.message()));
            }
        }
    }

    private static List<String> allEmails(AccountMail mail, GetIds ids) {
        List<String> all = new ArrayList<>();
        MailRoom.everyMessage(mail, (view, index) -> {
            all.add(Ids.of(view.message(index)));
            ids.checkCount(all.size());
        });
        return all;
    }

    private Json.Obj parse(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Set<String> ids = arguments.ids("blobIds").orElseThrow(() -> Arguments.missing("blobIds"));
        EmailProperties properties = EmailProperties.from(arguments, true);
        arguments.end();
        new GetIds(Optional.empty(), room.settings().maxObjectsInGet()).checkCount(ids.size());
        Map<String, Json> parsed = new LinkedHashMap<>();
        long[] left = {MOST_BODY_OCTETS};
        List<String> notParsable = new ArrayList<>();
        List<String> notFound = new ArrayList<>();
        for (String id : ids) {
            Optional<Octets> octets =
                    room.blobs().octets(call.caller().account().id(), id);
            if (octets.isEmpty()) {
                notFound.add(id);
                continue;
            }
            EmailSource source = new EmailSource.Parsed(id, octets.get());
            // Anything is a message to our parser; what has no header field at all is more likely a picture.
            if (source.fields().size() == 0) {
                notParsable.add(id);
            } else {
                parsed.put(id, new EmailView(source, properties, left).show());
            }
        }
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("parsed", parsed.isEmpty() ? Json.NULL : new Json.Obj(parsed))
                .put("notParsable", notParsable.isEmpty() ? Json.NULL : Json.Arr.ofTexts(notParsable))
                .put("notFound", notFound.isEmpty() ? Json.NULL : Json.Arr.ofTexts(notFound))
                .build();
    }

    private static final class EmailKind implements MailChanges.Kind<MessageId> {
        private final AccountMail mail;
        private final Set<MessageId> created = new HashSet<>();

        EmailKind(AccountMail mail) {
            this.mail = mail;
        }

        @Override
        public void touch(Change change, Touched<MessageId> what) {
            switch (change) {
                case Change.Added added -> {
                    if (added.created()) {
                        created.add(added.message());
                    }
                    what.by(added.message(), change);
                }
                case Change.Flagged flagged -> what.by(flagged.message(), change);
                case Change.Removed removed -> what.by(removed.message(), change);
                case Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> {}
            }
        }

        @Override
        public Map<MessageId, Fate> fates(List<MessageId> things, Touched<MessageId> what) {
            List<Optional<Whereabouts>> now = mail.whereabouts(things).answer();
            Map<MessageId, Fate> fates = HashMap.newHashMap(things.size());
            for (int i = 0; i < things.size(); i++) {
                MessageId thing = things.get(i);
                fates.put(thing, fate(thing, now.get(i), what.of(thing)));
            }
            return fates;
        }

        private Fate fate(MessageId message, Optional<Whereabouts> now, List<Change> changes) {
            if (now.filter(Visible::is).isEmpty()) {
                return created.contains(message) ? Fate.NOTHING : Fate.DESTROYED;
            }
            // One that was \Deleted where alone it is appears anew to those who do not show such messages.
            boolean wasHidden = changes.getFirst() instanceof Change.Flagged flagged
                    && flagged.deleted() == Change.Deleted.CLEARED
                    && now.get().places().size() == 1;
            return created.contains(message) || wasHidden ? Fate.CREATED : Fate.UPDATED;
        }

        @Override
        public String id(MessageId thing) {
            return Ids.of(thing);
        }
    }
}
