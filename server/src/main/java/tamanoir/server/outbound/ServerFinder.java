package tamanoir.server.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.SmtpParameters.AddressPreference;

/// Finds the servers to try for a nexthop, best first (RFC 5321 §5.1).
///
/// Trouble with DNS is never taken for "does not exist": mail waits (RFC 5321 §5.1, last paragraph but two). A name
/// that does not exist, a domain that takes no mail (RFC 7505) and mail that would come back to us fail for
/// good.
final class ServerFinder {
    /// Mail exchangers of one domain that are looked at; more is an attack on our patience.
    private static final int MOST_EXCHANGERS = 30;

    private final Dns dns;
    private final Ourselves ourselves;
    private final Choice choice;
    private final RandomGenerator random;

    /// Which addresses are used, in which order, and how many.
    record Choice(
            boolean ipv4,
            boolean ipv6,
            AddressPreference preference,
            boolean randomize,
            boolean balance,
            int addressLimit,
            boolean ignoreMxError,
            boolean deferWithoutAddress) {}

    ServerFinder(Dns dns, Ourselves ourselves, Choice choice, RandomGenerator random) {
        this.dns = dns;
        this.ourselves = ourselves;
        this.choice = choice;
        this.random = random;
    }

    /// One address of one host.
    record Server(String host, InetAddress address, int port) {
        /// As logs and reports name it: `mx.example.net[192.0.2.1]:25`.
        @Override
        public String toString() {
            return host + "[" + address.getHostAddress() + "]:" + port;
        }
    }

    sealed interface Found {
        record Servers(List<Server> best) implements Found {}

        /// Nothing to try, now or ever, as the reply's code says. `elsewhere`: a fallback relay may know better.
        record None(Reply reply, boolean elsewhere) implements Found {}
    }

    private record Ranked(int preference, Server server) {}

    Found find(NextHop hop, int defaultPort) {
        int port = hop.port() == 0 ? defaultPort : hop.port();
        return hop.exchangers() ? exchangers(hop.host(), port) : host(hop.host(), port);
    }

    /// `[host]`: that host and no other.
    private Found host(String host, int port) {
        if (NextHop.isAddress(host)) {
            try {
                // No lookup: it is an address.
                return rank(host, List.of(new Ranked(0, new Server(host, InetAddress.getByName(host), port))), false);
            } catch (UnknownHostException e) {
                return fail("5.1.3", "bad address literal [" + host + "]", false);
            }
        }
        return resolve(host, List.of(new Mx(0, host)), port, "A");
    }

    private Found exchangers(String domain, int port) {
        return switch (dns.mx(domain)) {
            case Answer.Failed<Mx> failed ->
                choice.ignoreMxError()
                        ? resolve(domain, List.of(new Mx(0, domain)), port, "A")
                        : unknown(domain, "MX", failed.reason());
            case Answer.NoSuchName<Mx> none -> fail("5.1.2", notFound(domain, "MX", "the domain does not exist"), true);
            // RFC 5321 §5.1: no MX record means the domain itself with preference 0.
            case Answer.NoData<Mx> none -> resolve(domain, List.of(new Mx(0, domain)), port, "A");
            case Answer.Found<Mx> found -> published(domain, found.records(), port);
        };
    }

    private Found published(String domain, List<Mx> records, int port) {
        List<Mx> hosts = records.stream().filter(mx -> !mx.isRoot()).sorted().toList();
        if (hosts.isEmpty()) {
            // RFC 7505 §3, RFC 7504 §2.
            return new Found.None(
                    Reply.of(556, "5.1.10", "the domain " + domain + " does not accept mail (null MX)"), false);
        }
        // RFC 5321 §5.1: those that are not better than ourselves are no way forward.
        int own = hosts.stream()
                .filter(mx -> ourselves.isName(mx.host()))
                .mapToInt(Mx::preference)
                .min()
                .orElse(Integer.MAX_VALUE);
        List<Mx> better = hosts.stream().filter(mx -> mx.preference() < own).toList();
        return better.isEmpty() ? loop(domain) : resolve(domain, better, port, "MX");
    }

    private Found resolve(String domain, List<Mx> hosts, int port, String type) {
        List<Ranked> ranked = new ArrayList<>();
        String trouble = "";
        boolean otherFamily = false;
        for (Mx mx : hosts.subList(0, Math.min(hosts.size(), MOST_EXCHANGERS))) {
            Answer<InetAddress> answer = addresses(mx.host());
            switch (answer) {
                case Answer.Found<InetAddress> found ->
                    found.records()
                            .forEach(a -> ranked.add(new Ranked(mx.preference(), new Server(mx.host(), a, port))));
                case Answer.Failed<InetAddress> failed -> trouble = mx.host() + ": " + failed.reason();
                case Answer.NoData<InetAddress> none -> otherFamily |= hasOtherFamily(mx.host());
                case Answer.NoSuchName<InetAddress> none -> {}
            }
        }
        if (!ranked.isEmpty()) {
            return rank(domain, ranked, !trouble.isEmpty());
        }
        if (!trouble.isEmpty()) {
            return unknown(domain, "A", trouble);
        }
        if (otherFamily) {
            return new Found.None(
                    Reply.of(450, "4.4.1", "no server of " + domain + " has an address of a kind that is in use here"),
                    true);
        }
        if (choice.deferWithoutAddress()) {
            return unknown(domain, type, "no server has an address");
        }
        return fail("5.4.4", notFound(domain, type, "no server of that name has an address"), true);
    }

    private Answer<InetAddress> addresses(String host) {
        if (choice.ipv4() && choice.ipv6()) {
            return dns.addresses(host);
        }
        return choice.ipv6() ? dns.aaaa(host) : dns.a(host);
    }

    private boolean hasOtherFamily(String host) {
        return (!choice.ipv4() && dns.a(host) instanceof Answer.Found<InetAddress>)
                || (!choice.ipv6() && dns.aaaa(host) instanceof Answer.Found<InetAddress>);
    }

    /// Takes ourselves and what is not better out, orders the rest and cuts it to the limit.
    private Found rank(String domain, List<Ranked> all, boolean troubled) {
        int own = all.stream()
                .filter(r ->
                        ourselves.isAddress(r.server().address(), r.server().port()))
                .mapToInt(Ranked::preference)
                .min()
                .orElse(Integer.MAX_VALUE);
        List<Ranked> better =
                new ArrayList<>(all.stream().filter(r -> r.preference() < own).toList());
        if (better.isEmpty()) {
            // A better one may exist whose address could not be found out just now.
            return troubled ? unknown(domain, "A", "a mail exchanger's address cannot be found out") : loop(domain);
        }
        if (choice.randomize()) {
            // RFC 5321 §5.1: hosts of equal preference in random order, to spread the load.
            Collections.shuffle(better, java.util.Random.from(random));
        }
        Comparator<Ranked> order = Comparator.comparingInt(Ranked::preference);
        switch (choice.preference()) {
            case ANY -> {}
            case IPV4 -> order = order.thenComparingInt(r -> r.server().address() instanceof Inet4Address ? 0 : 1);
            case IPV6 -> order = order.thenComparingInt(r -> r.server().address() instanceof Inet4Address ? 1 : 0);
        }
        better.sort(order);
        Set<Server> servers = new LinkedHashSet<>();
        better.forEach(r -> servers.add(r.server()));
        return new Found.Servers(cut(List.copyOf(servers)));
    }

    /// The first of the list, but so that both families are among them where both exist
    /// (`smtp_balance_inet_protocols`).
    private List<Server> cut(List<Server> servers) {
        int limit = choice.addressLimit();
        if (limit == 0 || servers.size() <= limit) {
            return servers;
        }
        List<Server> kept = new ArrayList<>(servers.subList(0, limit));
        boolean four = isIpv4(kept.getFirst());
        if (choice.balance() && limit > 1 && kept.stream().allMatch(s -> isIpv4(s) == four)) {
            servers.stream().filter(s -> isIpv4(s) != four).findFirst().ifPresent(other -> kept.set(limit - 1, other));
        }
        return kept;
    }

    private static boolean isIpv4(Server server) {
        return server.address() instanceof Inet4Address;
    }

    private static Found loop(String domain) {
        return fail("5.4.6", "mail for " + domain + " loops back to myself", false);
    }

    private static Found fail(String status, String text, boolean elsewhere) {
        return new Found.None(Reply.of(550, status, text), elsewhere);
    }

    private static Found unknown(String domain, String type, String reason) {
        return new Found.None(Reply.of(451, "4.4.3", notFound(domain, type, reason)), true);
    }

    private static String notFound(String domain, String type, String reason) {
        return "Host or domain name not found. Name service error for name=" + domain + " type=" + type + ": " + reason;
    }
}
