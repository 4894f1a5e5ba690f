package tamanoir.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;

class WireTest {
    private interface Writing {
        void to(Wire wire) throws IOException;
    }

    private static String written(boolean utf8, Writing writing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Wire wire = new Wire(out::write, utf8);
        writing.to(wire);
        wire.spill();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void stringsAreQuotedWhereTheyCanBe() throws IOException {
        assertThat(written(false, w -> w.string("plain"))).isEqualTo("\"plain\"");
        assertThat(written(false, w -> w.string("a\"b\\c"))).isEqualTo("\"a\\\"b\\\\c\"");
        assertThat(written(false, w -> w.string("a\r\nb"))).isEqualTo("{4}\r\na\r\nb");
        assertThat(written(false, w -> w.string("\u00fc"))).isEqualTo("{2}\r\n\u00c3\u00bc");
        assertThat(written(true, w -> w.string("\u00fc"))).isEqualTo("\"\u00c3\u00bc\"");
        assertThat(written(true, w -> w.string(Octets.latin1("\u00fc")))).isEqualTo("{1}\r\n\u00fc");
    }

    /// B37: NUL in none but a literal8 (RFC 9051 §9).
    @Test
    void nulGoesOnlyInBinaryLiterals() throws IOException {
        Octets nul = Octets.latin1("a\0b");
        assertThat(written(false, w -> w.string(nul))).isEqualTo("{3}\r\na\u0080b");
        assertThat(written(true, w -> w.string(nul))).isEqualTo("{3}\r\na\u0080b");
        assertThat(written(false, w -> w.binary(nul))).isEqualTo("~{3}\r\na\0b");
        assertThat(written(false, w -> w.binary(Octets.latin1("ab")))).isEqualTo("\"ab\"");
    }

    @Test
    void namesAreAtomsUnlessTheyWouldMeanNothing() throws IOException {
        assertThat(written(false, w -> w.astring(Octets.of("INBOX")))).isEqualTo("INBOX");
        assertThat(written(false, w -> w.astring(Octets.of("a b")))).isEqualTo("\"a b\"");
        assertThat(written(false, w -> w.astring(Octets.of("nil")))).isEqualTo("\"nil\"");
        assertThat(written(false, w -> w.astring(Octets.EMPTY))).isEqualTo("\"\"");
        assertThat(written(false, w -> w.astring(Octets.of("a*")))).isEqualTo("\"a*\"");
    }

    @Test
    void aResponseCanBeTakenBackUntilItHasGoneOut() throws IOException {
        assertThat(written(false, w -> {
                    w.text("* OK").crlf().text("* 1 FETCH (");
                    assertThat(w.abandon()).isTrue();
                }))
                .isEqualTo("* OK\r\n");
        written(false, w -> {
            w.text("* 1 FETCH (").octets(Octets.of(new byte[100_000]));
            assertThat(w.abandon()).isFalse();
        });
    }

    @Test
    void anyAmountOfAnythingComesOutInOrder() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder expected = new StringBuilder();
        String written = written(false, w -> {
            for (int i = 0; i < 5_000; i++) {
                long number = random.nextLong() >>> random.nextInt(64);
                String text = "x".repeat(random.nextInt(60)) + (i % 500 == 0 ? "y".repeat(40_000) : "");
                w.number(number).character(' ').text(text).crlf();
                expected.append(number).append(' ').append(text).append("\r\n");
            }
        });
        assertThat(written).as("seed " + seed).isEqualTo(expected.toString());
    }

    /// B25: the codes are built in one place, and there is none for nothing (RFC 4315 §3).
    @Test
    void codesOfNothingDoNotExist() {
        assertThat(new ResponseCode.CopyUid(14, "3:4,6", "1:3").text()).isEqualTo("COPYUID 14 3:4,6 1:3");
        assertThat(new ResponseCode.AppendUid(14, "7").text()).isEqualTo("APPENDUID 14 7");
        assertThat(ResponseCode.Plain.READ_WRITE.text()).isEqualTo("READ-WRITE");
        assertThatThrownBy(() -> new ResponseCode.CopyUid(14, "", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResponseCode.AppendUid(14, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void setsAreWrittenAsShortAsTheyCanBe() {
        assertThat(SequenceSet.compact(new long[] {1, 2, 3, 5, 7, 8})).isEqualTo("1:3,5,7:8");
        assertThat(SequenceSet.compact(new long[0])).isEmpty();
        assertThat(SequenceSet.inOrder(List.of(30L, 31L, 7L))).isEqualTo("30:31,7");
    }

    @Test
    void aStarIsTheLargestNumber() {
        SequenceSet set = new SequenceSet(
                List.of(new SequenceSet.Range(5, SequenceSet.STAR), new SequenceSet.Range(2, 1)), false);
        assertThat(set.resolve(3)).containsExactly(new SequenceSet.Range(1, 5));
        assertThat(set.resolve(9)).containsExactly(new SequenceSet.Range(1, 2), new SequenceSet.Range(5, 9));
        SequenceSet last = new SequenceSet(List.of(new SequenceSet.Range(SequenceSet.STAR, SequenceSet.STAR)), false);
        assertThat(last.resolve(0)).isEmpty();
        assertThat(last.resolve(4)).containsExactly(new SequenceSet.Range(4, 4));
    }
}
