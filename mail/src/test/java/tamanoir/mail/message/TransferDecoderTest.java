package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tamanoir.mail.text.Octets;

class TransferDecoderTest {
    /// `\r\n` and so on stand for themselves.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "BASE64|aGVsbG8=|hello|false",
                "BASE64|aGVsbG8|hello|false",
                "BASE64|aGVs\\r\\nbG8=\\r\\n|hello|false",
                "BASE64|aGVsbG8=aGVsbG8=|hellohello|false",
                "BASE64|aGk==aGk|hihi|true",
                "BASE64|aGk=\\r\\n=aGk|hihi|true",
                "BASE64|aG!Vs|hel|true",
                "BASE64|aGk= ignored\\r\\naGk=|hihi|false",
                "BASE64|aGk=\\r\\n_____\\r\\nthe list|hi|true",
                "BASE64|aGk=\\r\\n-- \\r\\nthe list|hi|true",
                "BASE64|a|``|true",
                "BASE64|====|``|true",
                "BASE64|``|``|false",
                "QUOTED_PRINTABLE|a=3Db|a=b|false",
                "QUOTED_PRINTABLE|a=3db=c3=A9|a=b\u00C3\u00A9|false",
                "QUOTED_PRINTABLE|a=\\r\\nb|ab|false",
                "QUOTED_PRINTABLE|a=\\nb|ab|false",
                "QUOTED_PRINTABLE|a= \\t\\r\\nb|ab|false",
                "QUOTED_PRINTABLE|a  \\r\\nb \\t|a\\r\\nb|false",
                "QUOTED_PRINTABLE|a  b|a  b|false",
                "QUOTED_PRINTABLE|a=|a|false",
                "QUOTED_PRINTABLE|a=4|a=4|true",
                "QUOTED_PRINTABLE|a=ZZb|a=ZZb|true",
                "QUOTED_PRINTABLE|a==3D|a==|true",
                "QUOTED_PRINTABLE|a= b|a= b|true",
                "QUOTED_PRINTABLE|a=4=3D|a=4=|true",
                "UUENCODE|begin 644 x\\n#:&5L\\n`\\nend\\n|hel|false",
                "UUENCODE|text before\\nbegin 644 x\\n#:&5L\\n`\\nend\\nafter|hel|false",
                "UUENCODE|begin 644 x\\n#:&5L\\n|hel|true",
                "UUENCODE|nothing|``|true",
                "IDENTITY|a=3D|a=3D|false",
                "UNKNOWN|a=3D|a=3D|true"
            })
    void bodiesAreDecodedAsWellAsCanBe(TransferEncoding encoding, String coded, String plain, boolean isDamaged) {
        TransferEncoding.Decoded decoded = encoding.decode(Octets.latin1(lines(coded)));
        assertThat(decoded.octets().latin1()).isEqualTo(lines(plain));
        assertThat(decoded.isDamaged()).isEqualTo(isDamaged);
    }

    private static String lines(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BASE64 | BASE64",
                "base64 (RFC 2045) | BASE64",
                "'\"base64\"' | BASE64",
                "Quoted-Printable; x | QUOTED_PRINTABLE",
                "8bit | IDENTITY",
                "x-uuencode | UUENCODE",
                "rot13 | UNKNOWN"
            })
    void namesAreReadAsPeopleWriteThem(String name, TransferEncoding encoding) {
        assertThat(TransferEncoding.of(name)).isEqualTo(encoding);
    }

    /// However the octets are cut, the result is the same.
    @ParameterizedTest
    @EnumSource(TransferEncoding.class)
    void piecesDoNotMatter(TransferEncoding encoding) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "=AFaf09 \t\r\n+/_!`begin 644 x\nM\n";
        for (int round = 0; round < 3000; round++) {
            byte[] octets = new byte[random.nextInt(60)];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte)
                        (random.nextInt(8) == 0 ? random.nextInt() : letters.charAt(random.nextInt(letters.length())));
            }
            Octets whole = Octets.of(octets);
            TransferEncoding.Decoded expected = encoding.decode(whole);
            for (int step : new int[] {1, 2, 3, 7}) {
                TransferDecoder decoder = encoding.decoder();
                StringBuilder pieces = new StringBuilder();
                for (int at = 0; at < octets.length; at += step) {
                    decoder.feed(whole.slice(at, Math.min(octets.length, at + step)));
                    pieces.append(decoder.take().latin1());
                }
                decoder.finish();
                pieces.append(decoder.take().latin1());
                assertThat(pieces.toString())
                        .as("seed %d, %s", seed, whole)
                        .isEqualTo(expected.octets().latin1());
                // Whether the encoding itself is known is no matter of the pieces.
                assertThat(decoder.isDamaged()).as("seed %d, %s", seed, whole).isEqualTo(expected.isDamaged());
            }
        }
    }

    @Test
    void whatTheJdkEncodesIsDecoded() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] octets = new byte[random.nextInt(300)];
            random.nextBytes(octets);
            byte[] coded = Base64.getMimeEncoder().encode(octets);
            TransferEncoding.Decoded decoded = TransferEncoding.BASE64.decode(Octets.of(coded));
            assertThat(decoded.octets()).as("seed %d", seed).isEqualTo(Octets.of(octets));
            assertThat(decoded.isDamaged()).isFalse();
        }
    }

    @Test
    void nobodyMakesFortyOctetsOutOfOne() {
        byte[] coded = ("begin 644 x\n" + "_\n".repeat(100_000) + "end\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        TransferEncoding.Decoded decoded = TransferEncoding.UUENCODE.decode(Octets.of(coded));
        assertThat(decoded.octets().length()).isLessThan(coded.length);
        assertThat(decoded.isDamaged()).isTrue();
    }
}
