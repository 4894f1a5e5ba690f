package tamanoir.server.outbound;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.SmtpParameters;
import tamanoir.server.outbound.OutboundRouting.Kind;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// Which transport and nexthop main.cf and its tables give an address: the transport of its class (for other people's
/// domains by sender, then `relayhost` by sender), then `transport_maps`, which has the last word for every class
/// (transport(5), trivial-rewrite(8)). Immutable; the tables notice changes of their files.
public final class Routes {
    private final Map<Kind, Way> ways;
    private final List<String> relayhosts;
    private final List<LookupTable> relayhostsBySender;
    private final String nullSenderRelayhostKey;
    private final List<LookupTable> defaultsBySender;
    private final String nullSenderDefaultKey;
    private final List<LookupTable> transports;
    private final boolean parents;
    private final AddressLookup lookup;

    /// `transport:nexthop` and where that is written: `file:line`, or the name of a parameter. An empty nexthop
    /// means the recipient's own domain.
    public record Way(String transport, String nexthop, String place) {
        /// Text as main.cf and tables have it.
        public static Way of(String text, String place) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Way(text.strip(), "", place)
                    : new Way(
                            text.substring(0, colon).strip(),
                            text.substring(colon + 1).strip(),
                            place);
        }

        /// Whether it ends in the mailboxes, aliases and lists of this server.
        public boolean staysHere() {
            return transport.equals("local") || transport.equals("virtual");
        }
    }

    public Routes(Config config, Tables tables, AddressLookup lookup) {
        this.lookup = lookup;
        this.ways = Map.of(
                Kind.LOCAL, way(config, LocalParameters.LOCAL_TRANSPORT, "local"),
                Kind.VIRTUAL, way(config, LocalParameters.VIRTUAL_TRANSPORT, "virtual"),
                Kind.RELAY, way(config, SmtpParameters.RELAY_TRANSPORT, "relay"),
                Kind.OTHER, way(config, SmtpParameters.DEFAULT_TRANSPORT, "smtp"));
        this.relayhosts = config.get(SmtpParameters.RELAYHOST);
        this.relayhostsBySender = tables.open(config.get(SmtpParameters.SENDER_DEPENDENT_RELAYHOST_MAPS));
        this.nullSenderRelayhostKey = config.get(SmtpParameters.EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY);
        this.defaultsBySender = tables.open(config.get(SmtpParameters.SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS));
        this.nullSenderDefaultKey = config.get(SmtpParameters.EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY);
        this.transports = tables.open(config.get(SmtpParameters.TRANSPORT_MAPS));
        this.parents =
                config.get(NetParameters.PARENT_DOMAIN_MATCHES_SUBDOMAINS).contains("transport_maps");
    }

    private static Way way(Config config, Parameter<String> parameter, String standard) {
        Way way = Way.of(config.get(parameter), parameter.name());
        return way.transport().isEmpty() ? new Way(standard, way.nexthop(), parameter.name()) : way;
    }

    /// The way of a recipient whose domain is of that kind.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public Way of(ReversePath sender, Address recipient, Kind kind) {
        Way way = ofClass(sender, kind);
        Optional<Found> found = transports.isEmpty() ? Optional.empty() : lookup.route(transports, recipient, parents);
        return found.map(f -> over(way, Way.of(f.text(), f.place()), recipient)).orElse(way);
    }

    /// transport(5): a transport resets the nexthop to the recipient's domain, a nexthop alone keeps the transport,
    /// neither is as if nothing had been found.
    private static Way over(Way way, Way said, Address recipient) {
        if (said.transport().isEmpty()) {
            return said.nexthop().isEmpty() ? way : new Way(way.transport(), said.nexthop(), said.place());
        }
        boolean ends = said.transport().equals("error")
                || said.transport().equals("retry")
                || said.transport().equals("discard");
        return said.nexthop().isEmpty() && !ends && !said.staysHere()
                ? new Way(said.transport(), recipient.domain().ascii(), said.place())
                : said;
    }

    private Way ofClass(ReversePath sender, Kind kind) {
        Way way = ways.getOrDefault(kind, new Way("smtp", "", ""));
        if (kind == Kind.OTHER && !defaultsBySender.isEmpty()) {
            way = bySender(defaultsBySender, sender, nullSenderDefaultKey)
                    .map(f -> Way.of(f.text(), f.place()))
                    .orElse(way);
        }
        boolean asksRelayhost = kind == Kind.OTHER && way.nexthop().isEmpty();
        if (!asksRelayhost) {
            return way;
        }
        String transport = way.transport();
        Optional<Found> relay = bySender(relayhostsBySender, sender, nullSenderRelayhostKey);
        if (relay.isPresent()) {
            return new Way(transport, relay.get().text(), relay.get().place());
        }
        return relayhosts.isEmpty() ? way : new Way(transport, String.join(", ", relayhosts), "relayhost");
    }

    /// `DUNNO` means as if nothing was found.
    private Optional<Found> bySender(List<LookupTable> tables, ReversePath sender, String nullKey) {
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        Optional<Found> found = switch (sender) {
            case ReversePath.Null _ -> firstOf(tables, nullKey);
            case ReversePath.Sender some -> lookup.address(tables, some.address());
        };
        return found.filter(f -> !f.text().equalsIgnoreCase("DUNNO"));
    }

    private static Optional<Found> firstOf(List<LookupTable> tables, String key) {
        for (LookupTable table : tables) {
            Optional<LookupTable.Hit> hit = table.find(key);
            if (hit.isPresent()) {
                return Optional.of(
                        new Found(hit.get().text(), key, "", "", hit.get().place()));
            }
        }
        return Optional.empty();
    }
}
