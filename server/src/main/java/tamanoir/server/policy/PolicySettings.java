package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.Restriction;

/// What main.cf says about who may do what, for one service. Immutable.
///
/// `lists` holds the restriction lists by the name of their parameter, `classes` gives the steps of a restriction
/// class.
public record PolicySettings(
        Map<String, List<Restriction>> lists,
        Function<String, List<Restriction>> classes,
        Set<String> classNames,
        boolean delayReject,
        boolean relayFirst,
        boolean rejectUnlistedRecipient,
        boolean rejectUnlistedSender,
        boolean parentsMatch,
        boolean softBounce,
        Predicate<InetAddress> mynetworks,
        Predicate<InetAddress> ownAddresses,
        List<Restriction> headerRewriteClients,
        String nullSenderKey,
        String hostname,
        Domain origin,
        Codes codes) {
    public PolicySettings {
        lists = Map.copyOf(lists);
        classNames = Set.copyOf(classNames);
        headerRewriteClients = List.copyOf(headerRewriteClients);
    }

    /// Reply codes that main.cf can change.
    public record Codes(
            int accessReject,
            int accessDefer,
            int reject,
            int defer,
            int invalidHostname,
            int nonFqdn,
            int relayDenied,
            int unknownAddress,
            int unknownClient,
            int unknownHostname,
            int plaintext,
            int multiRecipientBounce) {
        public static final Codes DEFAULT = new Codes(554, 450, 554, 450, 501, 504, 554, 450, 450, 450, 450, 550);
    }

    public List<Restriction> list(String name) {
        return lists.getOrDefault(name, List.of());
    }
}
