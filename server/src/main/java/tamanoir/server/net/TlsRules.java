package tamanoir.server.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tamanoir.server.config.Config;
import tamanoir.server.config.TlsParameters;

/// How one service uses TLS.
///
/// @param protocols those of JSSE that may be used
/// @param excludedCiphers OpenSSL's names of ciphers and kinds of ciphers
/// @param serverOrder whether our order of ciphers wins over the client's
/// @param handshakeLimit how long a handshake may take, where the connection's own deadline is not shorter
/// @param logged whether handshakes that went well are logged too
public record TlsRules(
        List<String> protocols,
        List<String> excludedCiphers,
        boolean serverOrder,
        ClientCertificate clientCertificate,
        Duration handshakeLimit,
        boolean logged) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    public static final TlsRules DEFAULT =
            new TlsRules(List.of("TLSv1.2", "TLSv1.3"), List.of(), false, ClientCertificate.UNASKED, LIMIT, false);

    public TlsRules {
        protocols = List.copyOf(protocols);
        excludedCiphers = List.copyOf(excludedCiphers);
    }

    /// What main.cf says about a service; `mandatory` is TLS that the client cannot do without.
    ///
    /// @throws tamanoir.mail.text.BadSyntax when a protocol is unknown or none is left
    public static TlsRules from(Config config, boolean mandatory) {
        List<String> excluded = new ArrayList<>(config.get(TlsParameters.SMTPD_TLS_EXCLUDE_CIPHERS));
        if (mandatory) {
            excluded.addAll(config.get(TlsParameters.SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS));
        }
        ClientCertificate certificate = ClientCertificate.UNASKED;
        if (config.get(TlsParameters.SMTPD_TLS_REQ_CCERT)) {
            // Postfix: where TLS is optional, a demand for a certificate is only a wish.
            certificate = mandatory ? ClientCertificate.REQUIRED : ClientCertificate.ASKED;
        } else if (config.get(TlsParameters.SMTPD_TLS_ASK_CCERT)) {
            certificate = ClientCertificate.ASKED;
        }
        Ciphers.grade(
                config.get(mandatory ? TlsParameters.SMTPD_TLS_MANDATORY_CIPHERS : TlsParameters.SMTPD_TLS_CIPHERS));
        return new TlsRules(
                Ciphers.protocols(config.get(
                        mandatory ? TlsParameters.SMTPD_TLS_MANDATORY_PROTOCOLS : TlsParameters.SMTPD_TLS_PROTOCOLS)),
                excluded,
                config.get(TlsParameters.TLS_PREEMPT_CIPHERLIST),
                certificate,
                config.get(TlsParameters.SMTPD_STARTTLS_TIMEOUT),
                config.get(TlsParameters.SMTPD_TLS_LOGLEVEL) > 0);
    }

    /// From Postfix's words (smtpd_tls_protocols, smtpd_tls_exclude_ciphers).
    ///
    /// @throws tamanoir.mail.text.BadSyntax when a protocol is unknown or none is left
    public static TlsRules of(
            String protocols, List<String> excludedCiphers, boolean serverOrder, ClientCertificate clientCertificate) {
        return new TlsRules(
                Ciphers.protocols(protocols), excludedCiphers, serverOrder, clientCertificate, LIMIT, false);
    }

    public enum ClientCertificate {
        UNASKED,
        /// Asked for; what it is worth stands in [TlsDetails#trust].
        ASKED,
        /// No handshake without one that an authority of ours vouches for.
        REQUIRED
    }
}
