package tamanoir.server.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Sealer;
import tamanoir.server.authresults.Signer;
import tamanoir.server.mailbox.Deposit;
import tamanoir.server.mailbox.Deposited;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.sieve.Sieve;
import tamanoir.server.sieve.Sorted;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Body;

/// Puts one message where its recipients have it: copies into mailboxes and rows into the queue, in one
/// durable step.
///
/// Used by intake for new mail and by [LocalDeliverer] for mail that had to wait. Immutable; used by many
/// threads.
public final class Distribution {
    /// Who wants to know, and what becomes of recipients that cannot be served at once.
    public enum Mode {
        /// New mail: what fails goes to the queue, which tries, reports and bounces.
        ACCEPT,
        /// New mail by LMTP: the client hears of each recipient and keeps what failed.
        ANSWER,
        /// Mail of the queue: its outcome goes back to the queue.
        RETRY
    }

    /// What became of one recipient.
    public sealed interface Fate {
        record Delivered() implements Fate {}

        /// Rows in the queue answer for it.
        record Queued() implements Fate {}

        record Failed(Reply reply) implements Fate {}

        record Later(Reply reply) implements Fate {}
    }

    static final Reply OVER_QUOTA = Reply.of(552, "5.2.2", "mailbox is full");

    private final Recipients recipients;
    private final Mailboxes mailboxes;
    private final Queue queue;
    private final Sealer sealer;
    private final Scripted scripted;

    public Distribution(
            Recipients recipients, Mailboxes mailboxes, Queue queue, Sealer sealer, Sieve sieve, Signer signer) {
        this.recipients = recipients;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.sealer = sealer;
        this.scripted = new Scripted(sieve, recipients, mailboxes, queue, signer);
    }

    /// Every recipient has a fate when it returns, and what it says is durable.
    ///
    /// @throws tamanoir.server.observe.Unavailable when the store cannot write: nothing was done
    public Map<Recipient, Fate> distribute(Parcel parcel, List<Recipient> to, Mode mode) {
        Plan plan = new Plan(parcel, mode);
        try {
            for (Recipient recipient : to) {
                plan.add(recipient);
            }
            return plan.carryOut();
        } finally {
            plan.copies.values().forEach(Copy::close);
        }
    }

    /// Copies that leave together: same sender, same Delivered-To.
    private record Group(ReversePath sender, String deliveredTo, String through) {
        Group(ReversePath sender, String deliveredTo) {
            this(sender, deliveredTo, "");
        }
    }

    /// What an account gets, and who counts on it: where it has no scripts, one deposit. `written` are messages that
    /// scripts made, on which nobody counts.
    private record Copy(
            List<Deposit> deposits,
            List<Deposit> written,
            List<QueuedMessage> leaving,
            Optional<Reply> refusal,
            Optional<Sorted> sorted,
            List<Claim> claims) {
        void close() {
            sorted.ifPresent(Sorted::close);
        }
    }

    /// A recipient that counts on a copy, and the member of its alias that the copy is for.
    private record Claim(Recipient recipient, Target.Mailbox mailbox) {}

    private final class Plan {
        private final Parcel parcel;
        private final Mode mode;
        private final Map<Recipient, Fate> fates = new LinkedHashMap<>();
        private final Map<Long, Copy> copies = new LinkedHashMap<>();
        private final Map<Group, List<Recipient>> groups = new LinkedHashMap<>();
        /// Recipients that the queue is to try again under the message's own name.
        private final List<Recipient> again = new ArrayList<>();
        /// Recipients of which something is under way, so that they must not be tried again as a whole.
        private final Set<Recipient> served = new HashSet<>();
        /// What was sealed already, by the domain that sealed it: a signature over the whole message is made once.
        private final Map<Domain, Octets> seals = new HashMap<>();

        Plan(Parcel parcel, Mode mode) {
            this.parcel = parcel;
            this.mode = mode;
        }

        void add(Recipient recipient) {
            if (fates.containsKey(recipient)) {
                return; // the same recipient twice gets one copy (RFC 5321 §4.1.1.3)
            }
            if (mode == Mode.ACCEPT && recipient.notifications().contains(Notify.SUCCESS)) {
                again(recipient); // the queue writes the report of success (RFC 3461 §4.1)
                return;
            }
            List<Target> targets =
                    recipients.targets(recipient.address(), parcel.envelope().sender(), parcel.deliveredTo());
            boolean works = false;
            for (Target target : targets) {
                works |= works(recipient, target);
            }
            fates.put(recipient, works || targets.isEmpty() ? new Fate.Delivered() : worst(targets));
            if (targets.isEmpty()) {
                parcel.trace().warn(parcel.id().toString(), "to", "<" + recipient.address() + ">", "members", 0);
            }
            for (Target target : targets) {
                switch (target) {
                    case Target.Mailbox mailbox -> {
                        Copy copy = copy(recipient, mailbox);
                        if (copy.refusal.isPresent()) {
                            trouble(recipient, mailbox.address(), mailbox.sender(), works);
                        } else {
                            copy.claims.add(new Claim(recipient, mailbox));
                        }
                    }
                    case Target.Away away -> away(recipient, away);
                    case Target.Discarded discarded -> discard(recipient, discarded);
                    case Target.Special special -> special(recipient, special, works);
                    case Target.Failed failed -> trouble(recipient, failed.address(), failed.sender(), works);
                    case Target.Later later -> trouble(recipient, later.address(), later.sender(), works);
                }
            }
        }

        private boolean works(Recipient recipient, Target target) {
            return switch (target) {
                case Target.Mailbox mailbox -> copy(recipient, mailbox).refusal.isEmpty();
                case Target.Away _, Target.Discarded _ -> true;
                case Target.Special special -> special.allowed();
                case Target.Failed _, Target.Later _ -> false;
            };
        }

        /// Where no target works: what may work later is tried again.
        private Fate worst(List<Target> targets) {
            Fate fate = new Fate.Failed(OVER_QUOTA);
            for (Target target : targets.reversed()) {
                switch (target) {
                    case Target.Failed failed -> {
                        if (!(fate instanceof Fate.Later)) {
                            fate = new Fate.Failed(failed.reply());
                        }
                    }
                    case Target.Special special -> {
                        if (!(fate instanceof Fate.Later)) {
                            fate = new Fate.Failed(SpecialDelivery.refused(special.text()));
                        }
                    }
                    case Target.Later later -> fate = new Fate.Later(later.reply());
                    case Target.Mailbox mailbox -> {
                        Optional<Reply> refusal = Optional.ofNullable(
                                        copies.get(mailbox.account().id().number()))
                                .flatMap(Copy::refusal);
                        if (refusal.isPresent() && !(fate instanceof Fate.Later)) {
                            fate = new Fate.Failed(refusal.get());
                        }
                    }
                    case Target.Away _, Target.Discarded _ -> {}
                }
            }
            return fate;
        }

        private void again(Recipient recipient) {
            again.add(recipient);
            fates.put(recipient, new Fate.Queued());
        }

        /// What the account gets; its scripts run once, whoever of a message's recipients leads to it.
        private Copy copy(Recipient recipient, Target.Mailbox mailbox) {
            long account = mailbox.account().id().number();
            Copy copy = copies.get(account);
            if (copy == null) {
                copy = made(recipient, mailbox);
                copies.put(account, copy);
            }
            return copy;
        }

        private Copy made(Recipient recipient, Target.Mailbox mailbox) {
            Placement.Place place = parcel.placement().of(mailbox.account().id());
            String top = top(recipient, mailbox.sender());
            Octets prefix = Octets.join(Octets.of(place.fields()), parcel.prefix());
            String once = mode == Mode.RETRY ? parcel.id().toString() : "";
            Optional<Scripted.Result> result = scripted.sort(new Scripted.Question(
                    parcel, recipient, mailbox, place, top, prefix, mode == Mode.RETRY, this::sealed));
            if (result.isEmpty()) {
                Deposit deposit = new Deposit(
                        mailbox.account().id(),
                        place.mailbox(),
                        place.create(),
                        new NewMessage(
                                Octets.join(Octets.of(top), prefix), parcel.body(), Flags.NONE, parcel.arrived()),
                        once);
                return new Copy(
                        List.of(deposit), List.of(), List.of(), Optional.empty(), Optional.empty(), new ArrayList<>());
            }
            Scripted.Result sorted = result.get();
            return new Copy(
                    sorted.deposits(),
                    sorted.written(),
                    sorted.leaving(),
                    sorted.refusal(),
                    Optional.of(sorted.sorted()),
                    new ArrayList<>());
        }

        private void discard(Recipient recipient, Target.Discarded discarded) {
            served.add(recipient);
            parcel.trace()
                    .info(
                            parcel.id().toString(),
                            "to",
                            "<" + discarded.address() + ">",
                            "relay",
                            "local",
                            "dsn",
                            "2.0.0",
                            "status",
                            "sent (undeliverable postmaster notification discarded)");
        }

        /// What final delivery puts on top (RFC 5321 §4.4 for Return-Path; local(8) for the others).
        private String top(Recipient recipient, ReversePath sender) {
            StringBuilder top = new StringBuilder(160);
            top.append("Return-Path: <").append(sender).append(">\r\n");
            if (!recipient.original().equals(recipient.address())) {
                top.append("X-Original-To: ").append(recipient.original()).append("\r\n");
            }
            return top.append("Delivered-To: ")
                    .append(recipient.address())
                    .append("\r\n")
                    .toString();
        }

        private void away(Recipient recipient, Target.Away away) {
            if (!away.forwarded()) {
                if (mode == Mode.RETRY) {
                    fates.put(
                            recipient,
                            new Fate.Later(
                                    Reply.of(451, "4.3.5", "<" + recipient.address() + "> is not local any more")));
                } else if (isForward(recipient, away)) {
                    served.add(recipient);
                    groups.computeIfAbsent(new Group(recipients.forwarding(away.sender()), ""), _ -> new ArrayList<>())
                            .add(recipient);
                } else {
                    again(recipient);
                }
                return;
            }
            served.add(recipient);
            group(recipients.forwarding(away.sender()), recipient)
                    .add(member(recipient, away.address(), away.sender()));
        }

        /// A virtual alias led to another server: the sender has to become one of ours, or what we found is sealed.
        private boolean isForward(Recipient recipient, Target.Away away) {
            return !recipient.original().equals(recipient.address())
                    && recipients.classOf(recipient.original()).isOurs()
                    && (!recipients.forwarding(away.sender()).equals(away.sender())
                            || seal(recipient.original()).length() > 0);
        }

        /// A command or file is the business of the queue, which runs it, tries again, or reports what is not allowed.
        private void special(Recipient recipient, Target.Special special, boolean othersWork) {
            if (othersWork) {
                served.add(recipient);
                groups.computeIfAbsent(
                                new Group(
                                        special.sender(),
                                        recipient.address().toString(),
                                        SpecialDelivery.way(special.text())),
                                _ -> new ArrayList<>())
                        .add(member(recipient, special.address(), special.sender()));
            }
        }

        /// A member of an alias goes its own way.
        private void send(Recipient recipient, Address address, ReversePath sender) {
            served.add(recipient);
            group(sender, recipient).add(member(recipient, address, sender));
        }

        private List<Recipient> group(ReversePath sender, Recipient recipient) {
            return groups.computeIfAbsent(new Group(sender, recipient.address().toString()), _ -> new ArrayList<>());
        }

        /// A member of an alias as a recipient of its own. A list's owner takes over reports (RFC 3461
        /// §5.2.7.3).
        private Recipient member(Recipient recipient, Address address, ReversePath sender) {
            boolean list = !sender.equals(parcel.envelope().sender());
            return new Recipient(
                    address,
                    recipient.original(),
                    list ? Set.of() : recipient.notifications(),
                    list ? Optional.empty() : recipient.originalRecipient());
        }

        /// One member of an alias cannot be served while others can: the queue answers for it.
        private void trouble(Recipient recipient, Address address, ReversePath sender, boolean othersWork) {
            if (othersWork) {
                send(recipient, address, sender);
            }
        }

        // ---- the durable step --------------------------------------------------------------------------------

        Map<Recipient, Fate> carryOut() {
            if (mode == Mode.ACCEPT) {
                queueTroubles();
            }
            List<Copy> given = copies.values().stream()
                    .filter(copy -> !copy.claims.isEmpty())
                    .toList();
            List<QueuedMessage> queued = new ArrayList<>();
            given.forEach(copy -> queued.addAll(copy.leaving));
            if (!again.isEmpty()) {
                queued.add(message(parcel.id(), again));
            }
            groups.forEach((group, members) -> queued.add(forwarded(group, members)));
            List<Batch> rows = new ArrayList<>();
            for (QueuedMessage message : queued) {
                rows.addAll(queue.rows(message));
            }
            if (given.isEmpty() && rows.isEmpty()) {
                return fates;
            }
            rows.addAll(parcel.alongside());
            List<Deposit> deposits = new ArrayList<>();
            for (Copy copy : given) {
                copy.sorted.ifPresent(sorted -> rows.addAll(sorted.remembered()));
                copy.deposits.forEach(deposit -> deposits.add(once(deposit)));
            }
            given.forEach(copy -> deposits.addAll(copy.written));
            List<Deposited> results = mailboxes.deliver(deposits, rows);
            queued.forEach(queue::entered);
            settle(given, results);
            logForwarded();
            return fates;
        }

        /// When something of this acceptance may be tried again by the queue, its copies carry the
        /// message's name, so that no mailbox gets a second one. A single copy needs no name: it is there,
        /// or the client is told.
        private Deposit once(Deposit deposit) {
            return (copies.size() == 1 && again.isEmpty() && groups.isEmpty())
                            || !deposit.once().isEmpty()
                    ? deposit
                    : new Deposit(
                            deposit.account(),
                            deposit.mailbox(),
                            deposit.create(),
                            deposit.message(),
                            parcel.id().toString());
        }

        /// If nobody at all can be served the client hears it, and nobody is sent a bounce; else the queue
        /// answers for those who cannot.
        private void queueTroubles() {
            boolean somethingWorks = copies.values().stream().anyMatch(copy -> !copy.claims.isEmpty())
                    || !groups.isEmpty()
                    || !again.isEmpty();
            if (somethingWorks) {
                fates.forEach((recipient, fate) -> {
                    if (fate instanceof Fate.Failed || fate instanceof Fate.Later) {
                        again.add(recipient);
                    }
                });
                again.forEach(recipient -> fates.put(recipient, new Fate.Queued()));
            }
        }

        /// Mailboxes may have told only now that they are full or gone.
        private void settle(List<Copy> given, List<Deposited> results) {
            Map<Claim, Reply> refused = new LinkedHashMap<>();
            int i = 0;
            for (Copy copy : given) {
                Deposited worst = new Deposited.AlreadyThere();
                for (int end = i + copy.deposits.size(); i < end; i++) {
                    // A copy that is missing is not made good by another one, nor by anything that left.
                    boolean missing = !(results.get(i) instanceof Deposited.Stored)
                            && !(results.get(i) instanceof Deposited.AlreadyThere);
                    worst = missing ? results.get(i) : worst;
                }
                boolean kept = true;
                for (Claim claim : copy.claims) {
                    switch (worst) {
                        case Deposited.Stored _, Deposited.AlreadyThere _ -> {
                            served.add(claim.recipient);
                            logSent(claim, copy);
                        }
                        case Deposited.OverQuota _ -> {
                            kept = false;
                            refused.put(claim, OVER_QUOTA);
                        }
                        case Deposited.NoSuchAccount _ -> {
                            kept = false;
                            refused.put(claim, Recipients.unknownUser(claim.mailbox.address()));
                        }
                    }
                }
                if (!kept) {
                    copy.sorted.ifPresent(Sorted::undo);
                }
            }
            if (!refused.isEmpty()) {
                answerFor(refused);
            }
        }

        /// A member of an alias whose other members have their copies becomes a message of its own, so that
        /// nobody gets a second copy with the next attempt. A recipient of which nothing works has failed:
        /// if that is everybody the client hears it, else the queue tries again, fails and reports.
        private void answerFor(Map<Claim, Reply> refused) {
            Map<Group, List<Recipient>> members = new LinkedHashMap<>();
            Set<Recipient> failed = new LinkedHashSet<>();
            refused.forEach((claim, reply) -> {
                Recipient recipient = claim.recipient;
                if (served.contains(recipient)) {
                    ReversePath sender = claim.mailbox.sender();
                    members.computeIfAbsent(
                                    new Group(sender, recipient.address().toString()), _ -> new ArrayList<>())
                            .add(member(recipient, claim.mailbox.address(), sender));
                } else {
                    failed.add(recipient);
                    fates.put(recipient, new Fate.Failed(reply));
                }
            });
            List<QueuedMessage> late = new ArrayList<>();
            members.forEach((group, owed) -> late.add(forwarded(group, owed)));
            boolean somebodyWorks = fates.values().stream().anyMatch(f -> !(f instanceof Fate.Failed));
            if (mode == Mode.ACCEPT && somebodyWorks && !failed.isEmpty()) {
                QueueId id = again.isEmpty() ? parcel.id() : queue.newId();
                late.add(message(id, List.copyOf(failed)));
                failed.forEach(recipient -> fates.put(recipient, new Fate.Queued()));
            }
            if (!late.isEmpty()) {
                List<Batch> rows = new ArrayList<>();
                late.forEach(message -> rows.addAll(queue.rows(message)));
                mailboxes.deliver(List.of(), rows);
                late.forEach(queue::entered);
            }
        }

        private QueuedMessage message(QueueId id, List<Recipient> owed) {
            return new QueuedMessage(
                    id,
                    parcel.arrived(),
                    parcel.envelope().withRecipients(owed),
                    parcel.prefix(),
                    parcel.body(),
                    false,
                    "",
                    Optional.empty(),
                    parcel.owner());
        }

        /// A copy that an alias sends on is a message of its own, with the trace of where it was (local(8)).
        private QueuedMessage forwarded(Group group, List<Recipient> members) {
            Envelope envelope = parcel.envelope().withSender(group.sender).withRecipients(members);
            // A virtual alias leaves no trace, as with Postfix.
            Octets trace = group.deliveredTo.isEmpty()
                    ? Octets.EMPTY
                    : Octets.of("Delivered-To: " + group.deliveredTo + "\r\n");
            return new QueuedMessage(
                            queue.newId(),
                            parcel.arrived(),
                            envelope,
                            Octets.join(seal(members.getFirst().original()), trace, parcel.prefix()),
                            parcel.body(),
                            false,
                            "")
                    .through(group.through);
        }

        /// By the domain that the message came to. Members that are only late are sealed too, which does no harm.
        private Octets seal(Address original) {
            return seals.computeIfAbsent(
                    original.domain(), domain -> sealer.fields(parcel.trace(), domain, parcel.prefix(), parcel.body()));
        }

        private Octets sealed(Address original, Octets prefix, Body body) {
            return sealer.fields(parcel.trace(), original.domain(), prefix, body);
        }

        private void logSent(Claim claim, Copy copy) {
            parcel.trace()
                    .info(
                            parcel.id().toString(),
                            "to",
                            "<" + claim.mailbox.address() + ">",
                            "orig_to",
                            "<" + claim.recipient.original() + ">",
                            "relay",
                            "local",
                            "dsn",
                            "2.0.0",
                            "status",
                            copy.sorted.isPresent() ? sent(copy) : "sent (delivered to mailbox)");
        }

        private static String sent(Copy copy) {
            List<String> done = new ArrayList<>();
            copy.deposits.forEach(deposit -> done.add("filed into " + deposit.mailbox()));
            copy.leaving.forEach(message -> message.envelope()
                    .recipients()
                    .forEach(to -> done.add("message to <" + to.address() + "> queued as " + message.id())));
            return "sent (" + (done.isEmpty() ? "discarded" : String.join(", ", done)) + " by Sieve)";
        }

        private void logForwarded() {
            groups.forEach((group, members) -> parcel.trace()
                    .info(
                            parcel.id().toString(),
                            "to",
                            "<" + group.deliveredTo + ">",
                            "relay",
                            "local",
                            "dsn",
                            "2.0.0",
                            "status",
                            "sent (forwarded to " + members.size() + ")"));
        }
    }
}
