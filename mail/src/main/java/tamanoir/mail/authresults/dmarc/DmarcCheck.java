package tamanoir.mail.authresults.dmarc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;
import tamanoir.mail.authresults.dmarc.DmarcVerdict.Seen;
import tamanoir.mail.authresults.dmarc.TreeWalk.Found;
import tamanoir.mail.authresults.dmarc.TreeWalk.Way;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;

/// One evaluation of DMARC (RFC 9989 §5.3). Used by one thread, for one message.
///
/// Trouble with the DNS never makes a message fail: where an answer that is missing could have made it pass, the result
/// is TEMPERROR.
public final class DmarcCheck {
    /// The worst first: with several authors the message is as good as the worst of them.
    private static final List<Result> WORST =
            List.of(Result.FAIL, Result.TEMPERROR, Result.PERMERROR, Result.NONE, Result.PASS);

    /// One author's domain.
    private record One(DmarcResult result, Optional<Seen> seen) {}

    /// Whether some identifier of one kind is aligned: passing, undecided because of the DNS, or not.
    private enum Aligned {
        YES,
        PERHAPS,
        NO
    }

    private final Dns dns;
    private final TreeWalk walk;
    private final SpfResult spf;
    private final List<Verified> dkim;

    private DmarcCheck(Dns dns, SpfResult spf, List<Verified> dkim) {
        this.dns = dns;
        this.walk = new TreeWalk(dns);
        this.spf = spf;
        this.dkim = dkim;
    }

    /// `spf` is the result for the envelope sender, or for HELO where that is null (§4.4.3).
    public static DmarcVerdict of(Author author, SpfResult spf, List<Verified> dkim, Dns dns) {
        return new DmarcCheck(dns, spf, dkim).run(author);
    }

    private DmarcVerdict run(Author author) {
        if (author.domains().isEmpty()) {
            return new DmarcVerdict(new DmarcResult(Result.FAIL, Request.NONE, "", "", author.problem()), List.of());
        }
        List<One> all = author.domains().stream().map(this::domain).toList();
        List<Seen> seen = all.stream().flatMap(one -> one.seen().stream()).toList();
        DmarcResult worst = all.stream()
                .map(One::result)
                .min(Comparator.comparingInt((DmarcResult result) -> WORST.indexOf(result.result()))
                        .thenComparing(DmarcResult::requested, Comparator.reverseOrder()))
                .orElseThrow();
        if (author.problem().isEmpty()) {
            return new DmarcVerdict(worst, seen);
        }
        // Nobody can vouch for a field that different readers read differently: the strictest of its domains decides.
        Request strictest = seen.stream()
                .map(Seen::requested)
                .max(Comparator.naturalOrder())
                .orElse(Request.NONE);
        return new DmarcVerdict(
                new DmarcResult(Result.FAIL, strictest, worst.domain(), worst.organizational(), author.problem()),
                seen);
    }

    private One domain(String domain) {
        if (domain.startsWith("[") || domain.indexOf('.') < 0) {
            return new One(new DmarcResult(Result.NONE, Request.NONE, domain, domain, ""), Optional.empty());
        }
        Way way = walk.from(domain);
        String organizational = way.organizational();
        Optional<Found> policy = way.at(domain)
                .or(() -> way.at(organizational))
                .or(() -> way.records().isEmpty()
                        ? Optional.empty()
                        : Optional.of(way.records().getLast())); // §4.10.1: that of a public suffix is the last resort
        if (policy.isEmpty()) {
            Result result = way.trouble().isEmpty() ? Result.NONE : Result.TEMPERROR;
            return new One(
                    new DmarcResult(result, Request.NONE, domain, organizational, way.trouble()), Optional.empty());
        }
        DmarcRecord record = policy.get().record();
        Request requested = record.applied(requested(domain, policy.get()));
        Aligned bySpf = spf.result() == Result.PASS || spf.result() == Result.TEMPERROR
                ? aligned(spf.domain(), spf.result(), way, record.strictSpf())
                : Aligned.NO;
        Aligned byDkim = dkim(way, record.strictDkim());
        Result result = bySpf == Aligned.YES || byDkim == Aligned.YES
                ? Result.PASS
                : bySpf == Aligned.PERHAPS || byDkim == Aligned.PERHAPS ? Result.TEMPERROR : Result.FAIL;
        String reason = switch (result) {
            case PASS -> "";
            case TEMPERROR -> "not all that could vouch for " + domain + " could be asked";
            case NONE, FAIL, SOFTFAIL, NEUTRAL, POLICY, PERMERROR ->
                "neither SPF nor DKIM passes for a domain of " + domain;
        };
        return new One(
                new DmarcResult(result, requested, domain, organizational, reason),
                Optional.of(new Seen(
                        domain,
                        policy.get().domain(),
                        record,
                        result,
                        requested,
                        bySpf == Aligned.YES,
                        byDkim == Aligned.YES)));
    }

    /// §4.7: `p` is about the domain that has the record, `sp` about those below it, `np` about those that do not
    /// exist.
    private Request requested(String domain, Found policy) {
        DmarcRecord record = policy.record();
        if (policy.domain().equals(domain)) {
            return record.policy();
        }
        if (record.nonexistent() == record.subdomains()) {
            return record.subdomains();
        }
        return exists(domain) ? record.subdomains() : record.nonexistent();
    }

    private boolean exists(String domain) {
        return exists(dns.a(domain)) || exists(dns.aaaa(domain)) || exists(dns.mx(domain));
    }

    private static boolean exists(Answer<?> answer) {
        return switch (answer) {
            case Answer.Found<?> _, Answer.Failed<?> _ -> true;
            case Answer.NoData<?> _, Answer.NoSuchName<?> _ -> false;
        };
    }

    private Aligned dkim(Way author, boolean strict) {
        List<Aligned> all = new ArrayList<>();
        for (Verified signature : dkim) {
            if (signature.vouches() || signature.result() == Result.TEMPERROR) {
                all.add(aligned(signature.domain(), signature.result(), author, strict));
            }
        }
        return all.contains(Aligned.YES) ? Aligned.YES : all.contains(Aligned.PERHAPS) ? Aligned.PERHAPS : Aligned.NO;
    }

    /// §4.4: the same domain, or with relaxed alignment one of the same organization.
    private Aligned aligned(String identifier, Result result, Way author, boolean strict) {
        Aligned yes = result == Result.PASS ? Aligned.YES : Aligned.PERHAPS;
        if (identifier.equalsIgnoreCase(author.start())) {
            return yes;
        }
        String domain = identifier.toLowerCase(java.util.Locale.ROOT);
        if (strict || domain.isEmpty()) {
            return Aligned.NO;
        }
        String organizational = author.organizational();
        boolean within = domain.equals(organizational) || domain.endsWith("." + organizational);
        if (!within) {
            // A part of the author's way that could not be seen may have a record that makes both one organization.
            return author.trouble().isEmpty() ? Aligned.NO : Aligned.PERHAPS;
        }
        Way way = walk.from(domain);
        if (way.organizational().equals(organizational)) {
            return yes;
        }
        return way.trouble().isEmpty() && author.trouble().isEmpty() ? Aligned.NO : Aligned.PERHAPS;
    }
}
