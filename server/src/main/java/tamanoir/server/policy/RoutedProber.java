package tamanoir.server.policy;

import java.util.function.Supplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Routing;
import tamanoir.server.queue.Routing.Route;

/// Probes an address on the way that mail to it would take. `routing` is asked for each probe, for a reload
/// changes it.
public record RoutedProber(Supplier<Routing> routing) implements Prober {
    @Override
    public Probe probe(ReversePath sender, Address address) {
        Recipient recipient = Recipient.of(address);
        try {
            return switch (routing.get().route(sender, recipient)) {
                case Route.Deliver way -> told(way.deliverer().probe(sender, recipient));
                case Route.Fail(Reply reply) -> new Probe(Finding.UNDELIVERABLE, reply.toString());
                case Route.Postpone(Reply reply) -> new Probe(Finding.UNCERTAIN, reply.toString());
                case Route.Discard(String text) -> new Probe(Finding.DELIVERABLE, text);
            };
        } catch (Unavailable e) {
            return new Probe(Finding.UNCERTAIN, "the way to it cannot be told now");
        }
    }

    /// `host mx.example.net[192.0.2.1]:25 said: 550 5.1.1 …`, in Postfix's words.
    private static Probe told(Outcome outcome) {
        String text = outcome.relay().equals(Outcome.NOBODY)
                ? outcome.reply().toString()
                : "host " + outcome.relay() + " said: " + outcome.reply();
        return switch (outcome) {
            case Outcome.Sent _ -> new Probe(Finding.DELIVERABLE, text);
            case Outcome.Deferred _ -> new Probe(Finding.UNCERTAIN, text);
            case Outcome.Failed _ -> new Probe(Finding.UNDELIVERABLE, text);
        };
    }
}
