package tamanoir.server.databases;

import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.File;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;

/// One LDAP directory, on one server or on several that hold the same. Used by any number of threads.
public final class Ldap implements AutoCloseable {
    /// How it is reached.
    ///
    /// @param uris `ldap://host:389` or `ldaps://host:636`, tried in this order
    /// @param startTls turns a plain connection into TLS before anything is said
    /// @param caFile certificates to trust in PEM; empty for those of the machine
    /// @param verify false takes any certificate: for tests only
    /// @param bindDn empty to search without a name
    /// @param timeout for a connection and for each answer
    /// @param connections at a time
    public record Settings(
            List<String> uris,
            boolean startTls,
            Optional<String> caFile,
            boolean verify,
            String bindDn,
            String bindPassword,
            Duration timeout,
            int connections,
            DereferencePolicy dereference) {
        public Settings {
            uris = List.copyOf(uris);
        }

        /// Without the password.
        @Override
        public String toString() {
            return "Ldap" + uris + " as " + bindDn;
        }
    }

    /// More than asked for matched.
    public static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Settings settings;
    private final Optional<SSLContext> tls;
    private final Pool<LDAPConnection> searching;

    /// Signing in changes whose connection it is, so these are never used to search.
    private final Pool<LDAPConnection> binding;

    /// Connects when first asked.
    ///
    /// @throws BadSyntax when an address or the certificate file is wrong
    public Ldap(Settings settings) {
        this.settings = settings;
        List<Pool.Server<LDAPConnection>> bound = new ArrayList<>();
        List<Pool.Server<LDAPConnection>> anonymous = new ArrayList<>();
        boolean anyTls = settings.startTls;
        for (String uri : settings.uris) {
            try {
                LDAPURL url = new LDAPURL(uri);
                boolean ldaps = url.getScheme().equals("ldaps");
                anyTls |= ldaps;
                String host = url.getHost() == null ? "localhost" : url.getHost();
                bound.add(new One(host, url.getPort(), ldaps, true));
                anonymous.add(new One(host, url.getPort(), ldaps, false));
            } catch (LDAPException e) {
                throw new BadSyntax("\"" + uri + "\" is no LDAP address such as ldap://host:389: " + e.getMessage());
            }
        }
        if (bound.isEmpty()) {
            throw new BadSyntax("no LDAP server is named");
        }
        this.tls = anyTls ? Optional.of(context(settings)) : Optional.empty();
        this.searching = new Pool<>(bound, settings.connections, settings.timeout);
        this.binding = new Pool<>(anonymous, settings.connections, settings.timeout);
    }

    private static SSLContext context(Settings settings) {
        try {
            SSLUtil ssl = !settings.verify
                    ? new SSLUtil(new TrustAllTrustManager())
                    : settings.caFile.isPresent()
                            ? new SSLUtil(new PEMFileTrustManager(new File(settings.caFile.get())))
                            : new SSLUtil();
            return settings.verify && settings.caFile.isEmpty() ? SSLContext.getDefault() : ssl.createSSLContext();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new BadSyntax("the certificates of " + settings.caFile.orElse("the machine") + " cannot be read: "
                    + e.getMessage());
        }
    }

    private final class One implements Pool.Server<LDAPConnection> {
        private final String host;
        private final int port;
        private final boolean ldaps;
        private final boolean signsIn;

        One(String host, int port, boolean ldaps, boolean signsIn) {
            this.host = host;
            this.port = port;
            this.ldaps = ldaps;
            this.signsIn = signsIn;
        }

        @Override
        public String name() {
            return host + ":" + port;
        }

        @Override
        public LDAPConnection open() throws Pool.Lost {
            int millis = (int) settings.timeout.toMillis();
            LDAPConnectionOptions options = new LDAPConnectionOptions();
            options.setUseSynchronousMode(true); // The thread that asks reads: no reader thread for each connection.
            options.setConnectTimeoutMillis(millis);
            options.setResponseTimeoutMillis(millis);
            options.setFollowReferrals(false);
            options.setAbandonOnTimeout(true);
            if (settings.verify) {
                options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
            }
            LDAPConnection connection = null;
            try {
                connection = ldaps
                        ? new LDAPConnection(tls.orElseThrow().getSocketFactory(), options, host, port)
                        : new LDAPConnection(options, host, port);
                if (settings.startTls && !ldaps) {
                    connection.processExtendedOperation(new StartTLSExtendedRequest(tls.orElseThrow()));
                    if (connection.getSSLSession() == null) {
                        throw new Pool.Lost("no TLS after StartTLS", null);
                    }
                }
                if (signsIn && !settings.bindDn.isEmpty()) {
                    connection.bind(settings.bindDn, settings.bindPassword);
                }
                return connection;
            } catch (LDAPException e) {
                if (connection != null) {
                    connection.close();
                }
                throw new Pool.Lost(e.getResultCode() + " " + e.getMessage(), e);
            } catch (Pool.Lost e) {
                connection.close();
                throw e;
            }
        }
    }

    /// The entries that match, at most `most`; none where the base does not exist.
    ///
    /// @throws TooMany when there are more
    /// @throws Unavailable when no server answers in time, or refuses to tell
    public List<SearchResultEntry> search(
            String base, SearchScope scope, Filter filter, List<String> attributes, int most) {
        SearchRequest request = new SearchRequest(base, scope, filter, attributes.toArray(String[]::new));
        request.setSizeLimit(most);
        request.setTimeLimitSeconds((int) Math.max(1, settings.timeout.toSeconds()));
        request.setDerefPolicy(settings.dereference);
        return searching.with(connection -> {
            try {
                return List.copyOf(connection.search(request).getSearchEntries());
            } catch (LDAPSearchException e) {
                if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                    return List.of();
                }
                if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                    throw new TooMany();
                }
                throw lostOrRefused(e);
            }
        });
    }

    /// One entry by its name; empty where there is none.
    public Optional<SearchResultEntry> entry(String dn, Filter filter, List<String> attributes) {
        return search(dn, SearchScope.BASE, filter, attributes, 1).stream().findFirst();
    }

    /// Whether the password is the one of this name: the server says so (RFC 4513 §5.1.3).
    ///
    /// @throws Unavailable when no server answers in time
    public boolean isPassword(String dn, String password) {
        if (dn.isEmpty() || password.isEmpty()) {
            return false; // RFC 4513 §5.1.2: an empty password would be "unauthenticated" and succeed.
        }
        return binding.with(connection -> {
            try {
                BindResult result = connection.bind(new SimpleBindRequest(dn, password));
                return result.getResultCode().equals(ResultCode.SUCCESS);
            } catch (LDAPException e) {
                ResultCode code = e.getResultCode();
                if (code.equals(ResultCode.INVALID_CREDENTIALS)
                        || code.equals(ResultCode.NO_SUCH_OBJECT)
                        || code.equals(ResultCode.INVALID_DN_SYNTAX)
                        || code.equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)
                        || code.equals(ResultCode.UNWILLING_TO_PERFORM)
                        || code.equals(ResultCode.CONSTRAINT_VIOLATION)) {
                    return false;
                }
                throw lostOrRefused(e);
            }
        });
    }

    /// Asks the first server that answers for its root entry.
    ///
    /// @throws Unavailable with the reasons of all of them
    public void check() {
        search("", SearchScope.BASE, Filter.createPresenceFilter("objectClass"), List.of("1.1"), 1);
    }

    private static Pool.Lost lostOrRefused(LDAPException e) {
        ResultCode code = e.getResultCode();
        boolean gone = !code.isConnectionUsable()
                || code.equals(ResultCode.BUSY)
                || code.equals(ResultCode.UNAVAILABLE)
                || code.equals(ResultCode.TIMEOUT);
        if (gone) {
            return new Pool.Lost(code + " " + e.getMessage(), e);
        }
        throw new Unavailable("a directory does not answer now, try again later", code + " " + e.getMessage(), e);
    }

    @Override
    public void close() {
        searching.close();
        binding.close();
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
