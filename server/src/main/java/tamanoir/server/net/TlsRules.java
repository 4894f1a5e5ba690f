package tamanoir.server.net;

import java.util.List;

/// How one service uses TLS.
///
/// @param protocols those of JSSE that may be used
/// @param excludedCiphers OpenSSL's names of ciphers and kinds of ciphers
/// @param serverOrder whether our order of ciphers wins over the client's
public record TlsRules(
        List<String> protocols,
        List<String> excludedCiphers,
        boolean serverOrder,
        ClientCertificate clientCertificate) {
    public static final TlsRules DEFAULT =
            new TlsRules(List.of("TLSv1.2", "TLSv1.3"), List.of(), false, ClientCertificate.UNASKED);

    public TlsRules {
        protocols = List.copyOf(protocols);
        excludedCiphers = List.copyOf(excludedCiphers);
    }

    /// From Postfix's words (smtpd_tls_protocols, smtpd_tls_exclude_ciphers).
    ///
    /// @throws tamanoir.mail.text.BadSyntax when a protocol is unknown or none is left
    public static TlsRules of(
            String protocols, List<String> excludedCiphers, boolean serverOrder, ClientCertificate clientCertificate) {
        return new TlsRules(Ciphers.protocols(protocols), excludedCiphers, serverOrder, clientCertificate);
    }

    public enum ClientCertificate {
        UNASKED,
        /// Asked for; what it is worth stands in [TlsDetails#trust].
        ASKED,
        /// No handshake without one that an authority of ours vouches for.
        REQUIRED
    }
}
