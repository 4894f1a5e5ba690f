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
import tamanoir.server.mailbox.Deposit;
import tamanoir.server.mailbox.Deposited;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Batch;

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

    public Distribution(Recipients recipients, Mailboxes mailboxes, Queue queue, Sealer sealer) {
        this.recipients = recipients;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.sealer = sealer;
    }

    /// Every recipient has a fate when it returns, and what it says is durable.
    ///
    /// @throws tamanoir.server.observe.Unavailable when the store cannot write: nothing was done
    public Map<Recipient, Fate> distribute(Parcel parcel, List<Recipient> to, Mode mode) {
        Plan plan = new Plan(parcel, mode);
        for (Recipient recipient : to) {
            plan.add(recipient);
        }
        return plan.carryOut();
    }

    /// Copies that leave together: same sender, same Delivered-To.
    private record Group(ReversePath sender, String deliveredTo, String through) {
        Group(ReversePath sender, String deliveredTo) {
            this(sender, deliveredTo, "");
        }
    }

    /// One copy for a mailbox, and who counts on it.
    private record Copy(Deposit deposit, List<Claim> claims) {}

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
            boolean works = targets.stream().anyMatch(Plan::works);
            fates.put(recipient, works || targets.isEmpty() ? new Fate.Delivered() : worst(targets));
            if (targets.isEmpty()) {
                parcel.trace().warn(parcel.id().toString(), "to", "<" + recipient.address() + ">", "members", 0);
            }
            for (Target target : targets) {
                switch (target) {
                    case Target.Mailbox mailbox -> deposit(recipient, mailbox);
                    case Target.Away away -> away(recipient, away);
                    case Target.Discarded discarded -> discard(recipient, discarded);
                    case Target.Special special -> special(recipient, special, works);
                    case Target.Failed failed -> trouble(recipient, failed.address(), failed.sender(), works);
                    case Target.Later later -> trouble(recipient, later.address(), later.sender(), works);
                }
            }
        }

        private static boolean works(Target target) {
            return switch (target) {
                case Target.Mailbox _, Target.Away _, Target.Discarded _ -> true;
                case Target.Special special -> special.allowed();
                case Target.Failed _, Target.Later _ -> false;
            };
        }

        /// Where no target works: what may work later is tried again.
        private static Fate worst(List<Target> targets) {
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
                    case Target.Mailbox _, Target.Away _, Target.Discarded _ -> {}
                }
            }
            return fate;
        }

        private void again(Recipient recipient) {
            again.add(recipient);
            fates.put(recipient, new Fate.Queued());
        }

        private void deposit(Recipient recipient, Target.Mailbox mailbox) {
            Copy copy = copies.get(mailbox.account().id().number());
            if (copy == null) {
                Placement.Place place = parcel.placement().of(mailbox.account().id());
                Octets prefix =
                        Octets.join(Octets.of(top(recipient, mailbox.sender()) + place.fields()), parcel.prefix());
                Deposit deposit = new Deposit(
                        mailbox.account().id(),
                        place.mailbox(),
                        place.create(),
                        new NewMessage(prefix, parcel.body(), Flags.NONE, parcel.arrived()),
                        mode == Mode.RETRY ? parcel.id().toString() : "");
                copy = new Copy(deposit, new ArrayList<>());
                copies.put(mailbox.account().id().number(), copy);
            }
            copy.claims.add(new Claim(recipient, mailbox));
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
            List<QueuedMessage> queued = new ArrayList<>();
            if (!again.isEmpty()) {
                queued.add(message(parcel.id(), again));
            }
            groups.forEach((group, members) -> queued.add(forwarded(group, members)));
            List<Batch> rows = new ArrayList<>();
            for (QueuedMessage message : queued) {
                rows.addAll(queue.rows(message));
            }
            if (copies.isEmpty() && rows.isEmpty()) {
                return fates;
            }
            rows.addAll(parcel.alongside());
            List<Deposit> deposits =
                    copies.values().stream().map(copy -> once(copy.deposit)).toList();
            List<Deposited> results = mailboxes.deliver(deposits, rows);
            queued.forEach(queue::entered);
            settle(results);
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
            boolean somethingWorks = !copies.isEmpty() || !groups.isEmpty() || !again.isEmpty();
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
        private void settle(List<Deposited> results) {
            Map<Claim, Reply> refused = new LinkedHashMap<>();
            int i = 0;
            for (Copy copy : copies.values()) {
                Deposited result = results.get(i++);
                for (Claim claim : copy.claims) {
                    switch (result) {
                        case Deposited.Stored _, Deposited.AlreadyThere _ -> {
                            served.add(claim.recipient);
                            logSent(claim);
                        }
                        case Deposited.OverQuota _ -> refused.put(claim, OVER_QUOTA);
                        case Deposited.NoSuchAccount _ ->
                            refused.put(claim, Recipients.unknownUser(claim.mailbox.address()));
                    }
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

        private void logSent(Claim claim) {
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
                            "sent (delivered to mailbox)");
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
