package tamanoir.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class AppendParserTest {
    private static AppendParser.Beginning begin(String text) {
        return new AppendParser().begin(Octets.latin1(text));
    }

    @Test
    void flagsAndDateMayBeMissing() {
        LiteralHead literal = new LiteralHead(310, true, false);
        assertThat(begin("a APPEND box {310}"))
                .isEqualTo(new AppendParser.Beginning(
                        Octets.of("box"), new AppendParser.Item(List.of(), "", false, literal)));
        assertThat(begin("a append \"a b\" (\\Seen x) \" 7-Feb-1994 21:52:25 -0800\" {310}"))
                .isEqualTo(new AppendParser.Beginning(
                        Octets.of("a b"),
                        new AppendParser.Item(List.of("\\Seen", "x"), " 7-Feb-1994 21:52:25 -0800", false, literal)));
    }

    @Test
    void theNameMayBeALiteral() {
        assertThat(AppendParser.wantsName(Octets.latin1("a APPEND {3}"))).isTrue();
        assertThat(AppendParser.wantsName(Octets.latin1("a APPEND box {3}"))).isFalse();
        Octets whole = Octets.latin1("a APPEND {3}\r\nbox {310}");
        assertThat(AppendParser.wantsName(whole)).isFalse();
        assertThat(new AppendParser().begin(whole).mailbox()).isEqualTo(Octets.of("box"));
    }

    @Test
    void moreMessagesFollowTheFirst() {
        AppendParser parser = new AppendParser();
        parser.begin(Octets.latin1("a APPEND box {3}"));
        assertThat(parser.next(Octets.latin1(" (\\Draft) {5+}")))
                .contains(new AppendParser.Item(List.of("\\Draft"), "", false, new LiteralHead(5, false, false)));
        assertThat(parser.next(Octets.EMPTY)).isEmpty();
        assertThatThrownBy(() -> parser.next(Octets.latin1(" x"))).isInstanceOf(BadSyntax.class);
    }

    /// B22: the parenthesis belongs to the command (RFC 6855 §4).
    @Test
    void utf8NeedsItsParenthesis() {
        AppendParser parser = new AppendParser();
        AppendParser.Item item = parser.begin(Octets.latin1("b append \"Sent\" (\\Seen) UTF8 (~{71+}"))
                .item();
        assertThat(item.utf8()).isTrue();
        assertThat(item.literal()).isEqualTo(new LiteralHead(71, false, true));
        assertThatThrownBy(() -> parser.next(Octets.EMPTY)).isInstanceOf(BadSyntax.class);
        parser.begin(Octets.latin1("b append \"Sent\" UTF8 (~{71}"));
        assertThat(parser.next(Octets.latin1(")"))).isEmpty();
        assertThatThrownBy(() -> begin("a append x UTF8 ({5}")).isInstanceOf(BadSyntax.class);
    }

    @Test
    void whatIsNoLiteralIsWrong() {
        for (String text : List.of(
                "a APPEND box",
                "a APPEND box ",
                "a APPEND box (x {3}",
                "a APPEND box \"yesterday\" {3}",
                "a APPEND box \"17-Jul-1996 02:44:25 -0700\"{3}",
                "a APPEND box x{3}",
                "a APPEND box {3} {3}",
                "a APPEND box ()  {3}")) {
            assertThatThrownBy(() -> begin(text)).as(text).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void announcementsAreReadAtTheEndOfALineOnly() {
        assertThat(LiteralHead.atEndOf(Octets.latin1("x {0}"))).contains(new LiteralHead(0, true, false));
        assertThat(LiteralHead.atEndOf(Octets.latin1("{99999999999999999999}")))
                .contains(new LiteralHead(Long.MAX_VALUE, true, false));
        for (String line : List.of("", "}", "{}", "{+}", "{5} ", "{5++}", "5}", "{-5}", "{5+", "{ 5}")) {
            assertThat(LiteralHead.atEndOf(Octets.latin1(line))).as(line).isEmpty();
        }
    }
}
