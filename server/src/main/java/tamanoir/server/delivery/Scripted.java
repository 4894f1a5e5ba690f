package tamanoir.server.delivery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.sieve.Mailing;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Signer;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail.Quota;
import tamanoir.server.mailbox.Deposit;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.sieve.Occasion;
import tamanoir.server.sieve.Sieve;
import tamanoir.server.sieve.Sorted;
import tamanoir.server.sieve.Sorted.Filed;
import tamanoir.server.sieve.Sorted.Forward;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// What the scripts of an account make of a message, as deposits and messages for the queue. Immutable; used by many
/// threads.
final class Scripted {
    private static final int LONGEST_REFUSAL = 1_000;

    private final Sieve sieve;
    private final Recipients recipients;
    private final Mailboxes mailboxes;
    private final Queue queue;
    private final Signer signer;

    Scripted(Sieve sieve, Recipients recipients, Mailboxes mailboxes, Queue queue, Signer signer) {
        this.sieve = sieve;
        this.recipients = recipients;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.signer = signer;
    }

    /// One account's share of a message. `top` is what final delivery puts above `prefix`; `seal` makes the fields of a
    /// seal for a message by the domain that it came to.
    record Question(
            Parcel parcel,
            Recipient recipient,
            Target.Mailbox mailbox,
            Placement.Place place,
            String top,
            Octets prefix,
            boolean again,
            Seal seal) {}

    @FunctionalInterface
    interface Seal {
        Octets fields(Address original, Octets prefix, Body body);
    }

    /// Ready for the durable step. `written` are messages that scripts made. When there is a refusal, there is nothing
    /// else.
    record Result(
            List<Deposit> deposits,
            List<Deposit> written,
            List<QueuedMessage> leaving,
            Optional<Reply> refusal,
            Sorted sorted) {}

    /// Empty when the account has no scripts.
    Optional<Result> sort(Question question) {
        Parcel parcel = question.parcel;
        return sieve.sort(
                        question.mailbox.account().id(),
                        parcel.body().size() + question.prefix.length(),
                        () -> occasion(question))
                .map(sorted -> {
                    try {
                        return new Work(question, sorted).result();
                    } catch (RuntimeException e) {
                        sorted.close();
                        throw e;
                    }
                });
    }

    private Occasion occasion(Question question) {
        Parcel parcel = question.parcel;
        Placement.Place place = question.place;
        Octets message = Octets.join(question.prefix, parcel.body().load(mailboxes.blobs()));
        return new Occasion(
                parcel.trace(),
                parcel.id().toString(),
                question.again,
                question.mailbox.account(),
                sent(parcel.envelope(), question.recipient),
                message,
                place.isJunk() ? Optional.of(place.mailbox()) : Optional.empty(),
                place.junk());
    }

    /// Scripts see the address that the sender used (RFC 5228 §5.4).
    private static Sent sent(Envelope envelope, Recipient recipient) {
        Map<String, String> parameters = new HashMap<>();
        if (!recipient.notifications().isEmpty()) {
            parameters.put(
                    "notify",
                    recipient.notifications().stream()
                            .map(Notify::name)
                            .sorted()
                            .collect(Collectors.joining(",")));
        }
        recipient.originalRecipient().ifPresent(orcpt -> parameters.put("orcpt", orcpt));
        envelope.envelopeId().ifPresent(id -> parameters.put("envid", id));
        switch (envelope.returned()) {
            case FULL -> parameters.put("ret", "FULL");
            case HEADERS -> parameters.put("ret", "HDRS");
            case UNSPECIFIED -> {}
        }
        return new Sent(
                envelope.sender().toString(),
                recipient.original().toString(),
                recipient.original().toString(),
                "",
                parameters);
    }

    /// One result on its way into rows.
    private final class Work {
        private final Question question;
        private final Parcel parcel;
        private final Account account;
        private final Sorted sorted;
        private final Blobs blobs = mailboxes.blobs();
        private final Map<Octets, Body> bodies = new HashMap<>();

        Work(Question question, Sorted sorted) {
            this.question = question;
            this.parcel = question.parcel;
            this.account = question.mailbox.account();
            this.sorted = sorted;
        }

        Result result() {
            if (sorted.refusal().isPresent()) {
                return failed(Reply.of(550, "5.7.1", oneLine(sorted.refusal().get())));
            }
            List<Deposit> deposits = sorted.filed().stream().map(this::deposit).toList();
            if (isOverQuota(deposits)) {
                // Before anything leaves: what could not be kept has no effects either.
                return failed(Distribution.OVER_QUOTA);
            }
            List<Deposit> written = new ArrayList<>();
            int number = 0;
            for (Filed filed : sorted.written()) {
                written.add(written(filed, ++number));
            }
            List<QueuedMessage> leaving = new ArrayList<>();
            sorted.forwards().forEach(forward -> forwarded(forward).ifPresent(leaving::add));
            sorted.mailings().forEach(mailing -> mailed(mailing).ifPresent(leaving::add));
            return new Result(deposits, written, leaving, Optional.empty(), sorted);
        }

        private Result failed(Reply reply) {
            return new Result(List.of(), List.of(), List.of(), Optional.of(reply), sorted);
        }

        private boolean isOverQuota(List<Deposit> deposits) {
            Quota quota = mailboxes.open(account.id()).quota();
            long more = deposits.stream()
                    .mapToLong(deposit -> deposit.message().prefix().length()
                            + deposit.message().body().size())
                    .sum();
            return quota.limitOctets() > 0 && more > 0 && quota.usedOctets() + more > quota.limitOctets();
        }

        private Deposit deposit(Filed filed) {
            Octets top = Octets.of(question.top);
            NewMessage message = filed.message().isPresent()
                    ? new NewMessage(top, body(filed.message().get()), flags(filed.flags()), parcel.arrived())
                    : new NewMessage(
                            Octets.join(top, question.prefix), parcel.body(), flags(filed.flags()), parcel.arrived());
            return new Deposit(account.id(), filed.mailbox(), filed.create(), message, name(filed.mailbox()));
        }

        /// The same acceptance puts one copy into one mailbox, however often it is tried. INBOX has the plain name, as
        /// without scripts.
        private String name(String mailbox) {
            return mailbox.equalsIgnoreCase("INBOX")
                    ? parcel.id().toString()
                    : parcel.id() + " " + mailbox.toLowerCase(Locale.ROOT);
        }

        private Deposit written(Filed filed, int number) {
            NewMessage message = new NewMessage(
                    Octets.EMPTY, body(filed.message().orElseThrow()), flags(filed.flags()), parcel.arrived());
            return new Deposit(
                    account.id(), filed.mailbox(), filed.create(), message, parcel.id() + " written " + number);
        }

        private static Flags flags(List<String> names) {
            return Flags.of(names.stream()
                    .filter(name -> name.length() <= 100)
                    .limit(64)
                    .toList());
        }

        /// What is too long for a row becomes a blob.
        private Body body(Octets message) {
            return bodies.computeIfAbsent(message, octets -> {
                if (octets.length() <= Body.SMALL) {
                    return new Body.Small(octets);
                }
                try (Blobs.Spool spool = blobs.spool()) {
                    spool.write(octets.array(), octets.arrayOffset(), octets.length());
                    return new Body.Large(spool.keep(), octets.length());
                } catch (IOException e) {
                    throw new Unavailable("the message cannot be stored now", e.toString(), e);
                }
            });
        }

        // ---- what leaves ---------------------------------------------------------------------------------------

        private Optional<QueuedMessage> forwarded(Forward forward) {
            Set<Notify> notify = notify(forward.notifyWhen(), question.recipient.notifications());
            List<Recipient> to = recipients(List.of(forward.address()), notify);
            if (to.isEmpty()) {
                return Optional.empty();
            }
            StringBuilder fields = new StringBuilder();
            fields.append(Sieve.REDIRECTED)
                    .append(": ")
                    .append(account.address())
                    .append("\r\n");
            forward.through()
                    .forEach(one -> fields.append(Sieve.REDIRECTED)
                            .append(": ")
                            .append(one)
                            .append("\r\n"));
            Octets trace = Octets.of(fields.toString());
            Octets prefix = forward.message().isPresent() ? Octets.EMPTY : parcel.prefix();
            Body body = forward.message().map(this::body).orElse(parcel.body());
            Octets above = Octets.join(trace, prefix);
            Octets seal = question.seal.fields(question.recipient.original(), above, body);
            Envelope envelope = parcel.envelope()
                    .withSender(recipients.forwarding(question.mailbox.sender()))
                    .withRecipients(to);
            return Optional.of(new QueuedMessage(
                    queue.newId(), parcel.arrived(), envelope, Octets.join(seal, above), body, false, ""));
        }

        private Optional<QueuedMessage> mailed(Mailing mailing) {
            // Nobody is told what became of an answer that a machine has written.
            List<Recipient> to = recipients(mailing.to(), Set.of(Notify.NEVER));
            if (to.isEmpty()) {
                return Optional.empty();
            }
            Body body = body(mailing.message());
            ReversePath sender = address(mailing.from()).map(ReversePath::of).orElse(ReversePath.NULL);
            return Optional.of(new QueuedMessage(
                    queue.newId(),
                    parcel.arrived(),
                    Envelope.of(sender, to),
                    Octets.of(signer.fields(Octets.EMPTY, body, blobs)),
                    body,
                    false,
                    ""));
        }

        private List<Recipient> recipients(List<String> addresses, Set<Notify> notify) {
            Set<Address> all = new HashSet<>();
            addresses.forEach(text -> address(text).ifPresent(one -> all.addAll(recipients.mapped(one))));
            return all.stream()
                    .map(one -> new Recipient(one, one, notify, Optional.empty()))
                    .toList();
        }

        private Optional<Address> address(String text) {
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Address.of(text));
            } catch (BadSyntax e) {
                parcel.trace().warn("sieve", "id", parcel.id(), "address", text, "status", "is none");
                return Optional.empty();
            }
        }

        private static Set<Notify> notify(String words, Set<Notify> otherwise) {
            if (words.isEmpty()) {
                return otherwise;
            }
            Set<Notify> all = EnumSet.noneOf(Notify.class);
            for (Notify one : Notify.values()) {
                for (String word : words.split("[, ]+")) {
                    if (one.name().equalsIgnoreCase(word)) {
                        all.add(one);
                    }
                }
            }
            return all;
        }

        private static String oneLine(String reason) {
            String line = reason.strip().replaceAll("[\\r\\n\\t ]+", " ").replaceAll("[^ -~]", "?");
            return line.length() <= LONGEST_REFUSAL ? line : line.substring(0, LONGEST_REFUSAL);
        }
    }
}
