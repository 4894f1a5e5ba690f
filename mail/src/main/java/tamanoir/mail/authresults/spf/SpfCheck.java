package tamanoir.mail.authresults.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.spf.SpfRecord.Directive;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// One evaluation of check_host() (RFC 7208 §4), with what it has cost so far. Used by one thread, for one question.
///
/// What the domain got wrong ends as PERMERROR, what the DNS could not tell as TEMPERROR; both leave the evaluation by
/// [Stop], from however deep.
public final class SpfCheck {
    /// An explanation longer than that fits no reply (RFC 5321 §4.5.3.1.5).
    private static final int LONGEST_EXPLANATION = 400;

    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Result result;

        Stop(Result result, String why) {
            super(why, null, false, false);
            this.result = result;
        }
    }

    /// `by` is the domain whose record decided, with that record.
    private record Decision(Result result, String by, Optional<SpfRecord> record) {}

    private final Dns dns;
    private final SpfLimits limits;
    private final BooleanSupplier late;
    private final SpfQuestion question;
    private final byte[] client;
    private int terms;
    private int voids;
    private Optional<List<String>> validated = Optional.empty();

    private SpfCheck(Dns dns, SpfLimits limits, BooleanSupplier late, SpfQuestion question) {
        this.dns = dns;
        this.limits = limits;
        this.late = late;
        this.question = question;
        this.client = question.client().getAddress();
    }

    /// Answers a question; `late` tells when the time for it is over (§4.6.4: 20 seconds at least).
    public static SpfResult of(SpfQuestion question, Dns dns, SpfLimits limits, BooleanSupplier late) {
        return new SpfCheck(dns, limits, late, question).run();
    }

    private SpfResult run() {
        if (!isHost(question.domain())) {
            return result(Result.NONE, ""); // §4.3
        }
        try {
            Decision decision = host(question.domain());
            return result(decision.result(), decision.result() == Result.FAIL ? explanation(decision) : "");
        } catch (Stop e) {
            return result(e.result, String.valueOf(e.getMessage()));
        }
    }

    private SpfResult result(Result result, String explanation) {
        return new SpfResult(result, question.domain(), question.isHelo(), explanation);
    }

    // ---- records -------------------------------------------------------------------------------------------------

    private Decision host(String domain) {
        Optional<String> text = isHost(domain) ? published(domain) : Optional.empty();
        if (text.isEmpty()) {
            return new Decision(Result.NONE, domain, Optional.empty());
        }
        SpfRecord record;
        try {
            record = SpfRecord.parse(text.get());
        } catch (BadSyntax e) {
            throw broken("SPF record of " + domain + ": " + e.getMessage());
        }
        for (Directive directive : record.directives()) {
            if (matches(directive.mechanism(), domain)) {
                return new Decision(directive.result(), domain, Optional.of(record));
            }
        }
        if (record.redirect().isEmpty()) {
            return new Decision(Result.NEUTRAL, domain, Optional.of(record)); // §4.7
        }
        count();
        String target = record.redirect().get().expandName(values(domain));
        Decision other = host(target);
        if (other.result() == Result.NONE) {
            throw broken("SPF record of " + domain + " redirects to " + target + ", which has none"); // §6.1
        }
        return other;
    }

    /// §4.4, §4.5: the one record among the texts of that name.
    private Optional<String> published(String domain) {
        List<String> records = switch (timely(dns.txt(domain))) {
            case Answer.Found<String> found ->
                found.records().stream().filter(SpfRecord::isOne).toList();
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> List.of();
            case Answer.Failed<String> failed -> throw trouble("TXT", domain, failed.reason());
        };
        if (records.size() > 1) {
            throw broken(domain + " has " + records.size() + " SPF records, and only one is allowed");
        }
        return records.stream().findFirst();
    }

    // ---- mechanisms ------------------------------------------------------------------------------------------------

    private boolean matches(Mechanism mechanism, String domain) {
        if (mechanism.asks()) {
            count();
        }
        return switch (mechanism) {
            case Mechanism.All _ -> true;
            case Mechanism.Include include -> includes(include.target().expandName(values(domain)), domain);
            case Mechanism.A a -> address(target(a.target(), domain), a.prefix4(), a.prefix6(), true);
            case Mechanism.Mx mx -> exchanger(target(mx.target(), domain), mx.prefix4(), mx.prefix6());
            case Mechanism.Ptr ptr -> {
                String end = target(ptr.target(), domain);
                yield names().stream().anyMatch(name -> isWithin(name, end));
            }
            case Mechanism.Ip4 ip4 -> inNetwork(ip4.network(), ip4.prefix());
            case Mechanism.Ip6 ip6 -> inNetwork(ip6.network(), ip6.prefix());
            case Mechanism.Exists exists -> {
                String name = exists.target().expandName(values(domain));
                // §5.7: A even for a client that came by IPv6.
                yield isName(name)
                        && !some("A", name, timely(dns.a(name)), true).isEmpty();
            }
        };
    }

    private String target(Optional<MacroString> target, String domain) {
        return target.map(spec -> spec.expandName(values(domain))).orElse(domain);
    }

    /// §5.2: only a pass of the other domain is a match, and trouble there is trouble here.
    private boolean includes(String target, String domain) {
        return switch (host(target).result()) {
            case PASS -> true;
            case FAIL, SOFTFAIL, NEUTRAL -> false;
            case NONE, POLICY, TEMPERROR, PERMERROR ->
                throw broken("SPF record of " + domain + " includes " + target + ", which has none");
        };
    }

    private boolean address(String host, int prefix4, int prefix6, boolean counted) {
        if (!isName(host)) {
            return false;
        }
        boolean four = client.length == 4;
        List<InetAddress> addresses =
                some(four ? "A" : "AAAA", host, timely(four ? dns.a(host) : dns.aaaa(host)), counted);
        int prefix = four ? prefix4 : prefix6;
        return addresses.stream().anyMatch(address -> inNetwork(Octets.of(address.getAddress()), prefix));
    }

    /// §4.6.4: the addresses of the exchangers do not count as terms, but there may be ten of them. More are an error
    /// whoever asks, so that the order of records with the same preference decides nothing.
    private boolean exchanger(String domain, int prefix4, int prefix6) {
        if (!isName(domain)) {
            return false;
        }
        List<Mx> hosts = some("MX", domain, timely(dns.mx(domain)), true);
        if (hosts.size() > limits.names()) {
            throw broken(domain + " has more than " + limits.names() + " mail exchangers");
        }
        for (Mx mx : hosts) {
            if (!mx.isRoot() && address(mx.host(), prefix4, prefix6, false)) {
                return true;
            }
        }
        return false;
    }

    /// The names of the client that lead back to it (§5.5); trouble means that there is none. The questions are not
    /// counted as void ones: they are about the client, and no domain can help it.
    private List<String> names() {
        if (validated.isPresent()) {
            return validated.get();
        }
        List<String> names = new ArrayList<>();
        List<String> claimed = timely(dns.ptr(question.client())).recordsOrNone();
        for (String name : claimed.subList(0, Math.min(claimed.size(), limits.names()))) {
            if (isName(name)) {
                Answer<InetAddress> answer = timely(client.length == 4 ? dns.a(name) : dns.aaaa(name));
                if (answer.recordsOrNone().contains(question.client())) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        }
        validated = Optional.of(names);
        return names;
    }

    private boolean inNetwork(Octets network, int prefix) {
        if (network.length() != client.length) {
            return false; // §5.6: each family by itself
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = prefix - bit >= 8 ? 0xFF : (0xFF << (8 - (prefix - bit))) & 0xFF;
            if (((network.at(bit / 8) ^ client[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    // ---- costs ---------------------------------------------------------------------------------------------------

    private void count() {
        if (++terms > limits.terms()) {
            throw broken("the SPF record of " + question.domain() + " needs more than " + limits.terms()
                    + " questions to the DNS");
        }
    }

    private <T> List<T> some(String type, String name, Answer<T> answer, boolean counted) {
        return switch (answer) {
            case Answer.Found<T> found -> found.records();
            case Answer.NoSuchName<T> _, Answer.NoData<T> _ -> {
                if (counted && ++voids > limits.voids()) {
                    throw broken("the SPF record of " + question.domain() + " asks for more than " + limits.voids()
                            + " names that do not exist");
                }
                yield List.of();
            }
            case Answer.Failed<T> failed -> throw trouble(type, name, failed.reason());
        };
    }

    private <T> T timely(T answer) {
        if (late.getAsBoolean()) {
            throw new Stop(Result.TEMPERROR, "the questions for SPF of " + question.domain() + " take too long");
        }
        return answer;
    }

    private static Stop broken(String why) {
        return new Stop(Result.PERMERROR, clean(why));
    }

    private static Stop trouble(String type, String name, String reason) {
        return new Stop(Result.TEMPERROR, clean("the DNS does not answer for " + type + " of " + name + ": " + reason));
    }

    // ---- explanations and macros ---------------------------------------------------------------------------------

    /// §6.2: whatever goes wrong with an explanation, there is none.
    private String explanation(Decision decision) {
        Optional<MacroString> where = decision.record().flatMap(SpfRecord::explanation);
        if (where.isEmpty()) {
            return "";
        }
        try {
            MacroString.Values values = values(decision.by());
            String name = where.get().expandName(values);
            List<String> texts = isName(name) ? timely(dns.txt(name)).recordsOrNone() : List.of();
            if (texts.size() != 1 || texts.getFirst().chars().anyMatch(c -> c > 126 || c < ' ')) {
                return "";
            }
            return clean(MacroString.explanation(texts.getFirst()).expand(values));
        } catch (BadSyntax | Stop e) {
            return "";
        }
    }

    /// Words of strangers go into replies, logs and fields (§11.5): one line of printable ASCII, not too long.
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && clean.length() < LONGEST_EXPLANATION; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c <= 126 ? c : '?');
        }
        return clean.toString();
    }

    private MacroString.Values values(String domain) {
        return letter -> switch (letter) {
            case 's' -> question.localPart() + "@" + question.domain();
            case 'l' -> question.localPart();
            case 'o' -> question.domain();
            case 'd' -> domain;
            case 'i' -> client.length == 4 ? question.client().getHostAddress() : nibbles();
            case 'p' -> bestName(domain);
            case 'v' -> client.length == 4 ? "in-addr" : "ip6";
            case 'h' -> question.helo();
            case 'c' -> client.length == 4 ? question.client().getHostAddress() : shortest(client);
            case 'r' -> question.receiver();
            case 't' -> Long.toString(question.now().getEpochSecond());
            default -> throw new IllegalStateException("no parser lets %{" + letter + "} through");
        };
    }

    private String nibbles() {
        StringBuilder dotted = new StringBuilder(64);
        String digits = HexFormat.of().withUpperCase().formatHex(client);
        for (int i = 0; i < digits.length(); i++) {
            dotted.append(i == 0 ? "" : ".").append(digits.charAt(i));
        }
        return dotted.toString();
    }

    /// §7.3: the domain itself, else a name below it, else any.
    private String bestName(String domain) {
        List<String> names = names();
        if (names.contains(domain.toLowerCase(Locale.ROOT))) {
            return domain;
        }
        return names.stream()
                .filter(name -> isWithin(name, domain))
                .findFirst()
                .or(() -> names.stream().findFirst())
                .orElse("unknown");
    }

    /// RFC 5952 §4: the longest run of zeros, if longer than one, becomes `::`.
    private static String shortest(byte[] address) {
        int from = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(address, i + run) == 0) {
                run++;
            }
            if (run > length) {
                from = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < 8) {
            if (i == from) {
                text.append("::");
                i += length;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(address, i)));
                i++;
            }
        }
        return text.toString();
    }

    private static int group(byte[] address, int index) {
        return ((address[2 * index] & 0xFF) << 8) | (address[2 * index + 1] & 0xFF);
    }

    // ---- names ---------------------------------------------------------------------------------------------------

    /// §4.3: a domain with more than one label that can stand in the DNS.
    private static boolean isHost(String name) {
        return isName(name) && name.indexOf('.') > 0 && !name.startsWith("[");
    }

    /// Whether the DNS can be asked for that: macros may make anything. RFC 8616 §4: what is not ASCII matches nothing.
    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > 126 || c == '\\' || c == '"') {
                return false;
            }
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (++label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0;
    }

    private static boolean isWithin(String name, String domain) {
        String low = domain.toLowerCase(Locale.ROOT);
        return name.equals(low) || name.endsWith("." + low);
    }
}
