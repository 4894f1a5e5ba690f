package tamanoir.server.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.delivery.AddressClass;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.Recipients.Standing;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Notebook.Kind;
import tamanoir.server.policy.Prober.Finding;
import tamanoir.server.policy.Prober.Probe;
import tamanoir.server.store.RowReader;

/// `reject_unverified_sender` and `reject_unverified_recipient` (ADDRESS_VERIFICATION_README): what is
/// known of an address is taken from the [Notebook]; what is not is asked of the server that is
/// responsible, once for all who wait.
///
/// Addresses of our own need no probe. A client waits a few seconds for the first probe of an address and
/// is told to come again when that takes longer. Used by many sessions; the map of probes under way is
/// concurrent.
final class VerifiedAddresses {
    private static final Trace TRACE = new Trace("verify", "");
    private static final String IN_PROGRESS = "Address verification in progress";

    private final VerifySettings settings;
    private final Recipients recipients;
    private final Notebook notebook;
    private final Prober prober;
    private final Map<String, CompletableFuture<Probe>> underWay = new ConcurrentHashMap<>();

    VerifiedAddresses(PolicySettings settings, Recipients recipients, Notebook notebook, Prober prober) {
        this.settings = settings.verify();
        this.recipients = recipients;
        this.notebook = notebook;
        this.prober = prober;
    }

    Ruling sender(Question q, Carry carry) {
        return q.from() instanceof ReversePath.Sender(Address address)
                ? ruling(About.SENDER, q, address, settings.senderCodes(), "4.1.7", carry)
                : Ruling.DUNNO;
    }

    Ruling recipient(Question q, Carry carry) {
        return q.to().isPresent()
                ? ruling(About.RECIPIENT, q, q.to().get(), settings.recipientCodes(), "4.1.1", carry)
                : Ruling.DUNNO;
    }

    private Ruling ruling(
            About about, Question q, Address address, VerifySettings.Codes codes, String status, Carry carry) {
        Probe known = known(address, carry);
        String text = codes.reason().isEmpty() ? known.text() : codes.reason();
        return switch (known.finding()) {
            case DELIVERABLE -> new Ruling.Dunno("deliverable: " + known.text());
            case UNCERTAIN ->
                refusal(codes.defer(), codes, status, about, q, "unverified address: " + text, known.text());
            case UNDELIVERABLE ->
                refusal(codes.reject(), codes, status, about, q, "undeliverable address: " + text, known.text());
        };
    }

    /// A code of 2yz lets everybody pass; one of 4yz is a doubt, which a later reject may overrule.
    private static Ruling refusal(
            int code, VerifySettings.Codes codes, String status, About about, Question q, String text, String why) {
        if (code < 400) {
            return new Ruling.Dunno(why);
        }
        Reply reply = Refusals.reply(code, status, about, q, text);
        return code >= 500 || codes.deferAtOnce()
                ? new Ruling.Refuse(reply, why)
                : new Ruling.DeferIfPermit(reply, why);
    }

    // ---- what is known -----------------------------------------------------------------------------------------

    /// An answer, from memory where there is one.
    private Probe known(Address address, Carry carry) {
        switch (recipients.standing(address)) {
            case Standing.Unknown unknown -> {
                Reply reply = unknown.reply();
                return new Probe(
                        reply.isPermanent() ? Finding.UNDELIVERABLE : Finding.UNCERTAIN,
                        reply.lines().getFirst());
            }
            case Standing.Known known -> {
                if (known.addressClass() != AddressClass.RELAY) {
                    return new Probe(Finding.DELIVERABLE, "an address of ours");
                }
            }
            case Standing.Elsewhere _ -> {}
        }
        String key = key(address);
        Optional<Row> row = find(key);
        Instant now = notebook.now();
        if (row.isPresent() && (row.get().finding != Finding.UNDELIVERABLE || settings.negativeCache())) {
            Duration refresh =
                    row.get().finding == Finding.DELIVERABLE ? settings.positiveRefresh() : settings.negativeRefresh();
            if (!carry.explains() && now.isAfter(row.get().probed.plus(refresh))) {
                CompletableFuture<Probe> _ = begin(key, address, row); // nobody waits for it
            }
            return new Probe(row.get().finding, row.get().text);
        }
        if (carry.explains()) {
            return new Probe(Finding.UNCERTAIN, "not known yet; a client's question would start a probe");
        }
        return wait(begin(key, address, row));
    }

    private static String key(Address address) {
        return address.localPart().toLowerCase(Locale.ROOT) + "@"
                + address.domain().ascii();
    }

    private record Row(Finding finding, Instant probed, String text) {}

    private Optional<Row> find(String key) {
        Optional<RowReader> found = notebook.find(Kind.VERIFIED, key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RowReader row = found.get();
        Finding finding = switch (row.octet()) {
            case 1 -> Finding.DELIVERABLE;
            case 2 -> Finding.UNDELIVERABLE;
            default -> Finding.UNCERTAIN;
        };
        return Optional.of(new Row(finding, Instant.ofEpochMilli(row.number()), row.text()));
    }

    // ---- probes ------------------------------------------------------------------------------------------------

    private CompletableFuture<Probe> begin(String key, Address address, Optional<Row> before) {
        CompletableFuture<Probe> mine = new CompletableFuture<>();
        if (underWay.size() >= settings.pendingLimit()) {
            mine.complete(new Probe(Finding.UNCERTAIN, IN_PROGRESS));
            return mine;
        }
        CompletableFuture<Probe> first = underWay.putIfAbsent(key, mine);
        if (first != null) {
            return first;
        }
        Thread.ofVirtual().name("probe " + key).start(() -> {
            Probe found = new Probe(Finding.UNCERTAIN, "the probe failed");
            try {
                found = prober.probe(settings.sender(), address);
                TRACE.info("probed", "to", "<" + address + ">", "finding", found.finding(), "reply", found.text());
                remember(key, found, before);
            } catch (RuntimeException bug) {
                TRACE.bug(bug);
            } finally {
                underWay.remove(key, mine);
                mine.complete(found);
            }
        });
        return mine;
    }

    /// A good answer outlives trouble: as long as it counts only another good one takes its place.
    private void remember(String key, Probe found, Optional<Row> before) {
        boolean good = found.finding() == Finding.DELIVERABLE;
        if (!good
                && (!settings.negativeCache()
                        || before.filter(r -> r.finding == Finding.DELIVERABLE).isPresent())) {
            return;
        }
        Instant now = notebook.now();
        String text = found.text().length() > 250 ? found.text().substring(0, 250) : found.text();
        notebook.keep(
                Kind.VERIFIED,
                key,
                Notebook.row(now.plus(good ? settings.positiveExpire() : settings.negativeExpire()))
                        .octet(octet(found.finding()))
                        .number(now.toEpochMilli())
                        .text(text),
                settings.cacheLimit(),
                settings.cleanup());
    }

    private static int octet(Finding finding) {
        return switch (finding) {
            case UNCERTAIN -> 0;
            case DELIVERABLE -> 1;
            case UNDELIVERABLE -> 2;
        };
    }

    private Probe wait(CompletableFuture<Probe> probe) {
        try {
            return probe.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return new Probe(Finding.UNCERTAIN, IN_PROGRESS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Probe(Finding.UNCERTAIN, IN_PROGRESS);
        }
    }
}
