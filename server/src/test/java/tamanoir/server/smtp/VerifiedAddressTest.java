package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.policy.Prober.Finding;
import tamanoir.server.policy.Prober.Probe;

/// `reject_unverified_sender` and `reject_unverified_recipient`: what a probe finds, and how long it
/// counts.
class VerifiedAddressTest {
    private static final String US = "user001@example.com";
    private static final Probe GOOD = new Probe(Finding.DELIVERABLE, "250 2.1.5 Ok");
    private static final Probe BAD =
            new Probe(Finding.UNDELIVERABLE, "host mx.example.net[203.0.113.25]:25 said: 550 5.1.1 no such user");
    private static final Probe LATER = new Probe(Finding.UNCERTAIN, "451 4.4.1 no server could be reached");

    @TempDir
    Path home;

    private final List<String> probes = new CopyOnWriteArrayList<>();
    private final AtomicReference<Probe> answer = new AtomicReference<>(GOOD);

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>(Map.of("smtpd_sender_restrictions", "reject_unverified_sender"));
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(US);
        up.prober.set((sender, address) -> {
            probes.add("<" + sender + "> to <" + address + ">");
            return answer.get();
        });
        return up;
    }

    private static String from(MailOnLoopback up, String sender) throws IOException {
        return up.atRcpt("ADDR=203.0.113.9 NAME=[UNAVAILABLE]", "h.example.net", sender, US);
    }

    /// Waits for a probe that runs behind the client's back.
    private void awaitProbes(int count) {
        long until = System.nanoTime() + 5_000_000_000L;
        while (probes.size() < count && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(probes).hasSize(count);
    }

    @Test
    void anAddressIsProbedOnceAndThenKnown() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(from(up, "a@example.net")).startsWith("250");
            assertThat(from(up, "A@Example.net")).startsWith("250");
            assertThat(probes).containsExactly("<double-bounce@example.com> to <a@example.net>");
            // Nobody is asked about the null sender and our own people.
            assertThat(from(up, "")).startsWith("250");
            assertThat(from(up, US)).startsWith("250");
            assertThat(from(up, "nobody@example.com")).startsWith("450 4.1.7").contains("undeliverable address");
            assertThat(probes).hasSize(1);
        }
    }

    @Test
    void anUndeliverableSenderIsPutOffByDefaultAndRefusedWhereMainCfSaysSo() throws IOException {
        answer.set(BAD);
        try (MailOnLoopback up = server()) {
            assertThat(from(up, "a@example.net"))
                    .isEqualTo("450 4.1.7 <a@example.net>: Sender address rejected: undeliverable address:"
                            + " host mx.example.net[203.0.113.25]:25 said: 550 5.1.1 no such user");
        }
        try (MailOnLoopback up =
                server("unverified_sender_reject_code", "550", "unverified_sender_reject_reason", "we asked them")) {
            assertThat(from(up, "a@example.net"))
                    .isEqualTo(
                            "550 5.1.7 <a@example.net>: Sender address rejected: undeliverable address: we asked them");
        }
        answer.set(LATER);
        try (MailOnLoopback up = server("unverified_sender_defer_code", "250")) {
            assertThat(from(up, "b@example.net")).startsWith("250");
        }
        try (MailOnLoopback up = server()) {
            assertThat(from(up, "b@example.net")).startsWith("450 4.1.7").contains("unverified address: 451 4.4.1");
        }
    }

    @Test
    void aRecipientBehindUsIsAskedOfItsServer() throws IOException {
        try (MailOnLoopback up = server(
                "smtpd_sender_restrictions", "",
                "relay_domains", "behind.example",
                "smtpd_recipient_restrictions", "reject_unauth_destination, reject_unverified_recipient",
                "unverified_recipient_reject_code", "550")) {
            answer.set(BAD);
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", "b@behind.example"))
                    .startsWith(
                            "550 5.1.1 <b@behind.example>: Recipient address rejected: undeliverable address: host");
            answer.set(GOOD);
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", "c@behind.example"))
                    .startsWith("250");
        }
    }

    @Test
    void whatIsKnownIsRefreshedBehindTheClientsBackAndEndsInTheEnd() throws IOException {
        try (MailOnLoopback up = server()) {
            assertThat(from(up, "a@example.net")).startsWith("250");
            up.policyClock.advance(Duration.ofDays(8));
            answer.set(BAD);
            // Old, but good: the client passes, and what the new probe finds wrong does not undo it.
            assertThat(from(up, "a@example.net")).startsWith("250");
            awaitProbes(2);
            up.policyClock.advance(Duration.ofDays(20));
            assertThat(from(up, "a@example.net")).startsWith("250");
            awaitProbes(3);
            // Over: only the probe counts.
            up.policyClock.advance(Duration.ofDays(5));
            assertThat(from(up, "a@example.net")).startsWith("450");
            awaitProbes(4);
            // A bad one is asked anew after three hours, and a good answer takes its place.
            answer.set(GOOD);
            up.policyClock.advance(Duration.ofHours(4));
            assertThat(from(up, "a@example.net")).startsWith("450");
            awaitProbes(5);
        }
    }

    @Test
    void aClientDoesNotWaitForeverForASlowServer() throws IOException {
        CountDownLatch slow = new CountDownLatch(1);
        try (MailOnLoopback up = server("address_verify_poll_count", "2", "address_verify_poll_delay", "1s")) {
            up.prober.set((sender, address) -> {
                try {
                    slow.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                probes.add("late");
                return GOOD;
            });
            assertThat(from(up, "a@example.net"))
                    .startsWith("450 4.1.7")
                    .endsWith("unverified address: Address verification in progress");
            slow.countDown();
            awaitProbes(1);
            up.policyClock.advance(Duration.ofSeconds(1));
            assertThat(from(up, "a@example.net")).startsWith("250");
            assertThat(probes).hasSize(1);
        }
    }
}
