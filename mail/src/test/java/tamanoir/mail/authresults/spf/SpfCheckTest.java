package tamanoir.mail.authresults.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.ZoneDns;

/// B43: counting SPF look-ups, and its siblings.
class SpfCheckTest {
    private final ZoneDns dns = new ZoneDns();

    private SpfResult check(String client, String domain) {
        return SpfCheck.of(question(client, "joe@" + domain), dns, SpfLimits.DEFAULT, () -> false);
    }

    private static SpfQuestion question(String client, String sender) {
        return SpfQuestion.sender(
                ZoneDns.address(client),
                Optional.of(Address.of(sender)),
                "helo.example",
                "mx.example.com",
                Instant.ofEpochSecond(1_000));
    }

    private void chain(int terms) {
        for (int i = 1; i <= terms; i++) {
            dns.txt(
                    i == 1 ? "chain.example" : "c" + i + ".example",
                    i == terms ? "v=spf1 a:ok.example -all" : "v=spf1 include:c" + (i + 1) + ".example -all");
        }
        dns.add("A", "ok.example", "192.0.2.1");
    }

    @Test
    void tenTermsPass() {
        chain(10);
        assertThat(check("192.0.2.1", "chain.example").result()).isEqualTo(Result.PASS);
    }

    @Test
    void elevenTermsAreTooMany() {
        chain(11);
        assertThat(check("192.0.2.1", "chain.example").result()).isEqualTo(Result.PERMERROR);
    }

    @Test
    void tenExchangersAreNoTermsAndElevenAreTooMany() {
        dns.txt("ten.example", "v=spf1 mx a a a a a a a a mx:eleven.example -all")
                .add("A", "ten.example", "192.0.2.99");
        dns.txt("more.example", "v=spf1 mx:eleven.example -all");
        for (int i = 1; i <= 11; i++) {
            if (i <= 10) {
                dns.add("MX", "ten.example", i + " mx" + i + ".example");
            }
            dns.add("MX", "eleven.example", i + " mx" + i + ".example");
            dns.add("A", "mx" + i + ".example", "192.0.2." + i);
        }
        assertThat(check("192.0.2.10", "ten.example").result()).isEqualTo(Result.PASS);
        assertThat(check("192.0.2.11", "ten.example").result()).isEqualTo(Result.PERMERROR);
        assertThat(check("192.0.2.1", "more.example").result()).isEqualTo(Result.PERMERROR);
    }

    @Test
    void threeNamesThatDoNotExistAreTooMany() {
        dns.txt("v2.example", "v=spf1 a:n1.example a:n2.example ip4:192.0.2.1 -all");
        dns.txt("v3.example", "v=spf1 a:n1.example a:n2.example exists:n3.example ip4:192.0.2.1 -all");
        assertThat(check("192.0.2.1", "v2.example").result()).isEqualTo(Result.PASS);
        assertThat(check("192.0.2.1", "v3.example").result()).isEqualTo(Result.PERMERROR);
    }

    @Test
    void loopsEndAndTwoRecordsAreNone() {
        dns.txt("loop.example", "v=spf1 include:loop.example -all");
        dns.txt("two.example", "v=spf1 -all").txt("two.example", "v=spf1 +all");
        assertThat(check("192.0.2.1", "loop.example").result()).isEqualTo(Result.PERMERROR);
        assertThat(check("192.0.2.1", "two.example").result()).isEqualTo(Result.PERMERROR);
    }

    @Test
    void macrosMakeNames() {
        dns.txt("m.one.example", "v=spf1 a:%{d1r}.example.net exists:%{ir}.%{v}.example.net -all");
        dns.add("A", "m.example.net", "192.0.2.1");
        dns.add("A", "2.2.0.192.in-addr.example.net", "127.0.0.2");
        assertThat(check("192.0.2.1", "m.one.example").result()).isEqualTo(Result.PASS);
        assertThat(check("192.0.2.2", "m.one.example").result()).isEqualTo(Result.PASS);
        assertThat(check("192.0.2.3", "m.one.example").result()).isEqualTo(Result.FAIL);
    }

    @Test
    void troubleIsTemporaryWhereverItIs() {
        dns.fails("down.example");
        dns.txt("t.example", "v=spf1 a:down.example -all");
        assertThat(check("192.0.2.1", "down.example").result()).isEqualTo(Result.TEMPERROR);
        assertThat(check("192.0.2.1", "t.example").result()).isEqualTo(Result.TEMPERROR);
    }

    @Test
    void theTimeIsLimited() {
        dns.txt("slow.example", "v=spf1 a -all").add("A", "slow.example", "192.0.2.1");
        assertThat(SpfCheck.of(question("192.0.2.1", "a@slow.example"), dns, SpfLimits.DEFAULT, () -> true)
                        .result())
                .isEqualTo(Result.TEMPERROR);
    }

    @Test
    void explanationsAreOneHarmlessLine() {
        dns.txt("x.example", "v=spf1 -all exp=why.x.example");
        dns.txt("why.x.example", "%{s} from %{c} at %{r}, not " + "so ".repeat(300));
        SpfResult result = SpfCheck.of(
                question("192.0.2.1", "\"a\u0001b\"@x.example".replace("\u0001", "ü")),
                dns,
                SpfLimits.DEFAULT,
                () -> false);
        assertThat(result.result()).isEqualTo(Result.FAIL);
        assertThat(result.explanation()).startsWith("a?b@x.example from 192.0.2.1 at mx.example.com, not");
        assertThat(result.explanation().length()).isLessThanOrEqualTo(400);
    }

    @Test
    void aNullSenderIsTheNameOfTheClient() {
        dns.txt("helo.example", "v=spf1 ip4:192.0.2.1 -all");
        SpfResult result = SpfCheck.of(
                SpfQuestion.sender(
                        ZoneDns.address("192.0.2.1"),
                        Optional.empty(),
                        "helo.example",
                        "mx.example.com",
                        Instant.EPOCH),
                dns,
                SpfLimits.DEFAULT,
                () -> false);
        assertThat(result).isEqualTo(new SpfResult(Result.PASS, "helo.example", true, ""));
    }

    @Test
    void internationalDomainsAreAskedByTheirNamesInTheDns() {
        dns.txt("xn--bcher-kva.example", "v=spf1 ip6:2001:db8::/32 -all");
        assertThat(check("2001:db8::1", "bücher.example").result()).isEqualTo(Result.PASS);
    }
}
