package tamanoir.server.authresults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.Tables;
import tamanoir.server.testkit.FakeDns;

/// What follows when signatures come in: DMARC by DKIM, and mail that a trusted forwarder has changed.
class ExaminerTest {
    private static final String AUTHOR = "From: a@bank.example\r\n";

    @TempDir
    Path home;

    private final FakeDns dns = new FakeDns();
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void records() {
        dns.txt("bank.example", "v=spf1 -all").txt("_dmarc.bank.example", "v=DMARC1; p=reject");
    }

    private Evidence examine(Map<String, String> mainCf, String header, Signatures.Found found) {
        Config config = Config.of(home, mainCf);
        Trace trace = new Trace("test", "");
        Examiner examiner = new Examiner(
                ExaminerSettings.of(config, new Tables(config, Clock.systemUTC(), trace)),
                dns,
                (_, _, _, _) -> found,
                Examiner.Witness.none(),
                InstantSource.system());
        return examiner.examine(
                new Examiner.Subject(
                        trace,
                        InetAddress.ofLiteral("203.0.113.5"),
                        "relay.example",
                        ReversePath.of(Address.of("list@list.example")),
                        new Body.Small(Octets.of(header + AUTHOR + "\r\nbody\r\n"))),
                store.blobs());
    }

    private static Signatures.Found dkim(Result result, boolean whole) {
        return new Signatures.Found(
                List.of(new Verified(result, "", "bank.example", "s1", "@bank.example", "rsa-sha256", 2048, whole)),
                ArcResult.NONE);
    }

    private static Signatures.Found arc(Result result, String... sealers) {
        return new Signatures.Found(List.of(), new ArcResult(result, "", sealers.length, List.of(sealers)));
    }

    @Test
    void forwardedMailThatKeepsItsSignaturePasses() {
        Evidence evidence = examine(Map.of(), "", dkim(Result.PASS, true));
        assertThat(evidence.dmarc().result()).isEqualTo(Result.PASS);
        assertThat(evidence.field())
                .contains("dkim=pass (2048-bit key) header.d=bank.example")
                .contains("dmarc=pass header.from=bank.example");
        assertThat(examine(Map.of(), "", dkim(Result.PASS, false)).dmarc().result())
                .isEqualTo(Result.FAIL);
        assertThat(examine(Map.of(), "", dkim(Result.TEMPERROR, true)).dmarc().result())
                .isEqualTo(Result.TEMPERROR);
    }

    @Test
    void aTrustedSealerThatSawItPassIsBelieved() {
        String seal = "ARC-Authentication-Results: i=1; list.example;\r\n dmarc=pass header.from=bank.example\r\n";
        Map<String, String> trusting = Map.of("arc_trusted_sealers", "list.example");
        Evidence evidence = examine(trusting, seal, arc(Result.PASS, "list.example"));
        assertThat(evidence.dmarc().result()).isEqualTo(Result.FAIL);
        assertThat(evidence.dmarc().requested()).isEqualTo(Request.NONE);
        assertThat(evidence.isUnwanted()).isFalse();
        assertThat(evidence.field()).contains("arc=pass").contains("list.example, which is trusted");
    }

    @Test
    void nobodyElseIsBelieved() {
        String seal = "ARC-Authentication-Results: i=1; list.example;\r\n dmarc=pass header.from=bank.example\r\n";
        Map<String, String> trusting = Map.of("arc_trusted_sealers", "list.example");
        assertThat(examine(Map.of(), seal, arc(Result.PASS, "list.example")).isUnwanted())
                .isTrue();
        assertThat(examine(trusting, seal, arc(Result.FAIL, "list.example")).isUnwanted())
                .isTrue();
        assertThat(examine(trusting, seal, arc(Result.PASS, "list.example", "other.example"))
                        .isUnwanted())
                .isTrue();
        assertThat(examine(trusting, "", arc(Result.PASS, "list.example")).isUnwanted())
                .isTrue();
        String none = "ARC-Authentication-Results: i=1; list.example; dmarc=fail header.from=bank.example\r\n";
        assertThat(examine(trusting, none, arc(Result.PASS, "list.example")).isUnwanted())
                .isTrue();
    }
}
