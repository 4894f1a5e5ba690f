package tamanoir.server.intake;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Evidence.Span;
import tamanoir.server.authresults.Signer;
import tamanoir.server.delivery.DeliveredTo;
import tamanoir.server.delivery.Distribution;
import tamanoir.server.delivery.Distribution.Fate;
import tamanoir.server.delivery.Distribution.Mode;
import tamanoir.server.delivery.Mapping;
import tamanoir.server.delivery.Parcel;
import tamanoir.server.delivery.Placement;
import tamanoir.server.delivery.VirtualAliases;
import tamanoir.server.filter.Findings;
import tamanoir.server.filter.Inspector;
import tamanoir.server.filter.Subject;
import tamanoir.server.filter.draft.Edit;
import tamanoir.server.filter.junk.Judgement;
import tamanoir.server.filter.junk.JunkFilter;
import tamanoir.server.intake.Incoming.Handling;
import tamanoir.server.intake.Incoming.Origin;
import tamanoir.server.intake.Rewriting.Place;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Takes responsibility for messages: when [#accept] answers `Accepted`, every copy is durable (RFC 5321
/// §6.1).
///
/// The order is Postfix's: header and body checks, completion and canonical mapping of the envelope, blind
/// copies, virtual aliases; then the copies are put into mailboxes and queue in one commit. The octets of a
/// body are never touched but by a check that says so; fields that are added go into the prefix, fields
/// that change are the only thing that makes a new body. Immutable; used by many threads.
public final class Intake {
    /// A header longer than this is an attack, not a header.
    private static final int LONGEST_HEADER = 1 << 20;

    private static final Set<String> SENDER_FIELDS = Set.of(
            "from",
            "sender",
            "reply-to",
            "return-receipt-to",
            "errors-to",
            "disposition-notification-to",
            "mail-followup-to",
            "mail-reply-to",
            "resent-from",
            "resent-sender",
            "resent-reply-to");
    private static final Set<String> RECIPIENT_FIELDS =
            Set.of("to", "cc", "bcc", "apparently-to", "resent-to", "resent-cc", "resent-bcc");

    /// Whether a field, named in lower case, holds addresses that rewriting may change.
    static boolean holdsAddresses(String field) {
        return SENDER_FIELDS.contains(field) || RECIPIENT_FIELDS.contains(field);
    }

    private final IntakeSettings settings;
    private final Rewriting rewriting;
    private final VirtualAliases virtual;
    private final Inspector inspector;
    private final JunkFilter junk;
    private final Signer signer;
    private final Distribution distribution;
    private final Mailboxes mailboxes;
    private final Queue queue;
    private final Blobs blobs;
    private final InstantSource clock;

    public Intake(
            IntakeSettings settings,
            Rewriting rewriting,
            VirtualAliases virtual,
            Inspector inspector,
            JunkFilter junk,
            Signer signer,
            Distribution distribution,
            Mailboxes mailboxes,
            Queue queue,
            Blobs blobs,
            InstantSource clock) {
        this.settings = settings;
        this.rewriting = rewriting;
        this.virtual = virtual;
        this.inspector = inspector;
        this.junk = junk;
        this.signer = signer;
        this.distribution = distribution;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// Takes a message or says why not.
    ///
    /// @throws Unavailable when a table or the store cannot be asked now: nothing was kept
    public Receipt accept(Incoming given) {
        Incoming incoming = given.withBody(inspector.cleaned(given.body()));
        Octets head = head(incoming.body());
        HeaderFields header = HeaderFields.of(head);
        Header seen = Header.of(header);
        if (head.length() >= LONGEST_HEADER && header.size() > 0 && lastEnd(header) >= LONGEST_HEADER - 1024) {
            return refuse(incoming, Reply.of(552, "5.3.4", "Error: message header is too large"));
        }
        if (seen.hops >= settings.hopLimit()) {
            return refuse(incoming, Reply.of(554, "5.4.0", "Error: too many hops")); // RFC 5321 §6.3
        }
        Findings findings = inspect(incoming);
        return switch (findings) {
            case Findings.Reject reject -> new Receipt.Refused(reject.reply());
            case Findings.Discard _ -> new Receipt.Accepted(Map.of());
            case Findings.Go go -> filter(incoming, header, seen, go);
        };
    }

    /// Milters and scanners see the message complete, as it will be kept: a signature covers what was added.
    private Receipt filter(Incoming incoming, HeaderFields header, Header seen, Findings.Go checked) {
        Instant now = clock.instant();
        Message message = message(incoming, header, seen, checked, now);
        if (incoming.origin() == Origin.INTERNAL) {
            return take(incoming, seen, message, checked, now);
        }
        Findings findings = inspector.filters(new Subject(
                incoming.trace(),
                incoming.id(),
                incoming.envelope(),
                message.prefix,
                message.own,
                message.body,
                incoming.about()));
        return switch (findings) {
            case Findings.Reject reject -> new Receipt.Refused(reject.reply());
            case Findings.Discard _ -> new Receipt.Accepted(Map.of());
            case Findings.Go go -> take(incoming, seen, edited(message, go), checked.and(go), now);
        };
    }

    private static Receipt refuse(Incoming incoming, Reply reply) {
        incoming.trace().info("reject", "id", incoming.id(), "reply", reply);
        return new Receipt.Refused(reply);
    }

    private Receipt take(Incoming incoming, Header seen, Message unsigned, Findings.Go go, Instant now) {
        Message message = signed(incoming, unsigned);
        Envelope given = go.changes().applied(incoming.envelope());
        if (given.recipients().isEmpty() && !incoming.envelope().recipients().isEmpty()) {
            incoming.trace().info("discard", "id", incoming.id(), "reason", "a filter took all recipients away");
            return new Receipt.Accepted(Map.of());
        }
        Handling handling = incoming.handling();
        Optional<Address> redirect = go.redirect().or(handling::redirect);
        ReversePath sender = redirect.isPresent() ? given.sender() : rewriting.apply(given.sender());
        Map<Recipient, List<Recipient>> resolved = resolve(incoming, given.recipients(), sender, redirect, go.copies());
        Set<Recipient> all = new LinkedHashSet<>();
        resolved.values().forEach(all::addAll);
        List<Recipient> recipients = List.copyOf(all);
        Envelope envelope = given.withSender(sender).withRecipients(recipients);
        incoming.trace()
                .info(
                        incoming.id().toString(),
                        "from",
                        "<" + sender + ">",
                        "size",
                        message.prefix.length() + message.body.size(),
                        "nrcpt",
                        recipients.size(),
                        "message-id",
                        seen.messageId);
        String hold = go.hold().orElse(handling.hold());
        String through = redirect.isPresent() ? "" : through(incoming, go);
        if (!hold.isEmpty()
                || !through.isEmpty()
                || handling.release().filter(now::isBefore).isPresent()) {
            return kept(incoming, envelope, message, hold, through, now);
        }
        Placement placement = Placement.INBOX;
        if (junk.isOn() && isStrange(incoming)) {
            JunkFilter.Case judged = junk.open(subject(incoming), go.spam());
            Optional<Reply> refusal = judged.refusal();
            if (refusal.isPresent()) {
                return refuse(incoming, refusal.get());
            }
            placement = judged;
        }
        Parcel parcel = new Parcel(
                incoming.trace(),
                incoming.id(),
                now,
                envelope,
                message.prefix,
                message.body,
                seen.deliveredTo,
                handling.owner(),
                handling.alongside(),
                placement);
        Mode mode = incoming.origin() == Origin.LMTP ? Mode.ANSWER : Mode.ACCEPT;
        return receipt(resolved, distribution.distribute(parcel, recipients, mode), mode);
    }

    /// The content filter of this message: what a check or an access table names, else that of main.cf. What we wrote
    /// ourselves is not filtered (postconf(5), `content_filter`: mail that smtpd and pickup take).
    private String through(Incoming incoming, Findings.Go go) {
        if (incoming.origin() == Origin.INTERNAL) {
            return "";
        }
        String asked = go.through().orElse(incoming.handling().through());
        return asked.isEmpty() ? settings.contentFilter() : asked;
    }

    /// Whole into the queue: an administrator lets it go, or the time that its sender asked for comes.
    private Receipt kept(
            Incoming incoming, Envelope envelope, Message message, String reason, String through, Instant now) {
        Handling handling = incoming.handling();
        QueuedMessage held = new QueuedMessage(
                incoming.id(),
                now,
                envelope,
                message.prefix,
                message.body,
                !reason.isEmpty(),
                reason,
                handling.release(),
                handling.owner(),
                through);
        List<Batch> rows = new ArrayList<>(queue.rows(held));
        rows.addAll(handling.alongside());
        mailboxes.deliver(List.of(), rows);
        queue.entered(held);
        if (reason.isEmpty() && handling.release().isEmpty()) {
            incoming.trace().info(incoming.id().toString(), "status", "queued", "through", through);
        } else if (reason.isEmpty()) {
            incoming.trace()
                    .info(
                            incoming.id().toString(),
                            "status",
                            "waits",
                            "until",
                            handling.release().orElse(now));
        } else {
            incoming.trace().info(incoming.id().toString(), "status", "hold", "reason", reason);
        }
        return new Receipt.Accepted(Map.of());
    }

    private static Receipt receipt(Map<Recipient, List<Recipient>> resolved, Map<Recipient, Fate> fates, Mode mode) {
        Map<Recipient, Reply> replies = new LinkedHashMap<>();
        Optional<Reply> trouble = Optional.empty();
        boolean someone = false;
        for (Map.Entry<Recipient, List<Recipient>> entry : resolved.entrySet()) {
            Reply reply = Reply.of(250, "2.1.5", "<" + entry.getKey().address() + "> delivered");
            boolean works = false;
            for (Recipient one : entry.getValue()) {
                switch (fates.getOrDefault(one, new Fate.Delivered())) {
                    case Fate.Delivered _, Fate.Queued _ -> works = true;
                    case Fate.Failed failed -> reply = failed.reply();
                    case Fate.Later later -> reply = later.reply();
                }
            }
            // For a recipient that became several, one that has its copy decides: the client must not send it again.
            replies.put(
                    entry.getKey(),
                    works && !reply.isPositive()
                            ? Reply.of(250, "2.1.5", "<" + entry.getKey().address() + "> delivered")
                            : reply);
            someone |= works;
            if (!works) {
                trouble = trouble.filter(Reply::isTransient).or(() -> Optional.of(replies.get(entry.getKey())));
            }
        }
        return mode == Mode.ACCEPT && !someone && trouble.isPresent()
                ? new Receipt.Refused(trouble.get())
                : new Receipt.Accepted(replies);
    }

    // ---- envelope ------------------------------------------------------------------------------------------------

    /// For each recipient of the client, the recipients it becomes. Copies that we add hang on the first.
    private Map<Recipient, List<Recipient>> resolve(
            Incoming incoming,
            List<Recipient> given,
            ReversePath sender,
            Optional<Address> redirect,
            List<Address> found) {
        Map<Recipient, List<Recipient>> resolved = new LinkedHashMap<>();
        if (redirect.isPresent()) {
            // header_checks(5): REDIRECT skips canonical, blind copies and virtual mapping.
            Recipient to = Recipient.of(redirect.get());
            given.forEach(recipient -> resolved.put(recipient, List.of(to)));
            return resolved;
        }
        Set<Address> copies = copies(incoming, sender, found);
        for (Recipient recipient : given) {
            Address address = rewriting.apply(recipient.address(), Place.ENVELOPE_RECIPIENT);
            if (incoming.origin() != Origin.INTERNAL
                    && !settings.recipientCopies().isEmpty()) {
                settings.recipientCopies()
                        .find(address)
                        .flatMap(m -> rewriting.completion().perhaps(m.text()))
                        .ifPresent(copies::add);
            }
            resolved.put(recipient, virtual(recipient, address));
        }
        if (!copies.isEmpty() && !given.isEmpty()) {
            List<Recipient> more = new ArrayList<>(resolved.get(given.getFirst()));
            for (Address copy : copies) {
                // A blind copy is nobody's business, least of all by way of a report (RFC 3461 §4.1).
                Recipient blind = new Recipient(copy, copy, Set.of(Notify.NEVER), Optional.empty());
                more.addAll(virtual(blind, copy));
            }
            resolved.put(given.getFirst(), more);
        }
        return resolved;
    }

    private Set<Address> copies(Incoming incoming, ReversePath sender, List<Address> found) {
        Set<Address> copies = new LinkedHashSet<>(found);
        copies.addAll(incoming.handling().copies());
        if (incoming.origin() != Origin.INTERNAL) {
            settings.alwaysCopyTo().ifPresent(copies::add);
            if (sender instanceof ReversePath.Sender(Address address)
                    && !settings.senderCopies().isEmpty()) {
                settings.senderCopies()
                        .find(address)
                        .flatMap(m -> rewriting.completion().perhaps(m.text()))
                        .ifPresent(copies::add);
            }
        }
        return copies;
    }

    /// What a recipient becomes on the way in: canonical, then virtual aliases; itself where no map knows it.
    ///
    /// @throws Unavailable when a table cannot tell
    public List<Address> mapped(Address recipient) {
        Address address = rewriting.apply(recipient, Place.ENVELOPE_RECIPIENT);
        return virtual(Recipient.of(address), address).stream()
                .map(Recipient::address)
                .toList();
    }

    private List<Recipient> virtual(Recipient recipient, Address address) {
        try {
            List<Address> mapped = virtual.all(address);
            return mapped.isEmpty()
                    ? List.of(recipient.withAddress(address))
                    : mapped.stream().map(recipient::withAddress).toList();
        } catch (Mapping.TooLarge e) {
            throw new Unavailable("virtual alias expansion is unreasonable", "no end to virtual aliases of " + address);
        }
    }

    // ---- header and body -----------------------------------------------------------------------------------------

    /// The first `own` octets of `prefix` are what the door put on top.
    private record Message(Octets prefix, int own, Body body) {}

    /// What one pass over the fields tells.
    private record Header(int hops, Set<String> deliveredTo, Set<String> names, String messageId, boolean resent) {
        static Header of(HeaderFields fields) {
            int hops = 0;
            Set<String> deliveredTo = Set.of();
            Set<String> names = new HashSet<>();
            String messageId = "";
            boolean resent = false;
            for (HeaderField field : fields) {
                String name = field.name().toLowerCase(Locale.ROOT);
                names.add(name);
                switch (name) {
                    case "received" -> hops++;
                    case "delivered-to" -> {
                        if (deliveredTo.isEmpty()) {
                            deliveredTo = new HashSet<>();
                        }
                        deliveredTo.add(DeliveredTo.folded(field.value()));
                    }
                    case "message-id" -> messageId = messageId.isEmpty() ? field.value() : messageId;
                    default -> resent |= name.startsWith("resent-");
                }
            }
            return new Header(hops, deliveredTo, names, messageId, resent);
        }
    }

    private Octets head(Body body) {
        return switch (body) {
            case Body.Small small -> small.octets();
            case Body.Large large -> {
                try (InputStream stream = large.stream(blobs)) {
                    yield Octets.of(stream.readNBytes((int) Math.min(large.size(), LONGEST_HEADER)));
                } catch (IOException e) {
                    throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
                }
            }
        };
    }

    private static int lastEnd(HeaderFields header) {
        HeaderField last = header.get(header.size() - 1);
        return last.start() + last.octets().length();
    }

    private Findings inspect(Incoming incoming) {
        return incoming.origin() == Origin.INTERNAL ? Findings.NOTHING : inspector.checks(subject(incoming));
    }

    private static Subject subject(Incoming incoming) {
        return new Subject(
                incoming.trace(),
                incoming.id(),
                incoming.envelope(),
                incoming.received(),
                incoming.received().length(),
                incoming.body(),
                incoming.about());
    }

    /// Whether the junk filter judges it. What a content filter gave back has its verdict: the fields that it set
    /// stay, and our own users' mail, which came by it too, is not taken for a stranger's.
    private static boolean isStrange(Incoming incoming) {
        return switch (incoming.origin()) {
            case REMOTE, LMTP -> !incoming.about().peer().authenticated();
            case SUBMITTED, WEB, LOCAL, INTERNAL, REINJECTED -> false;
        };
    }

    private Message message(Incoming incoming, HeaderFields header, Header seen, Findings.Go go, Instant now) {
        Octets received = incoming.received();
        List<Edit> top = new ArrayList<>();
        List<Edit> edits = new ArrayList<>();
        for (Edit edit : go.edits()) {
            if (edit.from() < received.length()) {
                top.add(edit);
            } else {
                edits.add(new Edit(edit.from() - received.length(), edit.to() - received.length(), edit.instead()));
            }
        }
        boolean ours = incoming.origin().isOurs();
        for (Span forged : incoming.about().evidence().forged()) {
            // Whatever a check made of such a field, it goes.
            edits.removeIf(edit -> edit.from() < forged.to() && forged.from() < edit.to());
            edits.add(new Edit(forged.from(), forged.to(), Octets.EMPTY));
        }
        headerEdits(incoming.origin(), ours, header, edits);
        edits.sort(Comparator.comparingLong(Edit::from).thenComparingLong(Edit::to));
        Body body = EditedBody.of(incoming.body(), edits, blobs);
        String added = ours || settings.completeStrangers() ? missing(incoming, seen, now) : "";
        Octets above =
                top.isEmpty() ? received : ((Body.Small) EditedBody.of(new Body.Small(received), top, blobs)).octets();
        // A message without any field begins with its text: an empty line keeps it out of our fields.
        String gap = header.size() == 0 && !startsEmpty(incoming.body()) ? "\r\n" : "";
        Octets prefix = added.isEmpty() && gap.isEmpty() ? above : Octets.join(above, Octets.of(added + gap));
        return new Message(prefix, above.length(), body);
    }

    /// The message with what filters changed. Fields that go between prefix and body are put into the prefix: that
    /// leaves a large body where it is.
    private Message edited(Message message, Findings.Go go) {
        int above = message.prefix.length();
        List<Edit> top = new ArrayList<>();
        List<Edit> below = new ArrayList<>();
        for (Edit edit : go.edits()) {
            if (edit.to() <= above) {
                top.add(edit);
            } else {
                below.add(new Edit(edit.from() - above, edit.to() - above, edit.instead()));
            }
        }
        Octets prefix = top.isEmpty()
                ? message.prefix
                : EditedBody.of(new Body.Small(message.prefix), top, blobs).load(blobs);
        Body body = go.changes()
                .text()
                .map(text -> EditedBody.withText(
                        message.body, below, Math.max(0, go.changes().textStart() - above), text, blobs))
                .orElseGet(() -> EditedBody.of(message.body, below, blobs));
        return new Message(prefix, message.own, body);
    }

    /// What our own people and this server write is signed in the form in which it will leave; what strangers bring
    /// never.
    private Message signed(Incoming incoming, Message message) {
        boolean ours = switch (incoming.origin()) {
            case SUBMITTED, WEB, LOCAL, INTERNAL -> true;
            case REMOTE -> signer.trusts(incoming.about().peer().address());
            case LMTP, REINJECTED -> false;
        };
        String fields = ours ? signer.fields(message.prefix, message.body, blobs) : "";
        return fields.isEmpty()
                ? message
                : new Message(
                        Octets.join(Octets.of(fields), message.prefix), message.own + fields.length(), message.body);
    }

    private boolean startsEmpty(Body body) {
        Octets head = head(body);
        return head.length() > 0
                && (head.at(0) == '\n' || (head.length() > 1 && head.at(0) == '\r' && head.at(1) == '\n'));
    }

    /// Fields that go, and addresses that become others; where a check has replaced a field already, that
    /// stands.
    private void headerEdits(Origin origin, boolean ours, HeaderFields header, List<Edit> edits) {
        Optional<Rewriting> rewrites = switch (origin) {
            case LOCAL, INTERNAL -> Optional.of(rewriting);
            case REMOTE, SUBMITTED, WEB, LMTP ->
                settings.completeStrangersAddresses().map(rewriting::completedBy);
            case REINJECTED -> Optional.empty();
        };
        boolean drops =
                (ours || settings.dropFromStrangers()) && !settings.dropped().isEmpty();
        boolean web = origin == Origin.WEB;
        // Who reads them must be able to trust them, whoever sends.
        boolean marks = junk.isOn() && origin != Origin.INTERNAL;
        if (rewrites.isEmpty() && !drops && !web && !marks) {
            return;
        }
        Set<Long> taken = new HashSet<>();
        edits.forEach(edit -> taken.add(edit.from()));
        for (HeaderField field : header) {
            String name = field.name().toLowerCase(Locale.ROOT);
            long from = field.start();
            long to = from + field.octets().length();
            if (taken.contains(from)) {
                continue;
            }
            boolean blind = web && (name.equals("bcc") || name.equals("resent-bcc"));
            if (blind
                    || (marks && Judgement.isField(name))
                    || (drops && settings.dropped().contains(name))) {
                edits.add(new Edit(from, to, Octets.EMPTY));
            } else if (rewrites.isPresent() && holdsAddresses(name)) {
                Rewriting how = rewrites.get();
                Place place = SENDER_FIELDS.contains(name) ? Place.HEADER_SENDER : Place.HEADER_RECIPIENT;
                Octets changed =
                        AddressField.rewrite(field.octets(), how.completion(), address -> how.apply(address, place));
                if (!changed.equals(field.octets())) {
                    edits.add(new Edit(from, to, changed));
                }
            }
        }
    }

    /// Date, From and Message-ID where they are missing; the Resent- ones in a message that was sent again
    /// (RFC 5322 §3.6, §3.6.6; cleanup(8)).
    private String missing(Incoming incoming, Header seen, Instant now) {
        String again = seen.resent ? "Resent-" : "";
        String low = again.toLowerCase(Locale.ROOT);
        StringBuilder added = new StringBuilder();
        if (!seen.names.contains(low + "message-id")) {
            String stamp = java.time.format.DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT)
                    .format(now.atZone(java.time.ZoneOffset.UTC));
            added.append(again)
                    .append("Message-ID: <")
                    .append(stamp)
                    .append('.')
                    .append(incoming.id());
            added.append('@').append(settings.hostname()).append(">\r\n");
        }
        if (!seen.names.contains(low + "date")) {
            added.append(again).append("Date: ");
            added.append(DateTimes.format(now.atZone(settings.zone()).toOffsetDateTime()))
                    .append("\r\n");
        }
        if (!seen.names.contains(low + "from")) {
            added.append(again).append("From: ");
            switch (rewriting.apply(incoming.envelope().sender())) {
                case ReversePath.Null _ ->
                    added.append("MAILER-DAEMON@")
                            .append(rewriting.completion().origin())
                            .append(" (Mail Delivery System)");
                case ReversePath.Sender sender -> added.append(sender.address());
            }
            added.append("\r\n");
        }
        if (!settings.undisclosedRecipients().isEmpty()
                && !seen.names.contains("to")
                && !seen.names.contains("cc")
                && !seen.names.contains("bcc")) {
            added.append(settings.undisclosedRecipients()).append("\r\n");
        }
        return added.toString();
    }
}
