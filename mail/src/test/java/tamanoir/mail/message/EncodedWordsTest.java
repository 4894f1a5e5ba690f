package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tamanoir.mail.text.Octets;

class EncodedWordsTest {
    /// B34, and its siblings.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=?UTF-8?B?U3M=?= =?UTF-8?B?bGE=?=|Ssla",
                "=?UTF-8?B?U3M=?=   \t =?utf8?b?bGE?=|Ssla",
                "=?UTF-8?B?U3M=?==?UTF-8?B?bGE=?=|Ssla",
                "[SPAM]=?utf-8?B?aGk=?=|[SPAM]hi",
                "=?utf-8?B?aGk=?=there|hithere",
                "=?utf-8?Q??= x| x",
                "=?utf-8?B??=|",
                "=?utf-8?Q?a b?=|=?utf-8?Q?a b?=",
                "=?x-unknown?B?aGk=?=|=?x-unknown?B?aGk=?=",
                "=?utf-8*en?Q?a?=|a",
                "=?utf-8*de-at?Q?gr=C3=BC=C3=9F?=|grüß",
                "a =?utf-8?Q?b?= c|a b c",
                "=?utf-8?Q?b?= c =?utf-8?Q?d?=|b c d",
                "=?utf-8?q?a_b?=|a b",
                "=?utf-8?Q?a=5Fb?=|a_b",
                "=?utf-8?Q?=?=|=",
                "=?utf-8?Q?=zz?=|=zz",
                "=?utf-8?Q?=4?=|=4",
                "=?utf-8?Q?a?b?=|a?b",
                "=?utf-8?Q?é?=|é",
                "=?iso-8859-1?Q?=93a=94?=|\u201Ca\u201D",
                "=?gb2312?B?qEM=?=|\u2013",
                "=?|=?",
                "=?=|=?=",
                "=??=|=??=",
                "=???=|=???=",
                "=????=|=????=",
                "=?utf-8?X?a?=|=?utf-8?X?a?=",
                "=?utf-8?Q?abc|=?utf-8?Q?abc",
                "=?utf-8?Q?abc?|=?utf-8?Q?abc?",
                "=?=?utf-8?Q?a?=|=?a",
                "=?utf-8?B?!!!!?=|",
                "=?utf-8?B?aGk==?=|hi",
                "=?us-ascii?Q?a?= =?x-unknown?Q?b?=|a =?x-unknown?Q?b?=",
                "=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=|aé",
                "=?utf-8?Q?a=0D=0ABcc:_x=00y?=|a  Bcc: x y",
                "no words at all|no words at all"
            })
    void wordsAreReadAsTheirSendersMeantThem(String raw, String text) {
        assertThat(EncodedWords.decode(raw)).isEqualTo(text == null ? "" : text);
    }

    /// B34: a word of four kana, cut at every place into two and three pieces, each padded by itself.
    @Test
    void charactersCutInTwoAreWhole() {
        String kana = "\u3042\u30AB\u3055\u30BF";
        byte[] octets = kana.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                String subject = "Subject: " + b("UTF-8", octets, 0, first) + "\n " + b("utf-8", octets, first, second)
                        + "\n\t" + b("UTF8", octets, second, octets.length) + "\n\n";
                assertThat(MessageFacts.of(Mails.mail(subject)).subject())
                        .as(subject)
                        .isEqualTo(kana);
                String q = q(octets, 0, first) + " " + q(octets, first, second) + " " + b("utf-8", octets, second, 12);
                assertThat(EncodedWords.decode(q)).as(q).isEqualTo(kana);
            }
        }
    }

    /// B34: each word goes back to ASCII by itself, as RFC 1468 wants it.
    @Test
    void wordsOfIso2022JpHaveTheirOwnEscapes() {
        byte[] a = {0x1B, '$', 'B', 0x24, 0x22, 0x1B, '(', 'B'};
        byte[] i = {0x1B, '$', 'B', 0x24, 0x24, 0x1B, '(', 'B'};
        String subject = b("ISO-2022-JP", a, 0, 8) + "\n " + b("iso-2022-jp", i, 0, 8);
        assertThat(EncodedWords.decode(subject.replace("\n", ""))).isEqualTo("\u3042\u3044");
        // Without the escapes in between the octets are one run, which joining gives for nothing.
        String open = b("ISO-2022-JP", a, 0, 5) + " " + b("ISO-2022-JP", i, 3, 8);
        assertThat(EncodedWords.decode(open)).isEqualTo("\u3042\u3044");
    }

    private static String b(String charset, byte[] octets, int from, int to) {
        byte[] piece = java.util.Arrays.copyOfRange(octets, from, to);
        return "=?" + charset + "?B?" + Base64.getEncoder().encodeToString(piece) + "?=";
    }

    private static String q(byte[] octets, int from, int to) {
        StringBuilder word = new StringBuilder("=?utf-8?Q?");
        for (int i = from; i < to; i++) {
            word.append("=%02X".formatted(octets[i]));
        }
        return word.append("?=").toString();
    }

    @Test
    void aSubjectIsOneLineWithoutControls() {
        Octets mail = Mails.mail("Subject: a\0b\rc\n =?utf-8?Q?d=0Ae?=\n\n");
        assertThat(MessageFacts.of(mail).subject()).matches("[^\\x00-\\x1F]*").contains("d e");
    }
}
