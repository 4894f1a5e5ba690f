package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tamanoir.mail.text.BadSyntax;

/// regexp_table(5) and pcre_table(5): flags, substitution, blocks, and what cannot be.
class PatternFormatTest {
    private static Optional<String> regexp(String rule, String key) {
        return PatternFormat.regexp(rule + "\n").lookup(key);
    }

    private static Optional<String> pcre(String rule, String key) {
        return PatternFormat.pcre(rule + "\n").lookup(key);
    }

    @Test
    void flagsSwitchRoundWhatIsOnByDefault() {
        assertThat(regexp("/ABC/ x", "xabcx")).contains("x");
        assertThat(regexp("/ABC/i x", "xabcx")).isEmpty();
        assertThat(regexp("/a.c/ x", "a\nc")).contains("x");
        assertThat(regexp("/a.c/m x", "a\nc")).isEmpty();
        assertThat(regexp("/^c/ x", "a\nc")).isEmpty();
        assertThat(regexp("/^c/m x", "a\nc")).contains("x");
        assertThat(regexp("/a[^b]c/ x", "a\nc")).contains("x");
        assertThat(regexp("/a[^b]c/m x", "a\nc")).isEmpty();
        assertThat(pcre("/ABC/ x", "xabcx")).contains("x");
        assertThat(pcre("/ABC/i x", "xabcx")).isEmpty();
        assertThat(pcre("/a.c/ x", "a\nc")).contains("x");
        assertThat(pcre("/a.c/s x", "a\nc")).isEmpty();
        assertThat(pcre("/^c/ x", "a\nc")).isEmpty();
        assertThat(pcre("/^c/m x", "a\nc")).contains("x");
        assertThat(pcre("/b c # comment/x found", "abc")).contains("found");
        assertThat(pcre("/[ ]c/x found", "a c")).contains("found");
        assertThat(pcre("/b/A found", "ab")).isEmpty();
        assertThat(pcre("/(a+)/U $1", "aaa")).contains("a");
        assertThat(pcre("/ABC/ii x", "abc")).contains("x");
    }

    @Test
    void groupsAreCopiedIntoTheAnswer() {
        assertThat(regexp("/^(.*)-(.*)@(.*)$/ $2 ${1} $(3) $$5", "one-two@three"))
                .contains("two one three $5");
        assertThat(pcre("/(a)(b)?/ <$2>", "a")).contains("<>");
        assertThat(pcre("/(a)|(b)/ <$1><$2>", "b")).contains("<><b>");
        assertThat(regexp("/(a|ab|abc)/ $1", "abcd")).contains("abc");
        assertThat(pcre("/(a|ab|abc)/ $1", "abcd")).contains("a");
        assertThatThrownBy(() -> regexp("/(a)/ $2", "a")).hasMessageContaining("has 1 groups");
        assertThatThrownBy(() -> regexp("!/(a)/ $1", "a")).hasMessageContaining("rule with \"!\"");
        assertThatThrownBy(() -> regexp("/(a)/ ${name}", "a")).hasMessageContaining("is no group");
        assertThatThrownBy(() -> regexp("/(a)/ $", "a")).hasMessageContaining("is no group");
        assertThatThrownBy(() -> regexp("/(a)/ ${1", "a")).hasMessageContaining("is no group");
    }

    @Test
    void rulesAreNegatedAndEnclosed() {
        String rules = """
                !/^[a-z]+$/ REJECT letters only
                if /^owner-/
                /-one$/ one
                if !/-two$/
                /^/ neither
                endif
                endif
                /(.*)/ last $1
                """;
        assertThat(PatternFormat.regexp("/a/ x\n" + rules).size()).isEqualTo(5);
        assertThat(PatternFormat.pcre(rules).lookup("a1")).contains("REJECT letters only");
        assertThat(PatternFormat.pcre(rules).lookup("abc")).contains("last abc");
        String blocks = rules.substring(rules.indexOf('\n') + 1);
        assertThat(PatternFormat.regexp(blocks).lookup("owner-one")).contains("one");
        assertThat(PatternFormat.regexp(blocks).lookup("owner-two")).contains("last owner-two");
        assertThat(PatternFormat.regexp(blocks).lookup("owner-x")).contains("neither");
        assertThat(PatternFormat.regexp(blocks).lookup("other")).contains("last other");
        assertThatThrownBy(() -> PatternFormat.regexp("if /a/ x\n/a/ y\nendif\n"))
                .hasMessageContaining("\"x\"");
        assertThatThrownBy(() -> PatternFormat.regexp("/a/ y\nif\nendif\n"))
                .isInstanceOfSatisfying(
                        WrongTable.class, e -> assertThat(e.line()).isEqualTo(2));
    }

    @Test
    void anyCharacterMayStandForTheSlash() {
        assertThat(regexp("%/usr/(lib)%i $1", "/usr/lib")).contains("lib");
        assertThat(pcre("{/usr/(lib){ $1", "/usr/lib")).contains("lib");
        assertThat(pcre("/a\\/b/ yes", "a/b")).contains("yes");
        assertThatThrownBy(() -> regexp("abc x", "a")).hasMessageContaining("does not begin with a /pattern/");
        assertThatThrownBy(() -> regexp("/abc x", "a")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> regexp("/abc/q x", "a")).hasMessageContaining("\"q\" is no flag");
        assertThatThrownBy(() -> regexp("/abc/x x", "a")).hasMessageContaining("flag x");
    }

    @Test
    void bracketsOfPosixTakeABackslashAsItIs() {
        assertThat(regexp("/^[\\.]$/ x", "\\")).contains("x");
        assertThat(regexp("/^[\\.]$/ x", ".")).contains("x");
        assertThat(regexp("/^[]a]+$/ x", "]a")).contains("x");
        assertThat(regexp("/^[^]a]+$/ x", "b[")).contains("x");
        assertThat(regexp("/^[[:alpha:]_[]+$/ x", "a_[")).contains("x");
        assertThat(regexp("/\\<word\\>/ x", "a word here")).contains("x");
        assertThat(regexp("/\\<word\\>/ x", "swordfish")).isEmpty();
        assertThat(pcre("/^[\\d.\\-\\]]+$/ x", "1.-]")).contains("x");
        assertThat(pcre("/^\\h+\\R$/ x", " \t\r\n")).contains("x");
        assertThat(pcre("/^\\x41\\x{42}\\cA\\Q.*\\E$/i x", "AB\u0001.*")).contains("x");
        assertThat(pcre("/(?<year>\\d{4})/ $1", "in 1999")).contains("1999");
        assertThat(pcre("/a(?#comment)b/ x", "ab")).contains("x");
        assertThat(pcre("/(?i-s:a.)c/i x", "A\nc")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(a)\\1; back-references",
                "(?=a); look-ahead",
                "(?!a); look-ahead",
                "(?<=a)b; look-behind",
                "(?<!a)b; look-behind",
                "(?>a); atomic",
                "a++; possessive",
                "a*+; possessive",
                "a{2}+; possessive",
                "(?|a|b); branch reset",
                "(?(1)a); conditional",
                "(?R); recursion",
                "(?1); recursion",
                "(?&n); recursion",
                "(?P=n); back-references",
                "\\k<n>; back-references",
                "(*ACCEPT); verbs",
                "\\Gx; \\G",
                "a\\Kb; \\K",
                "\\X; \\X",
                "(?x)a b; flag x",
                "a[b; not closed",
                "a(b; pattern is wrong"
            })
    void whatRe2jHasNotIsRefusedByName(String pattern, String reason) {
        assertThatThrownBy(() -> pcre("/a/ first\n#\n/" + pattern + "/ x", "a"))
                .isInstanceOfSatisfying(WrongTable.class, e -> {
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e.getMessage()).contains(reason);
                });
    }

    @Test
    void whatPosixHasNotIsRefusedByName() {
        assertThatThrownBy(() -> regexp("/(a)\\1/ x", "a")).hasMessageContaining("back-references");
        assertThatThrownBy(() -> regexp("/a+?/ x", "a")).hasMessageContaining("one repetition behind another");
        assertThatThrownBy(() -> regexp("/(?i)a/ x", "a")).hasMessageContaining("\"(?\"");
        assertThatThrownBy(() -> regexp("/[[=a=]]/ x", "a")).hasMessageContaining("collating");
        assertThatThrownBy(() -> regexp("/[[:foo:]]/ x", "a")).hasMessageContaining("no class");
    }

    /// Patterns that take a backtracking matcher years, and one that would take its memory.
    @Test
    void hostileKeysCostLinearTime() {
        String key = "a".repeat(100_000) + "!";
        Assertions.assertTimeout(Duration.ofSeconds(30), () -> {
            assertThat(pcre("/^(a+)+$/ x", key)).isEmpty();
            assertThat(pcre("/^(a|aa)+$/ x", key)).isEmpty();
            assertThat(pcre("/^(a|a?)+$/ x", key)).isEmpty();
            assertThat(regexp("/^([a-z]+)*[0-9]$/ x", key)).isEmpty();
        });
        assertThatThrownBy(() -> pcre("/((a{900}){900}){900}/ x", "a")).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> pcre("/a{1001}/ x", "a")).isInstanceOf(BadSyntax.class);
    }
}
