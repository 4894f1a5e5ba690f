package tamanoir.server.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.delivery.Distribution.Fate;
import tamanoir.server.delivery.Distribution.Mode;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Blobs;

/// Delivers mail of the queue to our own recipients. Immutable.
public final class LocalDeliverer implements Deliverer {
    private static final String RELAY = "local";

    private final Distribution distribution;
    private final Blobs blobs;
    private final Function<QueuedMessage, Placement> placements;
    private final SpecialDelivery special;

    public LocalDeliverer(
            Distribution distribution,
            Blobs blobs,
            Function<QueuedMessage, Placement> placements,
            SpecialDelivery special) {
        this.special = special;
        this.distribution = distribution;
        this.blobs = blobs;
        this.placements = placements;
    }

    @Override
    public Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients) {
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        if (SpecialDelivery.isOne(message)) {
            recipients.forEach(r -> outcomes.put(r, toSpecial(message, r)));
            return outcomes;
        }
        Trace trace = new Trace("local", message.id().toString());
        Map<Recipient, Fate> fates;
        try {
            Parcel parcel = new Parcel(
                    trace,
                    message.id(),
                    message.arrived(),
                    message.envelope(),
                    message.prefix(),
                    message.body(),
                    deliveredTo(message),
                    placements.apply(message));
            fates = distribution.distribute(parcel, recipients, Mode.RETRY);
        } catch (Unavailable e) {
            trace.warn("deferred", "reason", e.detail());
            recipients.forEach(r ->
                    outcomes.put(r, new Outcome.Deferred(RELAY, Reply.of(451, "4.3.0", "mailbox is not available"))));
            return outcomes;
        } catch (RuntimeException bug) {
            trace.bug(bug);
            recipients.forEach(
                    r -> outcomes.put(r, new Outcome.Deferred(RELAY, Reply.of(451, "4.3.0", "internal error"))));
            return outcomes;
        }
        for (Recipient recipient : recipients) {
            outcomes.put(recipient, outcome(fates.get(recipient)));
        }
        return outcomes;
    }

    private Outcome toSpecial(QueuedMessage message, Recipient recipient) {
        Trace trace = new Trace("local", message.id().toString());
        Reply reply;
        try {
            reply = special.deliver(message, recipient);
        } catch (Unavailable e) {
            trace.warn("deferred", "reason", e.detail());
            reply = Reply.of(451, "4.3.0", "temporary lookup failure");
        } catch (IOException e) {
            trace.warn("deferred", "way", message.through(), "reason", String.valueOf(e.getMessage()));
            reply = Reply.of(451, "4.2.0", "the file or message is not available");
        } catch (RuntimeException bug) {
            trace.bug(bug);
            reply = Reply.of(451, "4.3.0", "internal error");
        }
        return switch (reply.code() / 100) {
            case 2 -> new Outcome.Sent(RELAY, reply, false);
            case 5 -> new Outcome.Failed(RELAY, reply);
            default -> new Outcome.Deferred(RELAY, reply);
        };
    }

    private static Outcome outcome(@org.jspecify.annotations.Nullable Fate fate) {
        return switch (fate) {
            case Fate.Delivered _ -> new Outcome.Sent(RELAY, Reply.of(250, "2.0.0", "delivered to mailbox"), false);
            case Fate.Queued _ -> new Outcome.Sent(RELAY, Reply.of(250, "2.0.0", "forwarded"), false);
            case Fate.Failed failed -> new Outcome.Failed(RELAY, failed.reply());
            case Fate.Later later -> new Outcome.Deferred(RELAY, later.reply());
            case null -> new Outcome.Deferred(RELAY, Reply.of(451, "4.3.0", "internal error"));
        };
    }

    private Set<String> deliveredTo(QueuedMessage message) {
        Set<String> found = new HashSet<>(DeliveredTo.in(message.prefix()));
        try (InputStream body = message.body().stream(blobs)) {
            found.addAll(DeliveredTo.in(Octets.of(body.readNBytes(DeliveredTo.LONGEST_HEADER))));
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e.getMessage()), e);
        }
        return found;
    }
}
