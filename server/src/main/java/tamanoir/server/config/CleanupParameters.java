package tamanoir.server.config;

import java.util.List;

/// Everything between the door and the mailbox: completing, rewriting and checking messages.
public final class CleanupParameters {
    private CleanupParameters() {}

    /// Which addresses a mapping concerns.
    public enum CanonicalClass {
        ENVELOPE_SENDER,
        ENVELOPE_RECIPIENT,
        HEADER_SENDER,
        HEADER_RECIPIENT
    }

    // Addresses

    public static final Parameter<String> MYORIGIN = Parameter.text(
            "myorigin", "$myhostname", "The domain added to addresses of mail from this server that have none.");
    public static final Parameter<List<String>> MYDESTINATION = Parameter.list(
            "mydestination",
            "$myhostname, localhost.$mydomain, localhost",
            "Domains whose users are the accounts of this server.");
    public static final Parameter<Boolean> APPEND_AT_MYORIGIN = Parameter.flag(
                    "append_at_myorigin", true, "Whether an address without a domain gets $myorigin.")
            .notYet();
    public static final Parameter<Boolean> APPEND_DOT_MYDOMAIN = Parameter.flag(
            "append_dot_mydomain",
            "${{$compatibility_level} <level {1} ? {yes} : {no}}",
            "Whether a domain without a dot gets .$mydomain.");
    public static final Parameter<Boolean> ALLOW_PERCENT_HACK =
            Parameter.flag("allow_percent_hack", true, "Whether user%domain is read as user@domain.");
    public static final Parameter<Boolean> SWAP_BANGPATH =
            Parameter.flag("swap_bangpath", true, "Whether site!user is read as user@site.");
    public static final Parameter<String> RECIPIENT_DELIMITER = Parameter.text(
            "recipient_delimiter", "", "Characters that may divide a user name from its detail: the + in user+detail.");
    public static final Parameter<List<String>> PROPAGATE_UNMATCHED_EXTENSIONS = Parameter.list(
            "propagate_unmatched_extensions",
            "canonical, virtual",
            "Tables after whose match an unmatched detail is kept: canonical, virtual, alias, forward, include, generic.");
    public static final Parameter<Boolean> OWNER_REQUEST_SPECIAL = Parameter.flag(
            "owner_request_special", true, "Whether owner-list and list-request are never divided at the delimiter.");
    public static final Parameter<Boolean> RESOLVE_DEQUOTED_ADDRESS = Parameter.flag(
            "resolve_dequoted_address",
            true,
            "Whether user@domain in a quoted local part before a domain of ours is read as a way on.");
    public static final Parameter<Boolean> RESOLVE_NULL_DOMAIN = Parameter.flag(
                    "resolve_null_domain", false, "Whether an address that ends in @ is local instead of invalid.")
            .notYet();
    public static final Parameter<Boolean> RESOLVE_NUMERIC_DOMAIN = Parameter.flag(
                    "resolve_numeric_domain", false, "Whether user@ip-address is read as user@[ip-address].")
            .notYet();
    public static final Parameter<Boolean> ALLOW_UNTRUSTED_ROUTING = Parameter.flag(
                    "allow_untrusted_routing",
                    false,
                    "Whether user@elsewhere@here style routing is taken from strangers.")
            .notYet();
    public static final Parameter<String> EMPTY_ADDRESS_RECIPIENT = Parameter.text(
                    "empty_address_recipient",
                    "MAILER-DAEMON",
                    "Who stands for the empty recipient in log and reports.")
            .notYet();
    public static final Parameter<List<String>> LOCAL_HEADER_REWRITE_CLIENTS = Parameter.list(
            "local_header_rewrite_clients",
            "permit_inet_interfaces",
            "Clients whose headers get addresses completed with $myorigin.");
    public static final Parameter<String> REMOTE_HEADER_REWRITE_DOMAIN = Parameter.text(
            "remote_header_rewrite_domain",
            "",
            "The domain for incomplete header addresses of all other clients; empty leaves their headers alone.");

    // Mapping

    public static final Parameter<List<String>> CANONICAL_MAPS =
            Parameter.tables("canonical_maps", "", "Addresses rewritten in envelope and header.");
    public static final Parameter<List<CanonicalClass>> CANONICAL_CLASSES = Parameter.choices(
            "canonical_classes",
            CanonicalClass.values(),
            "envelope_sender, envelope_recipient, header_sender, header_recipient",
            "Which addresses canonical_maps rewrites.");
    public static final Parameter<List<String>> SENDER_CANONICAL_MAPS =
            Parameter.tables("sender_canonical_maps", "", "Sender addresses rewritten before canonical_maps.");
    public static final Parameter<List<CanonicalClass>> SENDER_CANONICAL_CLASSES = Parameter.choices(
            "sender_canonical_classes",
            CanonicalClass.values(),
            "envelope_sender, header_sender",
            "Which addresses sender_canonical_maps rewrites.");
    public static final Parameter<List<String>> RECIPIENT_CANONICAL_MAPS =
            Parameter.tables("recipient_canonical_maps", "", "Recipient addresses rewritten before canonical_maps.");
    public static final Parameter<List<CanonicalClass>> RECIPIENT_CANONICAL_CLASSES = Parameter.choices(
            "recipient_canonical_classes",
            CanonicalClass.values(),
            "envelope_recipient, header_recipient",
            "Which addresses recipient_canonical_maps rewrites.");
    public static final Parameter<List<String>> MASQUERADE_DOMAINS =
            Parameter.list("masquerade_domains", "", "Domains whose subdomains are taken off.");
    public static final Parameter<List<CanonicalClass>> MASQUERADE_CLASSES = Parameter.choices(
            "masquerade_classes",
            CanonicalClass.values(),
            "envelope_sender, header_sender, header_recipient",
            "Which addresses masquerade_domains changes.");
    public static final Parameter<List<String>> MASQUERADE_EXCEPTIONS =
            Parameter.list("masquerade_exceptions", "", "User names that masquerade_domains does not change.");
    public static final Parameter<List<String>> VIRTUAL_ALIAS_MAPS =
            Parameter.tables("virtual_alias_maps", "$virtual_maps", "Recipients replaced by others, in every domain.");
    public static final Parameter<String> VIRTUAL_MAPS =
            Parameter.text("virtual_maps", "", "The old name of virtual_alias_maps.");
    public static final Parameter<List<String>> VIRTUAL_ALIAS_DOMAINS =
            Parameter.list("virtual_alias_domains", "$virtual_alias_maps", "Domains whose recipients are all aliases.");
    public static final Parameter<Integer> VIRTUAL_ALIAS_EXPANSION_LIMIT = Parameter.count(
            "virtual_alias_expansion_limit",
            1000,
            1,
            Integer.MAX_VALUE,
            "Recipients that virtual_alias_maps may make of one.");
    public static final Parameter<Integer> VIRTUAL_ALIAS_RECURSION_LIMIT = Parameter.count(
            "virtual_alias_recursion_limit",
            1000,
            1,
            Integer.MAX_VALUE,
            "Times virtual_alias_maps is applied to its own result.");
    public static final Parameter<Integer> VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT = Parameter.count(
                    "virtual_alias_address_length_limit",
                    1000,
                    1,
                    Integer.MAX_VALUE,
                    "Characters of an address that virtual_alias_maps makes.")
            .notYet();
    public static final Parameter<String> ALWAYS_BCC =
            Parameter.text("always_bcc", "", "An address that gets a copy of every new message.");
    public static final Parameter<List<String>> SENDER_BCC_MAPS =
            Parameter.tables("sender_bcc_maps", "", "Addresses that get a copy, by sender.");
    public static final Parameter<List<String>> RECIPIENT_BCC_MAPS =
            Parameter.tables("recipient_bcc_maps", "", "Addresses that get a copy, by recipient.");
    public static final Parameter<Boolean> ENABLE_ORIGINAL_RECIPIENT = Parameter.flag(
                    "enable_original_recipient",
                    true,
                    "Whether the address as received is kept beside the one it became.")
            .notYet();

    // Headers and content

    public static final Parameter<List<String>> HEADER_CHECKS =
            Parameter.tables("header_checks", "", "Patterns looked for in each header line of new mail.");
    public static final Parameter<List<String>> MIME_HEADER_CHECKS =
            Parameter.tables("mime_header_checks", "$header_checks", "Patterns looked for in MIME headers.");
    public static final Parameter<List<String>> NESTED_HEADER_CHECKS = Parameter.tables(
            "nested_header_checks", "$header_checks", "Patterns looked for in headers of attached messages.");
    public static final Parameter<List<String>> BODY_CHECKS =
            Parameter.tables("body_checks", "", "Patterns looked for in each body line.");
    public static final Parameter<Long> BODY_CHECKS_SIZE_LIMIT =
            Parameter.octets("body_checks_size_limit", 51200, "Octets of each body part that body_checks looks at.");
    public static final Parameter<Long> HEADER_SIZE_LIMIT =
            Parameter.octets("header_size_limit", 102400, "Octets of one header field that are kept.");
    public static final Parameter<Integer> HEADER_ADDRESS_TOKEN_LIMIT = Parameter.count(
                    "header_address_token_limit",
                    10240,
                    1,
                    Integer.MAX_VALUE,
                    "Words of an address header that are looked at.")
            .notYet();
    public static final Parameter<List<String>> MESSAGE_DROP_HEADERS = Parameter.list(
            "message_drop_headers",
            "bcc, content-length, resent-bcc, return-path",
            "Header fields that are taken out.");
    public static final Parameter<String> MESSAGE_REJECT_CHARACTERS =
            Parameter.text("message_reject_characters", "", "Characters for which a message is refused.");
    public static final Parameter<String> MESSAGE_STRIP_CHARACTERS =
            Parameter.text("message_strip_characters", "", "Characters that are taken out of a message.");
    public static final Parameter<Boolean> ALWAYS_ADD_MISSING_HEADERS = Parameter.flag(
            "always_add_missing_headers",
            false,
            "Whether mail from strangers gets missing Date, From and Message-ID too.");
    public static final Parameter<String> UNDISCLOSED_RECIPIENTS_HEADER =
            Parameter.text("undisclosed_recipients_header", "", "The header line for mail that names no recipient.");
    public static final Parameter<String> HEADER_FROM_FORMAT = Parameter.text(
                    "header_from_format", "standard", "The form of a From line that is added: standard or obsolete.")
            .notYet();
    public static final Parameter<Boolean> CLEANUP_REPLACE_STRAY_CR_LF = Parameter.flag(
                    "cleanup_replace_stray_cr_lf", true, "Whether a CR or LF that is no line end becomes a blank.")
            .notYet();
    public static final Parameter<Integer> HOPCOUNT_LIMIT = Parameter.count(
            "hopcount_limit", 50, 1, Integer.MAX_VALUE, "Received lines from which a message is going in circles.");
    public static final Parameter<Integer> MIME_NESTING_LIMIT =
            Parameter.count("mime_nesting_limit", 100, 1, Integer.MAX_VALUE, "Parts within parts of a message.");
    public static final Parameter<Integer> MIME_BOUNDARY_LENGTH_LIMIT = Parameter.count(
            "mime_boundary_length_limit", 2048, 1, Integer.MAX_VALUE, "Characters of a MIME boundary that count.");
    public static final Parameter<Boolean> STRICT_7BIT_HEADERS =
            Parameter.flag("strict_7bit_headers", false, "Whether headers with 8-bit characters are refused.");
    public static final Parameter<Boolean> STRICT_8BITMIME = Parameter.flag(
            "strict_8bitmime", false, "The switch for strict_7bit_headers and strict_8bitmime_body together.");
    public static final Parameter<Boolean> STRICT_8BITMIME_BODY =
            Parameter.flag("strict_8bitmime_body", false, "Whether 8-bit text without a declaration is refused.");
    public static final Parameter<Boolean> STRICT_MIME_ENCODING_DOMAIN = Parameter.flag(
            "strict_mime_encoding_domain", false, "Whether wrong encodings of message parts are refused.");
    public static final Parameter<Boolean> DISABLE_MIME_INPUT_PROCESSING = Parameter.flag(
            "disable_mime_input_processing", false, "Whether new mail is taken without looking at its MIME structure.");
    public static final Parameter<Boolean> DETECT_8BIT_ENCODING_HEADER = Parameter.flag(
                    "detect_8bit_encoding_header", true, "Whether the declared encoding of a message is believed.")
            .notYet();
    public static final Parameter<List<String>> RECEIVE_OVERRIDE_OPTIONS = Parameter.list(
            "receive_override_options", "", "What intake leaves out: no_address_mappings, no_header_body_checks.");
    public static final Parameter<String> CONTENT_FILTER =
            Parameter.text("content_filter", "", "The filter that new mail is sent through, transport:destination.");
    public static final Parameter<Integer> DUPLICATE_FILTER_LIMIT = Parameter.count(
                    "duplicate_filter_limit",
                    1000,
                    0,
                    Integer.MAX_VALUE,
                    "Recipients remembered to find doubles, 0 for no limit.")
            .notYet();
    public static final Parameter<String> ENABLE_LONG_QUEUE_IDS =
            Parameter.withoutEffect("enable_long_queue_ids", "no", "Queue ids are never used again here.");
    public static final Parameter<Boolean> FROZEN_DELIVERED_TO = Parameter.flag(
                    "frozen_delivered_to", true, "Whether Delivered-To is set before aliases are followed.")
            .notYet();
    public static final Parameter<Boolean> SMTPD_HIDE_CLIENT_SESSION = Parameter.flag(
                    "smtpd_hide_client_session",
                    false,
                    "Whether Received lines keep the client's name and address to themselves.")
            .notYet();

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                MYORIGIN,
                MYDESTINATION,
                APPEND_AT_MYORIGIN,
                APPEND_DOT_MYDOMAIN,
                ALLOW_PERCENT_HACK,
                SWAP_BANGPATH,
                RECIPIENT_DELIMITER,
                PROPAGATE_UNMATCHED_EXTENSIONS,
                OWNER_REQUEST_SPECIAL,
                RESOLVE_DEQUOTED_ADDRESS,
                RESOLVE_NULL_DOMAIN,
                RESOLVE_NUMERIC_DOMAIN,
                ALLOW_UNTRUSTED_ROUTING,
                EMPTY_ADDRESS_RECIPIENT,
                LOCAL_HEADER_REWRITE_CLIENTS,
                REMOTE_HEADER_REWRITE_DOMAIN,
                CANONICAL_MAPS,
                CANONICAL_CLASSES,
                SENDER_CANONICAL_MAPS,
                SENDER_CANONICAL_CLASSES,
                RECIPIENT_CANONICAL_MAPS,
                RECIPIENT_CANONICAL_CLASSES,
                MASQUERADE_DOMAINS,
                MASQUERADE_CLASSES,
                MASQUERADE_EXCEPTIONS,
                VIRTUAL_ALIAS_MAPS,
                VIRTUAL_MAPS,
                VIRTUAL_ALIAS_DOMAINS,
                VIRTUAL_ALIAS_EXPANSION_LIMIT,
                VIRTUAL_ALIAS_RECURSION_LIMIT,
                VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT,
                ALWAYS_BCC,
                SENDER_BCC_MAPS,
                RECIPIENT_BCC_MAPS,
                ENABLE_ORIGINAL_RECIPIENT,
                HEADER_CHECKS,
                MIME_HEADER_CHECKS,
                NESTED_HEADER_CHECKS,
                BODY_CHECKS,
                BODY_CHECKS_SIZE_LIMIT,
                HEADER_SIZE_LIMIT,
                HEADER_ADDRESS_TOKEN_LIMIT,
                MESSAGE_DROP_HEADERS,
                MESSAGE_REJECT_CHARACTERS,
                MESSAGE_STRIP_CHARACTERS,
                ALWAYS_ADD_MISSING_HEADERS,
                UNDISCLOSED_RECIPIENTS_HEADER,
                HEADER_FROM_FORMAT,
                CLEANUP_REPLACE_STRAY_CR_LF,
                HOPCOUNT_LIMIT,
                MIME_NESTING_LIMIT,
                MIME_BOUNDARY_LENGTH_LIMIT,
                STRICT_7BIT_HEADERS,
                STRICT_8BITMIME,
                STRICT_8BITMIME_BODY,
                STRICT_MIME_ENCODING_DOMAIN,
                DISABLE_MIME_INPUT_PROCESSING,
                DETECT_8BIT_ENCODING_HEADER,
                RECEIVE_OVERRIDE_OPTIONS,
                CONTENT_FILTER,
                DUPLICATE_FILTER_LIMIT,
                ENABLE_LONG_QUEUE_IDS,
                FROZEN_DELIVERED_TO,
                SMTPD_HIDE_CLIENT_SESSION);
    }
}
