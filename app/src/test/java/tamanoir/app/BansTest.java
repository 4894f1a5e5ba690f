package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Wrong passwords at one door make the client wait at every other, and the administrator sees and ends it.
@Timeout(120)
class BansTest {
    @TempDir
    Path folder;

    private static String pop3(House house, String name, String password) throws IOException {
        try (Line pop3 = Line.to(house.port("pop3"))) {
            pop3.line();
            pop3.send("USER " + name);
            pop3.line();
            pop3.send("PASS " + password);
            return pop3.line();
        }
    }

    @Test
    void whoGuessesAtOneDoorWaitsAtAllAndOldFriendsDoNot() throws IOException {
        try (House house = House.of(folder.resolve("home"), "auth_ban_failure_limit = 3")
                .people("ann", "bob")
                .start()) {
            try (Line inside = house.inbox("ann")) {
                for (int i = 0; i < 3; i++) {
                    assertThat(house.login("carl" + i, "guess")).contains("NO [AUTHENTICATIONFAILED]");
                }
                // One more doubles the wait each time, so that it outlasts this test.
                for (int i = 0; i < 3; i++) {
                    house.office()
                            .directory()
                            .bans()
                            .failed("dora" + i, java.net.InetAddress.getLoopbackAddress(), "imap", "guess");
                }
                assertThat(house.login("bob", House.SECRET))
                        .contains("NO [UNAVAILABLE] too many wrong passwords; try again in ");
                assertThat(pop3(house, "bob", House.SECRET)).startsWith("-ERR [SYS/TEMP] too many wrong passwords");
                assertThat(house.auth("bob", House.SECRET)).startsWith("454 4.7.0 ");
                assertThat(inside.imap("NOOP")).contains(" OK ");
                assertThat(house.login("ann", House.SECRET)).contains(" OK ");
            }
            House.Outcome list = house.run("bans", "list");
            assertThat(list.out())
                    .startsWith("127.0.0.1  until ")
                    .contains(" after 6 wrong passwords; the last: imap, name dora2, client 127.0.0.1");
            assertThat(house.run("bans", "list", "--json").out()).contains("\"subject\":\"127.0.0.1\"");
            assertThat(house.run("bans", "lift", "127.0.0.1").out()).isEqualTo("Lifted.\n");
            assertThat(house.run("bans", "list").out()).isEqualTo("Nobody has to wait.\n");
            assertThat(house.login("bob", House.SECRET)).contains(" OK ");
            assertThat(house.run("bans", "lift", "192.0.2.1").exit()).isEqualTo(65);
        }
    }
}
