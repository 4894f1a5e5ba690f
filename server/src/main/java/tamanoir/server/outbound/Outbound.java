package tamanoir.server.outbound;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Dns;
import tamanoir.server.net.Network;
import tamanoir.server.net.TlsClient;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.store.Blobs;
import tamanoir.server.tables.LookupTable;

/// What all deliveries to other servers share: the network, names, TLS, passwords, settings, sessions that wait. One
/// for the process; used by any number of threads.
public final class Outbound implements AutoCloseable {
    private final Network network;
    private final Dns dns;
    private final Blobs blobs;
    private final RandomGenerator random;
    private final SessionPool pool = new SessionPool();
    private final AtomicReference<Manner> manner;

    /// What a reload replaces. `tls` is for servers where encryption is welcome, `mandatoryTls` where it is demanded.
    public record Manner(
            OutboundSettings settings,
            Ourselves ourselves,
            TlsClient tls,
            TlsClient mandatoryTls,
            List<LookupTable> passwords,
            PassingChecks checks) {
        public Manner {
            passwords = List.copyOf(passwords);
        }

        public Manner(
                OutboundSettings settings,
                Ourselves ourselves,
                TlsClient tls,
                TlsClient mandatoryTls,
                List<LookupTable> passwords) {
            this(settings, ourselves, tls, mandatoryTls, passwords, PassingChecks.NONE);
        }
    }

    public Outbound(Network network, Dns dns, Blobs blobs, Manner manner, RandomGenerator random) {
        this.network = network;
        this.dns = dns;
        this.blobs = blobs;
        this.manner = new AtomicReference<>(manner);
        this.random = random;
    }

    /// A reload: what begins from now on goes by it.
    public void change(Manner changed) {
        manner.set(changed);
    }

    /// A way to these nexthops, which are tried in this order.
    public Deliverer towards(List<NextHop> hops, boolean lmtp) {
        return new SmtpDeliverer(this, hops, lmtp);
    }

    Network network() {
        return network;
    }

    Blobs blobs() {
        return blobs;
    }

    SessionPool pool() {
        return pool;
    }

    OutboundSettings settings() {
        return manner.get().settings();
    }

    /// LMTP has none of them, as in Postfix.
    PassingChecks checks(boolean lmtp) {
        return lmtp ? PassingChecks.NONE : manner.get().checks();
    }

    TlsClient tls() {
        return manner.get().tls();
    }

    TlsClient mandatoryTls() {
        return manner.get().mandatoryTls();
    }

    ServerFinder.Found find(NextHop hop, boolean lmtp) {
        Manner now = manner.get();
        int port = (lmtp ? now.settings().lmtp() : now.settings().smtp()).port();
        return new ServerFinder(dns, now.ourselves(), now.settings().choice(), random).find(hop, port);
    }

    Optional<Credentials> credentials(ReversePath sender, NextHop hop, String host) {
        Manner now = manner.get();
        OutboundSettings.Login login = now.settings().login();
        return login.enabled()
                ? Credentials.find(now.passwords(), login.bySender(), sender, hop, host)
                : Optional.empty();
    }

    /// Whether a session is worth keeping for the next message to that destination.
    boolean keeps(NextHop hop) {
        OutboundSettings.Cache cache = settings().cache();
        return cache.onDemand() || cache.destinations().contains(hop.text().toLowerCase(Locale.ROOT));
    }

    /// Closes the sessions that wait.
    @Override
    public void close() {
        pool.close();
    }
}
