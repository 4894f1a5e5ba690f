package tamanoir.server.authresults;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dmarc.Author;
import tamanoir.mail.authresults.dmarc.DmarcCheck;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.dmarc.DmarcVerdict;
import tamanoir.mail.authresults.spf.SpfCheck;
import tamanoir.mail.authresults.spf.SpfQuestion;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Evidence.Span;
import tamanoir.server.authresults.Signatures.Found;
import tamanoir.server.observe.Together;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Checks where messages come from. Immutable; used by many sessions.
///
/// SPF asks the DNS while signatures are verified; DMARC follows, for it weighs what both found. Whatever goes wrong
/// here proves nothing about the message: it is told as temperror or not at all, and others decide.
public final class Examiner {
    /// A message of a stranger as it came, before anything was added.
    public record Subject(Trace trace, InetAddress client, String helo, ReversePath sender, Body body) {}

    /// Told of each message that was examined, for the reports to the domains.
    public interface Witness {
        /// `override` is the sealer for whose sake a failure has no consequence, `disposition` what follows from the
        /// policy here, in the words of the reports.
        void saw(
                Subject subject,
                SpfResult spf,
                Found signed,
                DmarcVerdict dmarc,
                Optional<String> override,
                String disposition);

        /// Remembers nothing.
        static Witness none() {
            return (_, _, _, _, _, _) -> {};
        }
    }

    /// RFC 5322 has no limit for a header; nobody looks further, and intake has refused what is longer.
    private static final int LONGEST_HEADER = 1 << 20;

    private final ExaminerSettings settings;
    private final Dns dns;
    private final Signatures signatures;
    private final Witness witness;
    private final InstantSource clock;

    public Examiner(ExaminerSettings settings, Dns dns, Signatures signatures, Witness witness, InstantSource clock) {
        this.settings = settings;
        this.dns = dns;
        this.signatures = signatures;
        this.witness = witness;
        this.clock = clock;
    }

    /// Everything that can be found out about a message. Trouble with the DNS is part of the answer, never an error.
    public Evidence examine(Subject subject, Blobs blobs) {
        ExaminerSettings on = settings;
        if (on.exempt().test(subject.client()) || on.relays().test(subject.client())) {
            return Evidence.NONE;
        }
        List<Span> forged = List.of();
        try {
            Octets head = head(subject.body(), blobs);
            HeaderFields header = HeaderFields.of(head);
            forged = ForgedResults.in(header, on.server());
            return checked(on, subject, head, header, forged, blobs);
        } catch (Unavailable e) {
            subject.trace()
                    .warn("not authenticated", "client", subject.client().getHostAddress(), "reason", e.detail());
        } catch (RuntimeException bug) {
            subject.trace().bug(bug);
        }
        return new Evidence(Evidence.NONE.spf(), List.of(), Evidence.NONE.arc(), DmarcResult.NONE, "", forged);
    }

    private Evidence checked(
            ExaminerSettings on, Subject subject, Octets head, HeaderFields header, List<Span> forged, Blobs blobs) {
        SpfResult spf;
        Found signed;
        try (Together together = new Together("examine " + subject.client().getHostAddress())) {
            Together.Child<SpfResult> one = together.start(() -> on.spf() ? spf(on, subject) : SpfResult.NONE);
            signed = on.dkim() || on.arc() ? signatures.verify(header, head, subject.body(), blobs) : Found.NONE;
            together.join();
            spf = one.result();
        }
        DmarcVerdict verdict =
                on.dmarc() ? DmarcCheck.of(Author.of(header), spf, signed.dkim(), dns) : DmarcVerdict.NONE;
        Optional<String> override = verdict.result().result() == Result.FAIL
                ? new TrustedChain(header, on.sealers()).sawPass(signed.arc())
                : Optional.empty();
        DmarcResult dmarc =
                override.map(sealer -> overridden(verdict.result(), sealer)).orElse(verdict.result());
        log(subject, spf, signed, dmarc);
        witness.saw(subject, spf, signed, verdict, override, on.disposition(dmarc));
        return new Evidence(
                spf, signed.dkim(), signed.arc(), dmarc, new ResultsField(on).of(subject, spf, signed, dmarc), forged);
    }

    /// RFC 8617 §7.2.1: it still fails, but nobody acts on it.
    private static DmarcResult overridden(DmarcResult dmarc, String sealer) {
        return new DmarcResult(
                dmarc.result(),
                DmarcResult.Request.NONE,
                dmarc.domain(),
                dmarc.organizational(),
                "but it passed when it came to " + sealer + ", which is trusted");
    }

    private SpfResult spf(ExaminerSettings on, Subject subject) {
        Instant now = clock.instant();
        Instant end = now.plus(on.spfTime());
        Optional<Address> sender = switch (subject.sender()) {
            case ReversePath.Null _ -> Optional.empty();
            case ReversePath.Sender(Address address) -> Optional.of(address);
        };
        return SpfCheck.of(
                SpfQuestion.sender(subject.client(), sender, subject.helo(), on.hostname(), now),
                dns,
                on.spfLimits(),
                () -> clock.instant().isAfter(end));
    }

    private static void log(Subject subject, SpfResult spf, Found signed, DmarcResult dmarc) {
        String dkim = signed.dkim().isEmpty()
                ? "none"
                : signed.dkim().stream()
                        .map(one -> one.result().word() + ":" + one.domain())
                        .collect(Collectors.joining(","));
        subject.trace()
                .info(
                        "authentication",
                        "client",
                        subject.client().getHostAddress(),
                        "from",
                        "<" + subject.sender() + ">",
                        "spf",
                        spf.result().word(),
                        "dkim",
                        dkim,
                        "arc",
                        signed.arc().result().word(),
                        "dmarc",
                        dmarc.result().word(),
                        "header_from",
                        dmarc.domain(),
                        "policy",
                        dmarc.requested().name().toLowerCase(Locale.ROOT),
                        "reason",
                        dmarc.reason().isEmpty() ? spf.explanation() : dmarc.reason());
    }

    private static Octets head(Body body, Blobs blobs) {
        return switch (body) {
            case Body.Small small -> small.octets();
            case Body.Large large -> {
                try (InputStream stream = large.stream(blobs)) {
                    yield Octets.of(stream.readNBytes((int) Math.min(large.size(), LONGEST_HEADER)));
                } catch (IOException e) {
                    throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
                }
            }
        };
    }
}
