package tamanoir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tamanoir.server.testkit.TurnableClock;

class BansTest {
    private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.9");
    private static final InetAddress HOME = InetAddress.ofLiteral("198.51.100.7");

    private final TurnableClock clock = new TurnableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Bans bans = new Bans(
            () -> new Bans.Rules(3, Duration.ofMinutes(15), Duration.ofMinutes(1), HOST_OF_OURS::equals), clock);
    private static final InetAddress HOST_OF_OURS = InetAddress.ofLiteral("192.0.2.1");

    private void guess(String name, InetAddress client, int times) {
        for (int i = 0; i < times; i++) {
            bans.begin(name, client);
            bans.failed(name, client, "imap", "guess " + i + name);
        }
    }

    @Test
    void eachFurtherGuessWaitsTwiceAsLong() {
        guess("ann", STRANGER, 2);
        assertThat(bans.begin("ann", STRANGER)).isZero();
        bans.failed("ann", STRANGER, "imap", "third");
        assertThat(bans.begin("ann", STRANGER)).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(bans.begin("ann", STRANGER)).isZero();
        bans.failed("ann", STRANGER, "imap", "fourth");
        assertThat(bans.begin("ann", STRANGER)).isEqualTo(Duration.ofSeconds(2));
        guess("ann", STRANGER, 30);
        assertThat(bans.begin("ann", STRANGER)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aBlockThatTriesManyNamesWaitsAndANameThatManyBlocksTryWaitsShortly() {
        guess("a", STRANGER, 1);
        guess("b", STRANGER, 1);
        guess("c", STRANGER, 1);
        assertThat(bans.begin("d", STRANGER)).isPositive();
        for (int i = 1; i < 30; i++) {
            guess("ann", InetAddress.ofLiteral("2001:db8:0:" + i + "::1"), 1);
        }
        assertThat(bans.begin("ann", InetAddress.ofLiteral("2001:db8:1::1"))).isEqualTo(Duration.ofMinutes(1));
        assertThat(bans.begin("bob", InetAddress.ofLiteral("2001:db8:0:1::2"))).isZero();
    }

    @Test
    void theOwnerComesInWhereHeCameInBefore() {
        bans.begin("ann", HOME);
        bans.succeeded("ann", HOME);
        guess("ann", STRANGER, 30);
        assertThat(bans.begin("ann", HOME)).isZero();
        bans.succeeded("ann", HOME);
        // A colleague's trouble behind the same address is not hers either.
        guess("bob", HOME, 30);
        assertThat(bans.begin("ann", HOME)).isZero();
        bans.succeeded("ann", HOME);
        // But what is tried for her from there counts, for a minute at most.
        guess("ann", HOME, 30);
        assertThat(bans.begin("ann", HOME)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aForgottenPhoneCountsOnce() {
        for (int i = 0; i < 50; i++) {
            assertThat(bans.begin("ann", HOME)).isZero();
            bans.failed("ann", HOME, "imap", "the old password");
        }
        assertThat(bans.list()).isEmpty();
    }

    @Test
    void guessesSideBySideAreNoWayAround() {
        for (int i = 0; i < 20; i++) {
            assertThat(bans.begin("ann", STRANGER)).isZero();
        }
        assertThat(bans.begin("ann", STRANGER)).isPositive();
        assertThat(bans.begin("bob", STRANGER)).isZero();
    }

    @Test
    void whoIsExemptIsNeverCounted() {
        guess("ann", HOST_OF_OURS, 30);
        assertThat(bans.begin("ann", HOST_OF_OURS)).isZero();
        assertThat(bans.list()).isEmpty();
    }

    @Test
    void bansAreListedWithTheirReasonAndLifted() {
        guess("ann", STRANGER, 5);
        assertThat(bans.list())
                .extracting(Bans.Ban::subject, Bans.Ban::failures, Bans.Ban::reason)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("ann", 5, "imap, name ann, client 203.0.113.9"),
                        org.assertj.core.groups.Tuple.tuple("203.0.113.9", 5, "imap, name ann, client 203.0.113.9"));
        assertThat(bans.lift("203.0.113.9")).isTrue();
        assertThat(bans.begin("ann", STRANGER)).as("the name still waits").isPositive();
        assertThat(bans.lift("Ann")).isTrue();
        assertThat(bans.begin("ann", STRANGER)).isZero();
        assertThat(bans.lift("nobody")).isFalse();
        guess("eve", InetAddress.ofLiteral("2001:db8::1"), 5);
        assertThat(bans.lift("2001:db8:0:0:0:0:0:0/64")).isTrue();
        clock.advance(Duration.ofHours(1));
        assertThat(bans.list()).isEmpty();
    }
}
