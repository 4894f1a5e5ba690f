package tamanoir.server.outbound;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.ServerFinder.Found;
import tamanoir.server.outbound.ServerFinder.Server;
import tamanoir.server.queue.Deliverer.Outcome;

/// Asks the servers of an address whether they would take mail for it: a session up to the answer to RCPT, no message
/// (ADDRESS_VERIFICATION_README). The first server that says yes or no for good decides.
final class AddressProbe {
    /// A probe takes its time while a client waits: it goes to fewer servers than a message.
    private static final int MOST_SERVERS = 3;

    private final Outbound out;
    private final List<NextHop> hops;
    private final boolean lmtp;
    private final ReversePath sender;
    private final Address address;
    private final Trace trace = new Trace("verify", "");

    AddressProbe(Outbound out, List<NextHop> hops, boolean lmtp, ReversePath sender, Address address) {
        this.out = out;
        this.hops = List.copyOf(hops);
        this.lmtp = lmtp;
        this.sender = sender;
        this.address = address;
    }

    Outcome run() {
        Outcome last = new Outcome.Deferred(Outcome.NOBODY, Reply.of(451, "4.4.1", "no server could be reached"));
        for (NextHop hop : hops) {
            switch (out.find(hop, lmtp)) {
                case Found.None(Reply reply, boolean elsewhere) -> {
                    last = outcome(Outcome.NOBODY, reply);
                    if (last instanceof Outcome.Failed && !elsewhere) {
                        return last;
                    }
                }
                case Found.Servers(List<Server> best) -> {
                    for (Server server : best.subList(0, Math.min(MOST_SERVERS, best.size()))) {
                        last = outcome(server.toString(), ask(hop, server));
                        if (!(last instanceof Outcome.Deferred)) {
                            return last;
                        }
                    }
                }
            }
        }
        return last;
    }

    private Reply ask(NextHop hop, Server server) {
        Optional<Credentials> login = out.credentials(sender, hop, server.host());
        try (Session session = Session.open(out, server, new Session.Purpose(hop, lmtp, login, false), trace)) {
            if (address.needsSmtpUtf8() && !session.capabilities().has("SMTPUTF8")) {
                return Reply.of(550, "5.6.7", "SMTPUTF8 is required, but was not offered by host " + server);
            }
            String from = switch (sender) {
                case ReversePath.Null _ -> "";
                case ReversePath.Sender(Address some) ->
                    some.quotedLocalPart() + "@" + some.domain().ascii();
            };
            boolean utf8 = address.needsSmtpUtf8();
            String to = utf8
                    ? address.toString()
                    : address.quotedLocalPart() + "@" + address.domain().ascii();
            return session.ask("MAIL FROM:<" + from + ">" + (utf8 ? " SMTPUTF8" : ""), "RCPT TO:<" + to + ">");
        } catch (NoSession e) {
            return e.reply();
        }
    }

    private static Outcome outcome(String relay, Reply reply) {
        if (reply.isPositive()) {
            return new Outcome.Sent(relay, reply, false);
        }
        return reply.isPermanent() ? new Outcome.Failed(relay, reply) : new Outcome.Deferred(relay, reply);
    }
}
