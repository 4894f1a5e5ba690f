package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MailboxCounts.Counts;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxForm;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// Mailbox/set (RFC 8621 §2.5).
final class MailboxSet {
    private static final Set<String> SETTABLE = Set.of("name", "parentId", "role", "sortOrder", "isSubscribed");

    private final MailRoom room;

    MailboxSet(MailRoom room) {
        this.room = room;
    }

    Json.Obj set(Call call, Json.Obj json) {
        SetCall set = new SetCall(call, json, room.settings());
        boolean removeEmails = set.arguments().flag("onDestroyRemoveEmails", false);
        AccountMail mail = room.open(call);
        String oldState = MailState.of(mail.lastChange()).toString();
        set.end(oldState);
        create(set, mail);
        set.update()
                .forEach((id, patch) -> SetCall.attempt(() -> set.updated(id, update(set, mail, id, patch)))
                        .ifPresent(error -> set.notUpdated(id, error)));
        destroy(set, mail, removeEmails);
        return set.answer(oldState, MailState.of(mail.lastChange()).toString());
    }

    // ---- making ------------------------------------------------------------------------------------------------

    /// Parents before their children, in whatever order they stand there.
    private static void create(SetCall set, AccountMail mail) {
        Map<String, Json.Obj> waiting = new LinkedHashMap<>(set.create());
        boolean goesOn = true;
        while (!waiting.isEmpty() && goesOn) {
            goesOn = false;
            for (Map.Entry<String, Json.Obj> one : List.copyOf(waiting.entrySet())) {
                boolean waits = one.getValue().get("parentId").orElse(Json.NULL) instanceof Json.Text(String parent)
                        && parent.startsWith("#")
                        && waiting.containsKey(parent.substring(1))
                        && !parent.substring(1).equals(one.getKey());
                if (!waits) {
                    goesOn = true;
                    waiting.remove(one.getKey());
                    SetCall.attempt(() -> create(set, mail, one.getKey(), one.getValue()))
                            .ifPresent(error -> set.notCreated(one.getKey(), error));
                }
            }
        }
        waiting.keySet()
                .forEach(creation -> set.notCreated(
                        creation, SetError.invalidProperties("these mailboxes lie in a circle", "parentId")));
    }

    private static void create(SetCall set, AccountMail mail, String creation, Json.Obj object) {
        SetCall.checkProperties(object, SETTABLE);
        Form form = new Form(set, mail);
        object.members().forEach(form::put);
        if (form.name.isEmpty()) {
            throw SetError.invalidProperties("a mailbox needs a name", "name");
        }
        MailboxInfo made = form.make();
        MailboxObject shown = new MailboxObject(made);
        // RFC 8620 §5.3: what the client did not send.
        Set<String> more = new HashSet<>(MailboxObject.PROPERTIES);
        more.removeAll(object.members().keySet());
        set.created(creation, shown.id(), shown.show(more, Counts.NONE));
    }

    // ---- changing ----------------------------------------------------------------------------------------------

    private static Json update(SetCall set, AccountMail mail, String id, Json.Obj patch) {
        MailboxInfo info = find(mail, id);
        MailboxObject object = new MailboxObject(info);
        Form form = new Form(set, mail);
        form.name = object.name();
        form.parent = object.parent();
        form.role = info.role();
        form.sortOrder = info.sortOrder();
        form.subscribed = info.subscribed();
        Json.Obj now = object.show(MailboxObject.PROPERTIES, Counts.NONE);
        List<String> wrong = new ArrayList<>();
        patch.members().forEach((property, value) -> {
            if (now.get(property).filter(value::equals).isPresent() && !MailboxObject.COUNTS.contains(property)) {
                return; // RFC 8620 §5.3: what is so already may stand there.
            }
            if (!SETTABLE.contains(property)) {
                wrong.add(property);
            } else if (object.isInbox() && !property.equals("sortOrder") && !property.equals("isSubscribed")) {
                throw new SetError("forbidden", "the inbox keeps its name, place and role");
            } else {
                form.put(property, value);
            }
        });
        if (!wrong.isEmpty()) {
            throw SetError.invalidProperties("these properties cannot be set", wrong.toArray(String[]::new));
        }
        form.change(info.id());
        return Json.NULL;
    }

    private static MailboxInfo find(AccountMail mail, String id) {
        return Ids.mailbox(id).flatMap(mail::info).orElseThrow(SetError::notFound);
    }

    /// A mailbox as it shall be.
    private static final class Form {
        private final SetCall set;
        private final AccountMail mail;
        private String name = "";
        private Optional<MailboxId> parent = Optional.empty();
        private Optional<Role> role = Optional.empty();
        private OptionalInt sortOrder = OptionalInt.empty();
        // RFC 8621 §2: what a person makes is subscribed.
        private boolean subscribed = true;

        Form(SetCall set, AccountMail mail) {
            this.set = set;
            this.mail = mail;
        }

        void put(String property, Json value) {
            switch (property) {
                case "name" -> name = name(value);
                case "parentId" -> parent = parent(value);
                case "role" -> role = role(value);
                case "sortOrder" -> sortOrder = sortOrder(value);
                default -> subscribed = flag(property, value);
            }
        }

        private static String name(Json value) {
            if (value instanceof Json.Text(String text) && !text.isEmpty()) {
                return text;
            }
            throw SetError.invalidProperties("a mailbox needs a name", "name");
        }

        private Optional<MailboxId> parent(Json value) {
            return switch (value) {
                case Json.Null _ -> Optional.empty();
                case Json.Text(String id) ->
                    Optional.of(Ids.mailbox(set.resolved(id))
                            .filter(its -> mail.info(its).isPresent())
                            .orElseThrow(() -> SetError.invalidProperties("there is no such mailbox", "parentId")));
                case Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                    throw SetError.invalidProperties("parentId is an id or null", "parentId");
            };
        }

        private static Optional<Role> role(Json value) {
            return switch (value) {
                case Json.Null _ -> Optional.empty();
                case Json.Text(String role) ->
                    Optional.of(MailboxObject.role(role)
                            .orElseThrow(
                                    () -> SetError.invalidProperties("no mailbox can be given this role", "role")));
                case Json.Bool _, Json.Int _, Json.Real _, Json.Arr _, Json.Obj _ ->
                    throw SetError.invalidProperties("role is a string or null", "role");
            };
        }

        private static OptionalInt sortOrder(Json value) {
            if (value instanceof Json.Int(long number) && number >= 0 && number < Integer.MAX_VALUE) {
                return OptionalInt.of((int) number);
            }
            throw SetError.invalidProperties("sortOrder is a number from 0 to 2^31-2", "sortOrder");
        }

        private static boolean flag(String property, Json value) {
            if (value instanceof Json.Bool(boolean flag)) {
                return flag;
            }
            throw SetError.invalidProperties(property + " is true or false", property);
        }

        private MailboxForm form() {
            if (name.indexOf('/') >= 0) {
                throw SetError.invalidProperties("a mailbox name has no /", "name");
            }
            return new MailboxForm(parent, name, role, sortOrder, subscribed);
        }

        MailboxInfo make() {
            MailboxForm form = form();
            return named(() -> mail.create(form));
        }

        void change(MailboxId id) {
            MailboxForm form = form();
            named(() -> {
                mail.change(id, form);
                return id;
            });
        }

        /// What the room says of names is the fault of that property.
        private static <T> T named(java.util.function.Supplier<T> step) {
            try {
                return step.get();
            } catch (tamanoir.server.mailbox.MailboxRefused e) {
                if (e.reason() == tamanoir.server.mailbox.MailboxRefused.Reason.CANNOT) {
                    throw SetError.invalidProperties(String.valueOf(e.getMessage()), "name");
                }
                throw e;
            }
        }
    }

    // ---- destroying --------------------------------------------------------------------------------------------

    /// Children before their parents.
    private static void destroy(SetCall set, AccountMail mail, boolean removeEmails) {
        List<String> ids = new ArrayList<>(set.destroy());
        Map<String, Integer> depths = new HashMap<>();
        for (String id : ids) {
            depths.put(
                    id,
                    Ids.mailbox(id)
                            .flatMap(mail::info)
                            .map(info -> (int)
                                    info.name().chars().filter(c -> c == '/').count())
                            .orElse(0));
        }
        ids.sort(Comparator.comparing((String id) -> depths.getOrDefault(id, 0)).reversed());
        for (String id : ids) {
            SetCall.attempt(() -> {
                        destroy(mail, id, removeEmails);
                        set.destroyed(id);
                    })
                    .ifPresent(error -> set.notDestroyed(id, error));
        }
    }

    private static void destroy(AccountMail mail, String id, boolean removeEmails) {
        MailboxInfo info = find(mail, id);
        if (new MailboxObject(info).isInbox()) {
            throw new SetError("forbidden", "the inbox cannot be destroyed");
        }
        if (info.hasChildren()) {
            throw new SetError("mailboxHasChild", "destroy the mailboxes below it first");
        }
        if (!removeEmails && info.messages() > info.deleted()) {
            throw new SetError("mailboxHasEmail", "there are emails in it; move them, or say onDestroyRemoveEmails");
        }
        mail.delete(info.name());
    }
}
