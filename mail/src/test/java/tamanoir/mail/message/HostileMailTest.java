package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.mail.text.Octets;

/// B36, B49 and their siblings: mail made to cost much. Everything is asked of each, in a small heap and on an
/// ordinary stack. The time limit is far above the two seconds that are wanted: it is there for what is not linear.
@Timeout(20)
class HostileMailTest {
    private static final int MANY = 100_000;

    private static MessageFacts ask(String what, Supplier<String> text) {
        Octets mail = Octets.latin1(text.get());
        long before = System.nanoTime();
        MessageFacts facts = Mails.askEverything(mail);
        System.out.printf("%-50s %,12d octets %5d ms%n", what, mail.length(), (System.nanoTime() - before) / 1_000_000);
        return facts;
    }

    private static String repeat(String text, int times) {
        return text.repeat(times);
    }

    // ---- B36 -------------------------------------------------------------------------------------------------

    @Test
    void aHundredThousandFieldsTo() {
        MessageFacts facts = ask("100,000 fields To", () -> repeat("To: a@example.net\r\n", MANY) + "\r\nx");
        assertThat(facts.envelope().to().entries()).hasSize(Limits.DEFAULT.fields());
        assertThat(facts.structure().size()).isEqualTo(1);
    }

    @Test
    void aHundredThousandAddressesInOneField() {
        MessageFacts facts = ask("100,000 addresses", () -> "To: " + repeat("a@example.net, ", MANY) + "\r\n\r\n");
        assertThat(facts.envelope().to().entries()).hasSize(MANY);
        ask("100,000 addresses, folded", () -> "To: " + repeat("a@example.net,\r\n ", MANY) + "\r\n\r\n");
        ask("100,000 addresses without commas", () -> "To: " + repeat("a@example.net ", MANY) + "\r\n\r\n");
        ask("100,000 addresses in angles", () -> "To: " + repeat("<a@example.net", MANY) + "\r\n\r\n");
    }

    @Test
    void fiftyThousandNestedComments() {
        ask("nested comments", () -> "From: " + repeat("(", 50_000) + "x" + repeat(")", 50_000) + "\r\n\r\n");
        ask("comments never closed", () -> "From: " + repeat("(", 1_000_000) + "\r\n\r\n");
        ask("comments in all fields", () -> {
            String comments = repeat("(", 50_000) + repeat(")", 50_000) + "\r\n";
            return "Date: " + comments + "Content-Type: " + comments + "Content-Disposition: " + comments
                    + "Content-Transfer-Encoding: " + comments + "Content-Language: " + comments + "Message-ID: "
                    + comments + "Subject: " + comments + "\r\n";
        });
    }

    @Test
    void fiftyThousandGroups() {
        MessageFacts facts = ask("groups", () -> "To: " + repeat("g:", 50_000) + "\r\n\r\n");
        assertThat(facts.envelope().to().mailboxes()).isEmpty();
        ask("words", () -> "To: " + repeat("word ", 300_000) + "@x\r\n\r\n");
        ask("at signs", () -> "To: " + repeat("@", 500_000) + "\r\n\r\n");
        ask("at signs in angles", () -> "To: <" + repeat("a@", 300_000) + ">\r\n\r\n");
        ask("dots", () -> "To: " + repeat(". ", 300_000) + "@x\r\n\r\n");
        ask("quotes", () -> "To: " + repeat("\"", 500_000) + "\r\n\r\n");
        ask("brackets", () -> "To: " + repeat("@[", 300_000) + "\r\n\r\n");
        ask("beginnings of encoded words", () -> "To: " + repeat("=?,", 300_000) + "\r\n\r\n");
    }

    @Test
    void aHundredThousandPartsOfFourOctets() {
        MessageFacts facts = ask(
                "100,000 parts",
                () -> "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + repeat("--a\r\nx:y\r\n\r\n", MANY));
        assertThat(facts.structure().children()).hasSize(Limits.DEFAULT.parts() - 1);
        ask("100,000 delimiters", () -> "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + repeat("--a\r\n", MANY));
        ask(
                "a digest of 100,000",
                () -> "Content-Type: multipart/digest; boundary=a\r\n\r\n" + repeat("--a\r\n\r\nx\r\n", MANY));
    }

    @Test
    void aThousandMessagesOneInTheOther() {
        MessageFacts facts = ask(
                "1,000 nested messages",
                () -> repeat("Content-Type: message/rfc822\r\n\r\n", 1000) + "Subject: x\r\n\r\n");
        BodyStructure part = facts.structure();
        int depth = 0;
        while (!part.children().isEmpty()) {
            part = part.children().getFirst();
            depth++;
        }
        assertThat(depth).isEqualTo(Limits.DEFAULT.depth());
        assertThat(part.contentType()).isEqualTo(ContentType.OCTET_STREAM);

        ask("1,000 nested multiparts", () -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                text.append("Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n");
            }
            return text.toString();
        });
        ask(
                "1,000 nested multiparts of one boundary",
                () -> repeat("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 1000));
    }

    @Test
    void manyLinesThatLookLikeDelimitersOfMany() {
        ask("200,000 near delimiters, 90 boundaries", () -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 90; i++) {
                text.append("Content-Type: multipart/mixed; boundary=" + "b".repeat(60) + (100 + i) + "\r\n\r\n--"
                        + "b".repeat(60) + (100 + i) + "\r\n");
            }
            return text + "\r\n" + repeat("--" + "b".repeat(60) + "999\r\n", 200_000);
        });
        ask(
                "2,000,000 lines of dashes",
                () -> "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + repeat("--\n", 2_000_000));
    }

    // ---- B49 -------------------------------------------------------------------------------------------------

    @Test
    void aPreviewOfTwentyMegabytesReadsItsBeginning() {
        String html = "Content-Type: text/html\r\n\r\n";
        assertThat(ask("300,000 unclosed div", () -> html + repeat("<div>", 300_000) + repeat("x", 18_500_000))
                        .preview()
                        .length())
                .isLessThanOrEqualTo(256);
        ask("5 MB of &lt;", () -> html + repeat("&lt;", 1_250_000));
        ask("20,000 nested tables", () -> html + repeat("<table>", 20_000) + "x");
        ask("20 MB of style", () -> html + "<style>" + repeat("x", 20_000_000));
        ask("20 MB of &", () -> html + repeat("&", 20_000_000));
        ask("20 MB of <", () -> html + repeat("<", 20_000_000));
        ask("20 MB of <!--", () -> html + repeat("<!--", 5_000_000));
        ask(
                "20 MB of quoted-printable blanks",
                () -> "Content-Type: text/html\r\n" + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        + repeat("=20", 7_000_000));
    }

    @Test
    void aLineOfFiveMegabytesIsALine() {
        ask("a body of one line", () -> "Subject: x\r\n\r\n" + repeat("x", 5_000_000));
        ask("a subject of one line", () -> "Subject: " + repeat("x", 5_000_000) + "\r\n\r\n");
        ask("a field name", () -> repeat("x", 5_000_000) + ": y\r\n\r\n");
        ask("a field of folds", () -> "Subject: " + repeat("\r\n x", 1_250_000) + "\r\n\r\n");
        ask("a type", () -> "Content-Type: " + repeat("x", 5_000_000) + "\r\n\r\n");
        ask("one line of dashes", () -> "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + repeat("-", 5_000_000));
    }

    // ---- siblings --------------------------------------------------------------------------------------------

    @Test
    void aHundredThousandParameters() {
        ask("parameters", () -> "Content-Type: text/plain" + repeat("; a=b", MANY) + "\r\n\r\n");
        ask("sections", () -> {
            StringBuilder text = new StringBuilder("Content-Disposition: attachment");
            for (int i = MANY; i >= 0; i--) {
                text.append("; filename*").append(i).append("*=%41");
            }
            return text + "\r\n\r\n";
        });
        ask("parameters without end", () -> "Content-Type: text/plain; a=" + repeat("b ", 500_000) + "\r\n\r\n");
        ask("equals signs", () -> "Content-Type: text/plain; " + repeat("a=", 500_000) + "\r\n\r\n");
        ask("quotes", () -> "Content-Type: text/plain; a=" + repeat("\"", 500_000) + "\r\n\r\n");
        ask("per cents", () -> "Content-Type: text/plain; name*=utf-8''" + repeat("%", 500_000) + "\r\n\r\n");
    }

    @Test
    void subjectsOfMarks() {
        ask("blobs", () -> "Subject: " + repeat("[a]", 300_000) + "\r\n\r\n");
        ask("blobs before re", () -> "Subject: " + repeat("[a]", 300_000) + "re:\r\n\r\n");
        ask("open blobs", () -> "Subject: " + repeat("[", 500_000) + "\r\n\r\n");
        ask("re", () -> "Subject: " + repeat("re:", 300_000) + "\r\n\r\n");
        ask("re blob", () -> "Subject: " + repeat("re[a] ", 300_000) + "\r\n\r\n");
        ask("fwd", () -> "Subject: " + repeat("[fwd:", 200_000) + "x" + repeat("]", 200_000) + "\r\n\r\n");
        ask("fwd blob", () -> "Subject: " + repeat("[fwd:[a]", 200_000) + "x" + repeat("]", 200_000) + "\r\n\r\n");
        ask("trailers", () -> "Subject: " + repeat("(fwd) ", 300_000) + "\r\n\r\n");
    }

    @Test
    void encodedWordsWithoutEnd() {
        ask("beginnings", () -> "Subject: " + repeat("=?", 1_000_000) + "\r\n\r\n");
        ask("beginnings of Q", () -> "Subject: " + repeat("=?utf-8?Q?", 300_000) + "\r\n\r\n");
        ask("beginnings of Q and one end", () -> "Subject: " + repeat("=?utf-8?Q?", 300_000) + "?=\r\n\r\n");
        ask("empty words", () -> "Subject: " + repeat("=?utf-8?Q??= ", 300_000) + "\r\n\r\n");
        ask(
                "words of many charsets",
                () -> "Subject: " + repeat("=?utf-8?Q?a?= =?koi8-r?B?YQ==?= ", 150_000) + "\r\n\r\n");
        ask("blanks between", () -> "Subject: =?utf-8?Q?a?=" + repeat(" =?", 500_000) + "\r\n\r\n");
        ask("letters between", () -> "Subject: =?utf-8?Q?a?=" + repeat("x", 500_000) + "=?utf-8?Q?a?=\r\n\r\n");
    }

    @Test
    void identifiersWithoutEnd() {
        ask("open", () -> "References: " + repeat("<", 500_000) + "\r\n\r\n");
        ask("open, one closed", () -> "References: " + repeat("<", 500_000) + ">\r\n\r\n");
        ask("closed", () -> "References: " + repeat(">", 500_000) + "\r\n\r\n");
        ask("empty", () -> "References: " + repeat("<>", 500_000) + "\r\n\r\n");
        ask("same", () -> "References: " + repeat("<a@b>", 300_000) + "\r\n\r\n");
        ask("bare", () -> "References: " + repeat("a@b ", 300_000) + "\r\n\r\n");
    }

    @Test
    void datesWithoutEnd() {
        ask("digits", () -> "Date: " + repeat("1", 500_000) + "\r\n\r\n");
        ask("colons", () -> "Date: " + repeat("1:", 500_000) + "\r\n\r\n");
        ask("words", () -> "Date: " + repeat("Jan ", 500_000) + "\r\n\r\n");
    }

    @Test
    void bodiesThatGrow() {
        ask("uuencode", () -> "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n" + repeat("_\n", 5_000_000));
        ask("base64 of nothing", () -> "Content-Transfer-Encoding: base64\r\n\r\n" + repeat("=", 10_000_000));
        ask("utf-7", () -> "Content-Type: text/plain; charset=utf-7\r\n\r\n" + repeat("+", 10_000_000));
        ask("escapes", () -> "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + repeat("\u001B$B", 3_000_000));
    }
}
