package tamanoir.mail.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.dns.Answer.Failed;
import tamanoir.mail.dns.Answer.Found;
import tamanoir.mail.dns.Answer.NoData;
import tamanoir.mail.dns.Answer.NoSuchName;

/// Asks the domain name system. Names are in ASCII (A-labels), with or without a dot at the end, always meant
/// from the root: no search list. Every call may block for some seconds; it never throws for what the network
/// does.
///
/// CNAMEs are followed. Safe for any number of threads.
public interface Dns {
    /// The mail exchangers, lowest preference first; see [Mx#isRoot].
    Answer<Mx> mx(String domain);

    /// IPv4 addresses (A).
    Answer<InetAddress> a(String host);

    /// IPv6 addresses (AAAA).
    Answer<InetAddress> aaaa(String host);

    /// TXT records, the strings of each joined without a blank (RFC 7208 §3.3), one character an octet.
    Answer<String> txt(String name);

    /// Where a service runs (SRV), as `_imaps._tcp.example.net`.
    Answer<Srv> srv(String name);

    /// The name servers of a domain (NS), in lower case without a dot at the end.
    default Answer<String> ns(String domain) {
        return new Failed<>("NS records are not asked for here");
    }

    /// The names of an address (PTR), in lower case without a dot at the end.
    Answer<String> ptr(InetAddress address);

    /// Addresses of both families, IPv6 first. What one family has counts, even if the other one cannot be
    /// found out.
    default Answer<InetAddress> addresses(String host) {
        return both(aaaa(host), a(host));
    }

    /// Two answers about one host made one.
    static <T> Answer<T> both(Answer<T> one, Answer<T> other) {
        return switch (one) {
            case Found<T> found ->
                switch (other) {
                    case Found<T> also -> joined(found, also);
                    case NoSuchName<T> _, NoData<T> _, Failed<T> _ -> found;
                };
            case Failed<T> failed -> other instanceof Found<T> ? other : failed;
            case NoData<T> _, NoSuchName<T> _ -> other;
        };
    }

    private static <T> Answer<T> joined(Found<T> one, Found<T> other) {
        List<T> all = new ArrayList<>(one.records());
        all.addAll(other.records());
        Duration ttl = one.ttl().compareTo(other.ttl()) < 0 ? one.ttl() : other.ttl();
        return new Found<>(all, ttl, one.secure() && other.secure());
    }
}
