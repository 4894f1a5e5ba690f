package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tamanoir.mail.message.AddressList.Group;
import tamanoir.mail.message.AddressList.Mailbox;

class AddressListTest {
    /// Written as `name<address>`, groups as `name{...}`; RFC 5322 appendix A, and what people write.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ann@example.net | <ann@example.net>",
                "Ann <ann@example.net> | Ann<ann@example.net>",
                "Ann Lee <ann@example.net>, bob@example.com | Ann Lee<ann@example.net> <bob@example.com>",
                "\"Lee, Ann\" <ann@example.net> | Lee, Ann<ann@example.net>",
                "Lee, Ann <ann@example.net> | <Lee> Ann<ann@example.net>",
                "Joe Q. Public <john.q.public@example.com> | Joe Q. Public<john.q.public@example.com>",
                "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net> | Giant; \"Big\" Box<sysservices@example.net>",
                "A Group:Ed Jones <joe@where.test>,joe@where.test,John <jdoe@one.test>; | A Group{Ed Jones<joe@where.test> <joe@where.test> John<jdoe@one.test>}",
                "Undisclosed recipients:; | Undisclosed recipients{}",
                "undisclosed-recipients: ; | undisclosed-recipients{}",
                "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ; | Hidden recipients{}",
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> | Pete<pete@silly.test>",
                "pete@silly.test (Pete) | Pete<pete@silly.test>",
                "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example | Mary Smith<mary@example.net> <jdoe@test.example>",
                "<@a,@b:c@d> | <c@d>",
                "john . doe @ example . com | <john.doe@example.com>",
                "\"john doe\"@example.com | <\"john doe\"@example.com>",
                "\"a@b\"@example.com | <\"a@b\"@example.com>",
                "user@[192.0.2.1] | <user@[192.0.2.1]>",
                "user@[IPv6:2001:db8::1] | <user@[IPv6:2001:db8::1]>",
                "Ann <user@[IPv6:2001:db8::1]> | Ann<user@[IPv6:2001:db8::1]>",
                "=?utf-8?Q?J=C3=B6rg?= <j@example.net> | Jörg<j@example.net>",
                "=?utf-8?Q?a,_b?= <j@example.net> | a, b<j@example.net>",
                "=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_K?= <j@example.net> | Jörg K<j@example.net>",
                "\"=?utf-8?Q?J=C3=B6rg?=\" <j@example.net> | Jörg<j@example.net>",
                "Jörg <jörg@bücher.example> | Jörg<jörg@bücher.example>",
                "a@example.net b@example.com | <a@example.net> <b@example.com>",
                "a@example.net; b@example.com | <a@example.net> <b@example.com>",
                "<a@example.net> <b@example.com> | <a@example.net> <b@example.com>",
                "<a@example.net | <a@example.net>",
                "a@example.net> | <a@example.net>",
                "<<a@example.net>> | <a@example.net>",
                "< a@example.net > | <a@example.net>",
                "<a@b@example.net> | <\"a@b\"@example.net>",
                "MAILER-DAEMON | <MAILER-DAEMON>",
                "Ann Lee | Ann Lee<>",
                "<> | ``",
                "`` | ``",
                ", ; , | ``",
                "@ | ``",
                "<ann> | <ann>",
                "mailto:ann@example.net | mailto{<ann@example.net>}",
                "a: b: c@example.net; | a{} b{<c@example.net>}",
                "a: b@example.net | a{<b@example.net>}",
                "Ann <ann@\"x>, <evil@example.com\"> | Ann<ann@xevilexample.com>",
                "<ann@[1], <evil@[2]> | <ann@[1]> <evil@[2]>"
            })
    void addressesAreReadAsPeopleWriteThem(String text, String expected) {
        assertThat(shown(AddressList.parse(text))).isEqualTo(expected);
    }

    /// B44, the reading side: a checker must see every address that a reader could take for the author.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S <s@victim.example>, S <s@evil.example> | victim.example evil.example",
                "\"s@victim.example\" <s@evil.example> | evil.example",
                "s@victim.example <s@evil.example> | evil.example",
                "<s@victim.example>(x) <s@evil.example> | victim.example evil.example",
                "s@victim.example s@evil.example | victim.example evil.example",
                "<s@victim.example,s@evil.example> | victim.example evil.example",
                "g: s@victim.example; s@evil.example | victim.example evil.example",
                "s@victim.example(<s@evil.example>) | victim.example"
            })
    void everyAuthorIsSeen(String from, String domains) {
        assertThat(AddressList.parse(from).mailboxes().stream()
                        .map(Mailbox::domain)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(domains);
    }

    /// B44.
    @Test
    void aNameThatLooksLikeAnAddressIsNone() {
        AddressList list = AddressList.parse("=?utf-8?B?c0B2aWN0aW0uZXhhbXBsZQ==?=");
        assertThat(list.mailboxes()).noneMatch(Mailbox::hasAddress);
        assertThat(AddressList.parse("victims:;").mailboxes()).isEmpty();
    }

    /// B46, the reading side.
    @Test
    void undisclosedRecipientsAreAGroupWithoutMembers() {
        AddressList list = AddressList.parse("undisclosed-recipients:;");
        assertThat(list.entries()).containsExactly(new Group("undisclosed-recipients", List.of()));
        assertThat(list.mailboxes()).isEmpty();
    }

    @Test
    void noNameHoldsALineEnd() {
        assertThat(AddressList.parse("=?utf-8?Q?a=0D=0ABcc:_x@y?= <a@example.net>")
                        .mailboxes()
                        .getFirst()
                        .name())
                .isEqualTo("a  Bcc: x@y");
    }

    @Test
    void severalFieldsAreOneList() {
        Part part = Mails.parse("To: a@example.net\nCc: c@example.net\nto : b@example.net\n\n");
        assertThat(shown(part.fields().addresses("To"))).isEqualTo("<a@example.net> <b@example.net>");
    }

    static String shown(AddressList list) {
        return list.entries().stream()
                .map(entry -> switch (entry) {
                    case Mailbox mailbox -> shown(mailbox);
                    case Group group ->
                        group.name()
                                + group.members().stream()
                                        .map(AddressListTest::shown)
                                        .collect(Collectors.joining(" ", "{", "}"));
                })
                .collect(Collectors.joining(" "));
    }

    private static String shown(Mailbox mailbox) {
        return mailbox.name() + "<" + (mailbox.address().equals("\"\"") ? "" : mailbox.address()) + ">";
    }
}
