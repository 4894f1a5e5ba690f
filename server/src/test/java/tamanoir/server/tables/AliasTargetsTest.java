package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;

/// The right side of an alias.
class AliasTargetsTest {
    @TempDir
    Path home;

    private List<AliasTarget> parse(String text) {
        return AliasTargets.parse(text, home);
    }

    private static AliasTarget mail(String address) {
        return new AliasTarget.Mail(address);
    }

    @Test
    void addressesStandBetweenCommasOrBlanks() {
        assertThat(parse("ann")).containsExactly(mail("ann"));
        assertThat(parse("ann, bob carol@example.com ,\\dave"))
                .containsExactly(mail("ann"), mail("bob"), mail("carol@example.com"), mail("dave"));
        assertThat(parse("Ann Martin <ann@example.com>, \"B. C\" <bob>, (comment (in) it) eve"))
                .containsExactly(mail("ann@example.com"), mail("bob"), mail("eve"));
        assertThat(parse("\"two words\"@example.com")).containsExactly(mail("\"two words\"@example.com"));
    }

    @Test
    void commandsFilesAndListsAreTold() {
        assertThat(parse("\"|/usr/bin/program -a, b\", |short"))
                .containsExactly(new AliasTarget.Command("/usr/bin/program -a, b"), new AliasTarget.Command("short"));
        assertThat(parse("/var/mail/ann, \"/var/mail/a b/\""))
                .containsExactly(new AliasTarget.File("/var/mail/ann"), new AliasTarget.File("/var/mail/a b/"));
        assertThat(parse(":include:$config_directory/staff.list"))
                .containsExactly(new AliasTarget.Include(home.resolve("staff.list")));
        assertThat(parse("\":include:${config_directory}/a b\", :INCLUDE:list"))
                .containsExactly(
                        new AliasTarget.Include(home.resolve("a b")), new AliasTarget.Include(home.resolve("list")));
    }

    @Test
    void whatIsNotClosedIsSaid() {
        for (String wrong : List.of("\"ann", "<ann", "(ann", "", " , ", "\"|\"", "|")) {
            assertThatThrownBy(() -> parse(wrong)).as(wrong).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void anIncludedFileIsAListOrDefersMail() throws IOException {
        Path list = home.resolve("staff.list");
        Files.writeString(list, "# staff\nann\nbob, carol@example.com\n\n  dave\n");
        assertThat(AliasTargets.include(list, home))
                .containsExactly(mail("ann"), mail("bob"), mail("carol@example.com"), mail("dave"));
        Files.writeString(list, "ann\n\n\"bob\n");
        assertThatThrownBy(() -> AliasTargets.include(list, home))
                .isInstanceOfSatisfying(
                        Unavailable.class, e -> assertThat(e.detail()).startsWith(list + ":3: "));
        assertThatThrownBy(() -> AliasTargets.include(home.resolve("none"), home))
                .isInstanceOf(Unavailable.class);
        Files.writeString(list, "# nobody yet\n");
        assertThat(AliasTargets.include(list, home)).isEmpty();
    }
}
