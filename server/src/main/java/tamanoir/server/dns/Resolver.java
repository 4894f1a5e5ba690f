package tamanoir.server.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.dns.Srv;

/// Asks name servers that resolve for us, and remembers what they said for as long as they said.
///
/// The wire format is dnsjava's; sockets, the order of servers and the memory are ours, since dnsjava keeps
/// those for the whole process. Threads that ask the same at the same time share one question.
///
/// Used by any number of threads; cache and table of questions under way are concurrent.
public final class Resolver implements Dns {
    /// How long trouble is remembered, so that a dead server is not asked for each of a thousand queued
    /// messages.
    private static final Duration TROUBLE = Duration.ofSeconds(5);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_NEGATIVE = Duration.ofHours(3); // RFC 2308 §5
    private static final int LONGEST_CHAIN = 12;
    private static final int AT_ONCE = 300;

    private final DnsSettings settings;
    private final NameServers servers;
    private final Wire wire = new Wire();
    private final Cache<Question, Remembered> cache;
    private final Map<Question, CompletableFuture<Remembered>> underWay = new ConcurrentHashMap<>();
    private final Semaphore sockets = new Semaphore(AT_ONCE);

    private record Question(Name name, int type) {}

    /// Answers of dnsjava, before they are made into values.
    private record Remembered(Answer<Record> answer, Duration ttl) {}

    public Resolver(DnsSettings settings) {
        this(settings, InstantSource.system());
    }

    Resolver(DnsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.servers = new NameServers(settings.servers(), settings.resolvConf());
        this.cache = Caffeine.newBuilder()
                .maximumSize(settings.cacheSize())
                .executor(Runnable::run)
                .ticker(() -> {
                    java.time.Instant now = clock.instant();
                    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
                })
                .expireAfter(Expiry.creating((Question question, Remembered remembered) -> remembered.ttl()))
                .build();
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    @Override
    public Answer<Mx> mx(String domain) {
        return ask(domain, Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            return new Mx(mx.getPriority(), text(mx.getTarget()));
        });
    }

    @Override
    public Answer<Srv> srv(String name) {
        return ask(name, Type.SRV, record -> {
            SRVRecord srv = (SRVRecord) record;
            return new Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), text(srv.getTarget()));
        });
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return ask(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
    }

    @Override
    public Answer<String> txt(String name) {
        return ask(name, Type.TXT, record -> {
            StringBuilder joined = new StringBuilder();
            for (byte[] part : ((TXTRecord) record).getStringsAsByteArrays()) {
                joined.append(new String(part, StandardCharsets.ISO_8859_1));
            }
            return joined.toString();
        });
    }

    @Override
    public Answer<String> ns(String domain) {
        return ask(domain, Type.NS, record -> text(((NSRecord) record).getTarget()));
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return values(ask(ReverseMap.fromAddress(address), Type.PTR), record -> text(((PTRRecord) record).getTarget()));
    }

    /// Addresses of both families, asked at once.
    @Override
    public Answer<InetAddress> addresses(String host) {
        CompletableFuture<Answer<InetAddress>> six = new CompletableFuture<>();
        Thread.ofVirtual().name("dns " + host).start(() -> six.complete(aaaa(host)));
        Answer<InetAddress> four = a(host);
        return Dns.both(six.join(), four);
    }

    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private <T> Answer<T> ask(String text, int type, Function<Record, T> value) {
        Name name;
        try {
            name = Name.fromString(text, Name.root);
        } catch (TextParseException _) {
            return new Answer.NoSuchName<>(false); // Empty or overlong labels: nobody can have such a name.
        }
        return values(ask(name, type), value);
    }

    private static <T> Answer<T> values(Answer<Record> answer, Function<Record, T> value) {
        return switch (answer) {
            case Answer.Found<Record> found -> {
                List<T> records = new ArrayList<>(
                        found.records().stream().map(value).distinct().toList());
                if (records.getFirst() instanceof Mx) {
                    records.sort((one, other) -> ((Mx) one).compareTo((Mx) other));
                }
                yield new Answer.Found<>(records, found.ttl(), found.secure());
            }
            case Answer.NoSuchName<Record> no -> new Answer.NoSuchName<>(no.secure());
            case Answer.NoData<Record> no -> new Answer.NoData<>(no.secure());
            case Answer.Failed<Record> failed -> new Answer.Failed<>(failed.reason());
        };
    }

    // ---- memory --------------------------------------------------------------------------------------------------

    private Answer<Record> ask(Name name, int type) {
        Question question = new Question(name, type);
        Remembered known = cache.getIfPresent(question);
        if (known != null) {
            return known.answer();
        }
        CompletableFuture<Remembered> mine = new CompletableFuture<>();
        CompletableFuture<Remembered> first = underWay.putIfAbsent(question, mine);
        if (first != null) {
            return first.join().answer(); // Every question ends: see below.
        }
        Remembered found = new Remembered(new Answer.Failed<>("the lookup was given up"), Duration.ZERO);
        try {
            found = askServers(question);
            if (found.ttl().isPositive()) {
                cache.put(question, found);
            }
            return found.answer();
        } finally {
            underWay.remove(question, mine);
            mine.complete(found);
        }
    }

    // ---- servers -------------------------------------------------------------------------------------------------

    private Remembered askServers(Question question) {
        String what = Type.string(question.type()) + " of " + question.name().toString(true);
        String trouble = "no name server is known";
        try {
            sockets.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Remembered(new Answer.Failed<>(what + ": interrupted"), Duration.ZERO);
        }
        try {
            for (int attempt = 0; attempt < settings.attempts(); attempt++) {
                for (InetSocketAddress server : servers.all()) {
                    try {
                        Message message = wire.ask(server, question.name(), question.type(), settings.timeout());
                        int rcode = message.getRcode();
                        if (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) {
                            return understood(question, message, server);
                        }
                        trouble = server.getAddress().getHostAddress() + " says " + Rcode.string(rcode);
                    } catch (IOException e) {
                        trouble = server.getAddress().getHostAddress() + ": " + e.getMessage();
                    }
                    if (Thread.currentThread().isInterrupted()) {
                        return new Remembered(new Answer.Failed<>(what + ": interrupted"), Duration.ZERO);
                    }
                }
            }
        } finally {
            sockets.release();
        }
        return new Remembered(new Answer.Failed<>(what + ": " + trouble), TROUBLE);
    }

    private Remembered understood(Question question, Message message, InetSocketAddress server) {
        boolean secure = message.getHeader().getFlag(Flags.AD)
                && (settings.trustValidation()
                        || servers.trustAd()
                        || server.getAddress().isLoopbackAddress());
        List<Record> answers = message.getSection(Section.ANSWER);
        List<Record> found = new ArrayList<>();
        long ttl = LONGEST.toSeconds();
        Name name = question.name();
        for (int step = 0; step < LONGEST_CHAIN && found.isEmpty(); step++) {
            Name alias = name;
            for (Record record : answers) {
                if (record.getName().equals(name) && record.getType() == question.type()) {
                    found.add(record);
                    ttl = Math.min(ttl, record.getTTL());
                } else if (record.getName().equals(name) && record instanceof CNAMERecord cname) {
                    alias = cname.getTarget();
                    ttl = Math.min(ttl, record.getTTL());
                }
            }
            if (found.isEmpty() && alias.equals(name)) {
                break;
            }
            name = alias;
        }
        if (!found.isEmpty()) {
            Duration time = Duration.ofSeconds(ttl);
            return new Remembered(new Answer.Found<>(found, time, secure), time);
        }
        Answer<Record> none =
                message.getRcode() == Rcode.NXDOMAIN ? new Answer.NoSuchName<>(secure) : new Answer.NoData<>(secure);
        return new Remembered(none, negativeTtl(message, ttl));
    }

    /// RFC 2308 §5: the lesser of the SOA's own TTL and its last field; without a SOA it is not remembered.
    private static Duration negativeTtl(Message message, long chainTtl) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                long ttl = Math.min(Math.min(soa.getTTL(), soa.getMinimum()), chainTtl);
                return Duration.ofSeconds(Math.min(ttl, LONGEST_NEGATIVE.toSeconds()));
            }
        }
        return Duration.ZERO;
    }
}
