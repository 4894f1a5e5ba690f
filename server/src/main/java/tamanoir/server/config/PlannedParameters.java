package tamanoir.server.config;

import java.util.ArrayList;
import java.util.List;

/// Names of Postfix, up to release 3.11, whose job this server will do and does not yet: known, so that a
/// set-up that has them is told so and not that they are mistyped. One that is built moves to the class of its
/// room.
final class PlannedParameters {
    private PlannedParameters() {}

    static List<Parameter<?>> all() {
        List<Parameter<?>> all = new ArrayList<>();
        all.add(Parameter.notYet(
                "address_verify_default_transport", "$default_transport", "The default_transport of probes."));
        all.add(Parameter.notYet(
                "address_verify_local_transport", "$local_transport", "The local_transport of probes."));
        all.add(Parameter.notYet(
                "address_verify_relay_transport", "$relay_transport", "The relay_transport of probes."));
        all.add(Parameter.notYet("address_verify_relayhost", "$relayhost", "The relayhost of probes."));
        all.add(Parameter.notYet(
                "address_verify_sender_dependent_default_transport_maps",
                "$sender_dependent_default_transport_maps",
                "The sender_dependent_default_transport_maps of probes."));
        all.add(Parameter.notYet(
                "address_verify_sender_dependent_relayhost_maps",
                "$sender_dependent_relayhost_maps",
                "The sender_dependent_relayhost_maps of probes."));
        all.add(Parameter.notYet("address_verify_sender_ttl", "0s", "How often the sender of probes changes."));
        all.add(Parameter.notYet("address_verify_transport_maps", "$transport_maps", "The transport_maps of probes."));
        all.add(Parameter.notYet(
                "address_verify_virtual_transport", "$virtual_transport", "The virtual_transport of probes."));
        all.add(Parameter.notYet("smtp_address_verify_target", "rcpt", "The command after which a probe ends."));
        all.add(Parameter.notYet("lmtp_address_verify_target", "rcpt", "The same over LMTP."));
        all.add(Parameter.notYet("authorized_flush_users", "static:anyone", "System users who may flush the queue."));
        all.add(Parameter.notYet("authorized_mailq_users", "static:anyone", "System users who may look at the queue."));
        all.add(Parameter.notYet(
                "authorized_submit_users", "static:anyone", "System users who may send with the sendmail command."));
        all.add(Parameter.notYet(
                "default_filter_nexthop", "", "Where a content filter without a destination is found."));
        all.add(Parameter.notYet("default_verp_delimiters", "+=", "The characters of variable envelope return paths."));
        all.add(Parameter.notYet("verp_delimiter_filter", "-=+", "Characters that may be such delimiters."));
        all.add(Parameter.notYet("disable_verp_bounces", "no", "Whether bounces go without variable return paths."));
        all.add(Parameter.notYet(
                "smtpd_authorized_verp_clients",
                "$authorized_verp_clients",
                "Clients that may ask for variable return paths with XVERP."));
        all.add(Parameter.notYet(
                "dnssec_probe", "ns:.", "The question that finds out whether the resolver validates DNSSEC."));
        all.add(Parameter.notYet(
                "empty_address_local_login_sender_maps_lookup_key",
                "<>",
                "The key for the empty sender in local_login_sender_maps."));
        all.add(Parameter.notYet("fast_flush_domains", "$relay_domains", "Domains whose queue ETRN may flush."));
        all.add(Parameter.notYet(
                "local_delivery_status_filter",
                "$default_delivery_status_filter",
                "Tables that change status codes of local deliveries."));
        all.add(Parameter.notYet(
                "pipe_delivery_status_filter",
                "$default_delivery_status_filter",
                "Tables that change status codes of deliveries to programs."));
        all.add(Parameter.notYet(
                "virtual_delivery_status_filter",
                "$default_delivery_status_filter",
                "Tables that change status codes of virtual deliveries."));
        all.add(Parameter.notYet(
                "postscreen_cache_map",
                "btree:$data_directory/postscreen_cache",
                "Where passed clients are remembered."));
        all.add(Parameter.notYet(
                "smtp_sasl_auth_cache_name", "", "Where refused logins at other servers are remembered."));
        all.add(Parameter.notYet("smtp_sasl_auth_cache_time", "90d", "How long a refused login is remembered."));
        all.add(Parameter.notYet(
                "smtp_sasl_tls_verified_security_options",
                "$smtp_sasl_tls_security_options",
                "Mechanisms that are not used with servers whose certificate was verified."));
        all.add(Parameter.notYet(
                "smtp_tls_force_insecure_host_tlsa_lookup",
                "no",
                "Whether TLSA records are asked for hosts found over insecure DNS."));
        all.add(Parameter.notYet("smtp_tls_per_site", "", "The old form of smtp_tls_policy_maps."));
        all.add(Parameter.notYet(
                "smtputf8_autodetect_classes",
                "sendmail, verify",
                "Kinds of mail whose need for SMTPUTF8 is found out."));
        all.add(Parameter.notYet(
                "tls_dane_digests", "sha512 sha256", "Digests of TLSA records in order of preference."));
        all.add(Parameter.notYet(
                "tls_wildcard_matches_multiple_labels",
                "yes",
                "Whether *.example.com in a certificate matches a.b.example.com."));
        all.add(Parameter.notYet("allow_srv_lookup_fallback", "no", "Whether MX is asked where SRV finds nothing."));
        all.add(Parameter.notYet("ignore_srv_lookup_error", "no", "Whether a failed SRV lookup counts as none."));
        all.add(Parameter.notYet("use_srv_lookup", "", "Services for which SRV records are asked."));
        all.add(Parameter.notYet(
                "force_mime_input_conversion", "no", "Whether 8-bit mail is made 7-bit when it comes in."));
        all.add(Parameter.notYet(
                "smtp_sasl_password_result_delimiter",
                ":",
                "The character between name and password in smtp_sasl_password_maps."));
        all.add(Parameter.notYet(
                "smtp_tls_enable_rpk", "no", "Whether raw public keys are used instead of certificates."));
        all.add(Parameter.notYet("smtpd_tls_enable_rpk", "no", "Whether clients may use raw public keys."));
        all.add(Parameter.notYet(
                "smtp_tls_enforce_sts_mx_patterns",
                "yes",
                "Whether MX patterns of an MTA-STS policy plugin are checked."));
        all.add(Parameter.notYet("smtp_tlsrpt_enable", "no", "Whether results of TLS are collected for reports."));
        all.add(Parameter.notYet("smtp_tlsrpt_socket_name", "", "Where a report collector listens."));
        all.add(Parameter.notYet(
                "smtp_tlsrpt_skip_reused_handshakes", "yes", "Whether resumed sessions are left out of reports."));
        all.add(Parameter.notYet("smtpd_reject_filter_maps", "", "Tables that rewrite replies that refuse."));
        all.add(Parameter.notYet("tls_required_enable", "yes", "Whether the header TLS-Required: no is obeyed."));
        all.add(Parameter.notYet("tls_ffdhe_auto_groups", "ffdhe2048 ffdhe3072", "Finite-field groups of TLS 1.3."));
        all.add(Parameter.notYet("requiretls_enable", "no", "Whether REQUIRETLS is announced and obeyed."));
        all.add(Parameter.notYet("smtp_requiretls_policy", "", "What happens to REQUIRETLS mail on its way out."));
        return List.copyOf(all);
    }
}
