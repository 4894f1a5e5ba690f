package tamanoir.server.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Which certificate a client is shown: by the name it asks for (RFC 6066 §3), else the default ones; of several kinds
/// of
/// key the one that fits its algorithms.
///
/// Used by all handshakes at once. The one field is swapped as a whole, so a handshake sees the old or the new state;
/// aliases count up for ever, and those of the state before stay valid, so that a handshake under way may end.
final class Certificates extends X509ExtendedKeyManager {
    private record Entry(String alias, Identity identity) {}

    private record State(
            List<Entry> defaults, Map<String, List<Entry>> byName, Map<String, Identity> byAlias, long nextAlias) {}

    private volatile State state = new State(List.of(), Map.of(), Map.of(), 0);

    /// Shows these from now on. A name may begin with a dot: then every name below that domain is meant.
    void replace(List<Identity> defaults, Map<String, List<Identity>> byName) {
        State old = state;
        Map<String, Identity> aliases = new HashMap<>();
        long next = old.nextAlias();
        Map<String, List<Entry>> names = new HashMap<>();
        List<Entry> plain = new ArrayList<>();
        for (Identity identity : defaults) {
            plain.add(new Entry(Long.toString(next++), identity));
        }
        for (Map.Entry<String, List<Identity>> one : byName.entrySet()) {
            List<Entry> entries = new ArrayList<>();
            for (Identity identity : one.getValue()) {
                entries.add(new Entry(Long.toString(next++), identity));
            }
            String name = one.getKey().toLowerCase(Locale.ROOT);
            names.put(name.startsWith("*.") ? name.substring(1) : name, List.copyOf(entries));
        }
        plain.forEach(entry -> aliases.put(entry.alias(), entry.identity()));
        names.values().forEach(entries -> entries.forEach(entry -> aliases.put(entry.alias(), entry.identity())));
        old.defaults().forEach(entry -> aliases.put(entry.alias(), entry.identity()));
        old.byName()
                .values()
                .forEach(entries -> entries.forEach(entry -> aliases.put(entry.alias(), entry.identity())));
        state = new State(List.copyOf(plain), Map.copyOf(names), Map.copyOf(aliases), next);
    }

    boolean isEmpty() {
        return state.defaults().isEmpty();
    }

    /// Those that are shown now.
    Set<X509Certificate> current() {
        Set<X509Certificate> current = new HashSet<>();
        State now = state;
        now.defaults().forEach(entry -> current.add(entry.identity().certificate()));
        now.byName()
                .values()
                .forEach(entries ->
                        entries.forEach(entry -> current.add(entry.identity().certificate())));
        return current;
    }

    private List<Entry> entries(@Nullable SSLSession session) {
        State now = state;
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    List<Entry> found = byName(now, host.getAsciiName().toLowerCase(Locale.ROOT));
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return now.defaults(); // Also for a name that nobody knows: an alert would only lose mail.
    }

    private static List<Entry> byName(State now, String host) {
        List<Entry> found = now.byName().getOrDefault(host, List.of());
        for (int dot = host.indexOf('.'); found.isEmpty() && dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = now.byName().getOrDefault(host.substring(dot), List.of());
        }
        return found;
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        for (Entry entry : entries(session)) {
            if (entry.identity().keyType().equalsIgnoreCase(keyType)) {
                return entry.alias();
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket ssl ? ssl.getHandshakeSession() : null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Identity identity = alias == null ? null : state.byAlias().get(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Identity identity = alias == null ? null : state.byAlias().get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String[] aliases = state.defaults().stream()
                .filter(entry -> entry.identity().keyType().equalsIgnoreCase(keyType))
                .map(Entry::alias)
                .toArray(String[]::new);
        return aliases.length == 0 ? null : aliases;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    /// As a client we have one set, whoever asks.
    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        if (keyTypes != null) {
            for (String keyType : keyTypes) {
                String alias = choose(keyType, null);
                if (alias != null) {
                    return alias;
                }
            }
        }
        return null;
    }
}
