package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands that ask: `lookup`, `route`, `junk`, `dkim check`; and those that take over what was sorted and signed
/// before.
@Timeout(120)
class EnquiriesTest {
    private static final String JUNK = """
            Subject: cheap zworkle pills
            From: seller@bad.example

            Order zworkle and frobnik pills today, plimsy quality, brankle guaranteed %d.
            """;
    private static final String HAM = """
            Subject: minutes of the choir
            From: ann@example.com

            The rehearsal begins at eight, bring the alto scores and Gerald's violin %d.
            """;

    @TempDir
    Path folder;

    private House house(String... lines) throws IOException {
        return House.of(folder.resolve("home"), lines);
    }

    @Test
    void lookupAnswersLikeATableAndSaysWhere() throws IOException {
        try (House house = house()) {
            house.write("virtual", "# people\ninfo@example.com ann@example.com\n");
            House.Outcome found = house.run("lookup", "hash:virtual", "INFO@example.com");
            assertThat(found.out()).isEqualTo("ann@example.com\n");
            assertThat(found.exit()).isZero();
            assertThat(house.run("lookup", "--place", "hash:virtual", "info@example.com")
                            .out())
                    .isEqualTo("ann@example.com  (" + folder.resolve("home/virtual") + ":2)\n");
            House.Outcome none = house.run("lookup", "hash:virtual", "nobody@example.com");
            assertThat(none.out()).isEmpty();
            assertThat(none.exit()).isEqualTo(1);
            House.Outcome several = house.runWith("a@example.com\ninfo@example.com\n", "lookup", "hash:virtual", "-");
            assertThat(several.out()).isEqualTo("info@example.com\tann@example.com\n");
            assertThat(several.exit()).isEqualTo(1);
            House.Outcome missing = house.run("lookup", "hash:nowhere", "a");
            assertThat(missing.exit()).isEqualTo(75);
            assertThat(missing.err()).contains("nowhere");
            assertThat(house.run("lookup", "btree2:x", "a").exit()).isEqualTo(64);
        }
    }

    @Test
    void routeFollowsAliasesToTheirEnds() throws IOException {
        try (House house = house("virtual_alias_maps = hash:virtual", "relayhost = [192.0.2.1]:587")) {
            house.write("virtual", "info@example.com ann@example.com, bob@elsewhere.example\n");
            house.people("ann");
            House.Outcome ways = house.run("route", "info@example.com");
            assertThat(ways.err()).isEmpty();
            assertThat(ways.out())
                    .contains("info@example.com: ours, class virtual mailbox\n")
                    .contains("becomes ann@example.com, bob@elsewhere.example\n")
                    .contains("ann@example.com -> mailbox, account ann@example.com")
                    .contains("bob@elsewhere.example -> away, transport smtp, nexthop [192.0.2.1]:587");
            assertThat(ways.exit()).isZero();
            House.Outcome nobody = house.run("route", "nobody@example.com");
            assertThat(nobody.out()).contains("refused at the door: 550 5.1.1").contains("-> back, reply 550 5.1.1");
            assertThat(nobody.exit()).isEqualTo(1);
            assertThat(house.run("route", "--json", "ann@example.com").out())
                    .contains("\"goes\":\"mailbox\"")
                    .contains("\"account\":\"ann@example.com\"");
            assertThat(house.run("route", "no address").exit()).isEqualTo(64);
        }
    }

    @Test
    void junkIsTaughtFromFilesOnceAndForgottenOnDemand() throws IOException {
        try (House house = house()) {
            house.people("ann");
            Path maildir = Files.createDirectories(folder.resolve("Maildir/.Junk/cur"));
            StringBuilder mbox = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                Files.writeString(maildir.resolve(i + ":2,S"), JUNK.formatted(i));
                mbox.append("From ann Thu Jan  1 00:00:00 2026\n")
                        .append(HAM.formatted(i))
                        .append('\n');
            }
            Files.writeString(folder.resolve("Maildir/.Junk/dovecot-uidlist"), "3 V1 N41\n");
            Path file = folder.resolve("ham.mbox");
            Files.writeString(file, mbox);
            Path sample = folder.resolve("sample.eml");
            Files.writeString(sample, JUNK.formatted(999));
            assertThat(house.run("junk", "test", sample.toString()).exit()).isZero();
            for (boolean running : new boolean[] {false, true}) {
                if (running) {
                    house.start();
                }
                House.Outcome junk = house.run(
                        "junk", "learn", "junk", folder.resolve("Maildir").toString());
                assertThat(junk.err()).isEmpty();
                assertThat(junk.out()).isEqualTo("learned " + (running ? 0 : 40) + " of 40\n");
                assertThat(house.run("junk", "learn", "ham", file.toString()).out())
                        .isEqualTo("learned " + (running ? 0 : 40) + " of 40\n");
                assertThat(house.run("junk", "show").out()).startsWith("The site learned from 40 junk and 40 wanted");
                House.Outcome judged = house.run("junk", "test", sample.toString());
                assertThat(judged.out()).startsWith("Junk: ").contains("BAYES_JUNK");
                assertThat(judged.exit()).isEqualTo(1);
            }
            // The other lesson takes the first one back.
            assertThat(house.run(
                                    "junk",
                                    "learn",
                                    "ham",
                                    maildir.resolve("0:2,S").toString())
                            .out())
                    .isEqualTo("learned 1 of 1\n");
            assertThat(house.run("junk", "show", "--json").out()).contains("\"junk\":39", "\"ham\":41");
            assertThat(house.runWith(JUNK, "junk", "learn", "junk", "--account", "ann@example.com", "-")
                            .out())
                    .isEqualTo("learned 1 of 1\n");
            assertThat(house.run("junk", "show", "--account", "ann@example.com").out())
                    .startsWith("ann@example.com learned from 1 junk and 0 wanted");
            assertThat(house.run("junk", "forget", "--site").exit()).isZero();
            assertThat(house.run("junk", "show").out()).startsWith("The site learned from 0 junk and 0 wanted");
            assertThat(house.run("junk", "forget").exit()).isEqualTo(65);
            assertThat(house.run("junk", "learn", "spam", file.toString()).exit())
                    .isEqualTo(65);
            assertThat(house.run("junk", "learn", "junk", folder.resolve("none").toString())
                            .err())
                    .contains("none cannot be read");
        }
    }

    @Test
    void keysOfOpendkimAreTakenOverAndOthersNamed() throws Exception {
        try (House house = house()) {
            house.people("ann");
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            Path key = folder.resolve("keys/mail.private");
            Files.createDirectories(key.getParent());
            Files.writeString(
                    key,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(generator
                                            .generateKeyPair()
                                            .getPrivate()
                                            .getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
            Path table = folder.resolve("key.table");
            Files.writeString(table, """
                    # name  domain:selector:file
                    main    example.com:mail:keys/mail.private
                    every   %%:mail:keys/mail.private
                    gone    example.org:mail:keys/none.private
                    odd     example.com
                    """.replace("%%", "%"));
            House.Outcome taken = house.run("dkim", "import", table.toString());
            assertThat(taken.exit()).isEqualTo(1);
            assertThat(taken.out()).isEqualTo("Taken over: mail._domainkey.example.com (rsa-sha256)\n");
            assertThat(taken.err().lines().toList())
                    .satisfiesExactly(
                            every -> assertThat(every).startsWith(table + ":3: % stands for"),
                            gone -> assertThat(gone).startsWith(table + ":4: the key cannot be read"),
                            odd -> assertThat(odd).startsWith(table + ":5: \"name domain:selector:keyfile\""));
            assertThat(house.run("dkim", "list").out()).contains("example.com", "mail", "signing");
            Path kept = folder.resolve("home/dkim/example.com/mail.key");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                    .isEqualTo("rw-------");
            assertThat(house.run("dkim", "import", table.toString()).err()).contains("already");
        }
    }

    @Test
    void aMessageWithoutSignatureIsSaidToHaveNone() throws IOException {
        try (House house = house()) {
            House.Outcome none = house.runWith(HAM, "dkim", "check", "-");
            assertThat(none.out()).isEqualTo("There is no DKIM-Signature field.\n");
            assertThat(none.exit()).isEqualTo(1);
        }
    }
}
