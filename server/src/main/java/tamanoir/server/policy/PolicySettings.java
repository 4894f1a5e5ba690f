package tamanoir.server.policy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.PolicyParameters;
import tamanoir.server.config.Restriction;
import tamanoir.server.config.SmtpdParameters;
import tamanoir.server.config.SmtpdParameters.TempfailAction;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.config.Words;
import tamanoir.server.tables.NetworkList;
import tamanoir.server.tables.Tables;

/// What main.cf says about who may do what, for one service. Immutable.
///
/// `lists` holds the restriction lists by the name of their parameter, `classes` gives the steps of a
/// restriction class. `logged` are the permitting actions that are logged.
public record PolicySettings(
        Path home,
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
        Optional<Predicate<InetAddress>> mxBackupNetworks,
        List<Restriction> headerRewriteClients,
        String nullSenderKey,
        String hostname,
        Domain origin,
        String fingerprintDigest,
        Tempfail tempfail,
        DnsReplies dnsReplies,
        PolicyServiceSettings services,
        VerifySettings verify,
        GreylistSettings greylist,
        Set<String> logged,
        Vouching vouching,
        Codes codes) {
    /// The parameters that hold the lists, in the order of a session.
    public static final List<Parameter<List<String>>> LISTS = List.of(
            SmtpdParameters.SMTPD_CLIENT_RESTRICTIONS,
            SmtpdParameters.SMTPD_HELO_RESTRICTIONS,
            SmtpdParameters.SMTPD_SENDER_RESTRICTIONS,
            SmtpdParameters.SMTPD_RELAY_RESTRICTIONS,
            SmtpdParameters.SMTPD_RECIPIENT_RESTRICTIONS,
            SmtpdParameters.SMTPD_DATA_RESTRICTIONS,
            SmtpdParameters.SMTPD_END_OF_DATA_RESTRICTIONS);

    public PolicySettings {
        lists = Map.copyOf(lists);
        classNames = Set.copyOf(classNames);
        headerRewriteClients = List.copyOf(headerRewriteClients);
        logged = Set.copyOf(logged);
    }

    /// What a service's configuration says. `origin` completes addresses without a domain, `ownAddresses`
    /// are those of this machine.
    ///
    /// @throws BadSyntax when a list of networks, a class or an address is written wrongly
    public static PolicySettings of(Config own, Tables tables, Predicate<InetAddress> ownAddresses, Domain origin) {
        Map<String, List<Restriction>> lists = new HashMap<>();
        LISTS.forEach(parameter -> lists.put(parameter.name(), own.restrictions(parameter)));
        boolean backups = !own.get(SmtpdParameters.PERMIT_MX_BACKUP_NETWORKS).isEmpty();
        return new PolicySettings(
                own.home(),
                lists,
                own::classRestrictions,
                Set.copyOf(Words.of(own.get(SmtpdParameters.SMTPD_RESTRICTION_CLASSES))),
                own.get(SmtpdParameters.SMTPD_DELAY_REJECT),
                own.get(SmtpdParameters.SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS),
                own.get(SmtpdParameters.SMTPD_REJECT_UNLISTED_RECIPIENT),
                own.get(SmtpdParameters.SMTPD_REJECT_UNLISTED_SENDER),
                parentsMatch(own, "smtpd_access_maps"),
                own.get(SmtpdParameters.SOFT_BOUNCE),
                networks(own, tables, NetParameters.MYNETWORKS),
                ownAddresses,
                backups
                        ? Optional.of(networks(own, tables, SmtpdParameters.PERMIT_MX_BACKUP_NETWORKS))
                        : Optional.empty(),
                Restriction.of(own.get(CleanupParameters.LOCAL_HEADER_REWRITE_CLIENTS)),
                own.get(SmtpdParameters.SMTPD_NULL_ACCESS_LOOKUP_KEY),
                own.get(NetParameters.MYHOSTNAME),
                origin,
                own.get(TlsParameters.SMTPD_TLS_FINGERPRINT_DIGEST),
                new Tempfail(
                        atOnce(own, SmtpdParameters.UNKNOWN_ADDRESS_TEMPFAIL_ACTION),
                        atOnce(own, SmtpdParameters.UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION)),
                new DnsReplies(
                        own.get(SmtpdParameters.MAPS_RBL_REJECT_CODE),
                        own.get(SmtpdParameters.DEFAULT_RBL_REPLY),
                        own.get(SmtpdParameters.RBL_REPLY_MAPS),
                        own.get(SmtpdParameters.SMTPD_EXPANSION_FILTER)),
                services(own),
                verify(own, origin),
                greylist(own, tables),
                Set.copyOf(own.get(SmtpdParameters.SMTPD_LOG_ACCESS_PERMIT_ACTIONS)),
                Vouching.of(own),
                codes(own));
    }

    private static boolean parentsMatch(Config config, String list) {
        return config.get(NetParameters.PARENT_DOMAIN_MATCHES_SUBDOMAINS).contains(list);
    }

    private static Predicate<InetAddress> networks(Config own, Tables tables, Parameter<List<String>> parameter) {
        try {
            return NetworkList.of(own.get(parameter), tables, parentsMatch(own, parameter.name()))::matches;
        } catch (BadSyntax e) {
            throw new BadSyntax(parameter.name() + ": " + e.getMessage());
        }
    }

    private static boolean atOnce(Config own, Parameter<TempfailAction> parameter) {
        return own.get(parameter) == TempfailAction.DEFER;
    }

    private static PolicyServiceSettings services(Config own) {
        return new PolicyServiceSettings(
                "",
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_TIMEOUT),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_DEFAULT_ACTION),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_TRY_LIMIT),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_RETRY_DELAY),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_MAX_IDLE),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_MAX_TTL),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_REQUEST_LIMIT),
                own.get(SmtpdParameters.SMTPD_POLICY_SERVICE_POLICY_CONTEXT),
                own.get(NetParameters.STRESS));
    }

    private static VerifySettings verify(Config own, Domain origin) {
        String sender = own.get(PolicyParameters.ADDRESS_VERIFY_SENDER);
        return new VerifySettings(
                sender.isEmpty() || sender.equals("<>")
                        ? ReversePath.NULL
                        : ReversePath.of(sender.indexOf('@') < 0 ? new Address(sender, origin) : Address.of(sender)),
                own.get(PolicyParameters.ADDRESS_VERIFY_NEGATIVE_CACHE),
                own.get(PolicyParameters.ADDRESS_VERIFY_NEGATIVE_EXPIRE_TIME),
                own.get(PolicyParameters.ADDRESS_VERIFY_NEGATIVE_REFRESH_TIME),
                own.get(PolicyParameters.ADDRESS_VERIFY_POSITIVE_EXPIRE_TIME),
                own.get(PolicyParameters.ADDRESS_VERIFY_POSITIVE_REFRESH_TIME),
                own.get(PolicyParameters.ADDRESS_VERIFY_PENDING_REQUEST_LIMIT),
                own.get(PolicyParameters.ADDRESS_VERIFY_POLL_DELAY)
                        .multipliedBy(own.get(PolicyParameters.ADDRESS_VERIFY_POLL_COUNT) - 1),
                own.get(PolicyParameters.ADDRESS_VERIFY_CACHE_LIMIT),
                own.get(PolicyParameters.ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL),
                new VerifySettings.Codes(
                        own.get(SmtpdParameters.UNVERIFIED_SENDER_REJECT_CODE),
                        own.get(SmtpdParameters.UNVERIFIED_SENDER_DEFER_CODE),
                        own.get(SmtpdParameters.UNVERIFIED_SENDER_REJECT_REASON),
                        atOnce(own, SmtpdParameters.UNVERIFIED_SENDER_TEMPFAIL_ACTION)),
                new VerifySettings.Codes(
                        own.get(SmtpdParameters.UNVERIFIED_RECIPIENT_REJECT_CODE),
                        own.get(SmtpdParameters.UNVERIFIED_RECIPIENT_DEFER_CODE),
                        own.get(SmtpdParameters.UNVERIFIED_RECIPIENT_REJECT_REASON),
                        atOnce(own, SmtpdParameters.UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION)));
    }

    private static GreylistSettings greylist(Config own, Tables tables) {
        return new GreylistSettings(
                own.get(PolicyParameters.GREYLIST_ENABLE),
                own.get(PolicyParameters.GREYLIST_DELAY),
                own.get(PolicyParameters.GREYLIST_RETRY_TIME),
                own.get(PolicyParameters.GREYLIST_PASS_TIME),
                own.get(PolicyParameters.GREYLIST_CLIENT_LIMIT),
                own.get(PolicyParameters.GREYLIST_HISTORY_LIMIT),
                own.get(PolicyParameters.GREYLIST_HISTORY_TIME),
                own.get(PolicyParameters.GREYLIST_IPV4_PREFIX_LENGTH),
                own.get(PolicyParameters.GREYLIST_IPV6_PREFIX_LENGTH),
                networks(own, tables, PolicyParameters.GREYLIST_EXCEPTIONS),
                own.get(PolicyParameters.GREYLIST_TEXT),
                own.get(PolicyParameters.GREYLIST_CACHE_LIMIT),
                own.get(PolicyParameters.ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL));
    }

    private static Codes codes(Config own) {
        return new Codes(
                own.get(SmtpdParameters.ACCESS_MAP_REJECT_CODE),
                own.get(SmtpdParameters.ACCESS_MAP_DEFER_CODE),
                own.get(SmtpdParameters.REJECT_CODE),
                own.get(SmtpdParameters.DEFER_CODE),
                own.get(SmtpdParameters.INVALID_HOSTNAME_REJECT_CODE),
                own.get(SmtpdParameters.NON_FQDN_REJECT_CODE),
                own.get(SmtpdParameters.RELAY_DOMAINS_REJECT_CODE),
                own.get(SmtpdParameters.UNKNOWN_ADDRESS_REJECT_CODE),
                own.get(SmtpdParameters.UNKNOWN_CLIENT_REJECT_CODE),
                own.get(SmtpdParameters.UNKNOWN_HOSTNAME_REJECT_CODE),
                own.get(SmtpdParameters.PLAINTEXT_REJECT_CODE),
                own.get(SmtpdParameters.MULTI_RECIPIENT_BOUNCE_REJECT_CODE));
    }

    /// What becomes of a refusal that a failed lookup left open: true is `defer`, at once and whatever
    /// comes, false is `defer_if_permit`.
    public record Tempfail(boolean address, boolean heloHostname) {}

    /// How clients on DNS lists are answered; `expansionFilter` are the characters that values may put into
    /// replies.
    public record DnsReplies(int code, String reply, List<String> maps, String expansionFilter) {
        public DnsReplies {
            maps = List.copyOf(maps);
        }
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

    /// A refusal that could not be decided.
    Ruling later(boolean atOnce, Reply reply, String why) {
        return atOnce ? new Ruling.Refuse(reply, why) : new Ruling.DeferIfPermit(reply, why);
    }
}
