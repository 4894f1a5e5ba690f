package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.MessageWriter;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Deposited;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.mailbox.Whereabouts;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Email/set, Email/import and Email/copy (RFC 8621 §4.6 to §4.8): whatever puts emails into mailboxes or changes where
/// they are.
final class EmailSet {
    private final MailRoom room;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    EmailSet(MailRoom room, InstantSource clock) {
        this.room = room;
        this.clock = clock;
    }

    Map<String, Method> methods() {
        return Map.of("Email/set", this::set, "Email/import", this::importEmails, "Email/copy", this::copy);
    }

    private Json.Obj set(Call call, Json.Obj json) {
        SetCall set = new SetCall(call, json, room.settings());
        AccountMail mail = room.open(call);
        String oldState = state(mail);
        set.end(oldState);
        set.create()
                .forEach((creation, email) -> SetCall.attempt(() -> {
                            Made made = create(call, mail, email, set::resolved);
                            set.created(creation, Ids.of(made.message), made.asJson(mail));
                        })
                        .ifPresent(error -> set.notCreated(creation, error)));
        change(set, mail);
        return set.answer(oldState, state(mail));
    }

    private static String state(AccountMail mail) {
        return MailState.of(mail.lastChange()).toString();
    }

    // ---- changing and destroying -------------------------------------------------------------------------------

    /// All of them in one commit; what is wrong with one does not keep the others.
    private static void change(SetCall set, AccountMail mail) {
        Map<MessageId, String> updates = new LinkedHashMap<>();
        Map<MessageId, String> removals = new LinkedHashMap<>();
        List<MessageChange> changes = new ArrayList<>();
        set.update()
                .forEach((id, patch) -> SetCall.attempt(() -> {
                            MessageId message = Ids.message(id).orElseThrow(SetError::notFound);
                            if (set.destroy().contains(id)) {
                                throw new SetError("willDestroy", "the same call destroys it"); // RFC 8620 §5.3
                            }
                            changes.add(EmailUpdate.from(patch, mailboxId -> mailbox(mail, set.resolved(mailboxId)))
                                    .of(message));
                            updates.put(message, id);
                        })
                        .ifPresent(error -> set.notUpdated(id, error)));
        for (String id : set.destroy()) {
            Optional<MessageId> message = Ids.message(id);
            if (message.isEmpty()) {
                set.notDestroyed(id, SetError.notFound());
            } else {
                removals.put(message.get(), id);
            }
        }
        // What JMAP does not see is not there to be destroyed either.
        List<MessageId> wanted = List.copyOf(removals.keySet());
        List<Optional<Whereabouts>> there = mail.whereabouts(wanted).answer();
        for (int i = 0; i < wanted.size(); i++) {
            if (there.get(i).filter(Visible::is).isEmpty()) {
                set.notDestroyed(Ids.of(wanted.get(i)), SetError.notFound());
                removals.remove(wanted.get(i));
            } else {
                changes.add(MessageChange.removal(wanted.get(i)));
            }
        }
        Map<MessageId, MailboxRefused> refused = mail.change(changes);
        updates.forEach((message, id) -> {
            MailboxRefused why = refused.get(message);
            if (why == null) {
                set.updated(id, Json.NULL);
            } else {
                set.notUpdated(id, ofUpdate(why));
            }
        });
        removals.forEach((message, id) -> {
            MailboxRefused why = refused.get(message);
            if (why == null) {
                set.destroyed(id);
            } else {
                set.notDestroyed(id, SetCall.of(why));
            }
        });
    }

    private static SetError ofUpdate(MailboxRefused e) {
        String why = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case LIMIT -> new SetError("tooManyKeywords", why);
            case CANNOT, NONEXISTENT -> SetError.invalidProperties(why, "mailboxIds");
            case ALREADYEXISTS, HASCHILDREN, OVERQUOTA, USEATTR, EXPUNGEISSUED -> SetCall.of(e);
        };
    }

    /// A mailbox that an email can be put into.
    private static MailboxId mailbox(AccountMail mail, String id) {
        return Ids.mailbox(id)
                .flatMap(mail::info)
                .filter(MailboxInfo::selectable)
                .map(MailboxInfo::id)
                .orElseThrow(() -> SetError.invalidProperties("there is no mailbox " + id, "mailboxIds"));
    }

    // ---- making ------------------------------------------------------------------------------------------------

    private record Made(MessageId message, long octets) {
        Json.Obj asJson(AccountMail mail) {
            return Json.object()
                    .put("id", Ids.of(message))
                    .put("blobId", AccountBlobs.ofMessage(message))
                    .put("threadId", Ids.of(mail.threadOf(message)))
                    .put("size", octets)
                    .build();
        }
    }

    /// What an email is beside its message: where, with which keywords, since when.
    private record Placing(Set<MailboxId> mailboxes, Flags flags, Instant received) {
        static Placing from(
                Json.Obj email, AccountMail mail, java.util.function.UnaryOperator<String> resolved, Instant now) {
            Set<MailboxId> mailboxes = EmailUpdate.mailboxes(
                    email.get("mailboxIds").orElse(Json.Obj.EMPTY), id -> mailbox(mail, resolved.apply(id)));
            Flags flags = switch (email.get("keywords").orElse(Json.NULL)) {
                case Json.Null _ -> Flags.NONE;
                case Json value -> Visible.flags(EmailUpdate.keywords(value));
            };
            Instant received = switch (email.get("receivedAt").orElse(Json.NULL)) {
                case Json.Null _ -> now;
                case Json value
                when value instanceof Json.Text(String text) && Times.utc(text).isPresent() ->
                    Times.utc(text).get();
                case Json _ -> throw SetError.invalidProperties("receivedAt is a UTC date", "receivedAt");
            };
            return new Placing(mailboxes, flags, received);
        }
    }

    private Made create(
            Call call, AccountMail mail, Json.Obj email, java.util.function.UnaryOperator<String> resolved) {
        Placing placing = Placing.from(email, mail, resolved, clock.instant());
        Inlays inlays = new Inlays(random);
        Entity entity = new Composition(
                        email,
                        blob -> room.blobs().find(call.caller().account().id(), blob),
                        inlays,
                        room.settings().maxSizeUpload())
                .compose(names -> missing(call, names));
        Octets message;
        try {
            message = MessageWriter.ASCII.write(entity);
        } catch (BadSyntax e) {
            throw new SetError("invalidProperties", String.valueOf(e.getMessage()));
        }
        return store(mail, placing, body(message, inlays));
    }

    /// RFC 8621 §4.6: Message-ID and Date when the client gave none.
    private List<Field> missing(Call call, Set<String> names) {
        List<Field> fields = new ArrayList<>(2);
        if (!names.contains("date")) {
            fields.add(Field.date("Date", clock.instant().atOffset(ZoneOffset.UTC)));
        }
        if (!names.contains("message-id")) {
            String domain = call.caller().account().address().domain().ascii();
            fields.add(Field.ids(
                    "Message-ID",
                    List.of(Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()) + "@" + domain)));
        }
        return fields;
    }

    private Body body(Octets message, Inlays inlays) {
        return inlays.isEmpty() && message.length() <= Body.SMALL
                ? new Body.Small(message)
                : large(out -> inlays.write(message, out));
    }

    private Body body(Jmap.Download blob) {
        return blob.size() <= Body.SMALL
                ? new Body.Small(AccountBlobs.load(blob))
                : large(out -> {
                    try (InputStream in = blob.content().open()) {
                        in.transferTo(out);
                    }
                });
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private Body large(Writing writing) {
        try (Blobs.Spool spool = room.mailboxes().blobs().spool()) {
            writing.to(new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    spool.write(new byte[] {(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    spool.write(octets, offset, length);
                }
            });
            long size = spool.size();
            return new Body.Large(spool.keep(), size);
        } catch (IOException e) {
            throw AccountBlobs.unreadable(e);
        }
    }

    private static Made store(AccountMail mail, Placing placing, Body body) {
        List<Deposited.Stored> stored;
        try {
            stored =
                    mail.append(placing.mailboxes, new NewMessage(Octets.EMPTY, body, placing.flags, placing.received));
        } catch (MailboxRefused e) {
            throw switch (e.reason()) {
                case LIMIT -> new SetError("tooManyKeywords", String.valueOf(e.getMessage()));
                case ALREADYEXISTS, CANNOT, HASCHILDREN, NONEXISTENT, OVERQUOTA, USEATTR, EXPUNGEISSUED ->
                    SetCall.of(e);
            };
        }
        return new Made(stored.getFirst().message(), body.size());
    }

    // ---- importing ---------------------------------------------------------------------------------------------

    private static final Set<String> IMPORT = Set.of("blobId", "mailboxIds", "keywords", "receivedAt");

    private Json.Obj importEmails(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Optional<String> ifInState = arguments.optionalText("ifInState");
        Map<String, Json.Obj> emails = arguments.objects("emails");
        arguments.end();
        AccountMail mail = room.open(call);
        String oldState = state(mail);
        if (ifInState.isPresent() && !ifInState.get().equals(oldState)) {
            throw new MethodError("stateMismatch", "the state is " + oldState + " by now");
        }
        if (emails.size() > room.settings().maxObjectsInSet()) {
            throw new MethodError(
                    "requestTooLarge", "at most " + room.settings().maxObjectsInSet() + " objects are set at once");
        }
        Map<String, Json> created = new LinkedHashMap<>();
        Map<String, Json> notCreated = new LinkedHashMap<>();
        emails.forEach((creation, email) -> SetCall.attempt(() -> {
                    Made made = importEmail(call, mail, email);
                    call.createdIds().put(creation, Ids.of(made.message));
                    created.put(creation, made.asJson(mail));
                })
                .ifPresent(error -> notCreated.put(creation, error.asJson())));
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldState", oldState)
                .put("newState", state(mail))
                .put("created", created.isEmpty() ? Json.NULL : new Json.Obj(created))
                .put("notCreated", notCreated.isEmpty() ? Json.NULL : new Json.Obj(notCreated))
                .build();
    }

    private Made importEmail(Call call, AccountMail mail, Json.Obj email) {
        SetCall.checkProperties(email, IMPORT);
        Placing placing = Placing.from(
                email,
                mail,
                id -> id.startsWith("#") ? call.createdIds().getOrDefault(id.substring(1), id) : id,
                clock.instant());
        if (!(email.get("blobId").orElse(Json.NULL) instanceof Json.Text(String blob))) {
            throw SetError.invalidProperties("an import has a blobId", "blobId");
        }
        // An upload is stored as it is, without being read.
        Body body = room.blobs()
                .upload(call.caller().account().id(), blob)
                .or(() -> room.blobs().find(call.caller().account().id(), blob).map(this::body))
                .orElseThrow(() -> new SetError(
                        "blobNotFound",
                        "this blob is not there, or not any more; upload it again",
                        Json.object()
                                .put("notFound", Json.Arr.ofTexts(List.of(blob)))
                                .build()));
        if (body.size() == 0) {
            throw new SetError("invalidEmail", "there is no message in it");
        }
        return store(mail, placing, body);
    }

    // ---- copying -----------------------------------------------------------------------------------------------

    /// RFC 8621 §4.7 copies between accounts. A caller sees one account, so there is none to copy from.
    private Json.Obj copy(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json);
        String from = arguments.text("fromAccountId");
        arguments.inAccountOf(call.caller());
        if (from.equals(Ids.of(call.caller().account().id()))) {
            throw MethodError.invalidArguments(
                    "fromAccountId and accountId are two accounts; within one, use Email/set");
        }
        throw new MethodError("fromAccountNotFound", "there is no account of that id, or it is not yours");
    }
}
