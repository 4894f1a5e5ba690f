package tamanoir.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.SmtpParameters.AddressPreference;
import tamanoir.server.outbound.ServerFinder.Choice;
import tamanoir.server.outbound.ServerFinder.Found;
import tamanoir.server.outbound.ServerFinder.Server;
import tamanoir.server.testkit.FakeDns;

/// RFC 5321 §5.1 and RFC 7505, case by case.
class ServerFinderTest {
    private final FakeDns dns = new FakeDns();
    private final Ourselves ourselves;
    private Choice choice = new Choice(true, true, AddressPreference.ANY, true, true, 5, false, false);

    ServerFinderTest() throws UnknownHostException {
        ourselves = new Ourselves(
                Set.of("mail.example.com"), Set.of(InetAddress.getByName("192.0.2.10")), Set.of(25, 2525));
    }

    private Found find(String hop) {
        return new ServerFinder(dns, ourselves, choice, new Random(1)).find(NextHop.of(hop, false), 25);
    }

    private List<String> servers(String hop) {
        return find(hop) instanceof Found.Servers found
                ? found.best().stream().map(Server::toString).toList()
                : List.of(find(hop).toString());
    }

    private Reply none(String hop) {
        assertThat(find(hop)).isInstanceOf(Found.None.class);
        return ((Found.None) find(hop)).reply();
    }

    @Test
    void exchangersComeByPreferenceAndEqualOnesInAnyOrder_B13() {
        dns.mx("example.net", 20, "c.example.net")
                .mx("example.net", 10, "a.example.net")
                .mx("example.net", 10, "b.example.net");
        dns.address("a.example.net", "192.0.2.1")
                .address("b.example.net", "192.0.2.2")
                .address("c.example.net", "192.0.2.3");
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            Found found =
                    new ServerFinder(dns, ourselves, choice, new Random(i)).find(NextHop.of("example.net", false), 25);
            List<String> hosts = new ArrayList<>();
            ((Found.Servers) found).best().forEach(s -> hosts.add(s.host()));
            assertThat(hosts).hasSize(3).endsWith("c.example.net");
            orders.add(hosts.getFirst());
        }
        assertThat(orders).containsExactlyInAnyOrder("a.example.net", "b.example.net");
    }

    @Test
    void aDomainWithoutExchangersIsItsOwn_B11() {
        dns.address("example.net", "192.0.2.1");
        assertThat(servers("example.net")).containsExactly("example.net[192.0.2.1]:25");
    }

    @Test
    void troubleIsDeferredAndNeverTakenForNo_B11() {
        dns.fails("MX", "example.net");
        assertThat(none("example.net").code()).isEqualTo(451);
        assertThat(none("example.net").status()).isEqualTo("4.4.3");
        dns.mx("other.example", 10, "mx.other.example").exists("mx.other.example");
        dns.fails("A", "mx.other.example").fails("AAAA", "mx.other.example");
        assertThat(none("other.example").status()).isEqualTo("4.4.3");
    }

    @Test
    void aDomainThatDoesNotExistFails_B11() {
        assertThat(none("nosuch.example").toString()).startsWith("550 5.1.2 ");
        dns.mx("hollow.example", 10, "gone.example");
        assertThat(none("hollow.example").toString()).startsWith("550 5.4.4 ");
        choice = new Choice(true, true, AddressPreference.ANY, true, true, 5, false, true);
        assertThat(none("hollow.example").isTransient()).isTrue();
    }

    @Test
    void nullMxIsRefusedWithoutLookingFurther_B12() {
        dns.mx("nomail.example", 0, ".").address("nomail.example", "192.0.2.1");
        assertThat(none("nomail.example").toString()).startsWith("556 5.1.10 ");
        assertThat(dns.questions()).allMatch(q -> q.startsWith("MX "));
    }

    @Test
    void theRootAmongOthersIsSkipped_B12() {
        dns.mx("example.net", 0, ".").mx("example.net", 10, "mx.example.net").address("mx.example.net", "192.0.2.1");
        assertThat(servers("example.net")).containsExactly("mx.example.net[192.0.2.1]:25");
        assertThat(dns.questions()).doesNotContain("A ", "AAAA ");
    }

    @Test
    void exchangersThatAreOurselvesLoop_B13() {
        dns.mx("l.example", 0, "localhost").address("localhost", "127.0.0.1");
        dns.mx("n.example", 0, "mail.example.com").address("mail.example.com", "203.0.113.9");
        dns.mx("a.example", 0, "other.example").address("other.example", "192.0.2.10");
        dns.mx("z.example", 0, "zero.example").address("zero.example", "0.0.0.0");
        for (String domain : List.of("l.example", "n.example", "a.example", "z.example")) {
            assertThat(none(domain).toString())
                    .as(domain)
                    .startsWith("550 5.4.6 ")
                    .contains("loops back to myself");
        }
        assertThat(dns.questions()).doesNotContain("A localhost", "A mail.example.com");
    }

    @Test
    void onlyBetterExchangersThanOurselvesAreUsed_B13() {
        dns.mx("example.net", 10, "mail.example.com")
                .mx("example.net", 5, "better.example.net")
                .mx("example.net", 10, "equal.example.net")
                .mx("example.net", 20, "worse.example.net");
        for (String host : List.of("better", "equal", "worse")) {
            dns.address(host + ".example.net", "198.51.100.1");
        }
        assertThat(servers("example.net")).containsExactly("better.example.net[198.51.100.1]:25");
        dns.mx("byaddress.example", 10, "alias.example").mx("byaddress.example", 20, "worse.example.net");
        dns.address("alias.example", "192.0.2.10");
        assertThat(none("byaddress.example").status()).isEqualTo("5.4.6");
    }

    @Test
    void anExchangerWithoutAddressGivesWayToTheNext_B13() {
        dns.mx("example.net", 10, "nx.example.net").mx("example.net", 20, "alive.example.net");
        dns.address("alive.example.net", "192.0.2.1");
        assertThat(servers("example.net")).containsExactly("alive.example.net[192.0.2.1]:25");
    }

    @Test
    void aServerOfTheOtherFamilyOnlyIsDeferred_B13() {
        choice = new Choice(true, false, AddressPreference.ANY, true, true, 5, false, false);
        dns.mx("example.net", 10, "six.example.net").address("six.example.net", "2001:db8::1");
        assertThat(none("example.net").toString()).startsWith("450 4.4.1 ");
    }

    @Test
    void familiesArePreferredAndBalancedAsConfigured() {
        dns.mx("example.net", 10, "mx.example.net");
        for (int i = 1; i < 8; i++) {
            dns.address("mx.example.net", "2001:db8::" + i);
        }
        dns.address("mx.example.net", "192.0.2.1");
        choice = new Choice(true, true, AddressPreference.IPV6, true, true, 5, false, false);
        assertThat(servers("example.net")).hasSize(5).endsWith("mx.example.net[192.0.2.1]:25");
        choice = new Choice(true, true, AddressPreference.IPV4, true, true, 5, false, false);
        assertThat(servers("example.net")).hasSize(5).startsWith("mx.example.net[192.0.2.1]:25");
        choice = new Choice(true, true, AddressPreference.IPV6, true, false, 5, false, false);
        assertThat(servers("example.net")).doesNotContain("mx.example.net[192.0.2.1]:25");
    }

    @Test
    void bracketsMeanThatVeryHost() {
        dns.mx("example.net", 10, "mx.example.net").address("example.net", "192.0.2.1");
        assertThat(servers("[example.net]:587")).containsExactly("example.net[192.0.2.1]:587");
        assertThat(servers("[192.0.2.7]")).containsExactly("192.0.2.7[192.0.2.7]:25");
        assertThat(none("[192.0.2.10]:2525").status()).isEqualTo("5.4.6");
        assertThat(servers("[127.0.0.1]:10025")).containsExactly("127.0.0.1[127.0.0.1]:10025");
    }
}
