package tamanoir.server.config;

import java.util.ArrayList;
import java.util.List;

/// Names that a Postfix set-up may carry whose job does not exist here: accepted, and why they do nothing.
///
/// Each group shares one reason. The defaults are Postfix's, because other values may refer to the names.
public final class CompatibilityParameters {
    private CompatibilityParameters() {}

    public static final Parameter<String> BIFF = Parameter.withoutEffect(
            "biff", "no", "Nobody is told of new mail by a terminal; IMAP IDLE and push do it.");

    /// Adds `name` and default, again and again.
    private static void add(List<Parameter<?>> all, String why, String... namesAndDefaults) {
        for (int i = 0; i < namesAndDefaults.length; i += 2) {
            all.add(Parameter.withoutEffect(namesAndDefaults[i], namesAndDefaults[i + 1], why));
        }
    }

    static List<Parameter<?>> all() {
        List<Parameter<?>> all = new ArrayList<>();
        all.add(BIFF);
        processes(all);
        services(all);
        folders(all);
        instances(all);
        users(all);
        commands(all);
        forward(all);
        queue(all);
        databases(all);
        logging(all);
        random(all);
        ciphers(all);
        sessions(all);
        dsa(all);
        tlsproxy(all);
        sasl(all);
        pix(all);
        qmqp(all);
        network(all);
        local(all);
        return List.copyOf(all);
    }

    private static void processes(List<Parameter<?>> all) {
        add(
                all,
                "Postfix runs a process for each job and counts, times and restarts them; this server is one program with one light thread for each connection.",
                "anvil_status_update_time",
                "600s",
                "application_event_drain_time",
                "100s",
                "daemon_timeout",
                "18000s",
                "fork_attempts",
                "5",
                "fork_delay",
                "1s",
                "ipc_idle",
                "5s",
                "ipc_timeout",
                "3600s",
                "ipc_ttl",
                "1000s",
                "max_idle",
                "100s",
                "max_use",
                "100",
                "qmgr_daemon_timeout",
                "1000s",
                "qmgr_ipc_timeout",
                "60s",
                "service_throttle_time",
                "60s",
                "trigger_timeout",
                "10s",
                "postlogd_watchdog_timeout",
                "10s",
                "connection_cache_protocol_timeout",
                "5s",
                "connection_cache_service_name",
                "scache",
                "connection_cache_status_update_time",
                "600s",
                "connection_cache_ttl_limit",
                "2s",
                "import_environment",
                "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME",
                "daemon_table_open_error_is_fatal",
                "no",
                "fault_injection_code",
                "0",
                "dnsblog_reply_delay",
                "0s",
                "process_id",
                "",
                "process_id_directory",
                "pid",
                "process_name",
                "");
    }

    private static void services(List<Parameter<?>> all) {
        add(
                all,
                "It names a process of Postfix; the jobs are parts of one program here.",
                "address_verify_service_name",
                "verify",
                "bounce_service_name",
                "bounce",
                "cleanup_service_name",
                "cleanup",
                "defer_service_name",
                "defer",
                "dnsblog_service_name",
                "dnsblog",
                "error_service_name",
                "error",
                "flush_service_name",
                "flush",
                "pickup_service_name",
                "pickup",
                "postlog_service_name",
                "postlog",
                "proxymap_service_name",
                "proxymap",
                "proxywrite_service_name",
                "proxywrite",
                "queue_service_name",
                "qmgr",
                "rewrite_service_name",
                "rewrite",
                "showq_service_name",
                "showq",
                "smtpd_service_name",
                "smtpd",
                "tlsmgr_service_name",
                "tlsmgr",
                "tlsproxy_service_name",
                "tlsproxy",
                "trace_service_name",
                "trace",
                "master_service_disable",
                "",
                "internal_mail_filter_classes",
                "");
    }

    private static void folders(List<Parameter<?>> all) {
        add(
                all,
                "It names a folder or program of a Postfix installation; everything of this server is under its home folder.",
                "command_directory",
                "/usr/sbin",
                "daemon_directory",
                "/usr/lib/postfix/sbin",
                "html_directory",
                "/usr/share/doc/postfix/html",
                "mailq_path",
                "/usr/bin/mailq",
                "manpage_directory",
                "/usr/share/man",
                "meta_directory",
                "/etc/postfix",
                "newaliases_path",
                "/usr/bin/newaliases",
                "queue_directory",
                "/var/spool/postfix",
                "readme_directory",
                "/usr/share/doc/postfix",
                "sample_directory",
                "/etc/postfix",
                "sendmail_path",
                "/usr/sbin/sendmail",
                "shlib_directory",
                "/usr/lib/postfix",
                "openssl_path",
                "openssl",
                "mail_release_date",
                "");
    }

    private static void instances(List<Parameter<?>> all) {
        add(
                all,
                "Several servers on one machine are several home folders here, each started with --home.",
                "alternate_config_directories",
                "",
                "multi_instance_directories",
                "",
                "multi_instance_enable",
                "no",
                "multi_instance_group",
                "",
                "multi_instance_name",
                "",
                "multi_instance_wrapper",
                "",
                "postmulti_control_commands",
                "reload flush",
                "postmulti_start_commands",
                "start",
                "postmulti_stop_commands",
                "stop abort drain quick-stop");
    }

    private static void users(List<Parameter<?>> all) {
        add(
                all,
                "Mail is kept in the store of this server and read by it alone, so that deliveries need no user, group, lock or folder of the system.",
                "mail_owner",
                "postfix",
                "mail_spool_directory",
                "/var/mail",
                "mailbox_delivery_lock",
                "fcntl, dotlock",
                "deliver_lock_attempts",
                "20",
                "deliver_lock_delay",
                "1s",
                "stale_lock_time",
                "500s",
                "require_home_directory",
                "no",
                "setgid_group",
                "postdrop",
                "strict_mailbox_ownership",
                "yes",
                "sun_mailtool_compatibility",
                "no",
                "allow_min_user",
                "no",
                "virtual_gid_maps",
                "",
                "virtual_mailbox_base",
                "",
                "virtual_mailbox_lock",
                "fcntl, dotlock",
                "virtual_minimum_uid",
                "100",
                "virtual_uid_maps",
                "",
                "virtual_mailbox_limit_maps",
                "",
                "virtual_mailbox_limit_override",
                "no",
                "virtual_maildir_extended",
                "no",
                "virtual_overquota_bounce",
                "no");
    }

    private static void commands(List<Parameter<?>> all) {
        add(
                all,
                "This server runs commands of aliases without a shell and in one folder.",
                "execution_directory_expansion_filter",
                "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "local_command_shell",
                "");
    }

    private static void forward(List<Parameter<?>> all) {
        add(
                all,
                "Accounts forward their mail with Sieve; there are no home folders with .forward files.",
                "forward_expansion_filter",
                "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "forward_path",
                "$$home/.forward$${recipient_delimiter}$${extension}, $$home/.forward");
    }

    private static void queue(List<Parameter<?>> all) {
        add(
                all,
                "The queue is rows of the store, kept in order by when they are due and where they go.",
                "default_delivery_slot_cost",
                "5",
                "default_delivery_slot_discount",
                "50",
                "default_delivery_slot_loan",
                "3",
                "default_extra_recipient_limit",
                "1000",
                "default_minimum_delivery_slots",
                "3",
                "default_recipient_limit",
                "20000",
                "default_recipient_refill_delay",
                "5s",
                "default_recipient_refill_limit",
                "100",
                "dont_remove",
                "0",
                "fast_flush_purge_time",
                "7d",
                "fast_flush_refresh_time",
                "12h",
                "hash_queue_depth",
                "1",
                "hash_queue_names",
                "deferred, defer",
                "in_flow_delay",
                "1s",
                "qmgr_clog_warn_time",
                "300s",
                "qmgr_fudge_factor",
                "100",
                "qmgr_message_recipient_limit",
                "20000",
                "qmgr_message_recipient_minimum",
                "10",
                "queue_file_attribute_count_limit",
                "100",
                "backwards_bounce_logfile_compatibility",
                "yes",
                "destination_concurrency_feedback_debug",
                "no",
                "lmtp_cache_connection",
                "yes",
                "sender_based_routing",
                "no");
    }

    private static void databases(List<Parameter<?>> all) {
        add(
                all,
                "Tables are read from their plain source files into memory; there is no database library.",
                "berkeley_db_create_buffer_size",
                "16777216",
                "berkeley_db_read_buffer_size",
                "131072",
                "lmdb_map_size",
                "16777216",
                "proxy_read_maps",
                "",
                "proxy_write_maps",
                "",
                "default_cache_db_type",
                "hash",
                "non_bdb_migration_level",
                "disable",
                "non_bdb_custom_mapping",
                "");
    }

    private static void logging(List<Parameter<?>> all) {
        add(
                all,
                "Log lines go to the standard output or the system's journal, one event a line; log_level says how much.",
                "debug_peer_level",
                "2",
                "debug_peer_list",
                "",
                "debugger_command",
                "",
                "maillog_file_compressor",
                "gzip",
                "maillog_file_prefixes",
                "/var, /dev/stdout",
                "maillog_file_rotate_suffix",
                "%Y%m%d-%H%M%S",
                "syslog_facility",
                "mail",
                "syslog_name",
                "${multi_instance_name?{$multi_instance_name}:{postfix}}",
                "delay_logging_resolution_limit",
                "2",
                "info_log_address_format",
                "external",
                "respectful_logging",
                "${{$compatibility_level} <level {3.6} ? {no} : {yes}}",
                "helpful_warnings",
                "yes",
                "maillog_file_permissions",
                "0600");
    }

    private static void random(List<Parameter<?>> all) {
        add(
                all,
                "Random numbers, tickets and workarounds of TLS are the business of the Java runtime.",
                "tls_append_default_CA",
                "no",
                "tls_config_file",
                "default",
                "tls_config_name",
                "",
                "tls_daemon_random_bytes",
                "32",
                "tls_disable_workarounds",
                "",
                "tls_random_bytes",
                "32",
                "tls_random_exchange_name",
                "${data_directory}/prng_exch",
                "tls_random_prng_update_period",
                "3600s",
                "tls_random_reseed_period",
                "3600s",
                "tls_random_source",
                "dev:/dev/urandom",
                "tls_session_ticket_cipher",
                "aes-256-cbc",
                "tls_ssl_options",
                "",
                "tls_fast_shutdown_enable",
                "yes",
                "tls_legacy_public_key_fingerprints",
                "no",
                "smtpd_tls_always_issue_session_ids",
                "yes",
                "smtpd_tls_dh1024_param_file",
                "",
                "smtpd_tls_dh512_param_file",
                "",
                "smtpd_tls_eecdh_grade",
                "auto",
                "tls_eecdh_auto_curves",
                "X25519 X448 prime256v1 secp521r1 secp384r1",
                "tls_eecdh_strong_curve",
                "prime256v1",
                "tls_eecdh_ultra_curve",
                "secp384r1",
                "tls_dane_digest_agility",
                "on",
                "tls_dane_trust_anchor_digest_enable",
                "yes");
    }

    private static void ciphers(List<Parameter<?>> all) {
        add(
                all,
                "The lists of OpenSSL mean nothing to the Java runtime; smtpd_tls_ciphers and smtpd_tls_exclude_ciphers choose.",
                "tls_export_cipherlist",
                "aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH",
                "tls_high_cipherlist",
                "aNULL:-aNULL:HIGH:@STRENGTH",
                "tls_low_cipherlist",
                "aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH",
                "tls_medium_cipherlist",
                "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH",
                "tls_null_cipherlist",
                "eNULL:!aNULL",
                "smtpd_tls_cipherlist",
                "",
                "smtp_tls_cipherlist",
                "",
                "lmtp_tls_cipherlist",
                "");
    }

    private static void sessions(List<Parameter<?>> all) {
        add(
                all,
                "TLS sessions to be resumed are kept in memory; the time limit beside it counts.",
                "smtpd_tls_session_cache_database",
                "",
                "smtp_tls_session_cache_database",
                "",
                "lmtp_tls_session_cache_database",
                "");
    }

    private static void dsa(List<Parameter<?>> all) {
        add(
                all,
                "Certificates with DSA keys are no longer accepted by anybody.",
                "smtpd_tls_dcert_file",
                "",
                "smtpd_tls_dkey_file",
                "$smtpd_tls_dcert_file",
                "smtp_tls_dcert_file",
                "",
                "smtp_tls_dkey_file",
                "$smtp_tls_dcert_file",
                "lmtp_tls_dcert_file",
                "",
                "lmtp_tls_dkey_file",
                "$lmtp_tls_dcert_file");
    }

    private static void tlsproxy(List<Parameter<?>> all) {
        add(
                all,
                "There is no tlsproxy process; the parameters of smtpd_tls and smtp_tls count everywhere.",
                "tlsproxy_client_CAfile",
                "$smtp_tls_CAfile",
                "tlsproxy_client_CApath",
                "$smtp_tls_CApath",
                "tlsproxy_client_cert_file",
                "$smtp_tls_cert_file",
                "tlsproxy_client_chain_files",
                "$smtp_tls_chain_files",
                "tlsproxy_client_dcert_file",
                "$smtp_tls_dcert_file",
                "tlsproxy_client_dkey_file",
                "$smtp_tls_dkey_file",
                "tlsproxy_client_eccert_file",
                "$smtp_tls_eccert_file",
                "tlsproxy_client_eckey_file",
                "$smtp_tls_eckey_file",
                "tlsproxy_client_enforce_tls",
                "$smtp_enforce_tls",
                "tlsproxy_client_fingerprint_digest",
                "$smtp_tls_fingerprint_digest",
                "tlsproxy_client_key_file",
                "$smtp_tls_key_file",
                "tlsproxy_client_loglevel",
                "$smtp_tls_loglevel",
                "tlsproxy_client_loglevel_parameter",
                "smtp_tls_loglevel",
                "tlsproxy_client_per_site",
                "$smtp_tls_per_site",
                "tlsproxy_client_policy_maps",
                "${tlsproxy_client_policy:$smtp_tls_policy_maps}",
                "tlsproxy_client_scert_verifydepth",
                "$smtp_tls_scert_verifydepth",
                "tlsproxy_client_security_level",
                "${tlsproxy_client_level:$smtp_tls_security_level}",
                "tlsproxy_client_use_tls",
                "$smtp_use_tls",
                "tlsproxy_enforce_tls",
                "$smtpd_enforce_tls",
                "tlsproxy_tls_CAfile",
                "$smtpd_tls_CAfile",
                "tlsproxy_tls_CApath",
                "$smtpd_tls_CApath",
                "tlsproxy_tls_always_issue_session_ids",
                "",
                "tlsproxy_tls_ask_ccert",
                "$smtpd_tls_ask_ccert",
                "tlsproxy_tls_ccert_verifydepth",
                "$smtpd_tls_ccert_verifydepth",
                "tlsproxy_tls_cert_file",
                "$smtpd_tls_cert_file",
                "tlsproxy_tls_chain_files",
                "$smtpd_tls_chain_files",
                "tlsproxy_tls_ciphers",
                "$smtpd_tls_ciphers",
                "tlsproxy_tls_dcert_file",
                "$smtpd_tls_dcert_file",
                "tlsproxy_tls_dh1024_param_file",
                "$smtpd_tls_dh1024_param_file",
                "tlsproxy_tls_dh512_param_file",
                "$smtpd_tls_dh512_param_file",
                "tlsproxy_tls_dkey_file",
                "$smtpd_tls_dkey_file",
                "tlsproxy_tls_eccert_file",
                "$smtpd_tls_eccert_file",
                "tlsproxy_tls_eckey_file",
                "$smtpd_tls_eckey_file",
                "tlsproxy_tls_eecdh_grade",
                "$smtpd_tls_eecdh_grade",
                "tlsproxy_tls_exclude_ciphers",
                "$smtpd_tls_exclude_ciphers",
                "tlsproxy_tls_fingerprint_digest",
                "$smtpd_tls_fingerprint_digest",
                "tlsproxy_tls_key_file",
                "$smtpd_tls_key_file",
                "tlsproxy_tls_loglevel",
                "$smtpd_tls_loglevel",
                "tlsproxy_tls_mandatory_ciphers",
                "$smtpd_tls_mandatory_ciphers",
                "tlsproxy_tls_mandatory_exclude_ciphers",
                "$smtpd_tls_mandatory_exclude_ciphers",
                "tlsproxy_tls_mandatory_protocols",
                "$smtpd_tls_mandatory_protocols",
                "tlsproxy_tls_protocols",
                "$smtpd_tls_protocols",
                "tlsproxy_tls_req_ccert",
                "$smtpd_tls_req_ccert",
                "tlsproxy_tls_security_level",
                "$smtpd_tls_security_level",
                "tlsproxy_use_tls",
                "$smtpd_use_tls",
                "tlsproxy_watchdog_timeout",
                "10s");
    }

    private static void sasl(List<Parameter<?>> all) {
        add(
                all,
                "Passwords are checked by the built-in accounts, without Cyrus SASL or a socket to Dovecot.",
                "cyrus_sasl_config_path",
                "",
                "send_cyrus_sasl_authzid",
                "no",
                "smtpd_sasl_path",
                "smtpd",
                "smtpd_sasl_service",
                "smtp",
                "smtp_sasl_path",
                "",
                "smtp_sasl_type",
                "cyrus",
                "lmtp_sasl_path",
                "",
                "lmtp_sasl_type",
                "cyrus",
                "smtpd_sasl_application_name",
                "smtpd");
    }

    private static void pix(List<Parameter<?>> all) {
        add(
                all,
                "It works around a firewall that broke the end of messages twenty years ago.",
                "smtp_pix_workaround_delay_time",
                "10s",
                "smtp_pix_workaround_maps",
                "",
                "smtp_pix_workaround_threshold_time",
                "500s",
                "smtp_pix_workarounds",
                "disable_esmtp,delay_dotcrlf",
                "lmtp_pix_workaround_delay_time",
                "10s",
                "lmtp_pix_workaround_maps",
                "",
                "lmtp_pix_workaround_threshold_time",
                "500s",
                "lmtp_pix_workarounds",
                "disable_esmtp,delay_dotcrlf");
    }

    private static void qmqp(List<Parameter<?>> all) {
        add(
                all,
                "The QMQP protocol of qmail is not spoken.",
                "qmqpd_authorized_clients",
                "",
                "qmqpd_client_port_logging",
                "no",
                "qmqpd_error_delay",
                "1s",
                "qmqpd_timeout",
                "300s");
    }

    private static void network(List<Parameter<?>> all) {
        add(
                all,
                "The system's own settings of sockets and resolver are used.",
                "tcp_windowsize",
                "0",
                "dns_ncache_ttl_fix_enable",
                "no",
                "enable_idna2003_compatibility",
                "no");
    }

    private static void local(List<Parameter<?>> all) {
        add(
                all,
                "The sendmail command talks to the running server, which knows who calls.",
                "sendmail_fix_line_endings",
                "always",
                "smtpd_delay_open_until_valid_rcpt",
                "yes",
                "smtpd_history_flush_threshold",
                "100",
                "prepend_delivered_header",
                "command, file, forward",
                "lmtp_assume_final",
                "no",
                "lmtp_send_dummy_mail_auth",
                "no");
    }
}
