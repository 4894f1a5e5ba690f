package tamanoir.server.setup;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.message.DateTimes;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.intake.Receipt;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.View;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;

/// A message from the first account to itself, through the intake like any other, and read back from the mailbox.
final class TestMail {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AccountMail mail;
    private final Account account;
    private final BiFunction<Envelope, Octets, Receipt> intake;
    private final InstantSource clock;

    TestMail(AccountMail mail, Account account, BiFunction<Envelope, Octets, Receipt> intake, InstantSource clock) {
        this.mail = mail;
        this.account = account;
        this.intake = intake;
        this.clock = clock;
    }

    /// What came back.
    ///
    /// @param header its own lines as they lie in the mailbox, the trace on top
    record Arrived(String mailbox, String subject, Duration took, String header) {}

    /// @throws Refused when the intake does not take it
    /// @throws Unavailable when it does not arrive in time
    Arrived send(String host, String subject, String body) {
        String id = "<" + UUID.randomUUID() + "@" + host + ">";
        Octets message = Octets.of("From: " + account.address() + "\r\nTo: " + account.address() + "\r\nSubject: "
                + subject + "\r\nDate: " + DateTimes.format(OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                + "\r\nMessage-ID: " + id + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n" + body.replace("\n", "\r\n") + "\r\n");
        Instant begun = clock.instant();
        Envelope envelope = Envelope.of(ReversePath.of(account.address()), List.of(Recipient.of(account.address())));
        Mark mark = mark();
        switch (intake.apply(envelope, message)) {
            case Receipt.Refused refused ->
                throw new Refused("the server did not take the test message: " + refused.reply());
            case Receipt.Accepted _ -> {}
        }
        Optional<Arrived> arrived = await(mark, id, subject, begun);
        return arrived.orElseThrow(() -> new Unavailable(
                "the test message was taken but is not in the mailbox after " + PATIENCE.toSeconds()
                        + " seconds; 'tamanoir queue list' and the log say where it is",
                "test message " + id + " not found"));
    }

    private record Mark(View before, String mailbox) {}

    private Mark mark() {
        MailboxInfo inbox = mail.find("INBOX").orElseThrow();
        return new Mark(mail.view(inbox.id()), inbox.name());
    }

    /// Each commit that touches the account wakes us.
    private Optional<Arrived> await(Mark mark, String id, String subject, Instant begun) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            CountDownLatch changed = new CountDownLatch(1);
            try (AccountMail.Watch _ = mail.watch(changed::countDown)) {
                Optional<Arrived> found = find(mark, id, subject, begun);
                long left = end - System.nanoTime();
                if (found.isPresent() || left <= 0) {
                    return found;
                }
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Unavailable("the server stops", "interrupted while a test message was awaited", e);
            }
        }
    }

    private Optional<Arrived> find(Mark mark, String id, String subject, Instant begun) {
        View now = mail.view(mark.before.mailbox());
        for (int i = now.size() - 1; i >= 0 && now.uid(i) >= mark.before.uidNext(); i--) {
            String whole = text(mail.whole(now.message(i)));
            int end = whole.indexOf("\r\n\r\n");
            String header = end < 0 ? whole : whole.substring(0, end);
            if (header.contains(id)) {
                return Optional.of(
                        new Arrived(mark.mailbox, subject, Duration.between(begun, clock.instant()), header));
            }
        }
        return Optional.empty();
    }

    private static String text(Octets octets) {
        return new String(octets.array(), octets.arrayOffset(), octets.length(), StandardCharsets.UTF_8);
    }
}
