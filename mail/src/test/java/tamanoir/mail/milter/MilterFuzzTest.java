package tamanoir.mail.milter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Whatever a milter sends is a reply that can be written again, or refused.
class MilterFuzzTest {
    @FuzzTest
    void anyOctetsAreAReplyOrRefused(byte[] data) {
        check(data, "");
    }

    static void check(byte[] data, String about) {
        MilterReply reply;
        try {
            reply = MilterReply.of(Octets.of(data));
        } catch (BadSyntax e) {
            return;
        }
        if (!(reply instanceof MilterReply.Negotiated)) {
            MilterReply again = MilterReply.of(reply.packet().from(4));
            assertThat(again.packet()).as(about).isEqualTo(reply.packet());
        }
    }
}
