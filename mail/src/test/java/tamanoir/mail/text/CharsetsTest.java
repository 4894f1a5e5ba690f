package tamanoir.mail.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharsetsTest {
    /// B35: what is shown, whether it is marked, label by label. Octets in hexadecimal.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "NONE",
            value = {
                "gb2312 | A843 D492 | \u2013\u8A71 | false",
                "GBK | A843 | \u2013 | false",
                "iso-8859-1 | 93419480 | \u201CA\u201D\u20AC | false",
                "latin1 | E9 | \u00E9 | false",
                "windows-1252 | 81 8D | \u0081\u008D | false",
                "iso-2022-jp | 1B2442 2D21 1B2842 | \u2460 | false",
                "iso-2022-jp | 1B2849 3132 1B2842 | \uFF71\uFF72 | false",
                "csISO2022JP | 1B2442 2422 1B2842 | \u3042 | false",
                "shift_jis | 8740 | \u2460 | false",
                "us-ascii | C3A9 | \u00E9 | false",
                "us-ascii | E9 | \u00E9 | true",
                "us-ascii | 61 | a | false",
                "`` | C3A9 | \u00E9 | false",
                "`` | E980 | \u00E9\u20AC | true",
                "utf8 | C3A9 | \u00E9 | false",
                "UTF-8 | EFBBBF 61 | a | false",
                "UTF-8 | EFBFBD | \uFFFD | false",
                "UTF-8 | C3 | \uFFFD | true",
                "cp-850 | 82 | \u00E9 | false",
                "cp850 | 82 | \u00E9 | false",
                "ibm-850 | 82 | \u00E9 | false",
                "unicode-1-1-utf-7 | 2B 41 4F 6B 2D | \u00E9 | false",
                "utf-7 | 61 2B 2D 62 | a+b | false",
                "`\"iso-8859-1` | E9 | \u00E9 | false",
                "`'utf-8';` | C3A9 | \u00E9 | false",
                "utf-16 | FEFF 0041 | A | false",
                "utf-16 | FFFE 4100 | A | false",
                "utf-16le | 4100 | A | false",
                "big5 | A440 | \u4E00 | false",
                "euc-kr | B0A1 | \uAC00 | false",
                "ks_c_5601-1987 | 8141 | \uAC02 | false",
                "koi8-r | C1 | \u0430 | false",
                "iso-8859-9 | FD | \u0131 | false",
                "tis-620 | A1 | \u0E01 | false",
                "x-nope | 61 | a | true",
                "x-nope | E9 | \u00E9 | true",
                "x nope/with:odd*characters | 61 | a | true",
                "\u00FCtf-8 | 61 | a | true"
            })
    void labelsMeanWhatTheirSendersMeant(String label, String octets, String text, boolean isProblem) {
        DecodedText decoded = Charsets.decode(hex(octets), label);
        assertThat(decoded.text()).isEqualTo(text);
        assertThat(decoded.isEncodingProblem()).isEqualTo(isProblem);
    }

    /// B35.
    @Test
    void anUnknownCharsetLosesNothing() {
        DecodedText decoded = Charsets.decode(hex("C3A9".repeat(20)), "x-nope");
        assertThat(decoded.text()).isEqualTo("\u00E9".repeat(20));
        assertThat(decoded.isEncodingProblem()).isTrue();
    }

    @Test
    void everyCharsetOfTheRuntimeTakesAnyOctets() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (String name : Charset.availableCharsets().keySet()) {
            for (int i = 0; i < 50; i++) {
                byte[] octets = new byte[random.nextInt(60)];
                random.nextBytes(octets);
                assertThat(Charsets.decode(Octets.of(octets), name).text())
                        .as("%s, seed %d", name, seed)
                        .isNotNull();
            }
        }
    }

    @Test
    void sameCharsetsHaveOneName() {
        assertThat(Charsets.canonicalName("utf8"))
                .isEqualTo(Charsets.canonicalName("UTF-8"))
                .contains("UTF-8");
        assertThat(Charsets.canonicalName("latin1")).contains("windows-1252");
        assertThat(Charsets.canonicalName("nope")).isEmpty();
        assertThat(Charsets.isKnown("KOI8-U")).isTrue();
        assertThat(Charsets.isKnown("")).isFalse();
        assertThat(Charsets.isKnown("x".repeat(10_000))).isFalse();
    }

    /// RFC 2152.
    @Test
    void utf7IsReadAndItsFaultsAreMarked() {
        assertThat(Charsets.decode(Octets.of("A+ImIDkQ."), "utf-7"))
                .isEqualTo(new DecodedText("A\u2262\u0391.", false));
        assertThat(Charsets.decode(Octets.of("Hi Mom -+Jjo--!"), "utf-7"))
                .isEqualTo(new DecodedText("Hi Mom -\u263A-!", false));
        assertThat(Charsets.decode(Octets.of("+!"), "utf-7").isEncodingProblem())
                .isTrue();
        assertThat(Charsets.decode(Octets.of("+A-"), "utf-7").isEncodingProblem())
                .isTrue();
        assertThat(Charsets.decode(Octets.of("+"), "utf-7").text()).isEqualTo("+");
    }

    @Test
    void guessingPrefersUtf8() {
        assertThat(Charsets.guess(Octets.of("Gr\u00FC\u00DFe"))).isEqualTo("Gr\u00FC\u00DFe");
        assertThat(Charsets.guess(Octets.of("Gr\u00FC\u00DFe".getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo("Gr\u00FC\u00DFe");
        assertThat(Charsets.isUtf8(hex("C0AF"))).isFalse();
        assertThat(Charsets.isAscii(hex("7F"))).isTrue();
        assertThat(Charsets.isAscii(hex("80"))).isFalse();
    }

    private static Octets hex(String digits) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        String plain = digits.replace(" ", "");
        for (int i = 0; i < plain.length(); i += 2) {
            octets.write(Integer.parseInt(plain, i, i + 2, 16));
        }
        return Octets.of(octets.toByteArray());
    }
}
