package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// What the restriction lists remember from one client to the next: verified addresses, greylisting.
public final class PolicyParameters {
    private PolicyParameters() {}

    // DNS lists, the old way

    public static final Parameter<List<String>> MAPS_RBL_DOMAINS = Parameter.list(
            "maps_rbl_domains", "", "The DNS lists of reject_maps_rbl; write reject_rbl_client instead.");

    // Verified addresses (reject_unverified_sender, reject_unverified_recipient)

    public static final Parameter<String> ADDRESS_VERIFY_MAP = Parameter.withoutEffect(
            "address_verify_map",
            "btree:$data_directory/verify_cache",
            "Verified addresses are remembered in the server's own store.");
    public static final Parameter<String> ADDRESS_VERIFY_SENDER = Parameter.text(
            "address_verify_sender",
            "$double_bounce_sender",
            "The sender of probes; without a domain myorigin is added; empty or <> is the null sender.");
    public static final Parameter<Boolean> ADDRESS_VERIFY_NEGATIVE_CACHE =
            Parameter.flag("address_verify_negative_cache", true, "Whether failed probes are remembered.");
    public static final Parameter<Duration> ADDRESS_VERIFY_NEGATIVE_EXPIRE_TIME = Parameter.time(
            "address_verify_negative_expire_time", "3d", ChronoUnit.SECONDS, "How long a failed probe counts.");
    public static final Parameter<Duration> ADDRESS_VERIFY_NEGATIVE_REFRESH_TIME = Parameter.time(
            "address_verify_negative_refresh_time",
            "3h",
            ChronoUnit.SECONDS,
            "Age at which a failed probe is made again when the address is asked for.");
    public static final Parameter<Duration> ADDRESS_VERIFY_POSITIVE_EXPIRE_TIME = Parameter.time(
            "address_verify_positive_expire_time", "31d", ChronoUnit.SECONDS, "How long a successful probe counts.");
    public static final Parameter<Duration> ADDRESS_VERIFY_POSITIVE_REFRESH_TIME = Parameter.time(
            "address_verify_positive_refresh_time",
            "7d",
            ChronoUnit.SECONDS,
            "Age at which a successful probe is made again when the address is asked for.");
    public static final Parameter<Integer> ADDRESS_VERIFY_PENDING_REQUEST_LIMIT = Parameter.count(
            "address_verify_pending_request_limit", 5000, 1, Integer.MAX_VALUE, "Probes under way at a time.");
    public static final Parameter<Integer> ADDRESS_VERIFY_POLL_COUNT = Parameter.count(
            "address_verify_poll_count",
            "${stress?{1}:{3}}",
            1,
            Integer.MAX_VALUE,
            "A client waits (this number less one) times address_verify_poll_delay for a probe.");
    public static final Parameter<Duration> ADDRESS_VERIFY_POLL_DELAY =
            Parameter.time("address_verify_poll_delay", "3s", ChronoUnit.SECONDS, "See address_verify_poll_count.");
    public static final Parameter<Duration> ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL = Parameter.time(
            "address_verify_cache_cleanup_interval",
            "12h",
            ChronoUnit.SECONDS,
            "How often expired rows of verified addresses and of greylisting are thrown away.");
    public static final Parameter<Integer> ADDRESS_VERIFY_CACHE_LIMIT = Parameter.count(
            "address_verify_cache_limit", 200000, 1, Integer.MAX_VALUE, "Verified addresses that are kept at most.");

    // Greylisting

    public static final Parameter<Boolean> GREYLIST_ENABLE = Parameter.flag(
            "greylist_enable",
            false,
            "Whether strangers are greylisted behind smtpd_recipient_restrictions; the restriction greylist does so where it stands, whatever is said here.");
    public static final Parameter<Duration> GREYLIST_DELAY = Parameter.time(
            "greylist_delay",
            "5m",
            ChronoUnit.SECONDS,
            "How long a stranger must wait before a second attempt counts.");
    public static final Parameter<Duration> GREYLIST_RETRY_TIME =
            Parameter.time("greylist_retry_time", "2d", ChronoUnit.SECONDS, "How long a first attempt is remembered.");
    public static final Parameter<Duration> GREYLIST_PASS_TIME = Parameter.time(
            "greylist_pass_time",
            "35d",
            ChronoUnit.SECONDS,
            "How long a client, sender and recipient that passed are remembered after their last mail.");
    public static final Parameter<Integer> GREYLIST_CLIENT_LIMIT = Parameter.count(
            "greylist_client_limit",
            5,
            0,
            Integer.MAX_VALUE,
            "After so many retries that were kept a client network is greylisted no more; 0 for never.");
    public static final Parameter<Integer> GREYLIST_HISTORY_LIMIT = Parameter.count(
            "greylist_history_limit",
            1,
            0,
            Integer.MAX_VALUE,
            "After so many accepted messages that SPF or DKIM vouched for a sender's domain is greylisted no more from the hosts that sent them; 0 for never.");
    public static final Parameter<Duration> GREYLIST_HISTORY_TIME =
            Parameter.time("greylist_history_time", "90d", ChronoUnit.SECONDS, "How long such a message counts.");
    public static final Parameter<Integer> GREYLIST_IPV4_PREFIX_LENGTH = Parameter.count(
            "greylist_ipv4_prefix_length", 24, 8, 32, "Bits of an IPv4 address that make one client network.");
    public static final Parameter<Integer> GREYLIST_IPV6_PREFIX_LENGTH = Parameter.count(
            "greylist_ipv6_prefix_length", 64, 16, 128, "Bits of an IPv6 address that make one client network.");
    public static final Parameter<List<String>> GREYLIST_EXCEPTIONS =
            Parameter.networks("greylist_exceptions", "$mynetworks", "Clients that are never greylisted.");
    public static final Parameter<String> GREYLIST_TEXT = Parameter.text(
            "greylist_text", "Greylisted, please try again later", "What a client is told that must come again.");
    public static final Parameter<Integer> GREYLIST_CACHE_LIMIT = Parameter.count(
            "greylist_cache_limit", 500000, 1, Integer.MAX_VALUE, "Rows of greylisting that are kept at most.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                MAPS_RBL_DOMAINS,
                ADDRESS_VERIFY_MAP,
                ADDRESS_VERIFY_SENDER,
                ADDRESS_VERIFY_NEGATIVE_CACHE,
                ADDRESS_VERIFY_NEGATIVE_EXPIRE_TIME,
                ADDRESS_VERIFY_NEGATIVE_REFRESH_TIME,
                ADDRESS_VERIFY_POSITIVE_EXPIRE_TIME,
                ADDRESS_VERIFY_POSITIVE_REFRESH_TIME,
                ADDRESS_VERIFY_PENDING_REQUEST_LIMIT,
                ADDRESS_VERIFY_POLL_COUNT,
                ADDRESS_VERIFY_POLL_DELAY,
                ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL,
                ADDRESS_VERIFY_CACHE_LIMIT,
                GREYLIST_ENABLE,
                GREYLIST_DELAY,
                GREYLIST_RETRY_TIME,
                GREYLIST_PASS_TIME,
                GREYLIST_CLIENT_LIMIT,
                GREYLIST_HISTORY_LIMIT,
                GREYLIST_HISTORY_TIME,
                GREYLIST_IPV4_PREFIX_LENGTH,
                GREYLIST_IPV6_PREFIX_LENGTH,
                GREYLIST_EXCEPTIONS,
                GREYLIST_TEXT,
                GREYLIST_CACHE_LIMIT);
    }
}
