package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Passwords for single programs: what they open, when they end, that a restart keeps them.
@Timeout(120)
class AppPasswordTest {
    @TempDir
    Path folder;

    @Test
    void eachOpensWhatItIsForUntilItIsRemoved() throws IOException {
        try (House house = House.of(folder.resolve("home")).people("ann", "bob")) {
            House.Outcome made = house.run("app-password", "add", "ann@example.com", "Ann's phone");
            assertThat(made.err())
                    .contains("Ann's phone (number 1): imap,pop3,smtp,sieve,jmap. It is not shown again.");
            String phone = made.out().strip();
            assertThat(phone).matches("[a-z2-9]{5}(-[a-z2-9]{5}){3}");
            house.start();
            String scanner = house.run(
                            "app-password", "add", "ann@example.com", "scanner", "--scope", "smtp", "--days", "2")
                    .out()
                    .strip();
            for (int restart = 0; restart < 2; restart++) {
                assertThat(house.login("ann", phone)).contains(" OK ");
                assertThat(house.login("ann", phone.replace("-", ""))).contains(" OK ");
                assertThat(house.auth("ann", phone)).startsWith("235 ");
                assertThat(house.auth("ann", scanner)).startsWith("235 ");
                assertThat(house.login("ann", scanner)).contains("NO [AUTHENTICATIONFAILED]");
                assertThat(house.login("bob", phone)).contains("NO [AUTHENTICATIONFAILED]");
                assertThat(house.login("ann", House.SECRET)).contains(" OK ");
                house.stop();
                house.start();
            }
            House.Outcome list = house.run("app-password", "list", "ann@example.com");
            assertThat(list.out().lines().toList())
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith("  1  Ann's phone")
                                    .contains("used 20", "expires never"),
                            second -> assertThat(second)
                                    .startsWith("  2  scanner")
                                    .contains(" smtp ", "expires 20"));
            assertThat(house.run("app-password", "remove", "ann@example.com", "1")
                            .exit())
                    .isZero();
            assertThat(house.login("ann", phone)).contains("NO [AUTHENTICATIONFAILED]");
            assertThat(house.run("app-password", "remove", "ann@example.com", "1")
                            .exit())
                    .isEqualTo(65);
            assertThat(house.run("app-password", "add", "ann@example.com", "x", "--scope", "ftp")
                            .exit())
                    .isEqualTo(64);
            assertThat(house.run("app-password", "list", "ann@example.com", "--json")
                            .out())
                    .contains("\"name\":\"scanner\"")
                    .doesNotContain(scanner);
        }
    }

    @Test
    void whatHasEndedOpensNothing() throws IOException {
        try (House house = House.of(folder.resolve("home")).people("ann").start()) {
            var who =
                    house.office().directory().byLoginName("ann").orElseThrow().id();
            String ended = house.office()
                    .directory()
                    .appPasswords()
                    .add(
                            who,
                            "old",
                            java.util.Set.of(tamanoir.server.directory.AppPasswords.Scope.IMAP),
                            java.util.Optional.of(java.time.Instant.now().minusSeconds(1)))
                    .secret();
            assertThat(house.login("ann", ended)).contains("NO [AUTHENTICATIONFAILED]");
        }
    }
}
