package tamanoir.server.outbound;

import java.util.List;
import java.util.Map;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.queue.QueuedMessage;

/// The way out by SMTP or LMTP, bound to its nexthops. Immutable.
final class SmtpDeliverer implements Deliverer {
    private final Outbound out;
    private final List<NextHop> hops;
    private final boolean lmtp;

    SmtpDeliverer(Outbound out, List<NextHop> hops, boolean lmtp) {
        this.out = out;
        this.hops = List.copyOf(hops);
        this.lmtp = lmtp;
    }

    @Override
    public Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients) {
        return attempt(message, recipients).outcomes();
    }

    @Override
    public Outcome probe(ReversePath sender, Recipient recipient) {
        return new AddressProbe(out, hops, lmtp, sender, recipient.address()).run();
    }

    @Override
    public Attempt attempt(QueuedMessage message, List<Recipient> recipients) {
        return new Delivery(out, hops, lmtp, message, recipients).run();
    }
}
