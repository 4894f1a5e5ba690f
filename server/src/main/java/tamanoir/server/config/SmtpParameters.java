package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The sending side: where mail for other servers goes and how.
public final class SmtpParameters {
    private SmtpParameters() {}

    /// How much TLS is asked of a server.
    public enum ClientTlsLevel {
        NONE,
        MAY,
        ENCRYPT,
        DANE,
        DANE_ONLY,
        FINGERPRINT,
        VERIFY,
        SECURE
    }

    /// Which kind of address comes first.
    public enum AddressPreference {
        ANY,
        IPV4,
        IPV6
    }

    // Routes

    public static final Parameter<String> DEFAULT_TRANSPORT =
            Parameter.text("default_transport", "smtp", "How mail for other servers is delivered.");
    public static final Parameter<String> RELAY_TRANSPORT =
            Parameter.text("relay_transport", "relay", "How mail for relay_domains is delivered.");
    public static final Parameter<List<String>> RELAYHOST = Parameter.list(
            "relayhost",
            "",
            "Where mail for other servers is sent instead of to their mail exchangers: [host]:port, host, or several.");
    public static final Parameter<List<String>> TRANSPORT_MAPS =
            Parameter.tables("transport_maps", "", "Routes by address or domain.");
    public static final Parameter<List<String>> SENDER_DEPENDENT_RELAYHOST_MAPS =
            Parameter.tables("sender_dependent_relayhost_maps", "", "The relayhost by sender.");
    public static final Parameter<List<String>> SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS =
            Parameter.tables("sender_dependent_default_transport_maps", "", "The default_transport by sender.");
    public static final Parameter<String> EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY = Parameter.text(
            "empty_address_relayhost_maps_lookup_key", "<>", "The key that stands for the empty sender there.");
    public static final Parameter<String> EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY = Parameter.text(
            "empty_address_default_transport_maps_lookup_key", "<>", "The key that stands for the empty sender there.");
    public static final Parameter<List<String>> SMTP_FALLBACK_RELAY = Parameter.list(
            "smtp_fallback_relay", "$fallback_relay", "Servers that get mail when no mail exchanger can be reached.");
    public static final Parameter<String> FALLBACK_RELAY =
            Parameter.text("fallback_relay", "", "The old name of smtp_fallback_relay.");
    public static final Parameter<String> BEST_MX_TRANSPORT = Parameter.text(
                    "best_mx_transport",
                    "",
                    "What is done when this server is the best mail exchanger of a domain that it does not know.")
            .notYet();
    public static final Parameter<String> SMTP_TCP_PORT =
            Parameter.text("smtp_tcp_port", "smtp", "The port of other servers, a number or a name.");
    public static final Parameter<String> LMTP_TCP_PORT =
            Parameter.text("lmtp_tcp_port", "24", "The port of LMTP servers.");
    public static final Parameter<Boolean> DISABLE_DNS_LOOKUPS = Parameter.flag(
                    "disable_dns_lookups",
                    false,
                    "Whether addresses of hosts are taken without DNS, from the machine's own tables.")
            .notYet();
    public static final Parameter<String> SMTP_DNS_SUPPORT_LEVEL = Parameter.text(
                    "smtp_dns_support_level", "", "What DNS is asked: disabled, enabled or dnssec.")
            .notYet();
    public static final Parameter<List<String>> SMTP_HOST_LOOKUP =
            Parameter.list("smtp_host_lookup", "dns", "Where host names are looked up: dns, native.");
    public static final Parameter<List<String>> SMTP_DNS_RESOLVER_OPTIONS = Parameter.list(
                    "smtp_dns_resolver_options", "", "Options of DNS questions.")
            .notYet();
    public static final Parameter<List<String>> SMTP_DNS_REPLY_FILTER = Parameter.tables(
                    "smtp_dns_reply_filter", "", "Tables that filter DNS answers.")
            .notYet();
    public static final Parameter<Boolean> IGNORE_MX_LOOKUP_ERROR = Parameter.flag(
            "ignore_mx_lookup_error",
            false,
            "Whether the domain's own address is used when its mail exchangers cannot be found for now.");
    public static final Parameter<Boolean> SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND = Parameter.flag(
            "smtp_defer_if_no_mx_address_found", false, "Whether mail waits when no mail exchanger has an address.");
    public static final Parameter<Integer> SMTP_MX_ADDRESS_LIMIT = Parameter.count(
            "smtp_mx_address_limit", 5, 0, Integer.MAX_VALUE, "Addresses tried for one message, 0 for no limit.");
    public static final Parameter<Integer> SMTP_MX_SESSION_LIMIT = Parameter.count(
            "smtp_mx_session_limit", 2, 0, Integer.MAX_VALUE, "Sessions tried for one message, 0 for no limit.");
    public static final Parameter<Boolean> SMTP_RANDOMIZE_ADDRESSES = Parameter.flag(
            "smtp_randomize_addresses", true, "Whether mail exchangers of one preference are tried in random order.");
    public static final Parameter<AddressPreference> SMTP_ADDRESS_PREFERENCE = Parameter.choice(
            "smtp_address_preference", AddressPreference.values(), "any", "Which kind of address is tried first.");
    public static final Parameter<Boolean> SMTP_BALANCE_INET_PROTOCOLS = Parameter.flag(
            "smtp_balance_inet_protocols", true, "Whether both kinds of addresses are among those tried.");
    public static final Parameter<String> SMTP_BIND_ADDRESS =
            Parameter.text("smtp_bind_address", "", "The IPv4 address connections come from.");
    public static final Parameter<String> SMTP_BIND_ADDRESS6 =
            Parameter.text("smtp_bind_address6", "", "The IPv6 address connections come from.");
    public static final Parameter<Boolean> SMTP_BIND_ADDRESS_ENFORCE =
            Parameter.flag("smtp_bind_address_enforce", false, "Whether mail waits when that address cannot be used.");
    public static final Parameter<Boolean> SMTP_CNAME_OVERRIDES_SERVERNAME = Parameter.flag(
                    "smtp_cname_overrides_servername",
                    false,
                    "Whether an alias name in DNS replaces the name of the server.")
            .notYet();

    // Conversation

    public static final Parameter<String> SMTP_HELO_NAME =
            Parameter.text("smtp_helo_name", "$myhostname", "The name said in EHLO.");
    public static final Parameter<String> LMTP_LHLO_NAME =
            Parameter.text("lmtp_lhlo_name", "$myhostname", "The name said in LHLO.");
    public static final Parameter<Boolean> SMTP_ALWAYS_SEND_EHLO = Parameter.flag(
                    "smtp_always_send_ehlo",
                    true,
                    "Whether EHLO is said even when the greeting does not promise ESMTP.")
            .notYet();
    public static final Parameter<Boolean> SMTP_NEVER_SEND_EHLO =
            Parameter.flag("smtp_never_send_ehlo", false, "Whether HELO is said instead of EHLO.");
    public static final Parameter<List<String>> SMTP_DISCARD_EHLO_KEYWORDS =
            Parameter.list("smtp_discard_ehlo_keywords", "", "Announced EHLO keywords that are not used.");
    public static final Parameter<List<String>> SMTP_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS = Parameter.tables(
                    "smtp_discard_ehlo_keyword_address_maps",
                    "",
                    "Announced EHLO keywords that are not used, by server address.")
            .notYet();
    public static final Parameter<Boolean> SMTP_SKIP_5XX_GREETING = Parameter.flag(
            "smtp_skip_5xx_greeting",
            true,
            "Whether a server that refuses at the greeting is passed over for the next.");
    public static final Parameter<Boolean> SMTP_SKIP_QUIT_RESPONSE = Parameter.flag(
                    "smtp_skip_quit_response", true, "Whether the answer to QUIT is not waited for.")
            .notYet();
    public static final Parameter<Boolean> SMTP_QUOTE_RFC821_ENVELOPE = Parameter.flag(
                    "smtp_quote_rfc821_envelope", true, "Whether local parts are quoted where the RFC demands it.")
            .notYet();
    public static final Parameter<Integer> SMTP_LINE_LENGTH_LIMIT = Parameter.count(
            "smtp_line_length_limit", 998, 0, Integer.MAX_VALUE, "Octets after which a body line is broken.");
    public static final Parameter<Boolean> DISABLE_MIME_OUTPUT_CONVERSION = Parameter.flag(
            "disable_mime_output_conversion",
            false,
            "Whether 8-bit mail is sent as it is to servers without 8BITMIME.");
    public static final Parameter<Duration> SMTP_CONNECT_TIMEOUT = Parameter.time(
            "smtp_connect_timeout",
            "30s",
            ChronoUnit.SECONDS,
            "How long connecting may take, 0 for as long as the system says.");
    public static final Parameter<Duration> SMTP_HELO_TIMEOUT = Parameter.time(
            "smtp_helo_timeout", "300s", ChronoUnit.SECONDS, "How long greeting and EHLO may take each.");
    public static final Parameter<Duration> SMTP_MAIL_TIMEOUT =
            Parameter.time("smtp_mail_timeout", "300s", ChronoUnit.SECONDS, "How long MAIL may take.");
    public static final Parameter<Duration> SMTP_RCPT_TIMEOUT =
            Parameter.time("smtp_rcpt_timeout", "300s", ChronoUnit.SECONDS, "How long RCPT may take.");
    public static final Parameter<Duration> SMTP_DATA_INIT_TIMEOUT =
            Parameter.time("smtp_data_init_timeout", "120s", ChronoUnit.SECONDS, "How long DATA may take.");
    public static final Parameter<Duration> SMTP_DATA_XFER_TIMEOUT = Parameter.time(
            "smtp_data_xfer_timeout", "180s", ChronoUnit.SECONDS, "How long a write of the message may take.");
    public static final Parameter<Duration> SMTP_DATA_DONE_TIMEOUT = Parameter.time(
            "smtp_data_done_timeout", "600s", ChronoUnit.SECONDS, "How long the answer after the message may take.");
    public static final Parameter<Duration> SMTP_RSET_TIMEOUT =
            Parameter.time("smtp_rset_timeout", "20s", ChronoUnit.SECONDS, "How long RSET may take.");
    public static final Parameter<Duration> SMTP_QUIT_TIMEOUT = Parameter.time(
                    "smtp_quit_timeout", "300s", ChronoUnit.SECONDS, "How long QUIT may take.")
            .notYet();
    public static final Parameter<Duration> SMTP_XFORWARD_TIMEOUT = Parameter.time(
                    "smtp_xforward_timeout", "300s", ChronoUnit.SECONDS, "How long XFORWARD may take.")
            .notYet();
    public static final Parameter<Boolean> SMTP_SEND_XFORWARD_COMMAND = Parameter.flag(
                    "smtp_send_xforward_command", false, "Whether XFORWARD is sent.")
            .notYet();
    public static final Parameter<Boolean> SMTP_CONNECTION_CACHE_ON_DEMAND = Parameter.flag(
            "smtp_connection_cache_on_demand",
            true,
            "Whether a connection stays open while there is more mail for its server.");
    public static final Parameter<List<String>> SMTP_CONNECTION_CACHE_DESTINATIONS = Parameter.list(
            "smtp_connection_cache_destinations", "", "Destinations whose connections always stay open for a while.");
    public static final Parameter<Duration> SMTP_CONNECTION_CACHE_TIME_LIMIT = Parameter.time(
            "smtp_connection_cache_time_limit", "2s", ChronoUnit.SECONDS, "How long an idle connection stays open.");
    public static final Parameter<Duration> SMTP_CONNECTION_REUSE_TIME_LIMIT = Parameter.time(
            "smtp_connection_reuse_time_limit", "300s", ChronoUnit.SECONDS, "How long a connection is used.");
    public static final Parameter<Integer> SMTP_CONNECTION_REUSE_COUNT_LIMIT = Parameter.count(
            "smtp_connection_reuse_count_limit",
            0,
            0,
            Integer.MAX_VALUE,
            "Messages over one connection, 0 for no limit.");
    public static final Parameter<Boolean> SMTP_PER_REQUEST_DEADLINE = Parameter.flag(
                    "smtp_per_request_deadline",
                    "${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}",
                    "Whether the time limits above are for a whole command instead of each read or write.")
            .notYet();
    public static final Parameter<String> SMTP_PER_RECORD_DEADLINE = Parameter.text(
                    "smtp_per_record_deadline", "", "The old name of smtp_per_request_deadline.")
            .notYet();
    public static final Parameter<Integer> SMTP_MIN_DATA_RATE = Parameter.count(
                    "smtp_min_data_rate",
                    500,
                    1,
                    Integer.MAX_VALUE,
                    "Octets a second that count when smtp_per_request_deadline is on.")
            .notYet();
    public static final Parameter<List<String>> SMTP_REPLY_FILTER = Parameter.tables(
                    "smtp_reply_filter", "", "Tables that rewrite replies of servers.")
            .notYet();
    public static final Parameter<List<String>> SMTP_GENERIC_MAPS = Parameter.tables(
            "smtp_generic_maps", "", "Addresses rewritten in envelope and header on their way out by SMTP.");
    public static final Parameter<List<String>> SMTP_HEADER_CHECKS =
            Parameter.tables("smtp_header_checks", "", "Patterns looked for in headers on their way out.");
    public static final Parameter<List<String>> SMTP_MIME_HEADER_CHECKS =
            Parameter.tables("smtp_mime_header_checks", "", "Patterns looked for in MIME headers on their way out.");
    public static final Parameter<List<String>> SMTP_NESTED_HEADER_CHECKS = Parameter.tables(
            "smtp_nested_header_checks", "", "Patterns looked for in headers of attached messages on their way out.");
    public static final Parameter<List<String>> SMTP_BODY_CHECKS =
            Parameter.tables("smtp_body_checks", "", "Patterns looked for in bodies on their way out.");
    public static final Parameter<List<String>> SMTP_DELIVERY_STATUS_FILTER = Parameter.tables(
                    "smtp_delivery_status_filter",
                    "$default_delivery_status_filter",
                    "Tables that change status codes.")
            .notYet();
    public static final Parameter<String> DEFAULT_DELIVERY_STATUS_FILTER = Parameter.text(
                    "default_delivery_status_filter", "", "The same for all transports.")
            .notYet();

    // Authentication

    public static final Parameter<Boolean> SMTP_SASL_AUTH_ENABLE =
            Parameter.flag("smtp_sasl_auth_enable", false, "Whether to log in at other servers.");
    public static final Parameter<List<String>> SMTP_SASL_PASSWORD_MAPS =
            Parameter.tables("smtp_sasl_password_maps", "", "Name and password, user:password, by server.");
    public static final Parameter<List<String>> SMTP_SASL_SECURITY_OPTIONS =
            Parameter.list("smtp_sasl_security_options", "noplaintext, noanonymous", "Mechanisms that are not used.");
    public static final Parameter<List<String>> SMTP_SASL_TLS_SECURITY_OPTIONS = Parameter.list(
            "smtp_sasl_tls_security_options",
            "${{$smtp_sasl_security_options} == {noplaintext, noanonymous} ? {noanonymous} : {$smtp_sasl_security_options}}",
            "The same under TLS.");
    public static final Parameter<List<String>> SMTP_SASL_MECHANISM_FILTER =
            Parameter.list("smtp_sasl_mechanism_filter", "", "Mechanisms that may be used.");
    public static final Parameter<Boolean> SMTP_SASL_AUTH_SOFT_BOUNCE =
            Parameter.flag("smtp_sasl_auth_soft_bounce", true, "Whether mail waits when the login is refused.");
    public static final Parameter<Boolean> SMTP_SENDER_DEPENDENT_AUTHENTICATION = Parameter.flag(
            "smtp_sender_dependent_authentication", false, "Whether passwords are looked up by sender first.");
    public static final Parameter<Boolean> SMTP_SEND_DUMMY_MAIL_AUTH = Parameter.flag(
                    "smtp_send_dummy_mail_auth", false, "Whether AUTH=<> is added to MAIL.")
            .notYet();

    // TLS

    public static final Parameter<ClientTlsLevel> SMTP_TLS_SECURITY_LEVEL = Parameter.choice(
            "smtp_tls_security_level",
            ClientTlsLevel.values(),
            "${{$smtp_enforce_tls} == {yes} ? {encrypt} : {${{$smtp_use_tls} == {no} ? {none} : {may}}}}",
            "How much TLS is asked of other servers.");
    public static final Parameter<Boolean> SMTP_USE_TLS =
            Parameter.flag("smtp_use_tls", true, "The old switch for smtp_tls_security_level = may.");
    public static final Parameter<Boolean> SMTP_ENFORCE_TLS =
            Parameter.flag("smtp_enforce_tls", false, "The old switch for smtp_tls_security_level = encrypt.");
    public static final Parameter<ClientTlsLevel> LMTP_TLS_SECURITY_LEVEL = Parameter.choice(
            "lmtp_tls_security_level",
            ClientTlsLevel.values(),
            "${{$lmtp_enforce_tls} == {yes} ? {encrypt} : {${{$lmtp_use_tls} == {no} ? {none} : {may}}}}",
            "How much TLS is asked of LMTP servers.");
    public static final Parameter<Boolean> LMTP_USE_TLS =
            Parameter.flag("lmtp_use_tls", true, "The old switch for lmtp_tls_security_level = may.");
    public static final Parameter<Boolean> LMTP_ENFORCE_TLS =
            Parameter.flag("lmtp_enforce_tls", false, "The old switch for lmtp_tls_security_level = encrypt.");
    public static final Parameter<Boolean> SMTP_TLS_WRAPPERMODE =
            Parameter.flag("smtp_tls_wrappermode", false, "Whether TLS starts with the first byte, as port 465 wants.");
    public static final Parameter<List<String>> SMTP_TLS_POLICY_MAPS = Parameter.tables(
                    "smtp_tls_policy_maps", "", "The security level by destination.")
            .notYet();
    public static final Parameter<Optional<Path>> SMTP_TLS_CAFILE = Parameter.file(
            "smtp_tls_CAfile", "", "Certificates of authorities that are trusted; empty means those of the system.");
    public static final Parameter<Optional<Path>> SMTP_TLS_CAPATH =
            Parameter.file("smtp_tls_CApath", "", "A folder of such certificates.");
    public static final Parameter<Optional<Path>> SMTP_TLS_CERT_FILE =
            Parameter.file("smtp_tls_cert_file", "", "The certificate shown to servers that ask for one.");
    public static final Parameter<Optional<Path>> SMTP_TLS_KEY_FILE =
            Parameter.file("smtp_tls_key_file", "$smtp_tls_cert_file", "The private key of that certificate.");
    public static final Parameter<Optional<Path>> SMTP_TLS_ECCERT_FILE =
            Parameter.file("smtp_tls_eccert_file", "", "A second certificate with an elliptic-curve key.");
    public static final Parameter<Optional<Path>> SMTP_TLS_ECKEY_FILE =
            Parameter.file("smtp_tls_eckey_file", "$smtp_tls_eccert_file", "The private key of smtp_tls_eccert_file.");
    public static final Parameter<List<String>> SMTP_TLS_CHAIN_FILES =
            Parameter.list("smtp_tls_chain_files", "", "Files with a key followed by its certificates.");
    public static final Parameter<String> SMTP_TLS_PROTOCOLS =
            Parameter.text("smtp_tls_protocols", ">=TLSv1.2", "TLS versions of opportunistic sessions.");
    public static final Parameter<String> SMTP_TLS_MANDATORY_PROTOCOLS =
            Parameter.text("smtp_tls_mandatory_protocols", ">=TLSv1.2", "TLS versions where encryption is demanded.");
    public static final Parameter<String> SMTP_TLS_CIPHERS =
            Parameter.text("smtp_tls_ciphers", "medium", "Least grade of ciphers of opportunistic sessions.");
    public static final Parameter<String> SMTP_TLS_MANDATORY_CIPHERS = Parameter.text(
            "smtp_tls_mandatory_ciphers", "medium", "Least grade of ciphers where encryption is demanded.");
    public static final Parameter<List<String>> SMTP_TLS_EXCLUDE_CIPHERS =
            Parameter.list("smtp_tls_exclude_ciphers", "", "Ciphers that are never used.");
    public static final Parameter<List<String>> SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS = Parameter.list(
            "smtp_tls_mandatory_exclude_ciphers", "", "More ciphers that are not used where encryption is demanded.");
    public static final Parameter<List<String>> SMTP_TLS_VERIFY_CERT_MATCH = Parameter.list(
            "smtp_tls_verify_cert_match", "hostname", "Which names of a certificate count at level verify.");
    public static final Parameter<List<String>> SMTP_TLS_SECURE_CERT_MATCH = Parameter.list(
            "smtp_tls_secure_cert_match",
            "nexthop, dot-nexthop",
            "Which names of a certificate count at level secure.");
    public static final Parameter<List<String>> SMTP_TLS_FINGERPRINT_CERT_MATCH = Parameter.list(
                    "smtp_tls_fingerprint_cert_match", "", "Fingerprints that count at level fingerprint.")
            .notYet();
    public static final Parameter<String> SMTP_TLS_FINGERPRINT_DIGEST = Parameter.text(
                    "smtp_tls_fingerprint_digest", "sha256", "The digest of those fingerprints.")
            .notYet();
    public static final Parameter<Integer> SMTP_TLS_SCERT_VERIFYDEPTH = Parameter.count(
                    "smtp_tls_scert_verifydepth", 9, 0, 100, "Certificates in a server's chain at most.")
            .notYet();
    public static final Parameter<String> SMTP_TLS_SERVERNAME = Parameter.text(
                    "smtp_tls_servername", "", "The name sent for SNI: empty, hostname, nexthop or a name.")
            .notYet();
    public static final Parameter<Integer> SMTP_TLS_LOGLEVEL = Parameter.count(
                    "smtp_tls_loglevel", 0, 0, 4, "How much is logged about TLS.")
            .notYet();
    public static final Parameter<Boolean> SMTP_TLS_NOTE_STARTTLS_OFFER = Parameter.flag(
            "smtp_tls_note_starttls_offer",
            false,
            "Whether servers that offer STARTTLS are logged when it is not used.");
    public static final Parameter<Duration> SMTP_TLS_SESSION_CACHE_TIMEOUT = Parameter.time(
            "smtp_tls_session_cache_timeout", "3600s", ChronoUnit.SECONDS, "How long a TLS session can be resumed.");
    public static final Parameter<String> SMTP_TLS_CONNECTION_REUSE = Parameter.withoutEffect(
            "smtp_tls_connection_reuse", "no", "TLS connections are used again as all others are.");
    public static final Parameter<Duration> SMTP_STARTTLS_TIMEOUT =
            Parameter.time("smtp_starttls_timeout", "300s", ChronoUnit.SECONDS, "How long the handshake may take.");
    public static final Parameter<Boolean> SMTP_TLS_BLOCK_EARLY_MAIL_REPLY = Parameter.flag(
                    "smtp_tls_block_early_mail_reply",
                    false,
                    "Whether mail waits when a server sends more before the handshake than it should.")
            .notYet();
    public static final Parameter<String> SMTP_TLS_DANE_INSECURE_MX_POLICY = Parameter.text(
                    "smtp_tls_dane_insecure_mx_policy",
                    "${{$smtp_tls_security_level} == {dane} ? {dane} : {may}}",
                    "The level for servers with TLSA records found over insecure DNS.")
            .notYet();
    public static final Parameter<List<String>> SMTP_TLS_TRUST_ANCHOR_FILE = Parameter.list(
                    "smtp_tls_trust_anchor_file",
                    "",
                    "Files of certificates that are trusted instead of the authorities.")
            .notYet();
    public static final Parameter<Boolean> SMTP_TLS_ENFORCE_PEERNAME = Parameter.flag(
                    "smtp_tls_enforce_peername",
                    true,
                    "Whether smtp_enforce_tls checks the name in the certificate too.")
            .notYet();

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                DEFAULT_TRANSPORT,
                RELAY_TRANSPORT,
                RELAYHOST,
                TRANSPORT_MAPS,
                SENDER_DEPENDENT_RELAYHOST_MAPS,
                SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS,
                EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY,
                EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY,
                SMTP_FALLBACK_RELAY,
                FALLBACK_RELAY,
                BEST_MX_TRANSPORT,
                SMTP_TCP_PORT,
                LMTP_TCP_PORT,
                DISABLE_DNS_LOOKUPS,
                SMTP_DNS_SUPPORT_LEVEL,
                SMTP_HOST_LOOKUP,
                SMTP_DNS_RESOLVER_OPTIONS,
                SMTP_DNS_REPLY_FILTER,
                IGNORE_MX_LOOKUP_ERROR,
                SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND,
                SMTP_MX_ADDRESS_LIMIT,
                SMTP_MX_SESSION_LIMIT,
                SMTP_RANDOMIZE_ADDRESSES,
                SMTP_ADDRESS_PREFERENCE,
                SMTP_BALANCE_INET_PROTOCOLS,
                SMTP_BIND_ADDRESS,
                SMTP_BIND_ADDRESS6,
                SMTP_BIND_ADDRESS_ENFORCE,
                SMTP_CNAME_OVERRIDES_SERVERNAME,
                SMTP_HELO_NAME,
                LMTP_LHLO_NAME,
                SMTP_ALWAYS_SEND_EHLO,
                SMTP_NEVER_SEND_EHLO,
                SMTP_DISCARD_EHLO_KEYWORDS,
                SMTP_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS,
                SMTP_SKIP_5XX_GREETING,
                SMTP_SKIP_QUIT_RESPONSE,
                SMTP_QUOTE_RFC821_ENVELOPE,
                SMTP_LINE_LENGTH_LIMIT,
                DISABLE_MIME_OUTPUT_CONVERSION,
                SMTP_CONNECT_TIMEOUT,
                SMTP_HELO_TIMEOUT,
                SMTP_MAIL_TIMEOUT,
                SMTP_RCPT_TIMEOUT,
                SMTP_DATA_INIT_TIMEOUT,
                SMTP_DATA_XFER_TIMEOUT,
                SMTP_DATA_DONE_TIMEOUT,
                SMTP_RSET_TIMEOUT,
                SMTP_QUIT_TIMEOUT,
                SMTP_XFORWARD_TIMEOUT,
                SMTP_SEND_XFORWARD_COMMAND,
                SMTP_CONNECTION_CACHE_ON_DEMAND,
                SMTP_CONNECTION_CACHE_DESTINATIONS,
                SMTP_CONNECTION_CACHE_TIME_LIMIT,
                SMTP_CONNECTION_REUSE_TIME_LIMIT,
                SMTP_CONNECTION_REUSE_COUNT_LIMIT,
                SMTP_PER_REQUEST_DEADLINE,
                SMTP_PER_RECORD_DEADLINE,
                SMTP_MIN_DATA_RATE,
                SMTP_REPLY_FILTER,
                SMTP_GENERIC_MAPS,
                SMTP_HEADER_CHECKS,
                SMTP_MIME_HEADER_CHECKS,
                SMTP_NESTED_HEADER_CHECKS,
                SMTP_BODY_CHECKS,
                SMTP_DELIVERY_STATUS_FILTER,
                DEFAULT_DELIVERY_STATUS_FILTER,
                SMTP_SASL_AUTH_ENABLE,
                SMTP_SASL_PASSWORD_MAPS,
                SMTP_SASL_SECURITY_OPTIONS,
                SMTP_SASL_TLS_SECURITY_OPTIONS,
                SMTP_SASL_MECHANISM_FILTER,
                SMTP_SASL_AUTH_SOFT_BOUNCE,
                SMTP_SENDER_DEPENDENT_AUTHENTICATION,
                SMTP_SEND_DUMMY_MAIL_AUTH,
                SMTP_TLS_SECURITY_LEVEL,
                SMTP_USE_TLS,
                SMTP_ENFORCE_TLS,
                LMTP_TLS_SECURITY_LEVEL,
                LMTP_USE_TLS,
                LMTP_ENFORCE_TLS,
                SMTP_TLS_WRAPPERMODE,
                SMTP_TLS_POLICY_MAPS,
                SMTP_TLS_CAFILE,
                SMTP_TLS_CAPATH,
                SMTP_TLS_CERT_FILE,
                SMTP_TLS_KEY_FILE,
                SMTP_TLS_ECCERT_FILE,
                SMTP_TLS_ECKEY_FILE,
                SMTP_TLS_CHAIN_FILES,
                SMTP_TLS_PROTOCOLS,
                SMTP_TLS_MANDATORY_PROTOCOLS,
                SMTP_TLS_CIPHERS,
                SMTP_TLS_MANDATORY_CIPHERS,
                SMTP_TLS_EXCLUDE_CIPHERS,
                SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS,
                SMTP_TLS_VERIFY_CERT_MATCH,
                SMTP_TLS_SECURE_CERT_MATCH,
                SMTP_TLS_FINGERPRINT_CERT_MATCH,
                SMTP_TLS_FINGERPRINT_DIGEST,
                SMTP_TLS_SCERT_VERIFYDEPTH,
                SMTP_TLS_SERVERNAME,
                SMTP_TLS_LOGLEVEL,
                SMTP_TLS_NOTE_STARTTLS_OFFER,
                SMTP_TLS_SESSION_CACHE_TIMEOUT,
                SMTP_TLS_CONNECTION_REUSE,
                SMTP_STARTTLS_TIMEOUT,
                SMTP_TLS_BLOCK_EARLY_MAIL_REPLY,
                SMTP_TLS_DANE_INSECURE_MX_POLICY,
                SMTP_TLS_TRUST_ANCHOR_FILE,
                SMTP_TLS_ENFORCE_PEERNAME);
    }
}
