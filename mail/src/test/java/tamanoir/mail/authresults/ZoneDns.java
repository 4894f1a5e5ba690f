package tamanoir.mail.authresults;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.dns.Srv;

/// A domain name system made of a few records; a name of which something is known exists. Used by one thread.
public final class ZoneDns implements Dns {
    private final Map<String, Map<String, List<String>>> zone = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final List<String> questions = new ArrayList<>();

    /// Nothing exists.
    public ZoneDns() {}

    /// `value` as in a zone file; that of MX is `preference host`.
    public ZoneDns add(String type, String name, String value) {
        zone.computeIfAbsent(fold(name), _ -> new HashMap<>())
                .computeIfAbsent(type, _ -> new ArrayList<>())
                .add(value);
        return this;
    }

    public ZoneDns txt(String name, String value) {
        return add("TXT", name, value);
    }

    public ZoneDns exists(String name) {
        zone.computeIfAbsent(fold(name), _ -> new HashMap<>());
        return this;
    }

    /// What there is no record for fails at this name.
    public ZoneDns fails(String name) {
        failing.add(fold(name));
        return exists(name);
    }

    public boolean has(String type, String name) {
        return zone.getOrDefault(fold(name), Map.of()).containsKey(type);
    }

    public List<String> questions() {
        return questions;
    }

    private Answer<String> ask(String type, String given) {
        questions.add(type + " " + fold(given));
        String name = fold(given);
        for (int hop = 0; ; hop++) {
            Map<String, List<String>> records = zone.get(name);
            if (records == null) {
                return new Answer.NoSuchName<>(false);
            }
            List<String> found = records.getOrDefault(type, List.of());
            if (!found.isEmpty()) {
                return new Answer.Found<>(found, Duration.ofMinutes(5), false);
            }
            List<String> alias = records.getOrDefault("CNAME", List.of());
            if (alias.isEmpty()) {
                return failing.contains(name) ? new Answer.Failed<>("timeout") : new Answer.NoData<>(false);
            }
            if (hop > 8) {
                return new Answer.Failed<>("CNAME loop");
            }
            name = fold(alias.getFirst());
        }
    }

    private static String fold(String name) {
        String low = name.toLowerCase(Locale.ROOT);
        return low.endsWith(".") ? low.substring(0, low.length() - 1) : low;
    }

    private static <A, B> Answer<B> map(Answer<A> answer, java.util.function.Function<A, B> to) {
        return switch (answer) {
            case Answer.Found<A> found ->
                new Answer.Found<>(found.records().stream().map(to).sorted().toList(), found.ttl(), found.secure());
            case Answer.NoSuchName<A> no -> new Answer.NoSuchName<>(no.secure());
            case Answer.NoData<A> no -> new Answer.NoData<>(no.secure());
            case Answer.Failed<A> failed -> new Answer.Failed<>(failed.reason());
        };
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return map(ask("MX", domain), text -> {
            String[] parts = text.split(" ", 2);
            return new Mx(Integer.parseInt(parts[0]), fold(parts.length > 1 ? parts[1] : ""));
        });
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return addresses("A", host);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return addresses("AAAA", host);
    }

    private Answer<InetAddress> addresses(String type, String host) {
        return switch (ask(type, host)) {
            case Answer.Found<String> found ->
                new Answer.Found<>(
                        found.records().stream().map(ZoneDns::address).toList(), found.ttl(), found.secure());
            case Answer.NoSuchName<String> no -> new Answer.NoSuchName<>(no.secure());
            case Answer.NoData<String> no -> new Answer.NoData<>(no.secure());
            case Answer.Failed<String> failed -> new Answer.Failed<>(failed.reason());
        };
    }

    public static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    public Answer<String> txt(String name) {
        return ask("TXT", name);
    }

    @Override
    public Answer<Srv> srv(String name) {
        return new Answer.NoData<>(false);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        byte[] octets = address.getAddress();
        StringJoiner name = new StringJoiner(".");
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xFF;
            if (octets.length == 4) {
                name.add(Integer.toString(octet));
            } else {
                name.add(Integer.toHexString(octet & 15)).add(Integer.toHexString(octet >> 4));
            }
        }
        return ask("PTR", name + (octets.length == 4 ? ".in-addr.arpa" : ".ip6.arpa"))
                        instanceof Answer.Found<String> found
                ? new Answer.Found<>(found.records().stream().map(ZoneDns::fold).toList(), found.ttl(), false)
                : new Answer.NoData<>(false);
    }
}
