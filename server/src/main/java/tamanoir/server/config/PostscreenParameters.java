package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The test of a client before any mail conversation.
public final class PostscreenParameters {
    private PostscreenParameters() {}

    /// What happens to a client that fails a test.
    public enum PostscreenAction {
        IGNORE,
        ENFORCE,
        DROP
    }

    public static final Parameter<List<String>> POSTSCREEN_ACCESS_LIST = Parameter.list(
            "postscreen_access_list",
            "permit_mynetworks",
            "Clients let through or refused at once; the first match decides.");
    public static final Parameter<PostscreenAction> POSTSCREEN_DENYLIST_ACTION = Parameter.choice(
            "postscreen_denylist_action",
            PostscreenAction.values(),
            "${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}",
            "What happens to clients the access list rejects.");
    public static final Parameter<String> POSTSCREEN_BLACKLIST_ACTION =
            Parameter.text("postscreen_blacklist_action", "", "The old name of postscreen_denylist_action.");
    public static final Parameter<List<String>> POSTSCREEN_ALLOWLIST_INTERFACES = Parameter.list(
            "postscreen_allowlist_interfaces",
            "${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}",
            "Own addresses at which a client can earn its pass.");
    public static final Parameter<String> POSTSCREEN_WHITELIST_INTERFACES =
            Parameter.text("postscreen_whitelist_interfaces", "", "The old name of postscreen_allowlist_interfaces.");
    public static final Parameter<List<String>> POSTSCREEN_DNSBL_SITES =
            Parameter.list("postscreen_dnsbl_sites", "", "DNS lists to ask, with filter and weight.");
    public static final Parameter<Integer> POSTSCREEN_DNSBL_THRESHOLD = Parameter.count(
            "postscreen_dnsbl_threshold", 1, 1, Integer.MAX_VALUE, "Score from which a client is on the DNS lists.");
    public static final Parameter<PostscreenAction> POSTSCREEN_DNSBL_ACTION = Parameter.choice(
            "postscreen_dnsbl_action",
            PostscreenAction.values(),
            "ignore",
            "What happens to clients on the DNS lists.");
    public static final Parameter<Integer> POSTSCREEN_DNSBL_ALLOWLIST_THRESHOLD = Parameter.count(
            "postscreen_dnsbl_allowlist_threshold",
            "${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}",
            Integer.MIN_VALUE,
            0,
            "Score at or below which the other tests are left out; 0 for never.");
    public static final Parameter<String> POSTSCREEN_DNSBL_WHITELIST_THRESHOLD = Parameter.text(
            "postscreen_dnsbl_whitelist_threshold", "", "The old name of postscreen_dnsbl_allowlist_threshold.");
    public static final Parameter<Duration> POSTSCREEN_DNSBL_MIN_TTL = Parameter.time(
            "postscreen_dnsbl_min_ttl", "60s", ChronoUnit.SECONDS, "The least time an answer of a DNS list counts.");
    public static final Parameter<Duration> POSTSCREEN_DNSBL_MAX_TTL = Parameter.time(
            "postscreen_dnsbl_max_ttl",
            "${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1h}}",
            ChronoUnit.SECONDS,
            "The longest time an answer of a DNS list counts.");
    public static final Parameter<String> POSTSCREEN_DNSBL_TTL =
            Parameter.text("postscreen_dnsbl_ttl", "", "The old name of postscreen_dnsbl_max_ttl.");
    public static final Parameter<Duration> POSTSCREEN_DNSBL_TIMEOUT =
            Parameter.time("postscreen_dnsbl_timeout", "10s", ChronoUnit.SECONDS, "How long a DNS list may take.");
    public static final Parameter<List<String>> POSTSCREEN_DNSBL_REPLY_MAP =
            Parameter.tables("postscreen_dnsbl_reply_map", "", "Names to show instead of secret DNS list names.");
    public static final Parameter<PostscreenAction> POSTSCREEN_GREET_ACTION = Parameter.choice(
            "postscreen_greet_action",
            PostscreenAction.values(),
            "ignore",
            "What happens to clients that talk before the greeting.");
    public static final Parameter<String> POSTSCREEN_GREET_BANNER =
            Parameter.text("postscreen_greet_banner", "$smtpd_banner", "The first half of the greeting.");
    public static final Parameter<Duration> POSTSCREEN_GREET_TTL =
            Parameter.time("postscreen_greet_ttl", "1d", ChronoUnit.SECONDS, "How long a pass of that test counts.");
    public static final Parameter<Duration> POSTSCREEN_GREET_WAIT = Parameter.time(
            "postscreen_greet_wait", "${stress?{2}:{6}}s", ChronoUnit.SECONDS, "How long the greeting is held back.");
    public static final Parameter<Boolean> POSTSCREEN_PIPELINING_ENABLE = Parameter.flag(
            "postscreen_pipelining_enable", false, "Whether clients that send several commands at once are found.");
    public static final Parameter<PostscreenAction> POSTSCREEN_PIPELINING_ACTION = Parameter.choice(
            "postscreen_pipelining_action", PostscreenAction.values(), "enforce", "What happens to them.");
    public static final Parameter<Duration> POSTSCREEN_PIPELINING_TTL = Parameter.time(
            "postscreen_pipelining_ttl", "30d", ChronoUnit.SECONDS, "How long a pass of that test counts.");
    public static final Parameter<Boolean> POSTSCREEN_NON_SMTP_COMMAND_ENABLE = Parameter.flag(
            "postscreen_non_smtp_command_enable", false, "Whether clients that send non-SMTP commands are found.");
    public static final Parameter<PostscreenAction> POSTSCREEN_NON_SMTP_COMMAND_ACTION = Parameter.choice(
            "postscreen_non_smtp_command_action", PostscreenAction.values(), "drop", "What happens to them.");
    public static final Parameter<Duration> POSTSCREEN_NON_SMTP_COMMAND_TTL = Parameter.time(
            "postscreen_non_smtp_command_ttl", "30d", ChronoUnit.SECONDS, "How long a pass of that test counts.");
    public static final Parameter<Boolean> POSTSCREEN_BARE_NEWLINE_ENABLE = Parameter.flag(
            "postscreen_bare_newline_enable", false, "Whether clients that end lines with LF alone are found.");
    public static final Parameter<PostscreenAction> POSTSCREEN_BARE_NEWLINE_ACTION = Parameter.choice(
            "postscreen_bare_newline_action", PostscreenAction.values(), "ignore", "What happens to them.");
    public static final Parameter<Duration> POSTSCREEN_BARE_NEWLINE_TTL = Parameter.time(
            "postscreen_bare_newline_ttl", "30d", ChronoUnit.SECONDS, "How long a pass of that test counts.");
    public static final Parameter<Duration> POSTSCREEN_CACHE_RETENTION_TIME = Parameter.time(
            "postscreen_cache_retention_time", "7d", ChronoUnit.SECONDS, "How long an expired pass is remembered.");
    public static final Parameter<Duration> POSTSCREEN_CACHE_CLEANUP_INTERVAL = Parameter.time(
            "postscreen_cache_cleanup_interval", "12h", ChronoUnit.SECONDS, "How often passes are cleaned up.");
    public static final Parameter<Integer> POSTSCREEN_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "postscreen_client_connection_count_limit",
            "$smtpd_client_connection_count_limit",
            0,
            Integer.MAX_VALUE,
            "Connections that one client may hold under test; 0 for no limit.");
    public static final Parameter<Integer> POSTSCREEN_COMMAND_COUNT_LIMIT =
            Parameter.count("postscreen_command_count_limit", 20, 1, Integer.MAX_VALUE, "Commands of one session.");
    public static final Parameter<Duration> POSTSCREEN_COMMAND_TIME_LIMIT = Parameter.time(
            "postscreen_command_time_limit",
            "${stress?{10}:{300}}s",
            ChronoUnit.SECONDS,
            "How long a command may take.");
    public static final Parameter<List<String>> POSTSCREEN_COMMAND_FILTER = Parameter.tables(
                    "postscreen_command_filter", "", "Tables that rewrite commands.")
            .notYet();
    public static final Parameter<Boolean> POSTSCREEN_DISABLE_VRFY_COMMAND = Parameter.flag(
                    "postscreen_disable_vrfy_command", "$disable_vrfy_command", "Whether VRFY is refused.")
            .notYet();
    public static final Parameter<List<String>> POSTSCREEN_DISCARD_EHLO_KEYWORDS = Parameter.list(
            "postscreen_discard_ehlo_keywords",
            "$smtpd_discard_ehlo_keywords",
            "EHLO keywords that are not announced.");
    public static final Parameter<List<String>> POSTSCREEN_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS = Parameter.tables(
                    "postscreen_discard_ehlo_keyword_address_maps",
                    "$smtpd_discard_ehlo_keyword_address_maps",
                    "EHLO keywords that are not announced, by client address.")
            .notYet();
    public static final Parameter<Boolean> POSTSCREEN_ENFORCE_TLS = Parameter.flag(
                    "postscreen_enforce_tls",
                    "$smtpd_enforce_tls",
                    "The old switch for postscreen_tls_security_level = encrypt.")
            .notYet();
    public static final Parameter<Boolean> POSTSCREEN_USE_TLS = Parameter.flag(
                    "postscreen_use_tls", "$smtpd_use_tls", "The old switch for postscreen_tls_security_level = may.")
            .notYet();
    public static final Parameter<String> POSTSCREEN_TLS_SECURITY_LEVEL = Parameter.text(
                    "postscreen_tls_security_level",
                    "$smtpd_tls_security_level",
                    "Whether STARTTLS is offered during the tests.")
            .notYet();
    public static final Parameter<String> POSTSCREEN_EXPANSION_FILTER = Parameter.text(
                    "postscreen_expansion_filter",
                    "$smtpd_expansion_filter",
                    "Characters that client texts may put into replies.")
            .notYet();
    public static final Parameter<List<String>> POSTSCREEN_FORBIDDEN_COMMANDS = Parameter.list(
            "postscreen_forbidden_commands", "$smtpd_forbidden_commands", "Commands after which the session ends.");
    public static final Parameter<Boolean> POSTSCREEN_HELO_REQUIRED = Parameter.flag(
                    "postscreen_helo_required", "$smtpd_helo_required", "Whether MAIL needs HELO before it.")
            .notYet();
    public static final Parameter<Integer> POSTSCREEN_POST_QUEUE_LIMIT = Parameter.count(
                    "postscreen_post_queue_limit",
                    100,
                    1,
                    Integer.MAX_VALUE,
                    "Clients that passed and wait for a server.")
            .notYet();
    public static final Parameter<Integer> POSTSCREEN_PRE_QUEUE_LIMIT = Parameter.count(
            "postscreen_pre_queue_limit",
            7000,
            1,
            Integer.MAX_VALUE,
            "Clients that wait for the greeting; more hear 421. Each costs some KiB, no process.");
    public static final Parameter<String> POSTSCREEN_REJECT_FOOTER = Parameter.text(
                    "postscreen_reject_footer", "$smtpd_reject_footer", "Text added to replies that refuse.")
            .notYet();
    public static final Parameter<List<String>> POSTSCREEN_REJECT_FOOTER_MAPS = Parameter.tables(
                    "postscreen_reject_footer_maps", "$smtpd_reject_footer_maps", "Tables with such texts.")
            .notYet();
    public static final Parameter<NetParameters.ProxyProtocol> POSTSCREEN_UPSTREAM_PROXY_PROTOCOL = Parameter.choice(
                    "postscreen_upstream_proxy_protocol",
                    NetParameters.ProxyProtocol.values(),
                    "none",
                    "Whether a proxy in front announces the client.")
            .notYet();
    public static final Parameter<Duration> POSTSCREEN_UPSTREAM_PROXY_TIMEOUT = Parameter.time(
                    "postscreen_upstream_proxy_timeout", "5s", ChronoUnit.SECONDS, "How long to wait for its header.")
            .notYet();
    public static final Parameter<Duration> POSTSCREEN_WATCHDOG_TIMEOUT = Parameter.time(
                    "postscreen_watchdog_timeout", "10s", ChronoUnit.SECONDS, "How long the tests may stand still.")
            .notYet();

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                POSTSCREEN_ACCESS_LIST,
                POSTSCREEN_DENYLIST_ACTION,
                POSTSCREEN_BLACKLIST_ACTION,
                POSTSCREEN_ALLOWLIST_INTERFACES,
                POSTSCREEN_WHITELIST_INTERFACES,
                POSTSCREEN_DNSBL_SITES,
                POSTSCREEN_DNSBL_THRESHOLD,
                POSTSCREEN_DNSBL_ACTION,
                POSTSCREEN_DNSBL_ALLOWLIST_THRESHOLD,
                POSTSCREEN_DNSBL_WHITELIST_THRESHOLD,
                POSTSCREEN_DNSBL_MIN_TTL,
                POSTSCREEN_DNSBL_MAX_TTL,
                POSTSCREEN_DNSBL_TTL,
                POSTSCREEN_DNSBL_TIMEOUT,
                POSTSCREEN_DNSBL_REPLY_MAP,
                POSTSCREEN_GREET_ACTION,
                POSTSCREEN_GREET_BANNER,
                POSTSCREEN_GREET_TTL,
                POSTSCREEN_GREET_WAIT,
                POSTSCREEN_PIPELINING_ENABLE,
                POSTSCREEN_PIPELINING_ACTION,
                POSTSCREEN_PIPELINING_TTL,
                POSTSCREEN_NON_SMTP_COMMAND_ENABLE,
                POSTSCREEN_NON_SMTP_COMMAND_ACTION,
                POSTSCREEN_NON_SMTP_COMMAND_TTL,
                POSTSCREEN_BARE_NEWLINE_ENABLE,
                POSTSCREEN_BARE_NEWLINE_ACTION,
                POSTSCREEN_BARE_NEWLINE_TTL,
                POSTSCREEN_CACHE_RETENTION_TIME,
                POSTSCREEN_CACHE_CLEANUP_INTERVAL,
                POSTSCREEN_CLIENT_CONNECTION_COUNT_LIMIT,
                POSTSCREEN_COMMAND_COUNT_LIMIT,
                POSTSCREEN_COMMAND_TIME_LIMIT,
                POSTSCREEN_COMMAND_FILTER,
                POSTSCREEN_DISABLE_VRFY_COMMAND,
                POSTSCREEN_DISCARD_EHLO_KEYWORDS,
                POSTSCREEN_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS,
                POSTSCREEN_ENFORCE_TLS,
                POSTSCREEN_USE_TLS,
                POSTSCREEN_TLS_SECURITY_LEVEL,
                POSTSCREEN_EXPANSION_FILTER,
                POSTSCREEN_FORBIDDEN_COMMANDS,
                POSTSCREEN_HELO_REQUIRED,
                POSTSCREEN_POST_QUEUE_LIMIT,
                POSTSCREEN_PRE_QUEUE_LIMIT,
                POSTSCREEN_REJECT_FOOTER,
                POSTSCREEN_REJECT_FOOTER_MAPS,
                POSTSCREEN_UPSTREAM_PROXY_PROTOCOL,
                POSTSCREEN_UPSTREAM_PROXY_TIMEOUT,
                POSTSCREEN_WATCHDOG_TIMEOUT);
    }
}
