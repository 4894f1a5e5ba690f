package tamanoir.mail.authresults;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.dns.Srv;

/// A domain name system of text records alone, for keys. Used by one thread.
public final class KeyDns implements Dns {
    private final Map<String, String> records = new HashMap<>();
    private final Set<String> failing = new HashSet<>();

    /// Nothing exists.
    public KeyDns() {}

    public KeyDns txt(String name, String text) {
        records.put(name, text);
        return this;
    }

    public KeyDns fails(String name) {
        failing.add(name);
        return this;
    }

    @Override
    public Answer<String> txt(String name) {
        if (failing.contains(name)) {
            return new Answer.Failed<>("SERVFAIL");
        }
        String text = records.get(name);
        return text == null
                ? new Answer.NoSuchName<>(false)
                : new Answer.Found<>(List.of(text), Duration.ofMinutes(1), false);
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return new Answer.NoSuchName<>(false);
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return new Answer.NoSuchName<>(false);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return new Answer.NoSuchName<>(false);
    }

    @Override
    public Answer<Srv> srv(String name) {
        return new Answer.NoSuchName<>(false);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return new Answer.NoSuchName<>(false);
    }
}
