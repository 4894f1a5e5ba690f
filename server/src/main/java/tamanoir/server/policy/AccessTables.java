package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;

/// The `check_…_access` restrictions: with which keys a table is asked (access(5)). What an answer means is
/// [AccessAction]'s. Immutable.
final class AccessTables {
    private final PolicySettings settings;
    private final AddressLookup lookup;
    private final AccessAction action;

    AccessTables(PolicySettings settings, AddressLookup lookup, AccessAction action) {
        this.settings = settings;
        this.lookup = lookup;
        this.action = action;
    }

    /// Where a check stands: what its list is for, and how deep it is inside other lists.
    record Spot(About list, int depth) {}

    Check client(LookupTable table, Spot spot) {
        return (q, carry) -> ruled(
                spot,
                About.CLIENT,
                q,
                carry,
                table,
                forClient(table, q.client().name(), q.client().address()));
    }

    /// A name that anybody can give its address must not let anybody in.
    Check reverseClient(LookupTable table, Spot spot) {
        return (q, carry) -> withoutPermit(
                "check_reverse_client_hostname_access",
                ruled(
                        spot,
                        About.REVERSE_CLIENT,
                        q,
                        carry,
                        table,
                        forClient(table, q.client().reverseName(), q.client().address())));
    }

    Check helo(LookupTable table, Spot spot) {
        return (q, carry) ->
                q.helo().isEmpty() ? Ruling.DUNNO : ruled(spot, About.HELO, q, carry, table, forHost(table, q.helo()));
    }

    Check sender(LookupTable table, Spot spot) {
        return (q, carry) -> ruled(spot, About.SENDER, q, carry, table, forSender(table, q.from()));
    }

    Check recipient(LookupTable table, Spot spot) {
        return (q, carry) -> q.to().isEmpty()
                ? Ruling.DUNNO
                : ruled(spot, About.RECIPIENT, q, carry, table, forAddress(table, q.to().get()));
    }

    Check login(LookupTable table, Spot spot) {
        return (q, carry) ->
                q.authenticated() ? ruled(spot, About.LOGIN, q, carry, table, exactly(table, q.login())) : Ruling.DUNNO;
    }

    /// A table that stands alone is the `check_…_access` of its list.
    Check ofList(LookupTable table, Spot spot) {
        return switch (spot.list) {
            case CLIENT, REVERSE_CLIENT -> client(table, spot);
            case HELO -> helo(table, spot);
            case SENDER -> sender(table, spot);
            case RECIPIENT, DATA, END_OF_DATA -> recipient(table, spot);
            case CERTIFICATE, LOGIN -> (_, _) -> Ruling.DUNNO;
        };
    }

    /// What an answer means, with the place of the entry.
    Ruling ruled(Spot spot, About about, Question q, Carry carry, LookupTable table, Optional<Found> found) {
        if (found.isEmpty()) {
            return carry.explains() ? new Ruling.Dunno("no entry in " + table.name()) : Ruling.DUNNO;
        }
        Found hit = found.get();
        String entry = "\"" + hit.key() + "\" at " + hit.place();
        return action.ruling(new AccessAction.Result(spot, about, hit.text(), entry), q, carry);
    }

    /// For what strangers can choose: OK there would let in whoever knows of it.
    static Ruling withoutPermit(String restriction, Ruling ruling) {
        return ruling instanceof Ruling.Permit permit
                ? AccessAction.misconfigured(restriction
                        + " returns OK, which is not allowed for security reasons; use DUNNO to make an exception: "
                        + permit.why())
                : ruling;
    }

    // ---- keys --------------------------------------------------------------------------------------------------

    /// The host name first, also where it is `unknown`, then the address and its networks.
    private Optional<Found> forClient(LookupTable table, String name, InetAddress address) {
        Optional<Found> byName = forHost(table, name);
        return byName.isPresent() ? byName : forNetwork(table, address);
    }

    Optional<Found> forHost(LookupTable table, String host) {
        return AddressLookup.hostAccess(List.of(table), host, settings.parentsMatch());
    }

    Optional<Found> forNetwork(LookupTable table, InetAddress address) {
        return AddressLookup.addressAccess(List.of(table), address);
    }

    Optional<Found> exactly(LookupTable table, String key) {
        return table.find(key)
                .map(hit -> new Found(hit.text(), key, "", "", hit.place().isEmpty() ? table.name() : hit.place()));
    }

    private Optional<Found> forSender(LookupTable table, ReversePath sender) {
        return switch (sender) {
            case ReversePath.Null _ -> exactly(table, settings.nullSenderKey());
            case ReversePath.Sender some -> forAddress(table, some.address());
        };
    }

    private Optional<Found> forAddress(LookupTable table, Address address) {
        return lookup.mailAccess(List.of(table), address, settings.parentsMatch());
    }
}
