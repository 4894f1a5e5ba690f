package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tamanoir sieve`, with and without a running server.
@Timeout(120)
class SieveCommandTest {
    @TempDir
    Path folder;

    @Test
    void aScriptIsCheckedKeptActivatedAndDeleted() throws IOException {
        try (House house = House.of(folder.resolve("home"), "sieve_max_script_size = 500")) {
            house.people("ann");
            Path good =
                    Files.writeString(folder.resolve("good.sieve"), "require \"fileinto\";\nfileinto \"Bücher\";\n");
            Path bad = Files.writeString(folder.resolve("bad.sieve"), "keep;\n  frob;\n");
            for (boolean running : new boolean[] {false, true}) {
                if (running) {
                    house.start();
                }
                House.Outcome checked = house.run("sieve", "check", good.toString());
                assertThat(checked.out() + checked.err()).isEmpty();
                assertThat(checked.exit()).isZero();
                House.Outcome wrong = house.run("sieve", "check", bad.toString());
                assertThat(wrong.out()).startsWith("line 2, column 3: ").contains("frob");
                assertThat(wrong.exit()).isEqualTo(1);
                assertThat(house.run("sieve", "check", "--json", bad.toString()).out())
                        .contains("\"line\":2")
                        .contains("\"column\":3");
                assertThat(house.runWith("keep", "sieve", "check", "-").exit()).isEqualTo(1);
                assertThat(house.runWith("#" + "x".repeat(600), "sieve", "check", "-")
                                .out())
                        .contains("at most 500");

                String[] whose = {"--account", "ann@example.com"};
                House.Outcome refused = house.run("sieve", "put", "rules", bad.toString(), whose[0], whose[1]);
                assertThat(refused.out()).startsWith("line 2, column 3: ");
                assertThat(refused.exit()).isEqualTo(1);
                assertThat(house.run("sieve", "list", whose[0], whose[1]).out()).isEmpty();

                assertThat(house.run("sieve", "put", "rules", good.toString(), whose[0], whose[1])
                                .out())
                        .isEqualTo("Kept rules.\n");
                assertThat(house.runWith("keep;", "sieve", "put", "other", "-", whose[0], whose[1])
                                .exit())
                        .isZero();
                assertThat(house.run("sieve", "activate", "rules", whose[0], whose[1])
                                .exit())
                        .isZero();
                assertThat(house.run("sieve", "list", whose[0], whose[1]).out())
                        .isEqualTo("  other  5 octets\n* rules  40 octets\n");
                assertThat(house.run("sieve", "list", "--json", whose[0], whose[1])
                                .out())
                        .contains("{\"name\":\"rules\",\"active\":true,\"octets\":40}");
                assertThat(house.run("sieve", "show", "rules", whose[0], whose[1])
                                .out())
                        .isEqualTo(Files.readString(good));
                House.Outcome included = house.runWith(
                        "require \"include\"; include \"nowhere\";", "sieve", "check", "-", whose[0], whose[1]);
                assertThat(included.err()).contains("warning").contains("nowhere");
                assertThat(included.exit()).isZero();

                assertThat(house.run("sieve", "delete", "rules", whose[0], whose[1])
                                .err())
                        .contains("is active");
                assertThat(house.run("sieve", "deactivate", whose[0], whose[1]).exit())
                        .isZero();
                assertThat(house.run("sieve", "delete", "rules", whose[0], whose[1])
                                .exit())
                        .isZero();
                assertThat(house.run("sieve", "delete", "other", whose[0], whose[1])
                                .exit())
                        .isZero();
            }
            assertThat(house.run("sieve", "show", "rules", "--account", "ann@example.com")
                            .exit())
                    .isEqualTo(65);
            assertThat(house.run("sieve", "activate", "rules", "--account", "ann@example.com")
                            .exit())
                    .isEqualTo(65);
            assertThat(house.run("sieve", "list", "--account", "nobody@example.com")
                            .exit())
                    .isEqualTo(65);
            assertThat(house.run("sieve", "list").exit()).isEqualTo(64);
        }
    }

    @Test
    void aScriptIsTriedOnAMessage() throws IOException {
        try (House house = House.of(folder.resolve("home"))) {
            house.people("ann");
            house.runWith(
                    "require \"fileinto\"; fileinto \"Others\";",
                    "sieve",
                    "put",
                    "others",
                    "-",
                    "--account",
                    "ann@example.com");
            String script =
                    Files.writeString(folder.resolve("rules.sieve"), """
                            require ["fileinto", "envelope", "imap4flags", "include"];
                            if allof (header :contains "subject" "choir",
                                      not envelope "from" "bob@example.org") {
                                discard;
                            } elsif envelope "to" "ann@example.com" {
                                fileinto :flags "\\\\Flagged" "Choir";
                                stop;
                            }
                            include "others";
                            """).toString();
            String message = Files.writeString(
                            folder.resolve("message.eml"), "From: bob@example.org\nSubject: the choir\n\nEight.\n")
                    .toString();
            String[] others = {"--account", "ann@example.com"};
            for (boolean running : new boolean[] {false, true}) {
                if (running) {
                    house.start();
                }
                House.Outcome ran = house.run(
                        "sieve",
                        "test",
                        script,
                        message,
                        "--from",
                        "bob@example.org",
                        "--to",
                        "ann@example.com",
                        others[0],
                        others[1]);
                assertThat(ran.out())
                        .contains("line 2, column 11: header: true\n")
                        .contains("line 3, column 15: envelope: true\n")
                        .contains("line 2, column 4: allof: false\n")
                        .contains("line 5, column 9: envelope: true\n")
                        .endsWith("line 6 decides: fileinto Choir with \\Flagged\n");
                assertThat(ran.exit()).isZero();
                assertThat(house.run("sieve", "test", script, message, others[0], others[1])
                                .out())
                        .endsWith("line 4 decides: discard\nline 1 decides: fileinto Others\n");
                House.Outcome bad = house.run("sieve", "test", message, message);
                assertThat(bad.out()).startsWith("line 1, column ");
                assertThat(bad.exit()).isEqualTo(1);
            }
        }
    }
}
