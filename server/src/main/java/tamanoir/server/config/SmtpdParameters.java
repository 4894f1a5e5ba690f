package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// The receiving side of SMTP and LMTP: greeting, limits, authentication, restrictions, reply codes.
public final class SmtpdParameters {
    private SmtpdParameters() {}

    /// The defence against lines that end in LF alone.
    public enum BareNewline {
        NO,
        NORMALIZE,
        REJECT,
        NOTE
    }

    /// What becomes of a refusal that cannot be decided because a lookup failed.
    public enum TempfailAction {
        DEFER_IF_PERMIT,
        DEFER
    }

    // Conversation

    public static final Parameter<String> SMTPD_BANNER = Parameter.text(
            "smtpd_banner", "$myhostname ESMTP $mail_name", "The text after 220; it must begin with $myhostname.");
    public static final Parameter<Duration> SMTPD_TIMEOUT = Parameter.time(
            "smtpd_timeout",
            "${stress?{10}:{300}}s",
            ChronoUnit.SECONDS,
            "How long the server waits for the client's next command or data.");
    public static final Parameter<Boolean> SMTPD_PER_REQUEST_DEADLINE = Parameter.flag(
                    "smtpd_per_request_deadline",
                    "${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}",
                    "Whether smtpd_timeout limits a whole command instead of each read.")
            .notYet();
    public static final Parameter<String> SMTPD_PER_RECORD_DEADLINE = Parameter.text(
                    "smtpd_per_record_deadline", "", "The old name of smtpd_per_request_deadline.")
            .notYet();
    public static final Parameter<Boolean> SMTPD_HELO_REQUIRED =
            Parameter.flag("smtpd_helo_required", false, "Whether MAIL needs HELO or EHLO before it.");
    public static final Parameter<Boolean> DISABLE_VRFY_COMMAND =
            Parameter.flag("disable_vrfy_command", false, "Whether VRFY is refused.");
    public static final Parameter<List<String>> SMTPD_NOOP_COMMANDS = Parameter.list(
                    "smtpd_noop_commands", "", "Commands that are answered like NOOP.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_FORBIDDEN_COMMANDS = Parameter.list(
            "smtpd_forbidden_commands",
            "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}",
            "Commands after which the session ends at once, for they are not SMTP.");
    public static final Parameter<List<String>> SMTPD_COMMAND_FILTER = Parameter.tables(
                    "smtpd_command_filter", "", "Tables that rewrite each command before it is read.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_DISCARD_EHLO_KEYWORDS =
            Parameter.list("smtpd_discard_ehlo_keywords", "", "EHLO keywords that are not announced.");
    public static final Parameter<List<String>> SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS = Parameter.tables(
                    "smtpd_discard_ehlo_keyword_address_maps",
                    "",
                    "EHLO keywords that are not announced, by client address.")
            .notYet();
    public static final Parameter<Boolean> STRICT_RFC821_ENVELOPES = Parameter.flag(
            "strict_rfc821_envelopes",
            false,
            "Whether MAIL and RCPT need addresses in angle brackets without comments.");
    public static final Parameter<Boolean> SMTPUTF8_ENABLE =
            Parameter.flag("smtputf8_enable", true, "Whether SMTPUTF8 is announced and used.");
    public static final Parameter<Boolean> STRICT_SMTPUTF8 = Parameter.flag(
                    "strict_smtputf8",
                    false,
                    "Whether addresses that need SMTPUTF8 are refused where MAIL did not ask for it.")
            .notYet();
    public static final Parameter<Boolean> SMTPD_PEERNAME_LOOKUP =
            Parameter.flag("smtpd_peername_lookup", true, "Whether the name of the client is looked up.");
    public static final Parameter<Boolean> SMTPD_CLIENT_PORT_LOGGING = Parameter.flag(
                    "smtpd_client_port_logging", false, "Whether the client's port is logged.")
            .notYet();
    public static final Parameter<Integer> SMTPD_HARD_ERROR_LIMIT = Parameter.count(
            "smtpd_hard_error_limit",
            "${stress?{1}:{20}}",
            1,
            Integer.MAX_VALUE,
            "Errors after which the session ends.");
    public static final Parameter<Integer> SMTPD_SOFT_ERROR_LIMIT = Parameter.count(
            "smtpd_soft_error_limit", 10, 1, Integer.MAX_VALUE, "Errors after which answers are slowed down.");
    public static final Parameter<Duration> SMTPD_ERROR_SLEEP_TIME = Parameter.time(
            "smtpd_error_sleep_time", "1s", ChronoUnit.SECONDS, "How long an answer is held back after an error.");
    public static final Parameter<Integer> SMTPD_JUNK_COMMAND_LIMIT = Parameter.count(
            "smtpd_junk_command_limit",
            "${stress?{1}:{100}}",
            1,
            Integer.MAX_VALUE,
            "Commands that bring no mail (NOOP, VRFY, RSET, ETRN) before they count as errors.");
    public static final Parameter<Integer> SMTPD_RECIPIENT_LIMIT =
            Parameter.count("smtpd_recipient_limit", 1000, 1, Integer.MAX_VALUE, "Recipients of a message at most.");
    public static final Parameter<String> SMTPD_RECIPIENT_OVERSHOOT_LIMIT = Parameter.withoutEffect(
            "smtpd_recipient_overshoot_limit",
            "1000",
            "Recipients above smtpd_recipient_limit are told to come later and never count as errors.");
    public static final Parameter<Integer> LINE_LENGTH_LIMIT = Parameter.count(
                    "line_length_limit", 2048, 64, Integer.MAX_VALUE, "Octets of a command line at most.")
            .notYet();
    public static final Parameter<Long> MESSAGE_SIZE_LIMIT =
            Parameter.octets("message_size_limit", 10240000, "Size of a message at most, 0 for no limit.");
    public static final Parameter<Long> QUEUE_MINFREE = Parameter.octets(
            "queue_minfree",
            0,
            "Free space the disk must have before mail is taken; at least one and a half times message_size_limit is meant.");
    public static final Parameter<BareNewline> SMTPD_FORBID_BARE_NEWLINE = Parameter.choice(
            "smtpd_forbid_bare_newline",
            BareNewline.values(),
            Map.of("yes", "normalize"),
            "normalize",
            "What becomes of lines that end in LF alone: normalize, reject, note, or no defence.");
    public static final Parameter<List<String>> SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS = Parameter.networks(
            "smtpd_forbid_bare_newline_exclusions",
            "$mynetworks",
            "Clients that are not subject to smtpd_forbid_bare_newline.");
    public static final Parameter<Integer> SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE = Parameter.count(
            "smtpd_forbid_bare_newline_reject_code",
            550,
            400,
            599,
            "Reply code of smtpd_forbid_bare_newline = reject.");
    public static final Parameter<Boolean> SMTPD_FORBID_UNAUTH_PIPELINING = Parameter.flag(
            "smtpd_forbid_unauth_pipelining", true, "Whether a client that sends commands too early is disconnected.");
    public static final Parameter<String> SMTPD_REJECT_FOOTER =
            Parameter.template("smtpd_reject_footer", "", "Text added to every reply that refuses.");
    public static final Parameter<List<String>> SMTPD_REJECT_FOOTER_MAPS =
            Parameter.tables("smtpd_reject_footer_maps", "", "Tables with such texts, by the reply.");
    public static final Parameter<Integer> SMTPD_CLIENT_AUTH_RATE_LIMIT = Parameter.count(
            "smtpd_client_auth_rate_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "AUTH commands of one client network within anvil_rate_time_unit, 0 for no limit.");
    public static final Parameter<Integer> SMTPD_CLIENT_CONNECTION_RATE_LIMIT = Parameter.count(
            "smtpd_client_connection_rate_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "Connections of one client network within anvil_rate_time_unit, 0 for no limit.");
    public static final Parameter<Integer> SMTPD_CLIENT_MESSAGE_RATE_LIMIT = Parameter.count(
            "smtpd_client_message_rate_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "Messages of one client network within anvil_rate_time_unit, 0 for no limit.");
    public static final Parameter<Integer> SMTPD_CLIENT_RECIPIENT_RATE_LIMIT = Parameter.count(
            "smtpd_client_recipient_rate_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "Recipients of one client network within anvil_rate_time_unit, 0 for no limit.");
    public static final Parameter<Integer> SMTPD_CLIENT_NEW_TLS_SESSION_RATE_LIMIT = Parameter.count(
            "smtpd_client_new_tls_session_rate_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "New TLS sessions of one client network within anvil_rate_time_unit, 0 for no limit.");
    public static final Parameter<List<String>> SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS = Parameter.networks(
            "smtpd_client_event_limit_exceptions",
            "${smtpd_client_connection_limit_exceptions?{$smtpd_client_connection_limit_exceptions}:{$mynetworks}}",
            "Clients that the limits above do not count.");
    public static final Parameter<String> SMTPD_CLIENT_CONNECTION_LIMIT_EXCEPTIONS = Parameter.text(
            "smtpd_client_connection_limit_exceptions", "", "The old name of smtpd_client_event_limit_exceptions.");
    public static final Parameter<Integer> SMTPD_CLIENT_IPV4_PREFIX_LENGTH = Parameter.count(
            "smtpd_client_ipv4_prefix_length",
            32,
            0,
            32,
            "Bits of an IPv4 address that make one client network in the limits above.");
    public static final Parameter<Integer> SMTPD_CLIENT_IPV6_PREFIX_LENGTH = Parameter.count(
            "smtpd_client_ipv6_prefix_length",
            84,
            0,
            128,
            "Bits of an IPv6 address that make one client network in the limits above.");
    public static final Parameter<Duration> ANVIL_RATE_TIME_UNIT =
            Parameter.time("anvil_rate_time_unit", "60s", ChronoUnit.SECONDS, "The time over which rates are counted.");

    // Authentication

    public static final Parameter<Boolean> SMTPD_SASL_AUTH_ENABLE = Parameter.flag(
            "smtpd_sasl_auth_enable",
            false,
            "Whether AUTH is offered on the smtp service; submission and submissions always offer it.");
    public static final Parameter<String> SMTPD_SASL_TYPE = Parameter.text(
            "smtpd_sasl_type",
            "",
            "Where Postfix asks for passwords; here the built-in accounts answer, whatever it says.");
    public static final Parameter<List<String>> SMTPD_SASL_SECURITY_OPTIONS = Parameter.list(
            "smtpd_sasl_security_options",
            "noanonymous",
            "Mechanisms left out: noanonymous, noplaintext, nodictionary, noactive, mutual_auth, forward_secrecy.");
    public static final Parameter<List<String>> SMTPD_SASL_TLS_SECURITY_OPTIONS = Parameter.list(
                    "smtpd_sasl_tls_security_options", "$smtpd_sasl_security_options", "The same under TLS.")
            .notYet();
    public static final Parameter<String> SMTPD_SASL_LOCAL_DOMAIN = Parameter.text(
                    "smtpd_sasl_local_domain",
                    "",
                    "The domain added to a login name that has none; empty means none is added.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_SASL_EXCEPTIONS_NETWORKS = Parameter.networks(
                    "smtpd_sasl_exceptions_networks", "", "Clients that are not offered AUTH.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_SASL_MECHANISM_FILTER = Parameter.list(
                    "smtpd_sasl_mechanism_filter", "!external, static:rest", "Mechanisms that are offered.")
            .notYet();
    public static final Parameter<Boolean> SMTPD_SASL_AUTHENTICATED_HEADER =
            Parameter.flag("smtpd_sasl_authenticated_header", false, "Whether Received lines tell the login name.");
    public static final Parameter<Integer> SMTPD_SASL_RESPONSE_LIMIT = Parameter.count(
                    "smtpd_sasl_response_limit",
                    12288,
                    64,
                    Integer.MAX_VALUE,
                    "Octets of one answer in an AUTH exchange at most.")
            .notYet();
    public static final Parameter<Boolean> BROKEN_SASL_AUTH_CLIENTS = Parameter.flag(
            "broken_sasl_auth_clients", false, "Whether a second line AUTH=… is announced for old clients.");
    public static final Parameter<List<String>> SMTPD_SENDER_LOGIN_MAPS =
            Parameter.tables("smtpd_sender_login_maps", "", "The logins that own a sender address.");
    public static final Parameter<List<String>> LOCAL_LOGIN_SENDER_MAPS = Parameter.tables(
                    "local_login_sender_maps",
                    "static:*",
                    "The sender addresses a local user of the sendmail command may use.")
            .notYet();

    // Restrictions

    public static final Parameter<Boolean> SMTPD_DELAY_REJECT = Parameter.flag(
            "smtpd_delay_reject", true, "Whether client, HELO and sender restrictions wait for the first RCPT.");
    public static final Parameter<List<String>> SMTPD_CLIENT_RESTRICTIONS =
            Parameter.restrictions("smtpd_client_restrictions", "", "Restrictions on the connecting client.");
    public static final Parameter<List<String>> SMTPD_HELO_RESTRICTIONS =
            Parameter.restrictions("smtpd_helo_restrictions", "", "Restrictions on the HELO or EHLO name.");
    public static final Parameter<List<String>> SMTPD_SENDER_RESTRICTIONS =
            Parameter.restrictions("smtpd_sender_restrictions", "", "Restrictions on the envelope sender.");
    public static final Parameter<List<String>> SMTPD_RELAY_RESTRICTIONS = Parameter.restrictions(
            "smtpd_relay_restrictions",
            "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}",
            "Who may send to destinations that are not ours.");
    public static final Parameter<List<String>> SMTPD_RECIPIENT_RESTRICTIONS =
            Parameter.restrictions("smtpd_recipient_restrictions", "", "Restrictions on the envelope recipient.");
    public static final Parameter<List<String>> SMTPD_DATA_RESTRICTIONS =
            Parameter.restrictions("smtpd_data_restrictions", "", "Restrictions at DATA.");
    public static final Parameter<List<String>> SMTPD_END_OF_DATA_RESTRICTIONS =
            Parameter.restrictions("smtpd_end_of_data_restrictions", "", "Restrictions after the message came in.");
    public static final Parameter<List<String>> SMTPD_ETRN_RESTRICTIONS = Parameter.restrictions(
                    "smtpd_etrn_restrictions", "", "Restrictions on ETRN.")
            .notYet();
    public static final Parameter<String> SMTPD_RESTRICTION_CLASSES =
            Parameter.text("smtpd_restriction_classes", "", "Names of the administrator's own lists of restrictions.");
    public static final Parameter<Boolean> SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS = Parameter.flag(
            "smtpd_relay_before_recipient_restrictions",
            "${{$compatibility_level} <level {3.6} ? {no} : {yes}}",
            "Whether relay restrictions come before recipient restrictions.");
    public static final Parameter<Boolean> SMTPD_REJECT_UNLISTED_RECIPIENT = Parameter.flag(
            "smtpd_reject_unlisted_recipient",
            true,
            "Whether unknown recipients of our domains are refused even when no restriction says so.");
    public static final Parameter<Boolean> SMTPD_REJECT_UNLISTED_SENDER = Parameter.flag(
            "smtpd_reject_unlisted_sender",
            false,
            "Whether unknown senders of our domains are refused even when no restriction says so.");
    public static final Parameter<String> SMTPD_NULL_ACCESS_LOOKUP_KEY = Parameter.text(
            "smtpd_null_access_lookup_key", "<>", "The key that stands for the empty sender in access tables.");
    public static final Parameter<List<String>> PERMIT_MX_BACKUP_NETWORKS = Parameter.networks(
            "permit_mx_backup_networks", "", "Networks of primary mail exchangers for permit_mx_backup.");
    public static final Parameter<List<String>> RBL_REPLY_MAPS =
            Parameter.tables("rbl_reply_maps", "", "Replies for each DNS list.");
    public static final Parameter<String> DEFAULT_RBL_REPLY = Parameter.template(
            "default_rbl_reply",
            "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}",
            "The reply for a client on a DNS list.");
    public static final Parameter<String> SMTPD_EXPANSION_FILTER = Parameter.template(
            "smtpd_expansion_filter",
            "\\t\\40!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
            "Characters that client texts may put into replies.");
    public static final Parameter<Duration> SMTPD_POLICY_SERVICE_TIMEOUT = Parameter.time(
            "smtpd_policy_service_timeout", "100s", ChronoUnit.SECONDS, "How long a policy service may take.");
    public static final Parameter<String> SMTPD_POLICY_SERVICE_DEFAULT_ACTION = Parameter.text(
            "smtpd_policy_service_default_action",
            "451 4.3.5 Server configuration problem",
            "The action when a policy service does not answer.");
    public static final Parameter<Integer> SMTPD_POLICY_SERVICE_TRY_LIMIT = Parameter.count(
            "smtpd_policy_service_try_limit", 2, 1, Integer.MAX_VALUE, "Attempts to ask a policy service.");
    public static final Parameter<Duration> SMTPD_POLICY_SERVICE_RETRY_DELAY = Parameter.time(
            "smtpd_policy_service_retry_delay", "1s", ChronoUnit.SECONDS, "The time between such attempts.");
    public static final Parameter<Duration> SMTPD_POLICY_SERVICE_MAX_IDLE = Parameter.time(
            "smtpd_policy_service_max_idle",
            "300s",
            ChronoUnit.SECONDS,
            "How long an idle connection to a policy service is kept.");
    public static final Parameter<Duration> SMTPD_POLICY_SERVICE_MAX_TTL = Parameter.time(
            "smtpd_policy_service_max_ttl",
            "1000s",
            ChronoUnit.SECONDS,
            "How long a connection to a policy service is used.");
    public static final Parameter<String> SMTPD_POLICY_SERVICE_POLICY_CONTEXT =
            Parameter.text("smtpd_policy_service_policy_context", "", "A text passed to the policy service.");
    public static final Parameter<Integer> SMTPD_POLICY_SERVICE_REQUEST_LIMIT = Parameter.count(
            "smtpd_policy_service_request_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "Requests over one connection to a policy service, 0 for no limit.");
    public static final Parameter<List<String>> SMTPD_LOG_ACCESS_PERMIT_ACTIONS =
            Parameter.list("smtpd_log_access_permit_actions", "", "Permitting actions that are logged.");
    public static final Parameter<List<String>> SMTPD_AUTHORIZED_XCLIENT_HOSTS =
            Parameter.networks("smtpd_authorized_xclient_hosts", "", "Clients that may use XCLIENT.");
    public static final Parameter<List<String>> SMTPD_AUTHORIZED_XFORWARD_HOSTS = Parameter.networks(
                    "smtpd_authorized_xforward_hosts", "", "Clients that may use XFORWARD.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_DNS_REPLY_FILTER = Parameter.tables(
                    "smtpd_dns_reply_filter", "", "Tables that filter DNS answers of restrictions.")
            .notYet();

    // Reply codes

    public static final Parameter<Integer> ACCESS_MAP_REJECT_CODE =
            Parameter.count("access_map_reject_code", 554, 400, 599, "Reply code of REJECT in access tables.");
    public static final Parameter<Integer> ACCESS_MAP_DEFER_CODE =
            Parameter.count("access_map_defer_code", 450, 400, 599, "Reply code of DEFER in access tables.");
    public static final Parameter<Integer> REJECT_CODE =
            Parameter.count("reject_code", 554, 400, 599, "Reply code of the restriction reject.");
    public static final Parameter<Integer> DEFER_CODE =
            Parameter.count("defer_code", 450, 400, 599, "Reply code of the restriction defer.");
    public static final Parameter<Integer> INVALID_HOSTNAME_REJECT_CODE = Parameter.count(
            "invalid_hostname_reject_code", 501, 400, 599, "Reply code of reject_invalid_helo_hostname.");
    public static final Parameter<Integer> NON_FQDN_REJECT_CODE =
            Parameter.count("non_fqdn_reject_code", 504, 400, 599, "Reply code of the reject_non_fqdn restrictions.");
    public static final Parameter<Integer> MAPS_RBL_REJECT_CODE =
            Parameter.count("maps_rbl_reject_code", 554, 400, 599, "Reply code of the DNS list restrictions.");
    public static final Parameter<Integer> MULTI_RECIPIENT_BOUNCE_REJECT_CODE = Parameter.count(
            "multi_recipient_bounce_reject_code", 550, 400, 599, "Reply code of reject_multi_recipient_bounce.");
    public static final Parameter<Integer> PLAINTEXT_REJECT_CODE =
            Parameter.count("plaintext_reject_code", 450, 400, 599, "Reply code of reject_plaintext_session.");
    public static final Parameter<Integer> RELAY_DOMAINS_REJECT_CODE =
            Parameter.count("relay_domains_reject_code", 554, 400, 599, "Reply code of reject_unauth_destination.");
    public static final Parameter<Integer> UNKNOWN_ADDRESS_REJECT_CODE = Parameter.count(
            "unknown_address_reject_code",
            450,
            400,
            599,
            "Reply code of reject_unknown_sender_domain and reject_unknown_recipient_domain.");
    public static final Parameter<Integer> UNKNOWN_CLIENT_REJECT_CODE = Parameter.count(
            "unknown_client_reject_code", 450, 400, 599, "Reply code of reject_unknown_client_hostname.");
    public static final Parameter<Integer> UNKNOWN_HOSTNAME_REJECT_CODE = Parameter.count(
            "unknown_hostname_reject_code", 450, 400, 599, "Reply code of reject_unknown_helo_hostname.");
    public static final Parameter<Integer> UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE = Parameter.count(
            "unknown_local_recipient_reject_code", 550, 400, 599, "Reply code for unknown users of mydestination.");
    public static final Parameter<Integer> UNKNOWN_RELAY_RECIPIENT_REJECT_CODE = Parameter.count(
            "unknown_relay_recipient_reject_code", 550, 400, 599, "Reply code for unknown users of relay_domains.");
    public static final Parameter<Integer> UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE = Parameter.count(
            "unknown_virtual_alias_reject_code",
            550,
            400,
            599,
            "Reply code for unknown users of virtual_alias_domains.");
    public static final Parameter<Integer> UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE = Parameter.count(
            "unknown_virtual_mailbox_reject_code",
            550,
            400,
            599,
            "Reply code for unknown users of virtual_mailbox_domains.");
    public static final Parameter<Integer> UNVERIFIED_RECIPIENT_REJECT_CODE = Parameter.count(
            "unverified_recipient_reject_code", 450, 200, 599, "Reply code of reject_unverified_recipient.");
    public static final Parameter<Integer> UNVERIFIED_RECIPIENT_DEFER_CODE = Parameter.count(
            "unverified_recipient_defer_code",
            450,
            200,
            599,
            "Reply code when the recipient could not be verified yet.");
    public static final Parameter<Integer> UNVERIFIED_SENDER_REJECT_CODE =
            Parameter.count("unverified_sender_reject_code", 450, 200, 599, "Reply code of reject_unverified_sender.");
    public static final Parameter<Integer> UNVERIFIED_SENDER_DEFER_CODE = Parameter.count(
            "unverified_sender_defer_code", 450, 200, 599, "Reply code when the sender could not be verified yet.");
    public static final Parameter<String> UNVERIFIED_RECIPIENT_REJECT_REASON = Parameter.text(
            "unverified_recipient_reject_reason",
            "",
            "Text of reject_unverified_recipient instead of the remote reply.");
    public static final Parameter<String> UNVERIFIED_SENDER_REJECT_REASON = Parameter.text(
            "unverified_sender_reject_reason", "", "Text of reject_unverified_sender instead of the remote reply.");
    public static final Parameter<TempfailAction> REJECT_TEMPFAIL_ACTION = Parameter.choice(
            "reject_tempfail_action",
            TempfailAction.values(),
            "defer_if_permit",
            "What a restriction does when a lookup fails for now.");
    public static final Parameter<TempfailAction> UNKNOWN_ADDRESS_TEMPFAIL_ACTION = Parameter.choice(
            "unknown_address_tempfail_action",
            TempfailAction.values(),
            "$reject_tempfail_action",
            "The same for reject_unknown_sender_domain and reject_unknown_recipient_domain.");
    public static final Parameter<TempfailAction> UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION = Parameter.choice(
            "unknown_helo_hostname_tempfail_action",
            TempfailAction.values(),
            "$reject_tempfail_action",
            "The same for reject_unknown_helo_hostname.");
    public static final Parameter<TempfailAction> UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION = Parameter.choice(
            "unverified_recipient_tempfail_action",
            TempfailAction.values(),
            "$reject_tempfail_action",
            "The same for reject_unverified_recipient.");
    public static final Parameter<TempfailAction> UNVERIFIED_SENDER_TEMPFAIL_ACTION = Parameter.choice(
            "unverified_sender_tempfail_action",
            TempfailAction.values(),
            "$reject_tempfail_action",
            "The same for reject_unverified_sender.");
    public static final Parameter<Boolean> SHOW_USER_UNKNOWN_TABLE_NAME = Parameter.flag(
            "show_user_unknown_table_name",
            true,
            "Whether the reply for an unknown user names the table that does not know it.");
    public static final Parameter<Boolean> SOFT_BOUNCE = Parameter.flag(
            "soft_bounce", false, "Whether every final refusal is made a temporary one, for trying out a set-up.");

    // Content filters outside

    public static final Parameter<String> SMTPD_PROXY_FILTER = Parameter.text(
                    "smtpd_proxy_filter", "", "A filter that sees mail before it is accepted.")
            .notYet();
    public static final Parameter<String> SMTPD_PROXY_EHLO = Parameter.text(
                    "smtpd_proxy_ehlo", "$myhostname", "The name given to that filter.")
            .notYet();
    public static final Parameter<List<String>> SMTPD_PROXY_OPTIONS =
            Parameter.list("smtpd_proxy_options", "", "Options of that filter.").notYet();
    public static final Parameter<Duration> SMTPD_PROXY_TIMEOUT = Parameter.time(
                    "smtpd_proxy_timeout", "100s", ChronoUnit.SECONDS, "How long that filter may take.")
            .notYet();

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SMTPD_BANNER,
                SMTPD_TIMEOUT,
                SMTPD_PER_REQUEST_DEADLINE,
                SMTPD_PER_RECORD_DEADLINE,
                SMTPD_HELO_REQUIRED,
                DISABLE_VRFY_COMMAND,
                SMTPD_NOOP_COMMANDS,
                SMTPD_FORBIDDEN_COMMANDS,
                SMTPD_COMMAND_FILTER,
                SMTPD_DISCARD_EHLO_KEYWORDS,
                SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS,
                STRICT_RFC821_ENVELOPES,
                SMTPUTF8_ENABLE,
                STRICT_SMTPUTF8,
                SMTPD_PEERNAME_LOOKUP,
                SMTPD_CLIENT_PORT_LOGGING,
                SMTPD_HARD_ERROR_LIMIT,
                SMTPD_SOFT_ERROR_LIMIT,
                SMTPD_ERROR_SLEEP_TIME,
                SMTPD_JUNK_COMMAND_LIMIT,
                SMTPD_RECIPIENT_LIMIT,
                SMTPD_RECIPIENT_OVERSHOOT_LIMIT,
                LINE_LENGTH_LIMIT,
                MESSAGE_SIZE_LIMIT,
                QUEUE_MINFREE,
                SMTPD_FORBID_BARE_NEWLINE,
                SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS,
                SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE,
                SMTPD_FORBID_UNAUTH_PIPELINING,
                SMTPD_REJECT_FOOTER,
                SMTPD_REJECT_FOOTER_MAPS,
                SMTPD_CLIENT_AUTH_RATE_LIMIT,
                SMTPD_CLIENT_CONNECTION_RATE_LIMIT,
                SMTPD_CLIENT_MESSAGE_RATE_LIMIT,
                SMTPD_CLIENT_RECIPIENT_RATE_LIMIT,
                SMTPD_CLIENT_NEW_TLS_SESSION_RATE_LIMIT,
                SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS,
                SMTPD_CLIENT_CONNECTION_LIMIT_EXCEPTIONS,
                SMTPD_CLIENT_IPV4_PREFIX_LENGTH,
                SMTPD_CLIENT_IPV6_PREFIX_LENGTH,
                ANVIL_RATE_TIME_UNIT,
                SMTPD_SASL_AUTH_ENABLE,
                SMTPD_SASL_TYPE,
                SMTPD_SASL_SECURITY_OPTIONS,
                SMTPD_SASL_TLS_SECURITY_OPTIONS,
                SMTPD_SASL_LOCAL_DOMAIN,
                SMTPD_SASL_EXCEPTIONS_NETWORKS,
                SMTPD_SASL_MECHANISM_FILTER,
                SMTPD_SASL_AUTHENTICATED_HEADER,
                SMTPD_SASL_RESPONSE_LIMIT,
                BROKEN_SASL_AUTH_CLIENTS,
                SMTPD_SENDER_LOGIN_MAPS,
                LOCAL_LOGIN_SENDER_MAPS,
                SMTPD_DELAY_REJECT,
                SMTPD_CLIENT_RESTRICTIONS,
                SMTPD_HELO_RESTRICTIONS,
                SMTPD_SENDER_RESTRICTIONS,
                SMTPD_RELAY_RESTRICTIONS,
                SMTPD_RECIPIENT_RESTRICTIONS,
                SMTPD_DATA_RESTRICTIONS,
                SMTPD_END_OF_DATA_RESTRICTIONS,
                SMTPD_ETRN_RESTRICTIONS,
                SMTPD_RESTRICTION_CLASSES,
                SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS,
                SMTPD_REJECT_UNLISTED_RECIPIENT,
                SMTPD_REJECT_UNLISTED_SENDER,
                SMTPD_NULL_ACCESS_LOOKUP_KEY,
                PERMIT_MX_BACKUP_NETWORKS,
                RBL_REPLY_MAPS,
                DEFAULT_RBL_REPLY,
                SMTPD_EXPANSION_FILTER,
                SMTPD_POLICY_SERVICE_TIMEOUT,
                SMTPD_POLICY_SERVICE_DEFAULT_ACTION,
                SMTPD_POLICY_SERVICE_TRY_LIMIT,
                SMTPD_POLICY_SERVICE_RETRY_DELAY,
                SMTPD_POLICY_SERVICE_MAX_IDLE,
                SMTPD_POLICY_SERVICE_MAX_TTL,
                SMTPD_POLICY_SERVICE_POLICY_CONTEXT,
                SMTPD_POLICY_SERVICE_REQUEST_LIMIT,
                SMTPD_LOG_ACCESS_PERMIT_ACTIONS,
                SMTPD_AUTHORIZED_XCLIENT_HOSTS,
                SMTPD_AUTHORIZED_XFORWARD_HOSTS,
                SMTPD_DNS_REPLY_FILTER,
                ACCESS_MAP_REJECT_CODE,
                ACCESS_MAP_DEFER_CODE,
                REJECT_CODE,
                DEFER_CODE,
                INVALID_HOSTNAME_REJECT_CODE,
                NON_FQDN_REJECT_CODE,
                MAPS_RBL_REJECT_CODE,
                MULTI_RECIPIENT_BOUNCE_REJECT_CODE,
                PLAINTEXT_REJECT_CODE,
                RELAY_DOMAINS_REJECT_CODE,
                UNKNOWN_ADDRESS_REJECT_CODE,
                UNKNOWN_CLIENT_REJECT_CODE,
                UNKNOWN_HOSTNAME_REJECT_CODE,
                UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE,
                UNKNOWN_RELAY_RECIPIENT_REJECT_CODE,
                UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE,
                UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE,
                UNVERIFIED_RECIPIENT_REJECT_CODE,
                UNVERIFIED_RECIPIENT_DEFER_CODE,
                UNVERIFIED_SENDER_REJECT_CODE,
                UNVERIFIED_SENDER_DEFER_CODE,
                UNVERIFIED_RECIPIENT_REJECT_REASON,
                UNVERIFIED_SENDER_REJECT_REASON,
                REJECT_TEMPFAIL_ACTION,
                UNKNOWN_ADDRESS_TEMPFAIL_ACTION,
                UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION,
                UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION,
                UNVERIFIED_SENDER_TEMPFAIL_ACTION,
                SHOW_USER_UNKNOWN_TABLE_NAME,
                SOFT_BOUNCE,
                SMTPD_PROXY_FILTER,
                SMTPD_PROXY_EHLO,
                SMTPD_PROXY_OPTIONS,
                SMTPD_PROXY_TIMEOUT);
    }
}
