package tamanoir.server.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.About;
import tamanoir.server.filter.Peer;
import tamanoir.server.filter.milter.MilterTalk;
import tamanoir.server.intake.Incoming;
import tamanoir.server.intake.Incoming.Handling;
import tamanoir.server.intake.Incoming.Origin;
import tamanoir.server.intake.Receipt;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Body;

/// Gives a message that came whole to [tamanoir.server.intake.Intake], with what the lists asked for and
/// who brought it. Used by the session's thread.
final class Handover {
    private final SmtpDoor door;
    private final SmtpSettings settings;
    private final Trace trace;

    Handover(SmtpDoor door, Trace trace) {
        this.door = door;
        this.settings = door.settings();
        this.trace = trace;
    }

    /// @throws tamanoir.server.observe.Unavailable when it cannot be taken now: nothing was kept
    Receipt accept(Question facts, Optional<TlsDetails> tls, Transaction transaction, Body body, MilterTalk talk) {
        QueueId id = transaction.id;
        Client client = facts.client();
        String hold = "";
        String through = "";
        Optional<Address> redirect = Optional.empty();
        List<Address> copies = new ArrayList<>();
        StringBuilder top = new StringBuilder(facts.evidence().field()); // RFC 8601 §4: a trace field, so at the top
        for (Effect effect : transaction.effects) {
            switch (effect) {
                case Effect.Discard discard -> {
                    trace.info("discard", "id", id, "client", client, "reason", discard.text());
                    return new Receipt.Accepted(java.util.Map.of());
                }
                case Effect.Hold reason -> hold = reason.text();
                case Effect.Redirect to -> redirect = Optional.of(to.address());
                case Effect.BlindCopy to -> copies.add(to.address());
                case Effect.Prepend field -> top.append(field.field()).append("\r\n");
                case Effect.Filter filter -> through = filter.destination();
                case Effect.Note note -> {
                    if (note.warning()) {
                        trace.warn("warning", "id", id, "client", client, "text", note.text());
                    } else {
                        trace.info("info", "id", id, "client", client, "text", note.text());
                    }
                }
            }
        }
        top.append(ReceivedField.of(
                settings,
                facts,
                tls,
                transaction.mail.smtpUtf8(),
                id,
                transaction.addresses(),
                door.clock().instant()));
        return door.intake()
                .accept(new Incoming(
                        trace,
                        id,
                        origin(facts),
                        transaction.envelope(),
                        Octets.of(top.toString()),
                        body,
                        new About(
                                new Peer(client.address(), client.port(), client.name(), facts.helo(), facts.login()),
                                facts.evidence(),
                                Optional.of(talk)),
                        new Handling(hold, redirect, copies)
                                .sentThrough(through)
                                .releasedAt(transaction.mail.release().from(transaction.began))));
    }

    private Origin origin(Question facts) {
        if (settings.isLmtp()) {
            return Origin.LMTP;
        }
        if (settings.service().equals("reinject")) {
            return Origin.REINJECTED;
        }
        if (door.policy().rewritesHeadersOf(facts)) {
            return Origin.LOCAL;
        }
        return facts.authenticated() ? Origin.SUBMITTED : Origin.REMOTE;
    }
}
