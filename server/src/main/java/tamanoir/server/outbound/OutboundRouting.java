package tamanoir.server.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.QueueParameters;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.outbound.Routes.Way;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.queue.Routing;

/// Makes a route of the [Routes.Way] that a recipient has: `smtp:`, `relay:` and `lmtp:` lead to other servers,
/// `local:` and `virtual:` to the mailboxes here, `error:`, `retry:` and `discard:` to nobody. A message that
/// is to go through a content filter goes there with all its recipients.
///
/// Immutable, but for what it remembers of the configuration's own texts; a reload makes a new one.
public final class OutboundRouting implements Routing {
    /// What a domain is to us, as far as routes depend on it.
    public enum Kind {
        /// `mydestination`
        LOCAL,
        /// `virtual_mailbox_domains`, domains of the directory
        VIRTUAL,
        /// `relay_domains`
        RELAY,
        OTHER
    }

    private final Function<Domain, Kind> kinds;
    private final Routes routes;
    private final Function<Address, Optional<Way>> passedOn;
    private final Deliverer local;
    private final Outbound out;
    private final Map<String, Transport> transports;
    private final Map<String, List<NextHop>> known = new ConcurrentHashMap<>();

    /// `passedOn` tells for an address that stays here to which transport local delivery passes it all the same
    /// (`mailbox_transport`, `fallback_transport`).
    ///
    /// @throws BadSyntax when a transport or relayhost is written in a way that means nothing
    public OutboundRouting(
            Config config,
            Routes routes,
            Function<Domain, Kind> kinds,
            Function<Address, Optional<Way>> passedOn,
            Deliverer local,
            Outbound out) {
        this.kinds = kinds;
        this.routes = routes;
        this.passedOn = passedOn;
        this.local = local;
        this.out = out;
        this.transports = Map.of(
                "local",
                transport(
                        "local",
                        config,
                        QueueParameters.DEFAULT_DESTINATION_CONCURRENCY_LIMIT,
                        QueueParameters.DEFAULT_DESTINATION_RECIPIENT_LIMIT),
                "virtual",
                transport(
                        "virtual",
                        config,
                        QueueParameters.VIRTUAL_DESTINATION_CONCURRENCY_LIMIT,
                        QueueParameters.VIRTUAL_DESTINATION_RECIPIENT_LIMIT),
                "smtp",
                transport(
                        "smtp",
                        config,
                        QueueParameters.SMTP_DESTINATION_CONCURRENCY_LIMIT,
                        QueueParameters.SMTP_DESTINATION_RECIPIENT_LIMIT),
                "relay",
                transport(
                        "relay",
                        config,
                        QueueParameters.RELAY_DESTINATION_CONCURRENCY_LIMIT,
                        QueueParameters.RELAY_DESTINATION_RECIPIENT_LIMIT),
                "lmtp",
                transport(
                        "lmtp",
                        config,
                        QueueParameters.LMTP_DESTINATION_CONCURRENCY_LIMIT,
                        QueueParameters.LMTP_DESTINATION_RECIPIENT_LIMIT));
        config.get(SmtpParameters.RELAYHOST).forEach(text -> NextHop.of(text, false));
    }

    /// 0 means no limit.
    private static Transport transport(
            String name, Config config, Parameter<Integer> concurrency, Parameter<Integer> recipients) {
        int processes = config.get(QueueParameters.DEFAULT_PROCESS_LIMIT);
        return new Transport(
                name,
                orNoLimit(config.get(concurrency)),
                config.get(QueueParameters.INITIAL_DESTINATION_CONCURRENCY),
                processes,
                orNoLimit(config.get(recipients)));
    }

    private static int orNoLimit(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    @Override
    public Route route(ReversePath sender, Recipient recipient) {
        return route(sender, recipient, "");
    }

    @Override
    public Route route(ReversePath sender, Recipient recipient, String through) {
        try {
            return through.isEmpty()
                    ? routeOf(way(sender, recipient.address()), recipient)
                    : routeOf(Way.of(through, "content_filter"), recipient);
        } catch (BadSyntax e) {
            return new Route.Postpone(Reply.of(451, "4.3.5", "mail system set-up: " + e.getMessage()));
        }
    }

    /// Which way a recipient's mail goes, and who says so.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public Way way(ReversePath sender, Address recipient) {
        Way way = routes.of(sender, recipient, kinds.apply(recipient.domain()));
        return way.staysHere() ? passedOn.apply(recipient).orElse(way) : way;
    }

    private Route routeOf(Way way, Recipient recipient) {
        Domain domain = recipient.address().domain();
        String transport = way.transport();
        return switch (protocol(transport)) {
            case "local", "virtual" ->
                // Both are the built-in delivery.
                new Route.Deliver(transport(transport), transport, local);
            case "lmtp" ->
                toServer(way, List.of(NextHop.of(way.nexthop().isEmpty() ? domain.ascii() : way.nexthop(), true)));
            case "smtp", "relay" -> toServer(way, hops(way, domain));
            case "error" -> new Route.Fail(reply(way.nexthop(), 550, "5.0.0", "mail to this domain is not delivered"));
            case "retry" -> new Route.Postpone(reply(way.nexthop(), 450, "4.0.0", "mail to this domain waits"));
            case "discard" -> new Route.Discard(way.nexthop().isEmpty() ? "thrown away by the set-up" : way.nexthop());
            default ->
                new Route.Postpone(Reply.of(
                        451,
                        "4.3.5",
                        "mail system set-up: there is no transport \"" + transport + "\"; known are smtp, relay, lmtp,"
                                + " local, virtual, error, retry, discard, and names like smtp-scan and lmtp-archive"));
        };
    }

    /// A transport of an administrator's own name, `smtp-scan` or `lmtp-archive`, is one of that protocol with limits
    /// and a window of its own, as a second entry in master.cf would be.
    private static String protocol(String transport) {
        int dash = transport.indexOf('-');
        String kind = dash > 0 ? transport.substring(0, dash) : transport;
        return dash > 0 && (kind.equals("smtp") || kind.equals("relay") || kind.equals("lmtp")) ? kind : transport;
    }

    private Transport transport(String name) {
        Transport transport = transports.get(protocol(name));
        if (transport == null) {
            throw new IllegalStateException("no transport " + name);
        }
        return transport.name().equals(name) ? transport : transport.as(name);
    }

    private Route toServer(Way way, List<NextHop> hops) {
        boolean lmtp = protocol(way.transport()).equals("lmtp");
        String name = hops.size() == 1
                ? hops.getFirst().text()
                : String.join(", ", hops.stream().map(NextHop::text).toList());
        return new Route.Deliver(transport(way.transport()), name, out.towards(hops, lmtp));
    }

    private List<NextHop> hops(Way way, Domain domain) {
        return way.nexthop().isEmpty() || way.nexthop().equals(domain.ascii())
                ? List.of(NextHop.of(domain))
                : list(way.nexthop());
    }

    private List<NextHop> list(String text) {
        return known.computeIfAbsent(text, t -> {
            List<NextHop> hops = new ArrayList<>();
            for (String one : t.split("[,\\s]+")) {
                if (!one.isEmpty()) {
                    hops.add(NextHop.of(one, false));
                }
            }
            return List.copyOf(hops);
        });
    }

    /// `error:` and `retry:` carry `[code] [status] text`.
    public static Reply reply(String text, int code, String status, String standard) {
        String rest = text.strip();
        if (rest.isEmpty()) {
            return Reply.of(code, status, standard);
        }
        int blank = rest.indexOf(' ');
        String first = blank < 0 ? rest : rest.substring(0, blank);
        if (first.matches("[45]\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
            // A 4.x.x text of error: still ends the matter, as in Postfix; the class follows the transport.
            String own = code >= 500 ? "5" + first.substring(1) : "4" + first.substring(1);
            return Reply.of(
                    code, own, blank < 0 ? standard : rest.substring(blank + 1).strip());
        }
        return Reply.of(code, status, rest);
    }
}
