package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Certificates and protocol choices of the server's own side of TLS; the sending side is in [SmtpParameters].
public final class TlsParameters {
    private TlsParameters() {}

    /// How much TLS clients get or need.
    public enum ServerTlsLevel {
        NONE,
        MAY,
        ENCRYPT
    }

    public static final Parameter<ServerTlsLevel> SMTPD_TLS_SECURITY_LEVEL = Parameter.choice(
            "smtpd_tls_security_level",
            ServerTlsLevel.values(),
            "${{$smtpd_enforce_tls} == {yes} ? {encrypt} : {${{$smtpd_use_tls} == {no} ? {none} : {may}}}}",
            "Whether STARTTLS is offered (may), demanded (encrypt) or absent (none).");
    public static final Parameter<Boolean> SMTPD_USE_TLS =
            Parameter.flag("smtpd_use_tls", true, "The old switch for smtpd_tls_security_level = may.");
    public static final Parameter<Boolean> SMTPD_ENFORCE_TLS =
            Parameter.flag("smtpd_enforce_tls", false, "The old switch for smtpd_tls_security_level = encrypt.");
    public static final Parameter<String> SMTPD_TLS_WRAPPERMODE = Parameter.withoutEffect(
            "smtpd_tls_wrappermode", "no", "The submissions service begins with TLS, the other ones with STARTTLS.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_CERT_FILE = Parameter.file(
            "smtpd_tls_cert_file",
            "$config_directory/tls/$myhostname.pem",
            "The server's certificate with its chain, PEM; when it is missing a self-signed one is made.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_KEY_FILE = Parameter.file(
            "smtpd_tls_key_file",
            "${{$smtpd_tls_cert_file} == {$config_directory/tls/$myhostname.pem} ? {$config_directory/tls/$myhostname.key} : {$smtpd_tls_cert_file}}",
            "The private key of that certificate, PEM.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_ECCERT_FILE =
            Parameter.file("smtpd_tls_eccert_file", "", "A second certificate with an elliptic-curve key.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_ECKEY_FILE = Parameter.file(
            "smtpd_tls_eckey_file", "$smtpd_tls_eccert_file", "The private key of smtpd_tls_eccert_file.");
    public static final Parameter<List<String>> SMTPD_TLS_CHAIN_FILES = Parameter.list(
            "smtpd_tls_chain_files",
            "",
            "Files with a key followed by its certificates, any number of kinds; wins over the files above.");
    public static final Parameter<List<String>> TLS_SERVER_SNI_MAPS = Parameter.tables(
            "tls_server_sni_maps",
            "",
            "For each host name a client may ask for, files with the key and certificates to show.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_CAFILE = Parameter.file(
            "smtpd_tls_CAfile",
            "",
            "Certificates of authorities that are sent as chain and trusted for client certificates.");
    public static final Parameter<Optional<Path>> SMTPD_TLS_CAPATH =
            Parameter.file("smtpd_tls_CApath", "", "A folder of such certificates.");
    public static final Parameter<String> SMTPD_TLS_PROTOCOLS = Parameter.text(
            "smtpd_tls_protocols",
            ">=TLSv1.2",
            "TLS versions of opportunistic sessions: >=TLSv1.2, or a list with ! exclusions.");
    public static final Parameter<String> SMTPD_TLS_MANDATORY_PROTOCOLS =
            Parameter.text("smtpd_tls_mandatory_protocols", ">=TLSv1.2", "TLS versions where encryption is demanded.");
    public static final Parameter<String> SMTPD_TLS_CIPHERS = Parameter.text(
            "smtpd_tls_ciphers",
            "medium",
            "Least grade of ciphers of opportunistic sessions: high, medium, low, export or null; all that are offered are of grade high.");
    public static final Parameter<String> SMTPD_TLS_MANDATORY_CIPHERS = Parameter.text(
            "smtpd_tls_mandatory_ciphers", "medium", "Least grade of ciphers where encryption is demanded.");
    public static final Parameter<List<String>> SMTPD_TLS_EXCLUDE_CIPHERS =
            Parameter.list("smtpd_tls_exclude_ciphers", "", "Ciphers that are never used.");
    public static final Parameter<List<String>> SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS = Parameter.list(
            "smtpd_tls_mandatory_exclude_ciphers", "", "More ciphers that are not used where encryption is demanded.");
    public static final Parameter<Boolean> TLS_PREEMPT_CIPHERLIST = Parameter.flag(
            "tls_preempt_cipherlist", false, "Whether the server's order of ciphers wins over the client's.");
    public static final Parameter<Duration> SMTPD_TLS_SESSION_CACHE_TIMEOUT = Parameter.time(
            "smtpd_tls_session_cache_timeout", "3600s", ChronoUnit.SECONDS, "How long a TLS session can be resumed.");
    public static final Parameter<Integer> SMTPD_TLS_SESSION_CACHE_SIZE = Parameter.count(
            "smtpd_tls_session_cache_size", 20000, 0, Integer.MAX_VALUE, "TLS sessions kept in memory.");
    public static final Parameter<Boolean> SMTPD_TLS_ASK_CCERT =
            Parameter.flag("smtpd_tls_ask_ccert", false, "Whether a client certificate is asked for.");
    public static final Parameter<Boolean> SMTPD_TLS_REQ_CCERT = Parameter.flag(
            "smtpd_tls_req_ccert", false, "Whether a trusted client certificate is demanded where TLS is.");
    public static final Parameter<Integer> SMTPD_TLS_CCERT_VERIFYDEPTH = Parameter.count(
                    "smtpd_tls_ccert_verifydepth", 9, 0, 100, "Certificates in a client's chain at most.")
            .notYet();
    public static final Parameter<String> SMTPD_TLS_FINGERPRINT_DIGEST =
            Parameter.text("smtpd_tls_fingerprint_digest", "sha256", "Digest of client certificate fingerprints.");
    public static final Parameter<List<String>> RELAY_CLIENTCERTS = Parameter.tables(
            "relay_clientcerts", "", "Fingerprints of client certificates that permit_tls_clientcerts lets relay.");
    public static final Parameter<Integer> SMTPD_TLS_LOGLEVEL = Parameter.count(
            "smtpd_tls_loglevel",
            0,
            0,
            4,
            "How much is logged about TLS: 0 failures only, 1 and more also a line for each handshake.");
    public static final Parameter<Boolean> SMTPD_TLS_RECEIVED_HEADER = Parameter.flag(
            "smtpd_tls_received_header", false, "Whether Received lines tell protocol, cipher and client certificate.");
    public static final Parameter<Duration> SMTPD_STARTTLS_TIMEOUT = Parameter.time(
            "smtpd_starttls_timeout",
            "${stress?{10}:{300}}s",
            ChronoUnit.SECONDS,
            "How long the handshake after STARTTLS may take.");
    public static final Parameter<Boolean> SMTPD_TLS_AUTH_ONLY =
            Parameter.flag("smtpd_tls_auth_only", false, "Whether AUTH is offered only under TLS.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                SMTPD_TLS_SECURITY_LEVEL,
                SMTPD_USE_TLS,
                SMTPD_ENFORCE_TLS,
                SMTPD_TLS_WRAPPERMODE,
                SMTPD_TLS_CERT_FILE,
                SMTPD_TLS_KEY_FILE,
                SMTPD_TLS_ECCERT_FILE,
                SMTPD_TLS_ECKEY_FILE,
                SMTPD_TLS_CHAIN_FILES,
                TLS_SERVER_SNI_MAPS,
                SMTPD_TLS_CAFILE,
                SMTPD_TLS_CAPATH,
                SMTPD_TLS_PROTOCOLS,
                SMTPD_TLS_MANDATORY_PROTOCOLS,
                SMTPD_TLS_CIPHERS,
                SMTPD_TLS_MANDATORY_CIPHERS,
                SMTPD_TLS_EXCLUDE_CIPHERS,
                SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS,
                TLS_PREEMPT_CIPHERLIST,
                SMTPD_TLS_SESSION_CACHE_TIMEOUT,
                SMTPD_TLS_SESSION_CACHE_SIZE,
                SMTPD_TLS_ASK_CCERT,
                SMTPD_TLS_REQ_CCERT,
                SMTPD_TLS_CCERT_VERIFYDEPTH,
                SMTPD_TLS_FINGERPRINT_DIGEST,
                RELAY_CLIENTCERTS,
                SMTPD_TLS_LOGLEVEL,
                SMTPD_TLS_RECEIVED_HEADER,
                SMTPD_STARTTLS_TIMEOUT,
                SMTPD_TLS_AUTH_ONLY);
    }
}
