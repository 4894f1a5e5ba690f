package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.mail.message.Mails.mail;
import static tamanoir.mail.message.Mails.parse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;

class HeaderFieldsTest {
    /// B37, the reading side: NUL in every place where it can stand.
    @Test
    void nulIsNowhereInFactsAndStillInTheOctets() {
        Octets mail = mail("Subject: a\0b\nFrom: A\0nn <a\0nn@exa\0mple.net>, \"x\0\"@example.net\nTo: g\0: a@b\0;\n"
                + "Date: \0Mon\nMessage-ID: <a\0b@c>\nIn-Reply-To: \0<x\0@y>\nReferences: <r\0@s>\n"
                + "X\0Y: z\nContent-Type: text/plain; charset=\"us\0-ascii\"; na\0me=\"x\0y\"\n\nbody\n");
        String everything = MessageFacts.of(mail).toString();
        assertThat(everything).doesNotContain("\0");
        MessageFacts facts = MessageFacts.of(mail);
        assertThat(facts.envelope().subject()).contains("a b");
        assertThat(facts.subject()).isEqualTo("a b");
        // `X\0Y:` is no field, so the header ends there and the rest is body: nothing is lost.
        assertThat(MessageParser.parse(mail).body().latin1()).startsWith("X\0Y: z\r\nContent-Type");

        Octets part = mail(
                "Content-Type: text/plain; charset=\"us\0-ascii\"; na\0me=\"x\0y\"\nContent-ID: <\0>\n"
                        + "Content-Description: \0d\nContent-MD5: \0\nContent-Language: d\0e, \0\nContent-Location: http://\0x\n"
                        + "Content-Transfer-Encoding: 7\0bit\nContent-Disposition: att\0achment; filename=\"a\0.txt\"\n\n\0body\0\n");
        assertThat(Mails.askEverything(part).toString()).doesNotContain("\0");
        assertThat(MessageParser.parse(part).body().latin1()).isEqualTo("\0body\0\r\n");
        assertThat(MessageParser.parse(part).fileName()).contains("a .txt");
    }

    @Test
    void aHeaderEndsAtTheFirstLineThatIsNoField() {
        Part root = parse("Subject: x\n folded\nnot a field\nTo: a@example.net\n\nbody\n");
        assertThat(root.fields().size()).isEqualTo(1);
        assertThat(root.fields().value("subject")).contains("x folded");
        assertThat(root.body().latin1()).startsWith("not a field\r\n");
    }

    @Test
    void foldsBareLineEndsAndBlanksAreForgiven() {
        HeaderFields fields = HeaderFields.of(
                Octets.of(
                        "From someone Mon Jan  1\r\nA : 1\nB:\r\n\t2\r\nC:3\r\r\nEmpty:\r\nD: x\ry\r\nE:\r\n \r\n e\r\n\r\nF: no"));
        assertThat(fields.size()).isEqualTo(6);
        assertThat(fields.value("a")).contains("1");
        assertThat(fields.value("B")).contains("2");
        assertThat(fields.value("c")).contains("3");
        assertThat(fields.value("Empty")).contains("");
        assertThat(fields.value("d")).contains("xy");
        assertThat(fields.value("e")).contains("e");
        assertThat(fields.has("F")).isFalse();
        assertThat(fields.get(1).octets().latin1()).isEqualTo("B:\r\n\t2\r\n");
        assertThat(fields.get(1).rawValue().latin1()).isEqualTo("\r\n\t2");
    }

    @Test
    void valuesAreUtf8OrElseWindows1252() {
        assertThat(HeaderFields.of(Octets.of("S: Gr\u00FC\u00DFe\r\n")).text("S"))
                .contains("Gr\u00FC\u00DFe");
        assertThat(HeaderFields.of(Octets.latin1("S: Gr\u00FC\u00DFe \u0093x\u0094\r\n"))
                        .text("S"))
                .contains("Gr\u00FC\u00DFe \u201Cx\u201D");
    }

    /// B09, the reading side.
    @Test
    void aLineOf1500OctetsIsALineLikeAnyOther() {
        String ids = "<" + "r".repeat(40) + "@example.net> ";
        Octets mail = mail("References: " + ids.repeat(27).replace("rrr@", "rrrx@") + "<last@example.net>\n\n");
        assertThat(mail.length()).isGreaterThan(1500);
        assertThat(MessageFacts.of(mail).references()).hasSize(2).last().isEqualTo("last@example.net");
    }

    @Test
    void identifiersAreReadAsPeopleWriteThem() {
        assertThat(MessageIds.parse("<a@b> <c@d>")).containsExactly("a@b", "c@d");
        assertThat(MessageIds.parse("your message of <a@b> (x)")).containsExactly("a@b");
        assertThat(MessageIds.parse("<a@b><a@b><c@d")).containsExactly("a@b");
        assertThat(MessageIds.parse("<a <b@c>")).containsExactly("b@c");
        assertThat(MessageIds.parse("<a @b\t>")).containsExactly("a@b");
        assertThat(MessageIds.parse("a@b, c@d")).containsExactly("a@b", "c@d");
        assertThat(MessageIds.parse("hello there")).isEmpty();
        assertThat(MessageIds.parse("<>")).isEmpty();
        assertThat(MessageIds.parse("<" + "a".repeat(1000) + "@b>")).isEmpty();
    }

    /// RFC 5256 §2.1.
    @Test
    void baseSubjectsLoseTheMarksOfReplies() {
        for (String subject : List.of(
                "hello",
                "Re: hello",
                "RE: re: Fwd: hello",
                "fw: hello (fwd)",
                "Re [x]: hello",
                "[list] Re: [list] hello",
                "[fwd: hello]",
                "[Fwd: Re: hello] (fwd)",
                "re:hello",
                "  Re:   hello  ")) {
            assertThat(BaseSubject.of(subject).text()).as(subject).isEqualTo("hello");
            assertThat(BaseSubject.of(subject).isReplyOrForward()).as(subject).isEqualTo(!subject.equals("hello"));
        }
        assertThat(BaseSubject.of("[a] hello").isReplyOrForward()).isFalse();
        assertThat(BaseSubject.of("[a]").text()).isEqualTo("[a]");
        assertThat(BaseSubject.of("Re: [a]").text()).isEqualTo("[a]");
        assertThat(BaseSubject.of("reply: x").text()).isEqualTo("reply: x");
        assertThat(BaseSubject.of("a   b\tc").text()).isEqualTo("a b c");
        assertThat(BaseSubject.of("Re:")).isEqualTo(new BaseSubject("", true));
    }

    @Test
    void fieldsAskedForComeWithTheirEmptyLine() {
        Part root = parse("A: 1\nB: 2\na: 3\n");
        Section.Content both = new Section.Content.HeaderFields(List.of("a"));
        assertThat(Sections.octets(root, new Section(List.of(), both)).map(Octets::latin1))
                .isEqualTo(Optional.of("A: 1\r\na: 3\r\n\r\n"));
        Section.Content none = new Section.Content.HeaderFieldsNot(List.of("A", "B"));
        assertThat(Sections.octets(root, new Section(List.of(), none)).map(Octets::latin1))
                .isEqualTo(Optional.of("\r\n"));
        assertThat(Sections.octets(parse("A: no line end"), new Section(List.of(), both))
                        .map(Octets::latin1))
                .isEqualTo(Optional.of("A: no line end\r\n\r\n"));
    }
}
