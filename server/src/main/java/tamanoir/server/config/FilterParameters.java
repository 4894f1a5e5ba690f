package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Programs outside that judge mail: milters, rspamd, SpamAssassin's spamd, ClamAV's clamd.
public final class FilterParameters {
    private FilterParameters() {}

    /// What becomes of mail when a scanner does not answer.
    public enum WithoutAnswer {
        DEFER,
        ACCEPT
    }

    /// What becomes of mail with a virus.
    public enum VirusAction {
        REJECT,
        QUARANTINE,
        DISCARD
    }

    // Milters

    public static final Parameter<List<String>> SMTPD_MILTERS = Parameter.list(
            "smtpd_milters",
            "",
            "Milters for mail that comes by SMTP or LMTP: inet:host:port, unix:path, or one of these with settings in braces.");
    public static final Parameter<List<String>> NON_SMTPD_MILTERS = Parameter.list(
            "non_smtpd_milters", "", "Milters for mail that comes by the sendmail command, JMAP or the webmail.");
    public static final Parameter<List<String>> SMTPD_MILTER_MAPS = Parameter.tables(
            "smtpd_milter_maps", "", "Milters by client address in place of smtpd_milters; DISABLE for none.");
    public static final Parameter<String> MILTER_PROTOCOL = Parameter.text(
            "milter_protocol", "6", "Version of the milter protocol that is offered: 6, or 2, 3, 4 for old milters.");
    public static final Parameter<String> MILTER_DEFAULT_ACTION = Parameter.text(
            "milter_default_action",
            "tempfail",
            "What happens when a milter does not answer: accept, reject, tempfail, quarantine, shutdown.");
    public static final Parameter<Duration> MILTER_CONNECT_TIMEOUT = Parameter.time(
            "milter_connect_timeout", "30s", ChronoUnit.SECONDS, "How long connecting to a milter may take.");
    public static final Parameter<Duration> MILTER_COMMAND_TIMEOUT = Parameter.time(
            "milter_command_timeout", "30s", ChronoUnit.SECONDS, "How long a milter may take for a command.");
    public static final Parameter<Duration> MILTER_CONTENT_TIMEOUT = Parameter.time(
            "milter_content_timeout", "300s", ChronoUnit.SECONDS, "How long a milter may take for the message.");
    public static final Parameter<String> MILTER_MACRO_DAEMON_NAME =
            Parameter.text("milter_macro_daemon_name", "$myhostname", "The macro daemon_name.");
    public static final Parameter<String> MILTER_MACRO_V =
            Parameter.text("milter_macro_v", "$mail_name $mail_version", "The macro v.");
    public static final Parameter<List<String>> MILTER_MACRO_DEFAULTS =
            Parameter.list("milter_macro_defaults", "", "Values of macros that have none, name=value.");
    public static final Parameter<List<String>> MILTER_CONNECT_MACROS =
            Parameter.list("milter_connect_macros", "j {daemon_name} {daemon_addr} v _", "Macros sent at connect.");
    public static final Parameter<List<String>> MILTER_HELO_MACROS = Parameter.list(
            "milter_helo_macros",
            "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}",
            "Macros sent at HELO.");
    public static final Parameter<List<String>> MILTER_MAIL_MACROS = Parameter.list(
            "milter_mail_macros",
            "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}",
            "Macros sent at MAIL.");
    public static final Parameter<List<String>> MILTER_RCPT_MACROS =
            Parameter.list("milter_rcpt_macros", "i {rcpt_addr} {rcpt_host} {rcpt_mailer}", "Macros sent at RCPT.");
    public static final Parameter<List<String>> MILTER_DATA_MACROS =
            Parameter.list("milter_data_macros", "i", "Macros sent at DATA.");
    public static final Parameter<List<String>> MILTER_END_OF_HEADER_MACROS =
            Parameter.list("milter_end_of_header_macros", "i", "Macros sent after the header.");
    public static final Parameter<List<String>> MILTER_END_OF_DATA_MACROS =
            Parameter.list("milter_end_of_data_macros", "i", "Macros sent after the message.");
    public static final Parameter<List<String>> MILTER_UNKNOWN_COMMAND_MACROS =
            Parameter.list("milter_unknown_command_macros", "", "Macros sent at unknown commands.");
    public static final Parameter<List<String>> MILTER_HEADER_CHECKS =
            Parameter.tables("milter_header_checks", "", "Header checks on what milters add.");

    // rspamd

    public static final Parameter<String> RSPAMD_URL = Parameter.text(
            "rspamd_url", "", "Where rspamd is asked about mail, such as http://127.0.0.1:11333; empty asks nobody.");
    public static final Parameter<Duration> RSPAMD_TIMEOUT =
            Parameter.time("rspamd_timeout", "20s", ChronoUnit.SECONDS, "How long rspamd may take for a message.");
    public static final Parameter<WithoutAnswer> RSPAMD_DEFAULT_ACTION = Parameter.choice(
            "rspamd_default_action", WithoutAnswer.values(), "accept", "What happens when rspamd does not answer.");
    public static final Parameter<Long> RSPAMD_SIZE_LIMIT = Parameter.octets(
            "rspamd_size_limit", 50L * 1024 * 1024, "A larger message is not shown to rspamd; 0 for no limit.");
    public static final Parameter<Boolean> RSPAMD_CHECK_AUTHENTICATED =
            Parameter.flag("rspamd_check_authenticated", true, "Whether rspamd sees mail of signed-in users too.");

    // SpamAssassin

    public static final Parameter<String> SPAMD_ENDPOINT = Parameter.text(
            "spamd_endpoint", "", "Where spamd listens: inet:host:port or unix:path; empty asks nobody.");
    public static final Parameter<Duration> SPAMD_TIMEOUT =
            Parameter.time("spamd_timeout", "60s", ChronoUnit.SECONDS, "How long spamd may take for a message.");
    public static final Parameter<WithoutAnswer> SPAMD_DEFAULT_ACTION = Parameter.choice(
            "spamd_default_action", WithoutAnswer.values(), "accept", "What happens when spamd does not answer.");
    public static final Parameter<Long> SPAMD_SIZE_LIMIT = Parameter.octets(
            "spamd_size_limit", 500L * 1024, "A larger message is not shown to spamd; 0 for no limit.");
    public static final Parameter<Boolean> SPAMD_CHECK_AUTHENTICATED =
            Parameter.flag("spamd_check_authenticated", false, "Whether spamd sees mail of signed-in users too.");
    public static final Parameter<String> SPAMD_USER =
            Parameter.text("spamd_user", "", "The user whose rules spamd applies; empty for its own.");
    public static final Parameter<String> SPAMD_REJECT_SCORE = Parameter.text(
            "spamd_reject_score", "", "The score from which mail is refused; empty refuses none for its score.");

    // ClamAV

    public static final Parameter<String> CLAMD_ENDPOINT = Parameter.text(
            "clamd_endpoint", "", "Where clamd listens: inet:host:port or unix:path; empty asks nobody.");
    public static final Parameter<Duration> CLAMD_TIMEOUT =
            Parameter.time("clamd_timeout", "60s", ChronoUnit.SECONDS, "How long clamd may take for a message.");
    public static final Parameter<WithoutAnswer> CLAMD_DEFAULT_ACTION = Parameter.choice(
            "clamd_default_action", WithoutAnswer.values(), "defer", "What happens when clamd does not answer.");
    public static final Parameter<Long> CLAMD_SIZE_LIMIT = Parameter.octets(
            "clamd_size_limit",
            25L * 1024 * 1024,
            "A larger message is not shown to clamd; at most its StreamMaxLength; 0 for no limit.");
    public static final Parameter<Boolean> CLAMD_CHECK_AUTHENTICATED =
            Parameter.flag("clamd_check_authenticated", true, "Whether clamd sees mail of signed-in users too.");
    public static final Parameter<VirusAction> CLAMD_VIRUS_ACTION = Parameter.choice(
            "clamd_virus_action", VirusAction.values(), "reject", "What happens to mail with a virus.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SMTPD_MILTERS,
                NON_SMTPD_MILTERS,
                SMTPD_MILTER_MAPS,
                MILTER_PROTOCOL,
                MILTER_DEFAULT_ACTION,
                MILTER_CONNECT_TIMEOUT,
                MILTER_COMMAND_TIMEOUT,
                MILTER_CONTENT_TIMEOUT,
                MILTER_MACRO_DAEMON_NAME,
                MILTER_MACRO_V,
                MILTER_MACRO_DEFAULTS,
                MILTER_CONNECT_MACROS,
                MILTER_HELO_MACROS,
                MILTER_MAIL_MACROS,
                MILTER_RCPT_MACROS,
                MILTER_DATA_MACROS,
                MILTER_END_OF_HEADER_MACROS,
                MILTER_END_OF_DATA_MACROS,
                MILTER_UNKNOWN_COMMAND_MACROS,
                MILTER_HEADER_CHECKS,
                RSPAMD_URL,
                RSPAMD_TIMEOUT,
                RSPAMD_DEFAULT_ACTION,
                RSPAMD_SIZE_LIMIT,
                RSPAMD_CHECK_AUTHENTICATED,
                SPAMD_ENDPOINT,
                SPAMD_TIMEOUT,
                SPAMD_DEFAULT_ACTION,
                SPAMD_SIZE_LIMIT,
                SPAMD_CHECK_AUTHENTICATED,
                SPAMD_USER,
                SPAMD_REJECT_SCORE,
                CLAMD_ENDPOINT,
                CLAMD_TIMEOUT,
                CLAMD_DEFAULT_ACTION,
                CLAMD_SIZE_LIMIT,
                CLAMD_CHECK_AUTHENTICATED,
                CLAMD_VIRUS_ACTION);
    }
}
