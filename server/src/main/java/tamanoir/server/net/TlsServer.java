package tamanoir.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import tamanoir.server.observe.Trace;

/// The server side of TLS: certificates by name, protocols, session cache. One for all doors; certificates are
/// swapped in place, and what is connected goes on.
///
/// The `SSLContext` lives as long as the process, since a new one would forget all sessions. Sessions are kept in
/// memory
/// (stateful, `jdk.tls.server.enableSessionTicketExtension=false`): with stateless tickets JSSE asks for the
/// certificate
/// before it knows the name, and only the default name could resume.
///
/// Files are looked at again every half minute, by whoever shakes hands then: a renewed certificate needs no
/// reload. A broken or half-replaced pair changes nothing and is said once.
///
/// Used by all connections. Guarded by `loading`: which files are in use; the rest is swapped as a whole.
public final class TlsServer {
    private static final Duration LOOK = Duration.ofSeconds(30);

    private final Shared shared;
    private final TlsRules rules;
    private final String[] suites;

    /// What all views of one server have in common.
    private static final class Shared {
        final SSLContext context;
        final Certificates certificates = new Certificates();
        final AtomicReference<Authorities> authorities;
        final Trace trace;
        final long look;
        final ReentrantLock loading = new ReentrantLock();
        TlsSettings settings;
        List<String> stamps = List.of();
        volatile long nextLook;

        Shared(TlsSettings settings, Trace trace, Duration look) throws IOException {
            this.settings = settings;
            this.trace = trace;
            this.look = look.toNanos();
            this.authorities = new AtomicReference<>(Authorities.of(settings.authorities()));
            try {
                context = SSLContext.getInstance("TLS");
                context.init(
                        new KeyManager[] {certificates},
                        new TrustManager[] {new Lenient(authorities.get().issuers())},
                        null);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        }
    }

    /// Without a certificate: no service can use it. For tests, and where TLS is off.
    public TlsServer() {
        try {
            shared = new Shared(
                    new TlsSettings("", List.of(), Map.of(), List.of(), 1, Duration.ofHours(1)),
                    new Trace("tls", ""),
                    LOOK);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read without files", e);
        }
        rules = TlsRules.DEFAULT;
        suites = new String[0];
        shared.nextLook = Long.MAX_VALUE;
    }

    /// @throws IOException that says which file is wrong and why
    public TlsServer(TlsSettings settings, Trace trace) throws IOException {
        this(settings, trace, LOOK);
    }

    TlsServer(TlsSettings settings, Trace trace, Duration look) throws IOException {
        this(new Shared(settings, trace, look), TlsRules.DEFAULT);
        reload(settings);
    }

    private TlsServer(Shared shared, TlsRules rules) {
        this.shared = shared;
        this.rules = rules;
        this.suites = Ciphers.without(
                rules.excludedCiphers(),
                shared.context.getDefaultSSLParameters().getCipherSuites());
    }

    /// The same certificates and sessions under the rules of one service.
    public TlsServer with(TlsRules rules) {
        return new TlsServer(shared, rules);
    }

    /// Whether STARTTLS can be offered.
    public boolean isAvailable() {
        return !shared.certificates.isEmpty();
    }

    // ---- certificates
    // --------------------------------------------------------------------------------------------

    /// Takes other settings, or the same with other files, all or nothing: when this throws, everything is as
    /// before.
    ///
    /// @throws IOException that says which file is wrong and why
    public void reload(TlsSettings settings) throws IOException {
        shared.loading.lock();
        try {
            load(settings, stamps(settings));
        } finally {
            shared.loading.unlock();
        }
    }

    private void load(TlsSettings settings, List<String> stamps) throws IOException {
        List<Identity> defaults = new ArrayList<>();
        for (List<Path> group : settings.certificates()) {
            defaults.addAll(Identity.read(group));
        }
        Map<String, List<Identity>> byName = new HashMap<>();
        for (Map.Entry<String, List<Path>> one : settings.byName().entrySet()) {
            byName.put(one.getKey(), Identity.read(one.getValue()));
        }
        Authorities authorities = Authorities.of(settings.authorities());
        // From here on nothing fails.
        shared.certificates.replace(defaults, byName);
        shared.authorities.set(authorities);
        SSLSessionContext sessions = shared.context.getServerSessionContext();
        sessions.setSessionCacheSize(Math.max(1, settings.cacheSize())); // 0 would be without limit.
        sessions.setSessionTimeout((int) Math.max(1, settings.cacheTimeout().toSeconds()));
        forgetSessions();
        shared.settings = settings;
        shared.stamps = stamps;
        shared.nextLook = System.nanoTime() + shared.look;
    }

    /// A resumed session shows no certificate and would keep the one that was replaced in use.
    private void forgetSessions() {
        Set<X509Certificate> current = shared.certificates.current();
        SSLSessionContext sessions = shared.context.getServerSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                Certificate[] local = session.getLocalCertificates();
                if (local != null
                        && local.length > 0
                        && !(local[0] instanceof X509Certificate c && current.contains(c))) {
                    session.invalidate();
                }
            }
        }
    }

    /// For a door that layers TLS by itself: the certificates follow, the rules of one service do not.
    public SSLContext context() {
        look();
        return shared.context;
    }

    private void look() {
        if (System.nanoTime() - shared.nextLook < 0 || !shared.loading.tryLock()) {
            return;
        }
        try {
            shared.nextLook = System.nanoTime() + shared.look;
            List<String> stamps = stamps(shared.settings);
            if (!stamps.equals(shared.stamps)) {
                shared.stamps = stamps; // Whatever comes of it, it is said once.
                load(shared.settings, stamps);
                shared.trace.info(
                        "reload", "certificates", shared.certificates.current().size());
            }
        } catch (IOException | RuntimeException e) {
            shared.trace.warn(
                    "reload",
                    "status",
                    "failed",
                    "reason",
                    String.valueOf(e.getMessage()),
                    "certificates",
                    "as before");
        } finally {
            shared.loading.unlock();
        }
    }

    private static List<String> stamps(TlsSettings settings) {
        Set<Path> files = new LinkedHashSet<>();
        settings.certificates().forEach(files::addAll);
        settings.byName().values().forEach(files::addAll);
        files.addAll(settings.authorities());
        List<String> stamps = new ArrayList<>();
        for (Path file : files) {
            try {
                BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(file + " " + is.lastModifiedTime() + " " + is.size() + " " + is.fileKey());
            } catch (IOException e) {
                stamps.add(file + " " + e.getClass().getSimpleName());
            }
        }
        return stamps;
    }

    /// Makes a self-signed certificate where both files of the first group are missing; says so. True when it
    /// did.
    public static boolean makeMissing(TlsSettings settings, Trace trace, InstantSource clock) throws IOException {
        if (settings.certificates().isEmpty()) {
            return false;
        }
        List<Path> first = settings.certificates().getFirst();
        if (first.isEmpty() || first.stream().anyMatch(Files::exists)) {
            return false;
        }
        SelfSigned.write(SelfSigned.make(settings.hostName(), clock), first.getFirst(), first.getLast());
        trace.warn(
                "certificate",
                "status",
                "made",
                "name",
                settings.hostName(),
                "file",
                first.getFirst(),
                "reason",
                "there was none; it is self-signed, so clients will ask whether to trust it");
        return true;
    }

    // ---- handshakes
    // ----------------------------------------------------------------------------------------------

    SSLSocket over(Socket raw) throws IOException {
        if (!isAvailable()) {
            throw new IOException("there is no certificate to start TLS with");
        }
        look();
        SSLSocket layered =
                (SSLSocket) shared.context.getSocketFactory().createSocket(raw, InputStream.nullInputStream(), true);
        SSLParameters parameters = layered.getSSLParameters();
        parameters.setProtocols(rules.protocols().toArray(new String[0]));
        parameters.setCipherSuites(suites);
        parameters.setUseCipherSuitesOrder(rules.serverOrder());
        switch (rules.clientCertificate()) {
            case UNASKED -> {}
            case ASKED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        layered.setSSLParameters(parameters);
        return layered;
    }

    /// How long a handshake may take.
    Duration handshakeLimit() {
        return rules.handshakeLimit();
    }

    /// What came of the handshake that `begun` (milliseconds since 1970), of the connection `id` from `client`.
    TlsDetails finished(SSLSocket layered, long begun, long id, InetAddress client) throws IOException {
        TlsDetails details = finished(layered, begun);
        if (rules.logged()) {
            shared.trace.info(
                    "handshake",
                    "id",
                    id,
                    "client",
                    client.getHostAddress(),
                    "status",
                    "established",
                    "trust",
                    details.trust().name().toLowerCase(Locale.ROOT),
                    "with",
                    details,
                    "resumed",
                    details.resumed());
        }
        return details;
    }

    private TlsDetails finished(SSLSocket layered, long begun) throws IOException {
        SSLSession session = layered.getSession();
        X509Certificate[] peer = Handshake.peer(session);
        TlsDetails.Trust trust = TlsDetails.Trust.NONE;
        if (peer.length > 0) {
            String doubts = shared.authorities.get().doubtsAboutClient(peer);
            trust = doubts.isEmpty() ? TlsDetails.Trust.TRUSTED : TlsDetails.Trust.UNTRUSTED;
            if (rules.clientCertificate() == TlsRules.ClientCertificate.REQUIRED && !doubts.isEmpty()) {
                session.invalidate();
                throw new SSLException("the client's certificate is not trusted: " + doubts);
            }
        }
        return Handshake.details(session, true, trust, begun);
    }
}
