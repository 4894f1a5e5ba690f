package tamanoir.server.setup;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tamanoir.mail.address.Domain;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.server.observe.Together;
import tamanoir.server.setup.Checks.OpenPort;
import tamanoir.server.setup.Finding.Grade;

/// The records that a mail domain needs, compared with those that are there. Only what this version does is announced:
/// no DKIM key before mail is signed, no MTA-STS before its policy is served. Immutable.
final class DnsRecords {
    private final String domain;
    private final String host;
    private final Addresses addresses;
    private final List<OpenPort> services;
    private final Dns dns;

    DnsRecords(Domain domain, String host, Addresses addresses, List<OpenPort> services, Dns dns) {
        this.domain = domain.ascii();
        this.host = host.toLowerCase(Locale.ROOT);
        this.addresses = addresses;
        this.services = List.copyOf(services);
        this.dns = dns;
    }

    /// All of them, looked up side by side.
    List<DnsRecord> look() {
        List<Supplier<DnsRecord>> all = new ArrayList<>();
        all.addAll(hostAddresses());
        all.add(this::mx);
        all.add(() -> policy("spf", domain, "v=spf1 mx -all", "v=spf1"));
        if (!host.equals(domain)) {
            // RFC 7208 §2.3: reports have no sender, there the name of the server is asked about.
            all.add(() -> policy("spfHost", host, "v=spf1 a -all", "v=spf1"));
        }
        // Without signatures nothing stricter than "tell me" is honest; RFC 7489 §6.3.
        all.add(() ->
                policy("dmarc", "_dmarc." + domain, "v=DMARC1; p=none; rua=mailto:postmaster@" + domain, "v=DMARC1"));
        addresses.visible().forEach(address -> all.add(() -> reverse(address)));
        service("submissions", 465).ifPresent(port -> all.add(() -> srv("submissions", port)));
        service("imaps", 993).ifPresent(port -> all.add(() -> srv("imaps", port)));
        service("https", 443).ifPresent(port -> all.add(() -> srv("jmap", port)));
        return Together.all("records", all);
    }

    /// Where it listens; the usual port when no server runs.
    private OptionalInt service(String name, int usual) {
        return services.isEmpty()
                ? OptionalInt.of(usual)
                : services.stream()
                        .filter(one -> one.service().equals(name))
                        .mapToInt(OpenPort::port)
                        .findFirst();
    }

    private List<Supplier<DnsRecord>> hostAddresses() {
        List<Supplier<DnsRecord>> all = new ArrayList<>();
        for (InetAddress address : addresses.visible()) {
            boolean four = address.getAddress().length == 4;
            all.add(() -> compared(
                    four ? "a" : "aaaa",
                    host,
                    four ? "A" : "AAAA",
                    Addresses.text(address),
                    texts(four ? dns.a(host) : dns.aaaa(host)),
                    found -> found.equals(Addresses.text(address))));
        }
        if (all.isEmpty()) {
            // Behind a router or in a private network: what is there is believed, and else the reader must know.
            all.add(() -> {
                Answer<InetAddress> answer = dns.addresses(host);
                List<String> found =
                        answer.recordsOrNone().stream().map(Addresses::text).toList();
                Grade grade = answer.isFailed() ? Grade.UNKNOWN : found.isEmpty() ? Grade.FAIL : Grade.OK;
                return new DnsRecord("aUnknown", host, "A", found.isEmpty() ? "" : found.getFirst(), grade, found);
            });
        }
        return all;
    }

    private static Answer<String> texts(Answer<InetAddress> answer) {
        return switch (answer) {
            case Answer.Found<InetAddress> found ->
                new Answer.Found<>(found.records().stream().map(Addresses::text).toList(), found.ttl(), found.secure());
            case Answer.NoSuchName<InetAddress> no -> new Answer.NoSuchName<>(no.secure());
            case Answer.NoData<InetAddress> no -> new Answer.NoData<>(no.secure());
            case Answer.Failed<InetAddress> failed -> new Answer.Failed<>(failed.reason());
        };
    }

    private DnsRecord mx() {
        Answer<Mx> answer = dns.mx(domain);
        List<String> found = answer.recordsOrNone().stream()
                .map(mx -> mx.preference() + " " + mx.host() + ".")
                .toList();
        Grade grade;
        if (answer.isFailed()) {
            grade = Grade.UNKNOWN;
        } else if (answer.recordsOrNone().stream().noneMatch(mx -> mx.host().equals(host))) {
            grade = Grade.FAIL;
        } else {
            // Others before us get the mail: right for a move, wrong for good.
            grade = answer.recordsOrNone().getFirst().host().equals(host) ? Grade.OK : Grade.WARN;
        }
        return new DnsRecord("mx", domain, "MX", "10 " + host + ".", grade, found);
    }

    /// SPF and DMARC: exactly one text with this beginning (RFC 7208 §4.5, RFC 7489 §6.6.3). Another one than ours may
    /// be better than ours: the administrator decides.
    private DnsRecord policy(String kind, String name, String value, String beginning) {
        Answer<String> answer = dns.txt(name);
        List<String> found = answer.recordsOrNone().stream()
                .filter(text -> text.regionMatches(true, 0, beginning, 0, beginning.length()))
                .toList();
        Grade grade;
        if (answer.isFailed()) {
            grade = Grade.UNKNOWN;
        } else if (found.size() != 1) {
            grade = Grade.FAIL;
        } else {
            grade = plain(found.getFirst()).equals(plain(value)) ? Grade.OK : Grade.WARN;
        }
        return new DnsRecord(kind, name, "TXT", "\"" + value + "\"", grade, found);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", "").replaceAll(";$", "");
    }

    private DnsRecord reverse(InetAddress address) {
        return compared(
                "ptr",
                reverseName(address),
                "PTR",
                host + ".",
                dns.ptr(address),
                found -> (found + ".").equals(host + "."));
    }

    /// RFC 1035 §3.5, RFC 3596 §2.5.
    static String reverseName(InetAddress address) {
        StringBuilder name = new StringBuilder();
        byte[] octets = address.getAddress();
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (octets.length == 4) {
                name.append(octet).append('.');
            } else {
                name.append(Integer.toHexString(octet & 15))
                        .append('.')
                        .append(Integer.toHexString(octet >> 4))
                        .append('.');
            }
        }
        return name + (octets.length == 4 ? "in-addr.arpa" : "ip6.arpa");
    }

    /// RFC 6186 §3, RFC 8314 §5.1, RFC 8620 §2.2: where programs find the services of an address.
    private DnsRecord srv(String service, int port) {
        String name = "_" + service + "._tcp." + domain;
        Answer<tamanoir.mail.dns.Srv> answer = dns.srv(name);
        List<String> found = answer.recordsOrNone().stream()
                .map(srv -> srv.priority() + " " + srv.weight() + " " + srv.port() + " " + srv.host() + ".")
                .toList();
        boolean there = answer.recordsOrNone().stream()
                .anyMatch(srv -> srv.port() == port && srv.host().equals(host));
        // Mail works without; people then type the names themselves.
        Grade grade = answer.isFailed() ? Grade.UNKNOWN : there ? Grade.OK : Grade.WARN;
        return new DnsRecord(service, name, "SRV", "0 1 " + port + " " + host + ".", grade, found);
    }

    private static DnsRecord compared(
            String kind, String name, String type, String value, Answer<String> answer, Predicate<String> right) {
        List<String> found = answer.recordsOrNone();
        Grade grade = answer.isFailed() ? Grade.UNKNOWN : found.stream().anyMatch(right) ? Grade.OK : Grade.FAIL;
        return new DnsRecord(kind, name, type, value, grade, found);
    }
}
