package tamanoir.mail.authresults.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.ZoneDns;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.Octets;

class DmarcCheckTest {
    private final ZoneDns dns = new ZoneDns();

    private static SpfResult spf(Result result, String domain) {
        return new SpfResult(result, domain, false, "");
    }

    private static Verified dkim(Result result, String domain) {
        return new Verified(result, "", domain, "s", "@" + domain, "rsa-sha256", 2048, true);
    }

    private static Author author(String header) {
        return Author.of(HeaderFields.of(Octets.of(header + "\r\n\r\n")));
    }

    private DmarcResult check(String from, SpfResult spf, Verified... dkim) {
        return DmarcCheck.of(author("From: " + from), spf, List.of(dkim), dns).result();
    }

    @Test
    void anAlignedPassOfEitherIsEnough() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject");
        assertThat(check("a@example.net", spf(Result.PASS, "mail.example.net")).result())
                .isEqualTo(Result.PASS);
        assertThat(check("a@example.net", SpfResult.NONE, dkim(Result.PASS, "example.net"))
                        .result())
                .isEqualTo(Result.PASS);
        assertThat(check("a@example.net", spf(Result.PASS, "example.org"), dkim(Result.FAIL, "example.net")))
                .satisfies(r -> assertThat(r.result()).isEqualTo(Result.FAIL))
                .satisfies(r -> assertThat(r.requested()).isEqualTo(Request.REJECT));
    }

    @Test
    void strictAlignmentWantsTheSameName() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=quarantine; adkim=s; aspf=s");
        assertThat(check("a@example.net", spf(Result.PASS, "m.example.net"), dkim(Result.PASS, "m.example.net"))
                        .result())
                .isEqualTo(Result.FAIL);
        assertThat(check("a@example.net", spf(Result.PASS, "example.net")).result())
                .isEqualTo(Result.PASS);
    }

    @Test
    void aSignatureThatLeavesABodyOpenVouchesForNothing() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject");
        Verified part = new Verified(Result.PASS, "", "example.net", "s", "", "rsa-sha256", 2048, false);
        assertThat(check("a@example.net", SpfResult.NONE, part).result()).isEqualTo(Result.FAIL);
    }

    @Test
    void theWalkGoesUpToTheHighestRecord() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject; sp=quarantine; np=reject");
        dns.add("A", "news.example.net", "192.0.2.1");
        assertThat(check("a@news.example.net", spf(Result.PASS, "other.example.net"))
                        .result())
                .isEqualTo(Result.PASS);
        assertThat(check("a@news.example.net", SpfResult.NONE).requested()).isEqualTo(Request.QUARANTINE);
        assertThat(check("a@nosuch.example.net", SpfResult.NONE).requested()).isEqualTo(Request.REJECT);
    }

    @Test
    void noWalkAsksMoreThanEightTimes() {
        check("a@a.b.c.d.e.f.g.h.i.j.k.example.net", SpfResult.NONE);
        assertThat(dns.questions())
                .containsExactly(
                        "TXT _dmarc.a.b.c.d.e.f.g.h.i.j.k.example.net",
                        "TXT _dmarc.g.h.i.j.k.example.net",
                        "TXT _dmarc.h.i.j.k.example.net",
                        "TXT _dmarc.i.j.k.example.net",
                        "TXT _dmarc.j.k.example.net",
                        "TXT _dmarc.k.example.net",
                        "TXT _dmarc.example.net",
                        "TXT _dmarc.net");
    }

    @Test
    void publicSuffixesDivideOrganizations() {
        dns.txt("_dmarc.bank", "v=DMARC1; p=reject; sp=quarantine; psd=y");
        dns.add("A", "one.bank", "192.0.2.1");
        assertThat(check("a@one.bank", spf(Result.PASS, "two.bank")))
                .satisfies(r -> assertThat(r.result()).isEqualTo(Result.FAIL))
                .satisfies(r -> assertThat(r.organizational()).isEqualTo("one.bank"))
                .satisfies(r -> assertThat(r.requested()).isEqualTo(Request.QUARANTINE));
        assertThat(check("a@one.bank", spf(Result.PASS, "mail.one.bank")).result())
                .isEqualTo(Result.PASS);
        dns.txt("_dmarc.own.one.bank", "v=DMARC1; p=none; psd=n");
        assertThat(check("a@one.bank", spf(Result.PASS, "own.one.bank")).result())
                .isEqualTo(Result.FAIL);
    }

    @Test
    void whoTestsIsSparedOneStep() {
        dns.txt("_dmarc.t.example", "v=DMARC1; p=reject; t=y");
        dns.txt("_dmarc.zero.example", "v=DMARC1; p=quarantine; pct=0");
        dns.txt("_dmarc.half.example", "v=DMARC1; p=reject; pct=50");
        assertThat(check("a@t.example", SpfResult.NONE).requested()).isEqualTo(Request.QUARANTINE);
        assertThat(check("a@zero.example", SpfResult.NONE).requested()).isEqualTo(Request.NONE);
        assertThat(check("a@half.example", SpfResult.NONE).requested()).isEqualTo(Request.REJECT);
    }

    @Test
    void troubleIsNoFailure() {
        dns.txt("_dmarc.example.net", "v=DMARC1; p=reject");
        dns.fails("_dmarc.down.example");
        assertThat(check("a@down.example", SpfResult.NONE).result()).isEqualTo(Result.TEMPERROR);
        assertThat(check("a@example.net", spf(Result.TEMPERROR, "example.net")).result())
                .isEqualTo(Result.TEMPERROR);
        assertThat(check("a@example.net", SpfResult.NONE, dkim(Result.TEMPERROR, "example.net"))
                        .result())
                .isEqualTo(Result.TEMPERROR);
        assertThat(check("a@example.net", spf(Result.TEMPERROR, "elsewhere.example"))
                        .result())
                .isEqualTo(Result.FAIL);
    }

    @Test
    void recordsThatAreNoneDoNotCount() {
        assertThat(DmarcRecord.parse("v=spf1 -all")).isEmpty();
        assertThat(DmarcRecord.parse("v=DMARC1")).isEmpty();
        assertThat(DmarcRecord.parse("v=DMARC1; p=whatever")).isEmpty();
        assertThat(DmarcRecord.parse("v=DMARC1; p=whatever; rua=mailto:r@example.net"))
                .map(DmarcRecord::policy)
                .isEqualTo(Optional.of(Request.NONE));
        assertThat(DmarcRecord.parse("p=reject; v=DMARC1")).isEmpty();
        dns.txt("_dmarc.two.example", "v=DMARC1; p=reject").txt("_dmarc.two.example", "v=DMARC1; p=none");
        assertThat(check("a@two.example", SpfResult.NONE).result()).isEqualTo(Result.NONE);
    }

    /// B44: DMARC with odd From fields.
    @Test
    void whateverTheFromFieldSaysTheDomainIsTheOneThatIsShown() {
        dns.txt("_dmarc.victim.example", "v=DMARC1; p=reject");
        Verified evil = dkim(Result.PASS, "evil.example");
        for (String from : List.of(
                "S <s@victim.example>, S <s@evil.example>",
                "<s@victim.example>(x) <s@evil.example>",
                "=?utf-8?B?c0B2aWN0aW0uZXhhbXBsZQ==?=",
                "g: s@victim.example, s@evil.example;",
                "s@evil.example\r\nFrom: s@victim.example",
                "s@victim.example\r\nFROM : s@evil.example")) {
            DmarcResult result = check(from, SpfResult.NONE, evil);
            assertThat(result.result()).as(from).isEqualTo(Result.FAIL);
            assertThat(result.requested()).as(from).isEqualTo(Request.REJECT);
        }
        assertThat(author("From: \"s@victim.example\" <s@evil.example>").domains())
                .containsExactly("evil.example");
        assertThat(check("victims:;", SpfResult.NONE, evil).result()).isEqualTo(Result.FAIL);
        assertThat(DmarcCheck.of(author("Subject: x"), SpfResult.NONE, List.of(evil), dns)
                        .result()
                        .result())
                .isEqualTo(Result.FAIL);
        dns.txt("_dmarc.evil.example", "v=DMARC1; p=none");
        assertThat(check("\"s@victim.example\" <s@evil.example>", SpfResult.NONE, evil)
                        .result())
                .isEqualTo(Result.PASS);
    }

    @Test
    void internationalDomainsAreComparedAsTheDnsKnowsThem() {
        dns.txt("_dmarc.xn--bcher-kva.example", "v=DMARC1; p=reject");
        assertThat(check("a@bücher.example", spf(Result.PASS, "xn--bcher-kva.example"))
                        .result())
                .isEqualTo(Result.PASS);
    }
}
