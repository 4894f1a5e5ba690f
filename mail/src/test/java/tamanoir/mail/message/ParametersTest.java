package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    /// B33, and its siblings.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "filename*0*=UTF-8''%E2%98; filename*1*=%83.txt | \u2603.txt",
                "filename*1*=%83.txt; filename*0*=UTF-8''%E2%98 | \u2603.txt",
                "filename*0*=ISO-2022-JP''%1B%24B%24%22; filename*1*=%24%24%1B%28B.png | \u3042\u3044.png",
                "filename*0*=\"''a%2E\"; filename*1*=\"%62\"; filename*2=at | a.bat",
                "filename*0=\"it 'is' so\"; filename*1=\".eml\" | it 'is' so.eml",
                "filename*1=b; filename*0=a | ab",
                "filename*0=a; filename*2=c | a",
                "filename=\"x.txt\"; filename*=utf-8''e.exe | e.exe",
                "filename*=utf-8''e.exe; filename=\"x.txt\" | e.exe",
                "filename*=UTF-8'en-us'a%20b.txt | a b.txt",
                "filename*=''%61.txt | a.txt",
                "filename*=%C3%A9.txt | \u00E9.txt",
                "filename*=iso-8859-1''%93%E9%94.txt | \u201C\u00E9\u201D.txt",
                "filename*=utf-8''100%.txt | 100%.txt",
                "filename*=utf-8''a%4 | a%4",
                "filename*=nonsense''%C3%A9 | \u00E9",
                "FileName*0=A; FILENAME*1=b | Ab",
                "filename*00=a; filename*01=b | ab",
                "filename*1=a; filename*2=b | ab",
                "filename*0=a%41; filename*1*=%42 | a%41B",
                "filename=\"=?UTF-8?B?4piDLnR4dA==?=\" | \u2603.txt",
                "filename==?UTF-8?B?4piDLnR4dA==?= | \u2603.txt",
                "filename=\"a\\\"b.txt\" | a\"b.txt",
                "filename=my file.txt | my file.txt",
                "filename=a.txt; size=3 | a.txt",
                "filename = a.txt | a.txt",
                "filename=a.txt (the first) | a.txt",
                "filename=\"a.txt | a.txt",
                "; ; filename=a.txt; | a.txt",
                "filename*=utf-8''a%0D%0Ab%00c | `a  b c`"
            })
    void aFileNameIsWhatItsSenderMeant(String parameters, String name) {
        assertThat(Disposition.parse("attachment; " + parameters).parameters().get("filename"))
                .contains(name);
        // The same name in every place where one asks.
        Part part = Mails.parse("Content-Disposition: attachment; " + parameters + "\n\nx\n");
        assertThat(part.fileName()).contains(name);
        assertThat(BodyStructure.of(part).fileName()).contains(name);
        assertThat(ContentType.parse("application/x; " + parameters)
                        .parameters()
                        .get("filename"))
                .contains(name);
    }

    /// B33: the two encoded words lie in one joined value and their octets make one character.
    @Test
    void encodedWordsInContinuationsAreReadAsWellAsCanBe() {
        assertThat(Disposition.parse("attachment; filename*0=\"=?UTF-8?Q?=F0=9F?=\";"
                                + " filename*1=\"=?UTF-8?Q?=98=81?=.docx\"")
                        .parameters()
                        .get("filename"))
                .contains("\uD83D\uDE01.docx");
    }

    @Test
    void whatCannotBeAParameterIsPassedOver() {
        for (String nonsense : new String[] {
            "=",
            "=;=",
            "\"",
            "\"\"\"",
            "*=",
            "*0=",
            "a*b=",
            "filename*x=1",
            "filename*-1=x",
            "filename**=x",
            "(",
            "((",
            "a=(",
            "a=\"",
            "a=\"\\",
            "\\",
            ",,,",
            "filename*99999999999=x",
            "filename*0*0=x"
        }) {
            assertThat(Disposition.parse("attachment; " + nonsense).type())
                    .as(nonsense)
                    .isEqualTo("attachment");
            assertThat(ContentType.parse("a/b; " + nonsense + "; c=d").mediaType())
                    .as(nonsense)
                    .isEqualTo("a/b");
        }
    }

    /// RFC 2231 §6: the server joins, the client decodes.
    @Test
    void imapSeesContinuationsJoinedAndCharsetsAsTheyAre() {
        Parameters parameters = Disposition.parse(
                        "attachment; filename*0*=UTF-8''%E2%98; filename*1*=%83; filename*2=\".t x\"")
                .parameters();
        assertThat(parameters.list()).containsExactly(new Parameter("filename*", "UTF-8''%E2%98%83.t%20x"));
    }

    @Test
    void typesAreReadAsPeopleWriteThem() {
        assertThat(ContentType.parse("TEXT/HTML; CHARSET=UTF-8").toString()).isEqualTo("text/html; charset=UTF-8");
        assertThat(ContentType.parse(" text / plain ;charset = \"utf-8\" (Unicode)")
                        .toString())
                .isEqualTo("text/plain; charset=utf-8");
        assertThat(ContentType.parse("text/plain;; charset=utf-8;").toString()).isEqualTo("text/plain; charset=utf-8");
        assertThat(ContentType.parse("application/").mediaType()).isEqualTo("application/octet-stream");
        assertThat(ContentType.parse("image").mediaType()).isEqualTo("application/octet-stream");
        assertThat(ContentType.parse("text/plain charset=utf-8 format=flowed")
                        .parameters()
                        .plain("charset"))
                .contains("utf-8");
    }

    @Test
    void aDispositionOfUnknownTypeIsAnAttachment() {
        assertThat(Disposition.parse("INLINE; filename=a").isInline()).isTrue();
        assertThat(Disposition.parse("strange").isAttachment()).isTrue();
        assertThat(Disposition.parse("filename=a.txt").parameters().get("filename"))
                .contains("a.txt");
        assertThat(Mails.parse("Content-Disposition:\n\nx\n").disposition()).isEmpty();
    }
}
