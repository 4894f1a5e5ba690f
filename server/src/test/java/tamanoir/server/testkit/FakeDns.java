package tamanoir.server.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.dns.Srv;

/// A domain name system of the test's own: what was not told does not exist, a name with other records has no
/// data, and [#fails] makes a question fail. May be changed while the server asks.
public final class FakeDns implements Dns {
    private final Map<String, List<Mx>> mx = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> a = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> aaaa = new ConcurrentHashMap<>();
    private final Map<String, List<Srv>> srv = new ConcurrentHashMap<>();
    private final Map<String, List<String>> txt = new ConcurrentHashMap<>();
    private final Map<String, List<String>> ptr = new ConcurrentHashMap<>();
    private final Map<String, List<String>> ns = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> empty = ConcurrentHashMap.newKeySet();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile boolean secure;

    public FakeDns mx(String domain, int preference, String host) {
        add(mx, domain, new Mx(preference, fold(host)));
        return this;
    }

    /// An A or AAAA record, as the address is written.
    public FakeDns address(String host, String address) {
        InetAddress parsed = parse(address);
        add(parsed.getAddress().length == 4 ? a : aaaa, host, parsed);
        return this;
    }

    public FakeDns srv(String name, int priority, int port, String host) {
        add(srv, name, new Srv(priority, 1, port, fold(host)));
        return this;
    }

    public FakeDns txt(String name, String text) {
        add(txt, name, text);
        return this;
    }

    public FakeDns ns(String domain, String host) {
        add(ns, domain, fold(host));
        return this;
    }

    public FakeDns ptr(String address, String name) {
        add(ptr, parse(address).getHostAddress(), fold(name));
        return this;
    }

    /// Lets questions fail: `fails("MX", "example.net")`; a type of `*` means every type.
    public FakeDns fails(String type, String name) {
        failing.add(type + " " + fold(name));
        return this;
    }

    public FakeDns recovers(String type, String name) {
        failing.remove(type + " " + fold(name));
        return this;
    }

    /// The name exists, without records.
    public FakeDns exists(String name) {
        empty.add(fold(name));
        return this;
    }

    /// Forgets all records of a name.
    public FakeDns forget(String name) {
        List.of(mx, a, aaaa, srv, txt, ptr, ns).forEach(records -> records.remove(fold(name)));
        empty.remove(fold(name));
        return this;
    }

    public FakeDns secure(boolean all) {
        secure = all;
        return this;
    }

    /// What was asked, in order: `MX example.net`.
    public List<String> questions() {
        return new ArrayList<>(questions);
    }

    @Override
    public Answer<Mx> mx(String domain) {
        Answer<Mx> answer = answer("MX", domain, mx);
        return answer instanceof Answer.Found<Mx> found
                ? new Answer.Found<>(found.records().stream().sorted().toList(), found.ttl(), found.secure())
                : answer;
    }

    @Override
    public Answer<Srv> srv(String name) {
        return answer("SRV", name, srv);
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return answer("A", host, a);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return answer("AAAA", host, aaaa);
    }

    @Override
    public Answer<String> txt(String name) {
        return answer("TXT", name, txt);
    }

    @Override
    public Answer<String> ns(String domain) {
        return answer("NS", domain, ns);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return answer("PTR", address.getHostAddress(), ptr);
    }

    private <T> Answer<T> answer(String type, String given, Map<String, List<T>> records) {
        String name = fold(given);
        questions.add(type + " " + name);
        if (failing.contains(type + " " + name) || failing.contains("* " + name)) {
            return new Answer.Failed<>("the test lets " + type + " of " + name + " fail");
        }
        List<T> found = records.getOrDefault(name, List.of());
        if (!found.isEmpty()) {
            return new Answer.Found<>(found, Duration.ofMinutes(5), secure);
        }
        boolean known = empty.contains(name)
                || mx.containsKey(name)
                || a.containsKey(name)
                || aaaa.containsKey(name)
                || srv.containsKey(name)
                || txt.containsKey(name)
                || ptr.containsKey(name)
                || ns.containsKey(name);
        return known ? new Answer.NoData<>(secure) : new Answer.NoSuchName<>(secure);
    }

    private static <T> void add(Map<String, List<T>> records, String name, T record) {
        records.computeIfAbsent(fold(name), _ -> new CopyOnWriteArrayList<>()).add(record);
    }

    private static String fold(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static InetAddress parse(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
