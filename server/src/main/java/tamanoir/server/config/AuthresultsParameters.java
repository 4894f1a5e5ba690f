package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What is checked about where mail comes from, and what follows from it.
public final class AuthresultsParameters {
    private AuthresultsParameters() {}

    /// The most that is done with mail of which DMARC says that its domain does not want it.
    public enum DmarcAction {
        NONE,
        QUARANTINE,
        REJECT
    }

    /// What becomes of mail when the DNS could not tell.
    public enum TemperrorAction {
        ACCEPT,
        DEFER
    }

    /// What becomes of mail whose sender's domain does not permit the client.
    public enum SpfFailAction {
        NONE,
        REJECT
    }

    public static final Parameter<String> AUTHSERV_ID = Parameter.text(
            "authserv_id",
            "$myhostname",
            "The name under which results are told in Authentication-Results; fields of strangers that claim it are taken out.");
    public static final Parameter<Boolean> SPF_CHECK =
            Parameter.flag("spf_check", true, "Whether SPF is checked for mail of strangers on port 25 (RFC 7208).");
    public static final Parameter<Boolean> DKIM_CHECK =
            Parameter.flag("dkim_check", true, "Whether DKIM signatures of mail of strangers are verified (RFC 6376).");
    public static final Parameter<Boolean> ARC_CHECK =
            Parameter.flag("arc_check", true, "Whether the ARC seals of mail of strangers are verified (RFC 8617).");
    public static final Parameter<Boolean> DMARC_CHECK = Parameter.flag(
            "dmarc_check",
            true,
            "Whether DMARC is evaluated for mail of strangers (RFC 9989); needs spf_check or dkim_check.");
    public static final Parameter<List<String>> AUTHENTICATION_EXEMPT_CLIENTS = Parameter.networks(
            "authentication_exempt_clients",
            "$mynetworks",
            "Clients whose mail is not checked by SPF, DKIM, ARC and DMARC.");
    public static final Parameter<List<String>> AUTHENTICATION_TRUSTED_RELAYS = Parameter.networks(
            "authentication_trusted_relays",
            "",
            "Clients that have checked already, such as a backup MX: their mail is not checked again and their Authentication-Results fields stay.");
    public static final Parameter<Duration> SPF_TIME_LIMIT = Parameter.time(
            "spf_time_limit",
            "20s",
            ChronoUnit.SECONDS,
            "How long the questions of one SPF check may take; beyond it the result is temperror (RFC 7208 §4.6.4).");
    public static final Parameter<Integer> SPF_VOID_LOOKUP_LIMIT = Parameter.count(
            "spf_void_lookup_limit",
            2,
            0,
            100,
            "Names without records that one SPF check may ask for; beyond it the result is permerror (RFC 7208 §4.6.4).");
    public static final Parameter<SpfFailAction> SPF_FAIL_ACTION = Parameter.choice(
            "spf_fail_action",
            SpfFailAction.values(),
            "none",
            "What becomes of mail with the SPF result fail: none only tells of it, reject refuses it; reject_spf_fail does the same in a restriction list.");
    public static final Parameter<TemperrorAction> SPF_TEMPERROR_ACTION = Parameter.choice(
            "spf_temperror_action",
            TemperrorAction.values(),
            "accept",
            "What becomes of mail when SPF cannot be checked because of the DNS: accept or defer.");
    public static final Parameter<DmarcAction> DMARC_POLICY_ACTION = Parameter.choice(
            "dmarc_policy_action",
            DmarcAction.values(),
            "quarantine",
            "The most that is done with mail that fails DMARC: none only tells of it, quarantine marks it as junk where its domain asks for quarantine or reject, reject also refuses it where its domain asks for that.");
    public static final Parameter<TemperrorAction> DMARC_TEMPERROR_ACTION = Parameter.choice(
            "dmarc_temperror_action",
            TemperrorAction.values(),
            "accept",
            "What becomes of mail when DMARC cannot be evaluated because of the DNS: accept or defer.");
    public static final Parameter<List<String>> ARC_TRUSTED_SEALERS = Parameter.list(
            "arc_trusted_sealers",
            "",
            "Domains of forwarders and lists that are believed when their ARC seal says that mail passed DMARC when it came to them.");
    public static final Parameter<Boolean> RECEIVED_SPF_HEADER = Parameter.flag(
            "received_spf_header",
            false,
            "Whether a Received-SPF field is added beside Authentication-Results (RFC 7208 §9.1).");
    public static final Parameter<Boolean> DMARC_REPORT_SEND = Parameter.flag(
            "dmarc_report_send",
            false,
            "Whether domains that ask for it are told each night what was seen in their name (DMARC aggregate reports, RFC 9990).");
    public static final Parameter<String> DMARC_REPORT_ORGANIZATION = Parameter.text(
            "dmarc_report_organization", "$mydomain", "The name of who reports, in DMARC aggregate reports.");
    public static final Parameter<String> DMARC_REPORT_SENDER = Parameter.text(
            "dmarc_report_sender",
            "postmaster@$mydomain",
            "The From address of DMARC aggregate reports; the envelope sender is null.");
    public static final Parameter<Integer> DMARC_REPORT_ROW_LIMIT =
            Parameter.count("dmarc_report_row_limit", 10000, 1, 1000000, "Rows of one DMARC aggregate report at most.");
    public static final Parameter<Long> DMARC_REPORT_SIZE_LIMIT = Parameter.octets(
            "dmarc_report_size_limit",
            10485760,
            "Octets of one packed DMARC aggregate report; a larger one is not sent.");

    public static final Parameter<Optional<Path>> DKIM_KEY_DIRECTORY = Parameter.file(
            "dkim_key_directory",
            "$config_directory/dkim",
            "The folder of private signing keys, one folder a domain: `domain/selector.key`; `tamanoir dkim` makes them.");
    public static final Parameter<List<String>> DKIM_SIGN_CLIENTS = Parameter.networks(
            "dkim_sign_clients",
            "$mynetworks",
            "Clients whose mail is signed although nobody signed in, when the domain of its From field has a key.");

    public static final Parameter<Boolean> ARC_SEAL = Parameter.flag(
            "arc_seal",
            true,
            "Whether mail of strangers that is forwarded is sealed (ARC) where the domain that it came to has a key.");

    static List<Parameter<?>> all() {
        return List.of(
                AUTHSERV_ID,
                SPF_CHECK,
                DKIM_CHECK,
                ARC_CHECK,
                DMARC_CHECK,
                AUTHENTICATION_EXEMPT_CLIENTS,
                AUTHENTICATION_TRUSTED_RELAYS,
                SPF_TIME_LIMIT,
                SPF_VOID_LOOKUP_LIMIT,
                SPF_FAIL_ACTION,
                SPF_TEMPERROR_ACTION,
                DMARC_POLICY_ACTION,
                DMARC_TEMPERROR_ACTION,
                ARC_TRUSTED_SEALERS,
                RECEIVED_SPF_HEADER,
                DMARC_REPORT_SEND,
                DMARC_REPORT_ORGANIZATION,
                DMARC_REPORT_SENDER,
                DMARC_REPORT_ROW_LIMIT,
                DMARC_REPORT_SIZE_LIMIT,
                DKIM_KEY_DIRECTORY,
                DKIM_SIGN_CLIENTS,
                ARC_SEAL);
    }
}
