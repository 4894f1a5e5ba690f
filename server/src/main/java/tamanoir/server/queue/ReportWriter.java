package tamanoir.server.queue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dsn.DeliveryReport;
import tamanoir.mail.dsn.DeliveryReport.Action;
import tamanoir.mail.dsn.DeliveryReport.Diagnostic;
import tamanoir.mail.dsn.Notification;
import tamanoir.mail.dsn.Notification.Audience;
import tamanoir.mail.dsn.Notification.Returned;
import tamanoir.mail.dsn.OneLine;
import tamanoir.mail.dsn.TypedAddress;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.queue.QueueSettings.NotifyClass;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Turns the outcomes of one turn into reports: at most one to the sender, and the copies that the postmaster asked
/// for.
///
/// A report has the null sender and asks for none itself (RFC 3464 §2, RFC 5321 §4.5.5). Mail with the null sender gets
/// no report: at most the postmaster is told, by a notice from `double-bounce`, and what happens to that is told to
/// nobody.
final class ReportWriter {
    /// Octets of header returned at most.
    private static final int LONGEST_HEADER = 100 * 1024;

    private final Blobs blobs;
    private final InstantSource clock;

    ReportWriter(Blobs blobs, InstantSource clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    /// `kind` is for the log.
    record Written(String kind, String to, Envelope envelope, Octets message) {}

    /// `ended` are recipients whose fate is known, `delayed` those of whom the sender is to hear that they wait.
    List<Written> write(
            QueueSettings settings, Entry entry, List<Owed> ended, List<Owed> delayed, Supplier<Body> body) {
        List<Owed> failures = ended.stream().filter(ReportWriter::isFailure).toList();
        List<Written> reports = new ArrayList<>();
        switch (entry.envelope().sender()) {
            case ReversePath.Null none -> {
                if (!failures.isEmpty()) {
                    if (settings.notifyClasses().contains(NotifyClass.DOUBLE_BOUNCE)) {
                        reports.add(notice(settings, entry, settings.doubleBounceNoticeRecipient(), failures, body));
                    } else {
                        dropped(entry, "a report about a report is not made");
                    }
                }
            }
            case ReversePath.Sender sender -> {
                if (isOwnNotice(settings, sender.address())) {
                    if (!failures.isEmpty()) {
                        dropped(entry, "a notice to the postmaster could not be delivered");
                    }
                } else {
                    List<Owed> told = new ArrayList<>();
                    ended.stream().filter(o -> isWanted(settings, entry, o)).forEach(told::add);
                    delayed.stream().filter(o -> wants(o, Notify.DELAY)).forEach(told::add);
                    if (!told.isEmpty()) {
                        reports.add(toSender(settings, entry, sender.address(), told, body));
                    }
                    if (!failures.isEmpty() && settings.notifyClasses().contains(NotifyClass.BOUNCE)) {
                        reports.add(notice(settings, entry, settings.bounceNoticeRecipient(), failures, body));
                    }
                    if (!delayed.isEmpty() && settings.notifyClasses().contains(NotifyClass.DELAY)) {
                        reports.add(notice(settings, entry, settings.delayNoticeRecipient(), delayed, body));
                    }
                }
            }
        }
        return reports;
    }

    private static void dropped(Entry entry, String why) {
        new Trace("queue", entry.id().toString()).warn("double-bounce", "action", "dropped", "reason", why);
    }

    private static boolean isFailure(Owed one) {
        return switch (one.state()) {
            case FAILED, EXPIRED -> true;
            case PENDING, DELIVERED, RELAYED -> false;
        };
    }

    private static boolean isWanted(QueueSettings settings, Entry entry, Owed one) {
        return isFailure(one) ? wants(one, Notify.FAILURE) : wantsSuccess(settings, entry, one);
    }

    /// Whether the sender is to hear of a delivery: on request, or because it heard of the delay.
    static boolean wantsSuccess(QueueSettings settings, Entry entry, Owed one) {
        return wants(one, Notify.SUCCESS)
                || (settings.confirmDelayCleared() && entry.delayTold() && wants(one, Notify.DELAY));
    }

    /// RFC 3461 §4.1: who says nothing is told of failures and delays.
    private static boolean wants(Owed one, Notify kind) {
        Set<Notify> asked = one.recipient().notifications();
        return asked.isEmpty() ? kind != Notify.SUCCESS : asked.contains(kind);
    }

    private static boolean isOwnNotice(QueueSettings settings, Address sender) {
        return sender.toString().equalsIgnoreCase(settings.doubleBounceSender() + "@" + settings.hostname());
    }

    private Written toSender(
            QueueSettings settings, Entry entry, Address sender, List<Owed> told, Supplier<Body> body) {
        boolean failure = told.stream().anyMatch(ReportWriter::isFailure);
        // RFC 3461 §4.3: without a wish failures bring the message back, everything else its header only.
        boolean whole = failure && entry.envelope().returned() != Return.HEADERS;
        Notification notification = notification(
                settings, entry, Audience.SENDER, sender.toString(), told, returned(settings, entry, whole, body));
        Envelope envelope = envelope(ReversePath.NULL, sender);
        String kind = failure ? "bounce" : told.getFirst().isPending() ? "delay-notice" : "success-notice";
        return new Written(kind, "<" + sender + ">", envelope, notification.toMessage());
    }

    private Written notice(
            QueueSettings settings, Entry entry, String recipient, List<Owed> told, Supplier<Body> body) {
        Address to = address(settings, recipient);
        Notification notification = notification(
                settings, entry, Audience.POSTMASTER, to.toString(), told, returned(settings, entry, false, body));
        Address from = address(settings, settings.doubleBounceSender());
        return new Written(
                "postmaster-notice", "<" + to + ">", envelope(ReversePath.of(from), to), notification.toMessage());
    }

    private static Address address(QueueSettings settings, String text) {
        try {
            return Address.of(text.indexOf('@') >= 0 ? text : text + "@" + settings.hostname());
        } catch (BadSyntax e) {
            return Address.of("postmaster@" + settings.hostname());
        }
    }

    private static Envelope envelope(ReversePath sender, Address recipient) {
        Recipient one = new Recipient(recipient, recipient, Set.of(Notify.NEVER), Optional.empty());
        return new Envelope(
                sender,
                List.of(one),
                recipient.needsSmtpUtf8(),
                BodyType.EIGHT_BIT_MIME,
                Return.UNSPECIFIED,
                Optional.empty(),
                false);
    }

    private Notification notification(
            QueueSettings settings, Entry entry, Audience audience, String to, List<Owed> told, Returned returned) {
        Instant now = clock.instant();
        DeliveryReport report = new DeliveryReport(
                settings.mailName(),
                settings.hostname(),
                entry.envelope().envelopeId().map(OneLine::ofXtext),
                entry.id().toString(),
                switch (entry.envelope().sender()) {
                    case ReversePath.Null none -> Optional.empty();
                    case ReversePath.Sender sender -> Optional.of(TypedAddress.of(sender.address()));
                },
                entry.arrived(),
                told.stream().map(one -> recipient(settings, entry, one)).toList());
        String messageId = now.toEpochMilli() + "." + entry.id() + (audience == Audience.POSTMASTER ? ".p" : "") + "@"
                + settings.hostname();
        return new Notification(
                report, audience, to, messageId, now, settings.zone(), returned, settings.threadedReports());
    }

    private static DeliveryReport.Recipient recipient(QueueSettings settings, Entry entry, Owed one) {
        Recipient recipient = one.recipient();
        Action action = switch (one.state()) {
            case FAILED, EXPIRED -> Action.FAILED;
            case PENDING -> Action.DELAYED;
            case DELIVERED -> Action.DELIVERED;
            case RELAYED -> Action.RELAYED;
        };
        String relay = one.last().map(Owed.Last::relay).orElse(Outcome.NOBODY);
        int bracket = relay.indexOf('[');
        Optional<String> remote = bracket > 0 ? Optional.of(relay.substring(0, bracket)) : Optional.empty();
        return new DeliveryReport.Recipient(
                TypedAddress.of(recipient.address()),
                recipient
                        .originalRecipient()
                        .map(ReportWriter::original)
                        .orElseGet(() -> TypedAddress.of(recipient.original())),
                action,
                status(one),
                remote,
                one.last()
                        .map(last -> new Diagnostic(
                                remote.isPresent() ? "smtp" : "X-" + settings.mailName(),
                                remote.isPresent()
                                        ? last.reply().toString()
                                        : String.join(" ", last.reply().lines()))),
                one.last().map(Owed.Last::at),
                one.isPending() ? Optional.of(entry.arrived().plus(settings.lifetime(false))) : Optional.empty());
    }

    private static TypedAddress original(String orcpt) {
        try {
            return TypedAddress.ofOriginal(orcpt);
        } catch (BadSyntax e) {
            return new TypedAddress("rfc822", OneLine.ofXtext(orcpt));
        }
    }

    private static String status(Owed one) {
        String said = one.last().map(l -> l.reply().status()).orElse("");
        return switch (one.state()) {
            // RFC 3463 §3.5: delivery time expired.
            case EXPIRED -> "4.4.7";
            case FAILED -> said.startsWith("5.") ? said : "5.0.0";
            case PENDING -> said.startsWith("4.") ? said : "4.0.0";
            case DELIVERED, RELAYED -> said.startsWith("2.") ? said : "2.0.0";
        };
    }

    /// The message, or its header where it is too large, where the sender wants no more, or where its body cannot be
    /// read: a report with less is better than none.
    private Returned returned(QueueSettings settings, Entry entry, boolean whole, Supplier<Body> body) {
        Octets header = entry.prefix();
        try {
            Body octets = body.get();
            if (whole && entry.size() <= settings.bounceSizeLimit()) {
                return new Returned(Octets.join(entry.prefix(), octets.load(blobs)), false);
            }
            try (InputStream stream = octets.stream(blobs)) {
                header = Octets.join(entry.prefix(), Octets.of(stream.readNBytes(LONGEST_HEADER)));
            }
        } catch (Unavailable | IOException e) {
            new Trace("queue", entry.id().toString())
                    .warn("report-without-body", "reason", e.getMessage() == null ? "unknown" : e.getMessage());
        }
        return new Returned(header.slice(0, Notification.headerEnd(header)), true);
    }
}
