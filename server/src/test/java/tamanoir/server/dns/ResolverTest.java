package tamanoir.server.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Answer.Failed;
import tamanoir.mail.dns.Answer.Found;
import tamanoir.mail.dns.Answer.NoData;
import tamanoir.mail.dns.Answer.NoSuchName;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.testkit.TurnableClock;

@Timeout(60)
class ResolverTest {
    private static final String SOA = "example.net. 600 IN SOA ns.example.net. root.example.net. 1 2 3 4 120";

    @TempDir
    Path folder;

    private final TurnableClock clock = new TurnableClock();
    private final List<StubServer> servers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (StubServer server : servers) {
            server.close();
        }
    }

    private StubServer server(StubServer.Mind mind) throws IOException {
        StubServer server = new StubServer(mind);
        servers.add(server);
        return server;
    }

    private static Record record(String text) {
        String[] words = text.split(" ", 5);
        try {
            return Record.fromString(
                    Name.fromString(words[0]),
                    Type.value(words[3]),
                    DClass.IN,
                    Long.parseLong(words[1]),
                    words[4],
                    Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /// Answers with `rcode`, these records, and a SOA where there are none.
    private static StubServer.Mind says(int rcode, String... records) {
        return (question, _) -> {
            Message reply = StubServer.reply(question);
            reply.getHeader().setRcode(rcode);
            boolean any = false;
            for (String text : records) {
                Record record = record(text);
                any = true;
                reply.addRecord(record, Section.ANSWER);
            }
            if (!any) {
                reply.addRecord(record(SOA), Section.AUTHORITY);
            }
            return reply.toWire();
        };
    }

    private Resolver resolver(Duration timeout, StubServer... asked) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (StubServer server : asked) {
            addresses.add(server.address());
        }
        return new Resolver(new DnsSettings(addresses, folder.resolve("resolv.conf"), timeout, 2, false, 1000), clock);
    }

    private Resolver resolver(StubServer... asked) {
        return resolver(Duration.ofMillis(400), asked);
    }

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    @Test
    void recordsBecomeValues() throws Exception {
        StubServer server = server((question, tcp) -> switch (question.getQuestion()
                .getType()) {
            case Type.MX ->
                says(
                                0,
                                "example.net. 300 IN MX 20 Second.Example.Net.",
                                "example.net. 200 IN MX 10 first.example.net.",
                                "example.net. 300 IN MX 0 .")
                        .apply(question, tcp);
            case Type.A -> says(0, "example.net. 300 IN A 192.0.2.1").apply(question, tcp);
            case Type.AAAA -> says(0, "example.net. 300 IN AAAA 2001:db8::1").apply(question, tcp);
            case Type.TXT ->
                says(0, "example.net. 300 IN TXT \"v=spf1 \" \"-all\"").apply(question, tcp);
            default ->
                says(0, "1.2.0.192.in-addr.arpa. 300 IN PTR Mail.Example.net.").apply(question, tcp);
        });
        Resolver resolver = resolver(server);
        assertThat(resolver.mx("example.net"))
                .isEqualTo(new Found<>(
                        List.of(new Mx(0, ""), new Mx(10, "first.example.net"), new Mx(20, "second.example.net")),
                        Duration.ofSeconds(200),
                        false));
        assertThat(resolver.a("EXAMPLE.net.").recordsOrNone()).containsExactly(ip("192.0.2.1"));
        assertThat(resolver.addresses("example.net").recordsOrNone())
                .containsExactly(ip("2001:db8::1"), ip("192.0.2.1"));
        assertThat(resolver.txt("example.net").recordsOrNone()).containsExactly("v=spf1 -all");
        assertThat(resolver.ptr(ip("192.0.2.1")).recordsOrNone()).containsExactly("mail.example.net");
    }

    @Test
    void aliasesAreFollowedAndLoopsEnd() throws Exception {
        StubServer server = server(
                (question, tcp) -> question.getQuestion().getName().toString().startsWith("loop")
                        ? says(
                                        0,
                                        "loop.example.net. 60 IN CNAME pool.example.net.",
                                        "pool.example.net. 60 IN CNAME loop.example.net.")
                                .apply(question, tcp)
                        : says(
                                        0,
                                        "www.example.net. 60 IN CNAME other.example.net.",
                                        "other.example.net. 300 IN CNAME host.example.net.",
                                        "host.example.net. 300 IN A 192.0.2.1")
                                .apply(question, tcp));
        Resolver resolver = resolver(server);
        assertThat(resolver.a("www.example.net"))
                .isEqualTo(new Found<>(List.of(ip("192.0.2.1")), Duration.ofMinutes(1), false));
        assertThat(resolver.a("loop.example.net")).isEqualTo(new NoData<>(false));
    }

    @Test
    void troubleIsNotAnAnswer() throws Exception { // B11
        assertThat(resolver(server(says(Rcode.SERVFAIL))).mx("example.net")).isInstanceOf(Failed.class);
        assertThat(resolver(server(says(Rcode.REFUSED))).mx("example.net")).isInstanceOf(Failed.class);
        assertThat(resolver(server((_, _) -> null)).mx("example.net")).isInstanceOf(Failed.class);
        StubServer cut = server((question, _) -> {
            Message reply = StubServer.reply(question);
            reply.getHeader().setFlag(Flags.TC);
            return reply.toWire();
        });
        cut.refuseTcp();
        assertThat(resolver(cut).mx("example.net")).isInstanceOf(Failed.class);
        assertThat(resolver(server(says(Rcode.NOERROR))).mx("example.net")).isEqualTo(new NoData<>(false));
        assertThat(resolver(server(says(Rcode.NXDOMAIN))).mx("example.net")).isEqualTo(new NoSuchName<>(false));
    }

    @Test
    void aNameThatCannotBeDoesNotExist() throws Exception {
        StubServer server = server(says(0, "example.net. 300 IN A 192.0.2.1"));
        for (String name : List.of("x".repeat(64) + ".example.net", "a..b", "x.".repeat(130) + "net")) {
            assertThat(resolver(server).a(name)).as(name).isEqualTo(new NoSuchName<>(false));
        }
        assertThat(server.questions).isEmpty();
    }

    @Test
    void oneFamilyIsEnough() throws Exception {
        StubServer server = server((question, tcp) -> question.getQuestion().getType() == Type.AAAA
                ? says(Rcode.SERVFAIL).apply(question, tcp)
                : says(0, "example.net. 300 IN A 192.0.2.1").apply(question, tcp));
        assertThat(resolver(server).addresses("example.net").recordsOrNone()).containsExactly(ip("192.0.2.1"));
        StubServer none = server((question, tcp) -> question.getQuestion().getType() == Type.AAAA
                ? says(Rcode.SERVFAIL).apply(question, tcp)
                : says(0).apply(question, tcp));
        assertThat(resolver(none).addresses("example.net")).isInstanceOf(Failed.class);
    }

    // ---- servers -------------------------------------------------------------------------------------------------

    @Test
    void anAnswerThatIsCutShortIsAskedForAgainOverTcp() throws Exception {
        StubServer server = server((question, tcp) -> {
            if (tcp) {
                return says(0, "example.net. 300 IN A 192.0.2.1").apply(question, true);
            }
            Message reply = StubServer.reply(question);
            reply.getHeader().setFlag(Flags.TC);
            return reply.toWire();
        });
        assertThat(resolver(server).a("example.net").recordsOrNone()).containsExactly(ip("192.0.2.1"));
        assertThat(server.questions).containsExactly("udp A example.net.", "tcp A example.net.");
    }

    @Test
    void theNextServerIsAskedWhenOneIsInTrouble() throws Exception {
        StubServer silent = server((_, _) -> null);
        StubServer sick = server(says(Rcode.SERVFAIL));
        StubServer well = server(says(0, "example.net. 300 IN A 192.0.2.1"));
        assertThat(resolver(silent, sick, well).a("example.net").recordsOrNone())
                .containsExactly(ip("192.0.2.1"));
        assertThat(well.questions).hasSize(1);
    }

    @Test
    void aServerFromBeforeEdnsIsAskedAgainWithoutIt() throws Exception {
        StubServer server = server((question, tcp) -> question.getOPT() != null
                ? says(Rcode.FORMERR).apply(question, tcp)
                : says(0, "example.net. 300 IN A 192.0.2.1").apply(question, tcp));
        assertThat(resolver(server).a("example.net").recordsOrNone()).hasSize(1);
        assertThat(server.questions).containsExactly("udp A example.net.", "udp A example.net. plain");
    }

    @Test
    void answersToOtherQuestionsAreNotTaken() throws Exception { // CVE-2024-25638
        StubServer forger = server((question, _) -> {
            Message reply = StubServer.reply(question);
            reply.removeAllRecords(Section.QUESTION);
            reply.addRecord(
                    Record.newRecord(Name.fromConstantString("other.example."), Type.A, DClass.IN), Section.QUESTION);
            reply.addRecord(record("example.net. 300 IN A 192.0.2.66"), Section.ANSWER);
            return reply.toWire();
        });
        assertThat(resolver(forger).a("example.net")).isInstanceOf(Failed.class);
        StubServer wrongId = server((question, _) -> {
            Message reply = StubServer.reply(question);
            reply.getHeader().setID((question.getHeader().getID() + 1) & 0xFFFF);
            return reply.toWire();
        });
        assertThat(resolver(wrongId).a("example.net")).isInstanceOf(Failed.class);
        StubServer besides = server(says(0, "other.example. 300 IN A 192.0.2.66"));
        assertThat(resolver(besides).a("example.net")).isEqualTo(new NoData<>(false));
        StubServer noise = server((_, _) -> new byte[] {1, 2, 3});
        assertThat(resolver(noise).a("example.net")).isInstanceOf(Failed.class);
    }

    @Test
    void onlyATrustedServerVouchesForAnAnswer() throws Exception {
        StubServer server = server((question, _) -> {
            Message reply = StubServer.reply(question);
            reply.getHeader().setFlag(Flags.AD);
            reply.addRecord(record("example.net. 300 IN A 192.0.2.1"), Section.ANSWER);
            return reply.toWire();
        });
        assertThat(resolver(server).a("example.net")) // On loopback.
                .isEqualTo(new Found<>(List.of(ip("192.0.2.1")), Duration.ofMinutes(5), true));
    }

    // ---- memory --------------------------------------------------------------------------------------------------

    @Test
    void answersAreRememberedForAsLongAsTheySay() throws Exception {
        AtomicReference<StubServer.Mind> mind = new AtomicReference<>(says(0, "example.net. 300 IN A 192.0.2.1"));
        StubServer server = server((question, tcp) -> mind.get().apply(question, tcp));
        Resolver resolver = resolver(server);
        resolver.a("example.net");
        resolver.a("Example.Net");
        clock.advance(Duration.ofSeconds(299));
        resolver.a("example.net");
        assertThat(server.questions).hasSize(1);
        mind.set(says(Rcode.NXDOMAIN));
        clock.advance(Duration.ofSeconds(2));
        assertThat(resolver.a("example.net")).isEqualTo(new NoSuchName<>(false));
        clock.advance(Duration.ofSeconds(119)); // The SOA says 120.
        resolver.a("example.net");
        assertThat(server.questions).hasSize(2);
        mind.set(says(Rcode.SERVFAIL));
        clock.advance(Duration.ofSeconds(2));
        assertThat(resolver.a("example.net")).isInstanceOf(Failed.class);
        int asked = server.questions.size();
        resolver.a("example.net");
        assertThat(server.questions).hasSize(asked);
        mind.set(says(0, "example.net. 0 IN A 192.0.2.2"));
        clock.advance(Duration.ofSeconds(6));
        resolver.a("example.net");
        resolver.a("example.net");
        assertThat(server.questions).hasSize(asked + 2); // A TTL of 0 is for this once.
    }

    @Test
    void thoseWhoAskTheSameAtTheSameTimeShareOneQuestion() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        StubServer server = server((question, tcp) -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return says(0, "example.net. 300 IN A 192.0.2.1").apply(question, tcp);
        });
        Resolver resolver = resolver(Duration.ofSeconds(20), server);
        List<Answer<InetAddress>> answers = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofVirtual().start(() -> answers.add(resolver.a("example.net"))));
        }
        gate.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers)
                .hasSize(50)
                .allMatch(answer -> answer.recordsOrNone().size() == 1);
        assertThat(server.questions).hasSizeLessThan(3);
    }

    // ---- files ---------------------------------------------------------------------------------------------------

    @Test
    void serversComeFromMainCfOrFromTheSystem() throws Exception {
        assertThat(DnsSettings.from(
                                Config.of(Map.of("dns_servers", "127.0.0.1:5353, [::1]:54 2001:db8::53 192.0.2.53")))
                        .servers())
                .containsExactly(
                        new InetSocketAddress(ip("127.0.0.1"), 5353),
                        new InetSocketAddress(ip("::1"), 54),
                        new InetSocketAddress(ip("2001:db8::53"), 53),
                        new InetSocketAddress(ip("192.0.2.53"), 53));
        assertThatThrownBy(() -> DnsSettings.from(Config.of(Map.of("dns_servers", "ns.example.net"))))
                .isInstanceOf(BadSyntax.class)
                .hasMessageContaining("dns_servers");
        Path file = folder.resolve("resolv.conf");
        Files.writeString(
                file,
                "; comment\nsearch example.net\nnameserver 192.0.2.53\nnameserver ::1\nnameserver x\noptions edns0 trust-ad\n");
        NameServers servers = new NameServers(List.of(), file);
        assertThat(servers.all())
                .containsExactly(new InetSocketAddress(ip("192.0.2.53"), 53), new InetSocketAddress(ip("::1"), 53));
        assertThat(servers.trustAd()).isTrue();
        assertThat(new NameServers(List.of(), folder.resolve("none")).all())
                .containsExactly(new InetSocketAddress(ip("127.0.0.1"), 53));
    }

    @Test
    void theHostsFileComesFirstWhereItIsWanted() throws Exception {
        Path file = folder.resolve("hosts");
        Files.writeString(
                file, "127.0.0.1 localhost\n192.0.2.9\tMX.example.net mx # ours\n::1 localhost ip6-localhost\nx y\n");
        StubServer server = server(says(0, "mx.example.net. 300 IN A 192.0.2.1"));
        Dns dns = new HostsFile(file, resolver(server));
        assertThat(dns.a("mx.example.NET.").recordsOrNone()).containsExactly(ip("192.0.2.9"));
        assertThat(dns.addresses("mx").recordsOrNone()).containsExactly(ip("192.0.2.9"));
        assertThat(dns.addresses("localhost").recordsOrNone()).containsExactly(ip("127.0.0.1"), ip("::1"));
        assertThat(dns.ptr(ip("192.0.2.9")).recordsOrNone()).containsExactly("mx.example.net");
        assertThat(server.questions).isEmpty();
        Files.writeString(file, "192.0.2.9 other\n");
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000));
        assertThat(dns.a("mx.example.net").recordsOrNone()).containsExactly(ip("192.0.2.1"));
    }
}
