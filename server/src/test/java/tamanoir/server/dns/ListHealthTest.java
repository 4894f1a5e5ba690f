package tamanoir.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.server.observe.Trace;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

@Timeout(30)
class ListHealthTest {
    private final FakeDns dns = new FakeDns();
    private final TurnableClock clock = new TurnableClock();
    private final ListHealth health = new ListHealth(dns, clock, new Trace("test", ""));
    private final DnsList list = DnsList.of("bl.example");

    private void tested() {
        health.testDue();
        health.isTrusted(list); // waits for the first test
    }

    @Test
    void aListInOrderIsTrustedWithoutAWord() {
        dns.address("2.0.0.127.bl.example", "127.0.0.2");
        health.watch(list, ListHealth.About.ADDRESSES);
        tested();
        assertThat(health.isTrusted(list)).isTrue();
        assertThat(health.troubles()).isEmpty();
    }

    /// RFC 5782 §5: 127.0.0.1 is never on a list; one that has it has everybody.
    @Test
    void aListOfEverybodyIsNotAskedUntilItIsWellAgain() {
        dns.address("2.0.0.127.bl.example", "127.0.0.2").address("1.0.0.127.bl.example", "127.0.0.2");
        health.watch(list, ListHealth.About.ADDRESSES);
        tested();
        assertThat(health.isTrusted(list)).isFalse();
        assertThat(health.troubles()).singleElement().asString().contains("bl.example", "127.0.0.1", "everybody");
    }

    @Test
    void itIsTestedAgainAfterAnHourAndNotBefore() {
        health.watch(list, ListHealth.About.ADDRESSES);
        tested();
        assertThat(health.troubles()).singleElement().asString().contains("does not list its test address 127.0.0.2");
        int asked = dns.questions().size();
        clock.advance(Duration.ofMinutes(59));
        tested();
        assertThat(dns.questions()).hasSize(asked);
    }

    @Test
    void anErrorCodeInPlaceOfTheTestAddressIsToldAndNobodyIsListedByIt() {
        dns.address("2.0.0.127.bl.example", "127.255.255.254").address("1.0.0.127.bl.example", "127.255.255.254");
        health.watch(list, ListHealth.About.ADDRESSES);
        tested();
        assertThat(health.isTrusted(list)).isTrue();
        assertThat(health.troubles()).singleElement().asString().contains("127.255.255.254", "resolver");
    }

    /// RFC 5782 §5: lists of names have "test" and not "invalid".
    @Test
    void aListOfNamesHasTestNamesOfItsOwn() {
        dns.address("test.bl.example", "127.0.1.2").address("invalid.bl.example", "127.0.1.2");
        health.watch(list, ListHealth.About.NAMES);
        tested();
        assertThat(health.isTrusted(list)).isFalse();
    }
}
