package tamanoir.server.net;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tamanoir.server.config.Config;
import tamanoir.server.config.SmtpParameters;

/// TLS towards other servers: encrypted whoever the other is (RFC 7435), and verified where someone demands it.
/// One for the process; sessions are resumed per host and port.
///
/// Used by many connections at once; immutable but for JSSE's cache of sessions.
public final class TlsClient {
    private final SSLContext context;
    private final String[] protocols;
    private final String[] suites;
    private final Supplier<Authorities> authorities;

    /// @param authorities PEM files and folders; none means the authorities that came with Java
    /// @param certificate PEM files with our own key and chain, for servers that ask; none is none
    /// @param protocols in Postfix's words (smtp_tls_protocols)
    public record Settings(
            List<Path> authorities,
            List<Path> certificate,
            String protocols,
            List<String> excludedCiphers,
            int cacheSize,
            Duration cacheTimeout) {
        public static final Settings DEFAULT =
                new Settings(List.of(), List.of(), ">=TLSv1.2", List.of(), 5000, Duration.ofHours(1));

        /// What main.cf says; `mandatory` is for destinations that demand TLS.
        public static Settings from(Config config, boolean mandatory) {
            Ciphers.grade(config.get(
                    mandatory ? SmtpParameters.SMTP_TLS_MANDATORY_CIPHERS : SmtpParameters.SMTP_TLS_CIPHERS));
            List<Path> authorities = new ArrayList<>();
            config.get(SmtpParameters.SMTP_TLS_CAFILE).ifPresent(authorities::add);
            config.get(SmtpParameters.SMTP_TLS_CAPATH).ifPresent(authorities::add);
            List<Path> own = new ArrayList<>();
            List<String> chains = config.get(SmtpParameters.SMTP_TLS_CHAIN_FILES);
            if (chains.isEmpty()) {
                config.get(SmtpParameters.SMTP_TLS_CERT_FILE).ifPresent(own::add);
                config.get(SmtpParameters.SMTP_TLS_KEY_FILE).ifPresent(own::add);
                config.get(SmtpParameters.SMTP_TLS_ECCERT_FILE).ifPresent(own::add);
                config.get(SmtpParameters.SMTP_TLS_ECKEY_FILE).ifPresent(own::add);
            } else {
                chains.forEach(file -> own.add(config.home().resolve(file)));
            }
            List<String> excluded = new ArrayList<>(config.get(SmtpParameters.SMTP_TLS_EXCLUDE_CIPHERS));
            if (mandatory) {
                excluded.addAll(config.get(SmtpParameters.SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS));
            }
            return new Settings(
                    authorities,
                    own,
                    config.get(
                            mandatory
                                    ? SmtpParameters.SMTP_TLS_MANDATORY_PROTOCOLS
                                    : SmtpParameters.SMTP_TLS_PROTOCOLS),
                    excluded,
                    DEFAULT.cacheSize(),
                    config.get(SmtpParameters.SMTP_TLS_SESSION_CACHE_TIMEOUT));
        }

        public Settings {
            authorities = List.copyOf(authorities);
            certificate = List.copyOf(certificate);
            excludedCiphers = List.copyOf(excludedCiphers);
        }
    }

    /// Whom we expect at the other end.
    ///
    /// @param host the name for SNI and the key of the session cache
    /// @param names those of which the certificate must have one; one that begins with a dot stands for
    ///     everything below
    ///     that domain
    /// @param demanded whether to leave when it has none ([NotVerified]); else it is only told in
    ///     [TlsDetails#trust]
    public record Peer(String host, List<String> names, boolean demanded) {
        public Peer {
            names = List.copyOf(names);
        }

        /// Encrypt, whoever it is.
        public static Peer anybodyAt(String host) {
            return new Peer(host, List.of(host), false);
        }
    }

    public TlsClient() {
        this(
                Settings.DEFAULT,
                // Reading all authorities of the world takes 100 ms: not at the start.
                new Lazy(Authorities::ofSystem),
                List.of());
    }

    /// @throws IOException when a file cannot be read
    public TlsClient(Settings settings) throws IOException {
        this(
                settings,
                settings.authorities().isEmpty()
                        ? new Lazy(Authorities::ofSystem)
                        : of(Authorities.of(settings.authorities())),
                settings.certificate().isEmpty() ? List.of() : Identity.read(settings.certificate()));
    }

    /// Asked for the first time when it is needed, and never again. Whoever comes meanwhile asks as well, which
    /// is harmless.
    private static final class Lazy implements Supplier<Authorities> {
        private final Supplier<Authorities> source;
        private volatile @Nullable Authorities known;

        Lazy(Supplier<Authorities> source) {
            this.source = source;
        }

        @Override
        public Authorities get() {
            Authorities authorities = known;
            if (authorities == null) {
                authorities = source.get();
                known = authorities;
            }
            return authorities;
        }
    }

    private static Supplier<Authorities> of(Authorities authorities) {
        return () -> authorities;
    }

    private TlsClient(Settings settings, Supplier<Authorities> authorities, List<Identity> identities) {
        this.authorities = authorities;
        Certificates own = new Certificates();
        own.replace(identities, java.util.Map.of());
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    identities.isEmpty() ? new KeyManager[0] : new KeyManager[] {own},
                    new TrustManager[] {new Lenient()},
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        context.getClientSessionContext().setSessionCacheSize(Math.max(1, settings.cacheSize()));
        context.getClientSessionContext()
                .setSessionTimeout((int) Math.max(1, settings.cacheTimeout().toSeconds()));
        protocols = Ciphers.protocols(settings.protocols()).toArray(new String[0]);
        suites = Ciphers.without(
                settings.excludedCiphers(), context.getDefaultSSLParameters().getCipherSuites());
    }

    SSLSocket over(Socket raw, String host) throws IOException {
        SSLSocket layered = (SSLSocket) context.getSocketFactory().createSocket(raw, host, raw.getPort(), true);
        layered.setUseClientMode(true);
        SSLParameters parameters = layered.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setCipherSuites(suites);
        layered.setSSLParameters(parameters);
        return layered;
    }

    /// What came of the handshake that `begun` (milliseconds since 1970).
    TlsDetails finished(SSLSocket layered, Peer peer, long begun) throws IOException {
        SSLSession session = layered.getSession();
        X509Certificate[] chain = Handshake.peer(session);
        TlsDetails.Trust trust = TlsDetails.Trust.NONE;
        String doubts = "it showed no certificate";
        if (chain.length > 0) {
            doubts = authorities.get().doubtsAboutServer(chain);
            trust = doubts.isEmpty() ? TlsDetails.Trust.TRUSTED : TlsDetails.Trust.UNTRUSTED;
            if (doubts.isEmpty()) {
                List<String> has = names(chain[0]);
                if (peer.names().stream().anyMatch(wanted -> has.stream().anyMatch(name -> fits(name, wanted)))) {
                    trust = TlsDetails.Trust.VERIFIED;
                } else {
                    doubts = "its certificate is for " + String.join(", ", has) + ", wanted is "
                            + String.join(", ", peer.names());
                }
            }
        }
        if (peer.demanded() && trust != TlsDetails.Trust.VERIFIED) {
            session.invalidate();
            throw new NotVerified("the certificate of " + peer.host() + " is not verified: " + doubts);
        }
        return Handshake.details(session, false, trust, begun);
    }

    /// The names in the certificate: those of its extension, or the common name where that has none (RFC 6125
    /// §6.4.4).
    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0) instanceof Integer type && (type == 2 || type == 7)) { // dNSName, iPAddress
                        names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException _) {
            return List.of();
        }
        if (names.isEmpty()) {
            Optional<String> common = Handshake.commonName(certificate);
            common.ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
        }
        return names;
    }

    /// RFC 6125 §6.4.3: a star stands for one whole label, the leftmost.
    static boolean fits(String name, String wantedAnyCase) {
        String wanted = wantedAnyCase.toLowerCase(Locale.ROOT);
        if (wanted.startsWith(".")) {
            return name.endsWith(wanted);
        }
        if (name.startsWith("*.")) {
            int dot = wanted.indexOf('.');
            return dot > 0 && wanted.substring(dot).equals(name.substring(1));
        }
        return name.equals(wanted);
    }
}
