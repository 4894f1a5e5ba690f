package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;

class MessageFactsTest {
    private static final Octets MAIL = Octets.of("""
                    Return-Path: <ann@example.net>
                    From: "Ann, from Rome" <ann@example.net>
                    To: Team: bob@example.com, =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>;
                    Subject: Re: =?utf-8?B?R3LDvMOfZQ==?= from Rome (fwd)
                    Date: Wed, 25 Nov 2026 10:00:00 +0100
                    Message-ID: <1@example.net>
                    References: <0@example.net> <00@example.net>
                    Content-Type: multipart/mixed; boundary="foo"

                    preamble
                    --foo
                    Content-Type: text/plain; charset=utf-8
                    Content-Transfer-Encoding: quoted-printable

                    Dear all,
                    Gr=C3=BC=C3=9Fe.
                    --foo
                    Content-Type: message/rfc822

                    Subject: inner
                    From: x@example.org

                    inner text
                    --foo
                    Content-Type: application/zip; name="a.zip"
                    Content-Disposition: attachment; filename*=utf-8''%E2%98%83.zip

                    PK
                    --foo--
                    """.replace("\n", "\r\n"));

    @Test
    void factsComeBackFromTheirRow() {
        MessageFacts facts = MessageFacts.of(MAIL);
        assertThat(MessageFacts.decode(facts.encode())).contains(facts);
        assertThat(facts.subject()).isEqualTo("Re: Grüße from Rome (fwd)");
        assertThat(facts.baseSubject()).isEqualTo("Grüße from Rome");
        assertThat(facts.isReplyOrForward()).isTrue();
        assertThat(facts.preview()).isEqualTo("Dear all, Grüße.");
        assertThat(facts.hasAttachment()).isTrue();
        assertThat(facts.references()).containsExactly("0@example.net", "00@example.net");
        assertThat(facts.sentDate().orElseThrow()).hasToString("2026-11-25T10:00+01:00");
        assertThat(facts.envelope().to().mailboxes().get(1).name()).isEqualTo("Jörg");
        assertThat(facts.structure().children().get(2).fileName()).contains("\u2603.zip");
    }

    @Test
    void aRowThatIsNoneIsNoFacts() {
        byte[] row = MessageFacts.of(MAIL).encode();
        for (int length = 0; length < row.length; length++) {
            assertThat(MessageFacts.decode(java.util.Arrays.copyOf(row, length)))
                    .isEmpty();
        }
        row[0] = 99;
        assertThat(MessageFacts.decode(row)).isEmpty();
    }

    @Test
    void sectionsAreTheSameFromTheTreeAndFromTheRow() {
        Part root = MessageParser.parse(MAIL);
        BodyStructure kept = MessageFacts.of(MAIL).structure();
        List<Section> sections = List.of(
                Section.WHOLE,
                Section.HEADER,
                Section.TEXT,
                new Section(List.of(1), new Section.Content.Whole()),
                new Section(List.of(1), new Section.Content.Mime()),
                new Section(List.of(2), new Section.Content.Header()),
                new Section(List.of(2), new Section.Content.Text()),
                new Section(List.of(2, 1), new Section.Content.Whole()),
                new Section(List.of(), new Section.Content.HeaderFields(List.of("SUBJECT", "date"))),
                new Section(List.of(4), new Section.Content.Whole()),
                new Section(List.of(1), new Section.Content.Header()));
        for (Section section : sections) {
            assertThat(Sections.octets(MAIL, kept, section)).isEqualTo(Sections.octets(root, section));
        }
        assertThat(text(root, sections.get(3))).isEqualTo("Dear all,\r\nGr=C3=BC=C3=9Fe.");
        assertThat(text(root, sections.get(5))).isEqualTo("Subject: inner\r\nFrom: x@example.org\r\n\r\n");
        assertThat(text(root, sections.get(6))).isEqualTo("inner text");
        assertThat(text(root, sections.get(7))).isEqualTo("inner text");
        assertThat(text(root, sections.get(8)))
                .isEqualTo("Subject: Re: =?utf-8?B?R3LDvMOfZQ==?= from Rome (fwd)\r\n"
                        + "Date: Wed, 25 Nov 2026 10:00:00 +0100\r\n\r\n");
        assertThat(Sections.octets(root, sections.get(9))).isEmpty();
        assertThat(Sections.octets(root, sections.get(10))).isEmpty();
        assertThat(Part.restore(MAIL, kept).children().getFirst().text().text()).isEqualTo("Dear all,\r\nGrüße.");
    }

    private static String text(Part root, Section section) {
        return Sections.octets(root, section).orElseThrow().utf8();
    }
}
