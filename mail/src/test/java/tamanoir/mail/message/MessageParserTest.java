package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.mail.message.Mails.at;
import static tamanoir.mail.message.Mails.mail;
import static tamanoir.mail.message.Mails.parse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

class MessageParserTest {
    private static final String LIKE_DELIMITERS =
            "visit --foo today\r\n --foo\r\n--foo--more\r\n--foobar\r\n--foo-\r\n--FOO\r\n-- foo\r\n--foo x";

    private static final String NESTED = """
            Content-Type: multipart/mixed; boundary=foo

            preamble
            --foo \t
            Content-Type: multipart/mixed; boundary=foo_bar

            --foo_bar

            inner one
            --foo_bar

            inner two
            --foo_bar--
            inner epilogue
            --foo
            Content-Type: text/plain

            %s
            --foo--""".formatted(LIKE_DELIMITERS);

    /// B32.
    @Test
    void onlyWholeLinesAreDelimiters() {
        Part root = parse(NESTED);
        assertThat(root.children()).hasSize(2);
        assertThat(root.children().getFirst().children()).hasSize(2);
        assertThat(at(root, 1, 1).body().latin1()).isEqualTo("inner one");
        assertThat(at(root, 1, 2).body().latin1()).isEqualTo("inner two");
        assertThat(at(root, 2).body().latin1()).isEqualTo(LIKE_DELIMITERS);
        assertThat(at(root, 2).lines()).isEqualTo(7);
    }

    /// B32: where the input ends, the delimiter ends too, wherever that is.
    @Test
    void aMessageCutAnywhereIsStillATree() {
        Octets whole = mail(NESTED);
        for (int length = 0; length <= whole.length(); length++) {
            Octets cut = whole.slice(0, length);
            Part root = MessageParser.parse(cut);
            TreeCheck.check(cut, root);
            int close = whole.length() - "\r\n--foo--".length();
            if (length >= close && length < close + 2) {
                assertThat(at(root, 2).body().latin1()).startsWith(LIKE_DELIMITERS);
            }
            if (length == whole.length() - 2 || length == whole.length()) {
                // `--foo` at the end of input begins one more, empty part; `--foo--` none.
                assertThat(root.children()).hasSize(length == whole.length() ? 2 : 3);
            }
        }
    }

    /// B32: the window into a larger array must not matter.
    @Test
    void aWindowIsParsedAsTheWhole() {
        Octets whole = mail(NESTED);
        byte[] array = new byte[whole.length() + 40];
        java.util.Arrays.fill(array, (byte) '-');
        whole.copyTo(array, 20);
        Part inside = MessageParser.parse(Octets.of(array, 20, whole.length()));
        assertThat(inside).hasToString(MessageParser.parse(whole).toString());
    }

    /// B32: longest match first, both ways round.
    @Test
    void aBoundaryThatBeginsAnotherDoesNotMatchIt() {
        Part root = parse("""
                Content-Type: multipart/mixed; boundary=foo_bar

                --foo_bar
                Content-Type: multipart/mixed; boundary=foo

                --foo

                x
                --foo_bar

                y
                --foo_bar--
                """);
        assertThat(root.children()).hasSize(2);
        assertThat(at(root, 1, 1).body().latin1()).isEqualTo("x");
        assertThat(at(root, 2).body().latin1()).isEqualTo("y");

        Part dashes = parse("""
                Content-Type: multipart/mixed; boundary="a"

                --a
                Content-Type: multipart/mixed; boundary="a--"

                --a--

                inner, for the longer boundary wins
                --a----
                --a

                second
                --a--
                """);
        assertThat(dashes.children()).hasSize(2);
        assertThat(at(dashes, 1, 1).body().latin1()).startsWith("inner");
    }

    @Test
    void lineEndsMayBeBare() {
        Part root = MessageParser.parse(Octets.of(NESTED.replace("\r\n", "\n")));
        assertThat(at(root, 1, 2).body().latin1()).isEqualTo("inner two");
        assertThat(at(root, 2).body().latin1()).isEqualTo(LIKE_DELIMITERS.replace("\r\n", "\n"));
    }

    /// B27: every one is something that IMAP can write down.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/signed\n\n--x\n\ntext\n--x--\n",
                "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\ntext\n----\n",
                "Content-Type: multipart/mixed; boundary=\n\ntext\n",
                "Content-Type: multipart/mixed; boundary=never\n\n--ever\ntext\n",
                "Content-Type: multipart/mixed; boundary=b\n\n--b--\n",
                "Content-Type: multipart/mixed; boundary=b\n\n--b--",
                "Content-Type: multipart/mixed; boundary=b\n",
                "Content-Type: multipart/mixed; boundary=b",
                "Content-Type: text\n\nx\n",
                "Content-Type: ;\n\nx\n",
                "Content-Type:\n\nx\n",
                "Content-Type: /\n\nx\n",
                "Content-Type: multipart\n\nx\n",
                "Content-Type: multipart/; boundary=b\n\n--b\n\nx\n--b--\n",
                "Content-Type: message\n\nx\n"
            })
    void aMultipartThatIsNoneIsPlainText(String text) {
        Octets mail = mail(text);
        Part root = MessageParser.parse(mail);
        BodyStructure structure = Mails.askEverything(mail).structure();
        TreeCheck.check(mail, root);
        assertThat(root.kind()).isEqualTo(Kind.LEAF);
        assertThat(structure.contentType().mediaType()).isEqualTo("text/plain");
        assertThat(structure.size()).isEqualTo(root.body().length());
        assertThat(structure.lines()).isBetween(0, 10);
        assertThat(structure.parameters().plain("charset")).contains("us-ascii");
        assertThat(structure.parameters().plain("boundary").filter(String::isEmpty))
                .isEmpty();
    }

    /// B27.
    @Test
    void ofTwoContentTypesTheFirstCounts() {
        Part root = parse("Content-Type: text/html\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n");
        assertThat(root.contentType().mediaType()).isEqualTo("text/html");
        Part other = parse("Content-Type: multipart/mixed; boundary=b\nContent-Type: text/html\n\n--b\n\nx\n--b--\n");
        assertThat(other.children()).hasSize(1);
    }

    /// B27: a delimiter and nothing behind it is one empty text part.
    @Test
    void aPartWithoutAnythingIsAnEmptyText() {
        for (String text : List.of("--b\n--b--\n", "--b", "--b\n", "--b\n\n--b--")) {
            Part root = parse("Content-Type: multipart/mixed; boundary=b\n\n" + text);
            assertThat(root.children()).as(text).hasSize(1);
            Part part = root.children().getFirst();
            assertThat(part.contentType()).isEqualTo(ContentType.TEXT_PLAIN);
            assertThat(part.body().isEmpty()).as(text).isTrue();
            assertThat(part.lines()).isZero();
        }
    }

    @Test
    void aPartOfHeaderOnlyEndsAtItsDelimiter() {
        Part root = parse("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/html
                --b
                Content-Type: message/rfc822
                --b
                Content-Type: multipart/mixed; boundary=c
                --b

                last
                --b--
                """);
        assertThat(root.children()).hasSize(4);
        assertThat(at(root, 1).contentType().mediaType()).isEqualTo("text/html");
        assertThat(at(root, 1).header().latin1()).isEqualTo("Content-Type: text/html\r\n");
        assertThat(at(root, 2).kind()).isEqualTo(Kind.MESSAGE);
        assertThat(at(root, 3).kind()).isEqualTo(Kind.LEAF);
        assertThat(at(root, 4).body().latin1()).isEqualTo("last");
    }

    /// Filters, IMAP and webmail ask in different places and must get the same name, also for what is not taken
    /// apart.
    @Test
    void aStandInKeepsItsName() {
        for (String text : java.util.List.of(
                "Content-Type: message/rfc822; name=x.eml\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==\n",
                "Content-Type: multipart/mixed; name=x.eml; boundary=b\n\nno part\n")) {
            Part root = parse(text);
            assertThat(root.fileName()).contains("x.eml");
            assertThat(BodyStructure.of(root).fileName()).contains("x.eml");
            assertThat(Part.restore(mail(text), BodyStructure.of(root)).fileName())
                    .contains("x.eml");
            assertThat(root.contentType().parameters().plain("boundary")).isEmpty();
        }
    }

    @Test
    void ofTwoEncodingsTheFirstCountsForEverybody() {
        Part root = parse("Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n"
                + "Content-Transfer-Encoding: base64\n\nSubject: x\n\ny\n");
        assertThat(root.kind()).isEqualTo(Kind.MESSAGE);
        assertThat(root.encoding()).isEqualTo(TransferEncoding.IDENTITY);
    }

    @Test
    void anUnclosedInnerMultipartEndsWithTheOuter() {
        Part root = parse("""
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: message/rfc822

                Subject: inside
                Content-Type: multipart/alternative; boundary=inner

                --inner

                one
                --outer

                two
                --outer--
                """);
        assertThat(root.children()).hasSize(2);
        assertThat(at(root, 1).kind()).isEqualTo(Kind.MESSAGE);
        assertThat(at(root, 1, 1).body().latin1()).isEqualTo("one");
        assertThat(at(root, 2).body().latin1()).isEqualTo("two");
    }

    @Test
    void delimitersAfterTheCloseAreEpilogue() {
        Part root = parse("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b\n\ny\n--b--\n");
        assertThat(root.children()).hasSize(1);
    }

    /// RFC 2046 §5.1.5.
    @Test
    void aDigestHoldsMessages() {
        Part root = parse("""
                Content-Type: multipart/digest; boundary=b

                --b

                Subject: one

                first
                --b
                Content-Type: text/plain

                second
                --b--
                """);
        assertThat(at(root, 1).kind()).isEqualTo(Kind.MESSAGE);
        assertThat(at(root, 1, 1).body().latin1()).isEqualTo("first");
        assertThat(at(root, 2).kind()).isEqualTo(Kind.LEAF);
    }

    /// RFC 2046 §5.2.1 forbids it; taking the base64 for a message would find a header in it.
    @Test
    void anEncodedMessageIsALeaf() {
        Part root = parse("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==\n");
        assertThat(root.kind()).isEqualTo(Kind.LEAF);
        assertThat(root.contentType()).isEqualTo(ContentType.OCTET_STREAM);
        assertThat(root.declaredType().mediaType()).isEqualTo("message/rfc822");
        assertThat(root.decoded().octets().latin1()).isEqualTo("Subject: x");
    }

    @Test
    void beyondTheDepthThereIsOneOpaqueLeaf() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        text.append("\ndeep\n");
        Octets mail = mail(text.toString());
        Part root = MessageParser.parse(mail, new Limits(100, 4, 100, 10_000, 10));
        TreeCheck.check(mail, root);
        Part deepest = root.all().getLast();
        assertThat(root.all()).hasSize(4 + 1);
        assertThat(deepest.contentType()).isEqualTo(ContentType.OCTET_STREAM);
        assertThat(deepest.body().latin1()).contains("deep");
    }

    @Test
    void beyondTheLastPartNothingDelimits() {
        String text = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n".repeat(50) + "--b--\n";
        Part root = MessageParser.parse(mail(text), new Limits(10, 10, 100, 10_000, 10));
        assertThat(root.all()).hasSize(10);
        TreeCheck.check(mail(text), root);
    }
}
