package tamanoir.server.jmap.personal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.Times;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// Snooze/set: to create one is to put the message away, to destroy one is to have it back now.
final class SnoozeSet implements Method {
    private static final Set<String> TO_CREATE = Set.of("emailId", "until");
    private static final Duration LONGEST = Duration.ofDays(3_660);

    private final Shelf shelf;
    private final Mailboxes mailboxes;
    private final Snoozes snoozes;
    private final InstantSource clock;

    SnoozeSet(Shelf shelf, Mailboxes mailboxes, Snoozes snoozes, InstantSource clock) {
        this.shelf = shelf;
        this.mailboxes = mailboxes;
        this.snoozes = snoozes;
        this.clock = clock;
    }

    @Override
    public Json.Obj call(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        SetCall set = new SetCall(call, arguments, shelf.settings().maxObjectsInSet());
        arguments.end();
        return set.answer(new Work(call));
    }

    private final class Work implements SetCall.Work {
        private final Call call;
        private final AccountId owner;
        private final PersonalAccount account;

        Work(Call call) {
            this.call = call;
            this.owner = call.caller().account().id();
            this.account = shelf.open(call.caller().account());
        }

        @Override
        public String state() {
            return Long.toString(account.state(Kind.SNOOZE));
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            Given properties = new Given(given).onlyOf(TO_CREATE);
            Instant until = until(properties);
            String emailId = call.resolved(properties.requiredText("emailId", 255));
            AccountMail mail = mailboxes.open(owner);
            MessageId message = Ids.message(emailId)
                    .filter(id -> !mail.mailboxesOf(id).isEmpty())
                    .orElseThrow(() -> SetError.invalidProperties("there is no such email", "emailId"));
            Set<MailboxId> back = mail.mailboxesOf(message);
            back.remove(Snoozes.mailbox(mail));
            Stored made = account.change(edit -> {
                List<Stored> same = edit.all(Kind.SNOOZE).stream()
                        .filter(stored -> SnoozeType.emailId(stored).equals(emailId))
                        .toList();
                if (!same.isEmpty()) {
                    throw new SetError(
                            "alreadyExists",
                            "this email is snoozed already; give that another time",
                            Json.object()
                                    .put("existingId", same.getFirst().id())
                                    .build());
                }
                String id = edit.create(Kind.SNOOZE, SnoozeType.value(emailId, until, back));
                return edit.find(Kind.SNOOZE, id).orElseThrow();
            });
            try {
                snoozes.putAway(owner, message);
            } catch (MailboxRefused e) {
                account.change(edit -> {
                    edit.destroy(Kind.SNOOZE, made.id());
                    return edit;
                });
                throw new SetError("forbidden", String.valueOf(e.getMessage()));
            }
            snoozes.schedule(owner, made.id(), until);
            return Json.object()
                    .put("id", made.id())
                    .put("until", Times.utc(until))
                    .put("mailboxIds", made.value().get("mailboxIds").orElse(Json.NULL))
                    .build();
        }

        private Instant until(Given properties) {
            Instant now = clock.instant();
            return Times.utc(properties.requiredText("until", 40))
                    .filter(now::isBefore)
                    .filter(now.plus(LONGEST)::isAfter)
                    .orElseThrow(() -> Given.wrong("until", "a UTCDate that lies ahead"));
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            Instant until = account.change(edit -> {
                Stored before = edit.find(Kind.SNOOZE, id).orElseThrow(SetError::notFound);
                Json.Obj after = Patch.apply(shelf.shown(before, Optional.empty()), patch);
                Given.unchanged(shelf.shown(before, Optional.empty()), after, "id", "emailId", "mailboxIds");
                Instant time = until(new Given(after));
                edit.update(
                        Kind.SNOOZE,
                        id,
                        SnoozeType.value(SnoozeType.emailId(before), time, SnoozeType.mailboxes(before)));
                return time;
            });
            snoozes.schedule(owner, id, until);
            return Json.NULL;
        }

        @Override
        public void destroy(String id) {
            snoozes.bringBack(owner, account.find(Kind.SNOOZE, id).orElseThrow(SetError::notFound));
        }
    }
}
