package tamanoir.server.jmap.personal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Evidence;
import tamanoir.server.directory.Account;
import tamanoir.server.filter.About;
import tamanoir.server.filter.Peer;
import tamanoir.server.intake.Incoming;
import tamanoir.server.intake.Incoming.Handling;
import tamanoir.server.intake.Incoming.Origin;
import tamanoir.server.intake.Receipt;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.Times;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Body;

/// EmailSubmission/set (RFC 8621 §7.5): sends messages, and calls them back while they wait.
///
/// A message goes the way that the submission service sends it: the same restriction lists, the same
/// intake. What is kept of it is committed together with it, so there is no message without its
/// EmailSubmission, nor the other way round. Immutable; used by any number of threads.
final class SubmissionSet implements Method {
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int MOST_TRIES = 20;

    /// Whoever speaks JMAP is nobody's network: being signed in is all that counts.
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("0.0.0.0");

    private static final Set<String> TO_CREATE = Set.of("identityId", "emailId", "envelope");

    /// What final delivery put above a message that is sent on as it is.
    private static final Set<String> OF_DELIVERY = Set.of("return-path", "delivered-to", "x-original-to");

    private final Shelf shelf;
    private final Shelf identities;
    private final Mailboxes mailboxes;
    private final Queue queue;
    private final Submissions submissions;
    private final Supplier<WayOut> ways;
    private final InstantSource clock;

    SubmissionSet(
            Shelf shelf,
            Shelf identities,
            Mailboxes mailboxes,
            Queue queue,
            Submissions submissions,
            Supplier<WayOut> ways,
            InstantSource clock) {
        this.shelf = shelf;
        this.identities = identities;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.submissions = submissions;
        this.ways = ways;
        this.clock = clock;
    }

    // ---- the call --------------------------------------------------------------------------------------------

    @Override
    public Json.Obj call(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        SetCall set = new SetCall(call, arguments, shelf.settings().maxObjectsInSet());
        Map<String, Json.Obj> toUpdate = arguments.objects("onSuccessUpdateEmail");
        Set<String> toDestroy = arguments.ids("onSuccessDestroyEmail").orElse(Set.of());
        arguments.end();
        Map<String, String> emails = new LinkedHashMap<>();
        Json.Obj answer = set.answer(new Sending(call, ways.get(), emails));
        afterwards(call, set, emails, toUpdate, toDestroy);
        return answer;
    }

    /// RFC 8621 §7.5: one Email/set for all submissions that went well.
    private static void afterwards(
            Call call, SetCall set, Map<String, String> emails, Map<String, Json.Obj> toUpdate, Set<String> toDestroy) {
        Set<String> succeeded = set.succeeded();
        Map<String, Json> update = new LinkedHashMap<>();
        toUpdate.forEach(
                (name, patch) -> email(call, succeeded, emails, name).ifPresent(email -> update.put(email, patch)));
        Set<String> destroy = new LinkedHashSet<>();
        toDestroy.forEach(name -> email(call, succeeded, emails, name).ifPresent(destroy::add));
        if (update.isEmpty() && destroy.isEmpty()) {
            return;
        }
        Json.Building arguments =
                Json.object().put("accountId", call.caller().account().id().toString());
        if (!update.isEmpty()) {
            arguments.put("update", new Json.Obj(update));
        }
        if (!destroy.isEmpty()) {
            arguments.put("destroy", Json.Arr.ofTexts(destroy));
        }
        call.then("Email/set", arguments.build());
    }

    private static Optional<String> email(Call call, Set<String> succeeded, Map<String, String> emails, String name) {
        String id = call.resolved(name);
        return succeeded.contains(id) ? Optional.ofNullable(emails.get(id)) : Optional.empty();
    }

    // ---- each object -----------------------------------------------------------------------------------------

    /// The work of one call; `emails` gathers which email each submission is of.
    private final class Sending implements SetCall.Work {
        private final Call call;
        private final WayOut way;
        private final Map<String, String> emails;
        private final Account sender;
        private final PersonalAccount account;

        Sending(Call call, WayOut way, Map<String, String> emails) {
            this.call = call;
            this.way = way;
            this.emails = emails;
            this.sender = call.caller().account();
            this.account = shelf.open(sender);
        }

        @Override
        public String state() {
            return Long.toString(account.state(Kind.SUBMISSION));
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            Stored before = account.find(Kind.SUBMISSION, id).orElseThrow(SetError::notFound);
            Json.Obj known = shelf.shown(before, Optional.empty());
            Json.Obj after = Patch.apply(known, patch);
            emails.put(id, SubmissionType.text(before, "emailId"));
            if (after.equals(known)) {
                return Json.NULL;
            }
            Json.Building canceled = Json.object();
            known.members().forEach(canceled::put);
            if (!after.equals(canceled.put("undoStatus", "canceled").build())) {
                // RFC 8621 §7.5: nothing else can be changed.
                throw SetError.invalidProperties("only undoStatus can be changed, to canceled", "undoStatus");
            }
            submissions.cancel(account, id);
            call.caller().trace().info("unsent", "account", sender.address(), "id", id);
            return Json.NULL;
        }

        @Override
        public void destroy(String id) {
            Stored gone = account.find(Kind.SUBMISSION, id).orElseThrow(SetError::notFound);
            emails.put(id, SubmissionType.text(gone, "emailId"));
            account.change(edit -> {
                edit.destroy(Kind.SUBMISSION, id);
                return edit;
            });
            // What the queue keeps for it goes too; the message itself goes its way (RFC 8621 §7.5).
            queue.discard(SubmissionType.queueId(id));
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            Given properties = new Given(given).onlyOf(TO_CREATE);
            String identity = call.resolved(properties.requiredText("identityId", 255));
            String emailId = call.resolved(properties.requiredText("emailId", 255));
            if (identities.open(sender).find(Kind.IDENTITY, identity).isEmpty()) {
                throw SetError.invalidProperties("there is no such identity", "identityId");
            }
            Letter letter = letter(emailId);
            checkHeader(letter.header);
            Outgoing outgoing =
                    properties.object("envelope").map(Outgoing::of).orElseGet(() -> Outgoing.of(letter.header.fields));
            long size = letter.prefix.length() + letter.body.size();
            if (way.messageSizeLimit() > 0 && size > way.messageSizeLimit()) {
                throw new SetError(
                        "tooLarge",
                        "the message has " + size + " octets, at most " + way.messageSizeLimit() + " can be sent",
                        Json.object().put("maxSize", way.messageSizeLimit()).build());
            }
            Address from = mailFrom(outgoing);
            List<Recipient> recipients = recipients(outgoing);
            Set<Effect> effects = ask(from, recipients, outgoing, size);
            Instant now = clock.instant();
            Optional<Instant> release = release(outgoing, now);
            Envelope envelope = new Envelope(
                    ReversePath.of(from),
                    recipients,
                    from.needsSmtpUtf8()
                            || recipients.stream().anyMatch(r -> r.address().needsSmtpUtf8())
                            || letter.header.isEightBit(),
                    BodyType.EIGHT_BIT_MIME,
                    outgoing.sender().returned(),
                    outgoing.sender().envelopeId(),
                    false);
            QueueId id = queue.newId();
            Json.Obj value = value(identity, emailId, letter, outgoing, envelope, release, now);
            send(id, letter, envelope, effects, release, now, value);
            emails.put(SubmissionType.id(id), emailId);
            submissions.moved(id, sender.id().number());
            Json.Building told = Json.object().put("id", SubmissionType.id(id));
            value.members().forEach((name, member) -> {
                if (!given.has(name)) {
                    told.put(name, member);
                }
            });
            return told.build();
        }

        // ---- the message -------------------------------------------------------------------------------------

        private Letter letter(String emailId) {
            AccountMail mail = mailboxes.open(sender.id());
            Optional<MessageId> message = Ids.message(emailId);
            if (message.isEmpty()
                    || mail.whereabouts(List.of(message.get()))
                            .answer()
                            .getFirst()
                            .isEmpty()) {
                throw SetError.invalidProperties("there is no such email", "emailId");
            }
            Octets prefix = mail.prefix(message.get());
            Body body = mail.body(message.get());
            return new Letter(
                    message.get(),
                    Ids.of(mail.threadOf(message.get())),
                    withoutDelivery(prefix),
                    body,
                    new Header(HeaderFields.of(Octets.join(prefix, head(body)))));
        }

        private Octets head(Body body) {
            try (InputStream in = body.stream(mailboxes.blobs())) {
                return Octets.of(in.readNBytes((int) Math.min(body.size(), LONGEST_HEADER)));
            } catch (IOException e) {
                throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
            }
        }

        /// RFC 8621 §7.5: From must be there, and the sender's own.
        private void checkHeader(Header header) {
            List<AddressList.Mailbox> from = Outgoing.mailboxes(header.fields, "From");
            if (from.isEmpty()) {
                throw new SetError(
                        "invalidEmail",
                        "the message does not say whom it is from",
                        Json.object()
                                .put("properties", Json.Arr.ofTexts(List.of("from")))
                                .build());
            }
            for (AddressList.Mailbox mailbox : from) {
                if (address(mailbox.address())
                        .filter(own -> way.rights().owns(sender, own))
                        .isEmpty()) {
                    throw new SetError(
                            "forbiddenFrom",
                            "you cannot send as " + mailbox.address() + ": mail to it does not come to you");
                }
            }
        }

        private Address mailFrom(Outgoing outgoing) {
            String email = outgoing.sender().email();
            return address(email)
                    .filter(own -> way.rights().owns(sender, own))
                    .orElseThrow(() -> new SetError(
                            "forbiddenMailFrom",
                            "reports cannot go to \"" + email + "\": it is not an address of yours"));
        }

        private List<Recipient> recipients(Outgoing outgoing) {
            if (outgoing.recipients().isEmpty()) {
                throw new SetError("noRecipients", "the message goes to nobody");
            }
            if (outgoing.recipients().size() > way.recipientLimit()) {
                throw new SetError(
                        "tooManyRecipients",
                        "a message goes to at most " + way.recipientLimit() + " recipients at once",
                        Json.object().put("maxRecipients", way.recipientLimit()).build());
            }
            List<Recipient> recipients = new ArrayList<>();
            List<String> wrong = new ArrayList<>();
            for (Outgoing.Rcpt rcpt : outgoing.recipients()) {
                address(rcpt.email())
                        .ifPresentOrElse(
                                to -> recipients.add(
                                        new Recipient(to, to, rcpt.notifications(), rcpt.originalRecipient())),
                                () -> wrong.add(rcpt.email()));
            }
            if (!wrong.isEmpty()) {
                throw invalidRecipients("this is not an address: " + wrong.getFirst(), wrong);
            }
            return recipients;
        }

        private Optional<Instant> release(Outgoing outgoing, Instant now) {
            Optional<Instant> release = outgoing.sender().release().from(now);
            if (release.filter(now.plus(way.longestDelay())::isBefore).isPresent()) {
                throw SetError.invalidProperties(
                        "a message is kept for " + way.longestDelay().toSeconds() + " seconds at most", "envelope");
            }
            return release;
        }

        // ---- may it be sent ----------------------------------------------------------------------------------

        /// The restriction lists of the submission service, in its order.
        private Set<Effect> ask(Address from, List<Recipient> recipients, Outgoing outgoing, long size) {
            Path path = new Path.Whole(from);
            Question question = Question.of(Client.nameless(NOWHERE, 0))
                    .withTls()
                    .withGreeting("ESMTP", way.hostname())
                    .withLogin(sender.address().toString())
                    .withSender(path, ReversePath.of(from), size);
            Set<Effect> effects =
                    new LinkedHashSet<>(passed(way.policy().sender(question), "forbiddenMailFrom", "sender"));
            List<String> refused = new ArrayList<>();
            Optional<Reply> why = Optional.empty();
            int count = 0;
            for (Recipient recipient : recipients) {
                switch (way.policy()
                        .recipient(question.withRecipient(
                                new Path.Whole(recipient.address()), recipient.address(), ++count, false))) {
                    case Verdict.Pass pass -> effects.addAll(pass.effects());
                    case Verdict.Refuse refuse -> {
                        logRefusal(refuse, "recipient");
                        refused.add(outgoing.recipients().get(count - 1).email());
                        why = why.or(() -> Optional.of(refuse.reply()));
                    }
                }
            }
            if (why.isPresent()) {
                throw invalidRecipients(words(why.get()), refused);
            }
            Question whole = question.withoutRecipient(count, false);
            effects.addAll(passed(way.policy().data(whole), "forbiddenToSend", "data"));
            effects.addAll(passed(way.policy().endOfData(whole), "forbiddenToSend", "end-of-data"));
            return effects;
        }

        private java.util.Collection<Effect> passed(Verdict verdict, String error, String stage) {
            return switch (verdict) {
                case Verdict.Pass pass -> pass.effects();
                case Verdict.Refuse refuse -> {
                    logRefusal(refuse, stage);
                    throw new SetError(error, words(refuse.reply()));
                }
            };
        }

        private void logRefusal(Verdict.Refuse refuse, String stage) {
            call.caller()
                    .trace()
                    .info(
                            "reject",
                            "stage",
                            stage,
                            "sasl_username",
                            sender.address(),
                            "reply",
                            refuse.reply(),
                            "reason",
                            refuse.reason());
        }

        // ---- the durable step --------------------------------------------------------------------------------

        private void send(
                QueueId id,
                Letter letter,
                Envelope envelope,
                Set<Effect> effects,
                Optional<Instant> release,
                Instant now,
                Json.Obj value) {
            String name = SubmissionType.id(id);
            Trace trace = new Trace("jmap", id.toString());
            trace.info(id.toString(), "client", "jmap", "sasl_username", sender.address());
            for (int tries = 0; ; tries++) {
                PersonalAccount.Prepared<Edit> prepared = account.prepare(edit -> {
                    edit.create(Kind.SUBMISSION, name, value);
                    remember(edit, letter, envelope, now);
                    return edit;
                });
                try {
                    Receipt receipt = accept(trace, id, letter, envelope, effects, release, now, prepared);
                    settle(receipt, name, value);
                    return;
                } catch (Unavailable e) {
                    if (account.find(Kind.SUBMISSION, name).isPresent()) {
                        return; // it went, whatever else is in trouble
                    }
                    if (account.version() == prepared.version() || tries >= MOST_TRIES) {
                        throw e;
                    }
                    // Somebody else was quicker with a change of the same account: once more.
                }
            }
        }

        private Receipt accept(
                Trace trace,
                QueueId id,
                Letter letter,
                Envelope envelope,
                Set<Effect> effects,
                Optional<Instant> release,
                Instant now,
                PersonalAccount.Prepared<Edit> prepared) {
            String hold = "";
            Optional<Address> redirect = Optional.empty();
            List<Address> copies = new ArrayList<>();
            StringBuilder top = new StringBuilder();
            for (Effect effect : effects) {
                switch (effect) {
                    case Effect.Discard discard -> {
                        trace.info("discard", "id", id, "reason", discard.text());
                        return new Receipt.Accepted(Map.of());
                    }
                    case Effect.Hold reason -> hold = reason.text();
                    case Effect.Redirect to -> redirect = Optional.of(to.address());
                    case Effect.BlindCopy to -> copies.add(to.address());
                    case Effect.Prepend field -> top.append(field.field()).append("\r\n");
                    case Effect.Filter filter ->
                        trace.warn(
                                "FILTER is not supported and was passed over",
                                "id",
                                id,
                                "filter",
                                filter.destination());
                    case Effect.Note note -> trace.info("info", "id", id, "text", note.text());
                }
            }
            Optional<Address> only = envelope.recipients().size() == 1
                    ? Optional.of(envelope.recipients().getFirst().address())
                    : Optional.empty();
            Octets received =
                    Octets.join(Octets.of(top.toString()), Outgoing.received(way, id, only, now), letter.prefix);
            return way.intake()
                    .accept(new Incoming(
                            trace,
                            id,
                            Origin.WEB,
                            envelope,
                            received,
                            letter.body,
                            new About(Peer.OURSELVES.withLogin(sender.address().toString()), Evidence.NONE),
                            new Handling(hold, redirect, copies)
                                    .releasedAt(release)
                                    .followedBy(sender.id().number(), prepared.batches())));
        }

        /// What was refused has left nothing; what was thrown away on an administrator's word looks sent.
        private void settle(Receipt receipt, String name, Json.Obj value) {
            switch (receipt) {
                case Receipt.Accepted _ -> {
                    if (account.find(Kind.SUBMISSION, name).isEmpty()) {
                        account.change(edit -> {
                            edit.create(Kind.SUBMISSION, name, value);
                            return edit;
                        });
                    }
                }
                case Receipt.Refused(Reply reply) -> {
                    account.change(edit -> {
                        edit.destroy(Kind.SUBMISSION, name);
                        return edit;
                    });
                    throw new SetError("forbiddenToSend", words(reply));
                }
            }
        }

        private Json.Obj value(
                String identity,
                String emailId,
                Letter letter,
                Outgoing outgoing,
                Envelope envelope,
                Optional<Instant> release,
                Instant now) {
            Json.Building status = Json.object();
            envelope.recipients()
                    .forEach(recipient -> status.put(recipient.address().toString(), Submissions.queued()));
            return Json.object()
                    .put("identityId", identity)
                    .put("emailId", emailId)
                    .put("threadId", letter.thread)
                    .put("envelope", outgoing.asJson())
                    .put("sendAt", Times.utc(release.orElse(now)))
                    .put("undoStatus", release.isPresent() ? "pending" : "final")
                    .put("deliveryStatus", status.build())
                    .put("dsnBlobIds", Json.Arr.EMPTY)
                    .put("mdnBlobIds", Json.Arr.EMPTY)
                    .build();
        }

        private void remember(Edit edit, Letter letter, Envelope envelope, Instant now) {
            Map<String, String> names = new LinkedHashMap<>();
            for (String field : List.of("To", "Cc", "Bcc")) {
                Outgoing.mailboxes(letter.header.fields, field)
                        .forEach(mailbox -> names.putIfAbsent(mailbox.address(), mailbox.name()));
            }
            Correspondents.remember(edit, envelope.recipients(), names, now);
        }
    }

    /// The message to be sent.
    private record Letter(MessageId message, String thread, Octets prefix, Body body, Header header) {}

    private record Header(HeaderFields fields) {
        /// RFC 6532: then the next hop must speak SMTPUTF8.
        boolean isEightBit() {
            for (HeaderField field : fields) {
                Octets octets = field.octets();
                for (int i = 0; i < octets.length(); i++) {
                    if (octets.at(i) > 127) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static Octets withoutDelivery(Octets prefix) {
        Octets kept = Octets.EMPTY;
        for (HeaderField field : HeaderFields.of(prefix)) {
            if (!OF_DELIVERY.contains(field.name().toLowerCase(java.util.Locale.ROOT))) {
                kept = Octets.join(kept, field.octets());
            }
        }
        return kept;
    }

    private static Optional<Address> address(String text) {
        try {
            return Optional.of(Address.of(text));
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }

    private static SetError invalidRecipients(String description, List<String> addresses) {
        return new SetError(
                "invalidRecipients",
                description,
                Json.object()
                        .put("invalidRecipients", Json.Arr.ofTexts(addresses))
                        .build());
    }

    private static String words(Reply reply) {
        return String.join(" ", reply.lines());
    }
}
