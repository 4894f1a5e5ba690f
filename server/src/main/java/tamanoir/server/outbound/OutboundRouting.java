package tamanoir.server.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.QueueParameters;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.queue.Routing;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// Which transport and nexthop a recipient has: by what its domain is to us, then the transport of that class, then,
/// for
/// mail to other servers, the relayhost (of the sender, where a table names one), else the recipient's own domain
/// (postconf(5) `default_transport`, `relay_transport`, `relayhost`).
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
    private final Deliverer local;
    private final Outbound out;
    private final Map<Kind, Way> ways;
    private final Map<String, Transport> transports;
    private final List<NextHop> relayhosts;
    private final List<LookupTable> relayhostsBySender;
    private final String nullSenderKey;
    private final Map<String, List<NextHop>> known = new ConcurrentHashMap<>();

    /// `transport:nexthop`; an empty nexthop means relayhost or the recipient's domain.
    private record Way(String transport, String nexthop) {
        static Way of(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Way(text.strip(), "")
                    : new Way(
                            text.substring(0, colon).strip(),
                            text.substring(colon + 1).strip());
        }
    }

    /// @throws BadSyntax when a transport or relayhost is written in a way that means nothing
    public OutboundRouting(Config config, Tables tables, Function<Domain, Kind> kinds, Deliverer local, Outbound out) {
        this.kinds = kinds;
        this.local = local;
        this.out = out;
        this.ways = Map.of(
                Kind.LOCAL, way(config, LocalParameters.LOCAL_TRANSPORT, "local"),
                Kind.VIRTUAL, way(config, LocalParameters.VIRTUAL_TRANSPORT, "virtual"),
                Kind.RELAY, way(config, SmtpParameters.RELAY_TRANSPORT, "relay"),
                Kind.OTHER, way(config, SmtpParameters.DEFAULT_TRANSPORT, "smtp"));
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
        this.relayhosts = config.get(SmtpParameters.RELAYHOST).stream()
                .map(text -> NextHop.of(text, false))
                .toList();
        this.relayhostsBySender = tables.open(config.get(SmtpParameters.SENDER_DEPENDENT_RELAYHOST_MAPS));
        this.nullSenderKey = config.get(SmtpParameters.EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY);
    }

    private static Way way(Config config, Parameter<String> parameter, String standard) {
        Way way = Way.of(config.get(parameter));
        return way.transport().isEmpty() ? new Way(standard, way.nexthop()) : way;
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
        try {
            return routeOf(sender, recipient);
        } catch (BadSyntax e) {
            return new Route.Postpone(Reply.of(451, "4.3.5", "mail system set-up: " + e.getMessage()));
        }
    }

    private Route routeOf(ReversePath sender, Recipient recipient) {
        Domain domain = recipient.address().domain();
        Kind kind = kinds.apply(domain);
        Way way = ways.getOrDefault(kind, new Way("smtp", ""));
        return switch (way.transport()) {
            case "local", "virtual" ->
                // Both are the built-in delivery.
                new Route.Deliver(transport(way.transport()), way.transport(), local);
            case "lmtp" ->
                toServer(way, List.of(NextHop.of(way.nexthop().isEmpty() ? domain.ascii() : way.nexthop(), true)));
            case "smtp", "relay" -> toServer(way, hops(way, sender, domain));
            case "error" -> new Route.Fail(reply(way.nexthop(), 550, "5.0.0", "mail to this domain is not delivered"));
            case "retry" -> new Route.Postpone(reply(way.nexthop(), 450, "4.0.0", "mail to this domain waits"));
            case "discard" -> new Route.Discard(way.nexthop().isEmpty() ? "thrown away by the set-up" : way.nexthop());
            default ->
                new Route.Postpone(Reply.of(
                        451, "4.3.5", "mail system set-up: there is no transport \"" + way.transport() + "\""));
        };
    }

    private Transport transport(String name) {
        Transport transport = transports.get(name);
        if (transport == null) {
            throw new IllegalStateException("no transport " + name);
        }
        return transport;
    }

    private Route toServer(Way way, List<NextHop> hops) {
        boolean lmtp = way.transport().equals("lmtp");
        String name = hops.size() == 1
                ? hops.getFirst().text()
                : String.join(", ", hops.stream().map(NextHop::text).toList());
        return new Route.Deliver(transport(way.transport()), name, out.towards(hops, lmtp));
    }

    private List<NextHop> hops(Way way, ReversePath sender, Domain domain) {
        if (!way.nexthop().isEmpty()) {
            return list(way.nexthop());
        }
        Optional<String> ofSender = relayhostOf(sender);
        if (ofSender.isPresent()) {
            return list(ofSender.get());
        }
        return relayhosts.isEmpty() ? List.of(NextHop.of(domain)) : relayhosts;
    }

    /// The whole sender, then `@domain`; `DUNNO` means as if nothing was found.
    private Optional<String> relayhostOf(ReversePath sender) {
        if (relayhostsBySender.isEmpty()) {
            return Optional.empty();
        }
        List<String> keys = switch (sender) {
            case ReversePath.Null none -> List.of(nullSenderKey);
            case ReversePath.Sender s ->
                List.of(s.address().toString(), "@" + s.address().domain().ascii());
        };
        for (String key : keys) {
            for (LookupTable table : relayhostsBySender) {
                Optional<String> found =
                        table.wantsWholeKeyOnly() && key.startsWith("@") ? Optional.empty() : table.lookup(key);
                if (found.isPresent()) {
                    return found.filter(f -> !f.equalsIgnoreCase("DUNNO"));
                }
            }
        }
        return Optional.empty();
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
    static Reply reply(String text, int code, String status, String standard) {
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
