package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Every command, as it is typed: with a running server over its socket, without one on the store itself.
@Timeout(120)
class CommandLineTest {
    private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^  ([a-z]+) {2,}\\S");

    @TempDir
    Path folder;

    private House house(String... lines) throws IOException {
        return House.of(folder.resolve("home"), lines);
    }

    /// Every line is one JSON document; answers how many.
    private static int documents(String text) {
        int documents = 0;
        for (String line : text.lines().toList()) {
            try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
                JsonToken first = json.nextToken();
                assertThat(first).isIn(JsonToken.START_OBJECT, JsonToken.START_ARRAY);
                json.skipChildren();
                assertThat(json.nextToken()).isNull();
            }
            documents++;
        }
        return documents;
    }

    private static House.Outcome ok(House.Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        return outcome;
    }

    // ---- help --------------------------------------------------------------------------------------------------

    @Test
    void everyCommandShowsExamplesInItsHelp() throws IOException {
        House house = house();
        List<String> all = new ArrayList<>();
        help(house, List.of(), all);
        assertThat(all)
                .contains(
                        "serve",
                        "demo",
                        "check",
                        "config",
                        "reload",
                        "stop",
                        "status",
                        "verify",
                        "backup",
                        "sendmail",
                        "account add",
                        "account list",
                        "account show",
                        "account password",
                        "account quota",
                        "account suspend",
                        "account resume",
                        "account remove",
                        "domain add",
                        "domain list",
                        "domain remove",
                        "alias add",
                        "alias list",
                        "alias remove",
                        "queue list",
                        "queue show",
                        "queue flush",
                        "queue hold",
                        "queue release",
                        "queue delete");
        assertThat(Files.exists(house.home.resolve("data"))).isFalse();
    }

    private static void help(House house, List<String> command, List<String> all) {
        List<String> line = new ArrayList<>(command);
        line.add("--help");
        House.Outcome outcome = ok(house.run(line.toArray(String[]::new)));
        assertThat(outcome.out()).as(line.toString()).contains("Example").contains("tamanoir ");
        int commands = outcome.out().indexOf("Commands:");
        Matcher names = SUBCOMMAND.matcher(commands < 0 ? "" : outcome.out().substring(commands));
        while (names.find()) {
            List<String> next = new ArrayList<>(command);
            next.add(names.group(1));
            all.add(String.join(" ", next));
            help(house, next, all);
        }
    }

    @Test
    void whatIsNoCommandIsSaidWithTheWayToHelp() throws IOException {
        House house = house();
        House.Outcome unknown = house.run("acount", "list");
        assertThat(unknown.exit()).isEqualTo(64);
        assertThat(unknown.err()).contains("tamanoir: ", "acount", "--help");
        House.Outcome bare = house.run("queue");
        assertThat(bare.exit()).isEqualTo(64);
        assertThat(bare.err()).contains("a command is missing after 'queue'", "tamanoir queue --help");
        House.Outcome missing = house.run("account", "quota", "ann@example.com");
        assertThat(missing.exit()).isEqualTo(64);
        assertThat(missing.err()).contains("SIZE", "tamanoir account quota --help");
        assertThat(house.run("--version").out()).startsWith("Tamanoir ");
    }

    // ---- people ------------------------------------------------------------------------------------------------

    @Test
    void domainsAccountsAndAliasesAreKeptWithoutAServer() throws IOException {
        people(house());
    }

    @Test
    void domainsAccountsAndAliasesAreKeptByTheRunningServer() throws IOException {
        try (House house = house().start()) {
            people(house);
        }
    }

    private static void people(House house) {
        assertThat(ok(house.run("domain", "add", "example.com")).out())
                .isEqualTo("Added example.com. Next: tamanoir account add somebody@example.com\n");
        assertThat(house.run("domain", "add", "example.com"))
                .isEqualTo(new House.Outcome(65, "", "tamanoir: the domain example.com exists already\n"));
        assertThat(house.run("domain", "add", "ex ample").exit()).isEqualTo(64);
        assertThat(ok(house.run("domain", "list")).out()).isEqualTo("example.com\n");
        assertThat(ok(house.run("domain", "list", "--json")).out()).isEqualTo("[\"example.com\"]\n");

        assertThat(ok(house.run(
                                "account",
                                "add",
                                "ann@example.com",
                                "--name",
                                "Ann Martin",
                                "--quota",
                                "2G",
                                "--password",
                                "one"))
                        .out())
                .isEqualTo("Added ann@example.com.\n");
        assertThat(ok(house.runWith("two\nthree\n", "account", "add", "bob@example.com", "--password-stdin"))
                        .out())
                .isEqualTo("Added bob@example.com.\n");
        House.Outcome again = house.run("account", "add", "ann@example.com", "--password", "one");
        assertThat(again.exit()).isEqualTo(65);
        assertThat(again.err()).contains("there is an account ann@example.com already");
        House.Outcome strange = house.run("account", "add", "ann@example.org", "--password", "one");
        assertThat(strange.exit()).isEqualTo(65);
        assertThat(strange.err()).contains("example.org is not one of this server; add it first with `domain add");
        assertThat(house.run("account", "add", "ann", "--password", "one").exit())
                .isEqualTo(64);
        assertThat(house.run("account", "add", "cy@example.com", "--password", "x", "--quota", "much"))
                .isEqualTo(new House.Outcome(
                        64, "", "tamanoir: 'much' is not a size; sizes look like 500M or 2G, 0 is no limit\n"));
        assertThat(house.runWith("", "account", "add", "cy@example.com", "--password-stdin"))
                .isEqualTo(new House.Outcome(64, "", "tamanoir: standard input holds no password\n"));
        House.Outcome nowhere = house.run("account", "add", "cy@example.com");
        assertThat(nowhere.exit()).isEqualTo(64);
        assertThat(nowhere.err()).contains("use --password-stdin");

        assertThat(ok(house.run("account", "list")).out())
                .containsSubsequence("ann@example.com", "Ann Martin", "bob@example.com");
        assertThat(documents(ok(house.run("account", "list", "--json", "--domain", "example.com"))
                        .out()))
                .isEqualTo(2);
        assertThat(ok(house.run("account", "list", "--domain", "example.org")).out())
                .isEmpty();
        assertThat(ok(house.run("account", "show", "ann")).out())
                .contains("address:   ann@example.com", "name:      Ann Martin", "0 B of 2.0 GiB", "INBOX");
        String shown =
                ok(house.run("account", "show", "ann@example.com", "--json")).out();
        assertThat(documents(shown)).isEqualTo(1);
        assertThat(shown).contains("\"quota\":2147483648", "\"state\":\"active\"");
        assertThat(house.run("account", "show", "eve"))
                .isEqualTo(new House.Outcome(
                        65, "", "tamanoir: there is no account eve; 'tamanoir account list' shows those there are\n"));

        assertThat(ok(house.run("account", "quota", "ann", "0")).out())
                .isEqualTo("The quota of ann@example.com is no limit.\n");
        assertThat(ok(house.runWith("new\n", "account", "password", "ann", "--password-stdin"))
                        .out())
                .isEqualTo("The password of ann@example.com is set.\n");
        assertThat(ok(house.run("account", "suspend", "ann")).out()).isEqualTo("ann@example.com is suspended.\n");
        assertThat(ok(house.run("account", "list")).out()).contains("suspended");
        assertThat(ok(house.run("account", "resume", "ann")).out()).isEqualTo("ann@example.com is active.\n");

        assertThat(ok(house.run("alias", "add", "info@example.com", "ann@example.com", "bob@example.org"))
                        .out())
                .isEqualTo("info@example.com -> ann@example.com, bob@example.org\n");
        assertThat(house.run("alias", "add", "info@example.com", "bob@example.com")
                        .err())
                .contains("there is an alias info@example.com already; remove it first");
        assertThat(house.run("alias", "add", "info@example.com").exit()).isEqualTo(64);
        ok(house.run("alias", "add", "@example.com", "bob@example.com"));
        assertThat(ok(house.run("alias", "list")).out())
                .contains("info@example.com -> ann@example.com, bob@example.org", "@example.com -> bob@example.com");
        assertThat(documents(ok(house.run("alias", "list", "--json")).out())).isEqualTo(2);
        assertThat(ok(house.run("alias", "remove", "info@example.com")).out()).isEqualTo("Removed info@example.com.\n");
        assertThat(house.run("alias", "remove", "info@example.com").exit()).isEqualTo(65);

        House.Outcome unsure = house.run("account", "remove", "bob");
        assertThat(unsure.exit()).isEqualTo(64);
        assertThat(unsure.err()).contains("holds 0 messages", "say it again with --yes");
        House.Outcome full = house.run("domain", "remove", "example.com");
        assertThat(full.exit()).isEqualTo(65);
        assertThat(full.err()).contains("still has");
        assertThat(ok(house.run("account", "remove", "bob", "--yes")).out())
                .isEqualTo("Removed bob@example.com; its mail is being erased.\n");
        ok(house.run("account", "remove", "ann", "--yes"));
        ok(house.run("alias", "remove", "@example.com"));
        assertThat(ok(house.run("domain", "remove", "example.com")).out()).isEqualTo("Removed example.com.\n");
        assertThat(ok(house.run("domain", "list")).out()).isEmpty();
    }

    @Test
    void passwordsAndSuspensionCountAtOnce() throws IOException {
        try (House house = house().start().people("ann")) {
            house.inbox("ann").close();
            ok(house.runWith("another\n", "account", "password", "ann", "--password-stdin"));
            assertThatThrownBy(() -> house.inbox("ann")).hasMessageContaining("AUTHENTICATIONFAILED");
            Line.imap(house.port("imap"), "ann", "another", "INBOX").close();
            ok(house.run("account", "suspend", "ann"));
            assertThatThrownBy(() -> Line.imap(house.port("imap"), "ann", "another", "INBOX"))
                    .hasMessageContaining("NO");
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: x\n\nx\n"))
                        .startsWith("250 2.0.0");
            }
            ok(house.run("account", "resume", "ann"));
            Line.imap(house.port("imap"), "ann", "another", "INBOX").close();
        }
    }

    // ---- the server --------------------------------------------------------------------------------------------

    @Test
    void aFolderThatIsNoHomeIsNotMadeOne() throws IOException {
        House house = new House(folder.resolve("slip"));
        for (String command : List.of("account list", "queue list", "verify")) {
            House.Outcome outcome = house.run(command.split(" "));
            assertThat(outcome.exit()).isEqualTo(65);
            assertThat(outcome.err())
                    .contains("there is no main.cf in " + house.home, "--home DIR", "tamanoir serve --home");
        }
        assertThat(house.home).isEmptyDirectory();
        assertThat(house.run("check").out()).contains("main.cf: warning: there is no such file");
    }

    @Test
    void withoutAServerItsCommandsSaySo() throws IOException {
        House house = house();
        for (String command : List.of(
                "status", "reload", "stop", "queue flush --all", "queue hold x", "queue release x", "queue delete x")) {
            assertThat(house.run(command.split(" ")))
                    .as(command)
                    .isEqualTo(new House.Outcome(
                            69, "", "tamanoir: no server is running with the home folder " + house.home + "\n"));
        }
        assertThat(house.runWith("Subject: x\n\nx\n", "sendmail", "ann@example.com"))
                .isEqualTo(new House.Outcome(
                        69,
                        "",
                        "sendmail: no server is running with the home folder " + house.home
                                + "; the message was not taken\n"));
    }

    @Test
    void statusShowsTheEssentials() throws IOException {
        try (House house = house().start().people("ann")) {
            try (Line smtp = house.smtp()) {
                smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: x\n\nx\n");
            }
            assertThat(ok(house.run("status")).out())
                    .contains(
                            "Tamanoir ",
                            "process " + ProcessHandle.current().pid(),
                            "listens on smtp         127.0.0.1:" + house.port("smtp"),
                            "listens on imaps        127.0.0.1:" + house.port("imaps") + " (TLS)",
                            "0 messages in the queue, heap ",
                            "tamanoir_connections_total");
            String json = ok(house.run("status", "--json")).out();
            assertThat(documents(json)).isEqualTo(1);
            assertThat(json).contains("\"queued\":0", "\"warnings\":[]");
        }
    }

    @Test
    void aSecondServerOnTheSameHomeIsRefused() throws IOException {
        try (House house = house().start()) {
            House.Outcome second = house.run("serve");
            assertThat(second.exit()).isEqualTo(69);
            assertThat(second.err()).contains("the store cannot be opened");
            assertThat(ok(house.run("status")).out()).contains("listens on smtp");
            assertThat(house.runInside("root", true, "", "serve").err()).contains("the server is running already");
        }
    }

    @Test
    void verifyFindsNothing() throws IOException {
        House house = house().people("ann");
        assertThat(ok(house.run("verify")).out()).contains("1 accounts with 0 messages checked, 0 findings");
        try (House running = house.start()) {
            assertThat(ok(running.run("verify", "--bodies")).out()).contains("0 findings");
        }
    }

    @Test
    void otherUsersMayHandInMailAndNothingElse() throws IOException {
        try (House house = house().start().people("ann")) {
            for (String command : List.of(
                    "account list",
                    "account show ann",
                    "account remove ann --yes",
                    "account password ann --password x",
                    "domain add example.org",
                    "alias list",
                    "queue list",
                    "queue flush --all",
                    "sendmail -bp",
                    "sendmail -q",
                    "status",
                    "reload",
                    "stop",
                    "verify")) {
                assertThat(house.runInside("eve", false, "", command.split(" ")))
                        .as(command)
                        .isEqualTo(new House.Outcome(
                                65, "", "tamanoir: only root and the user that runs the server may do this\n"));
            }
            assertThat(house.runInside("eve", false, "Subject: x\n\nx\n", "sendmail", "ann@example.com"))
                    .isEqualTo(new House.Outcome(0, "", ""));
            try (Line imap = house.inbox("ann")) {
                assertThat(imap.message(1)).contains("Return-Path: <eve@example.com>", "from userid eve");
            }
        }
    }

    // ---- main.cf -----------------------------------------------------------------------------------------------

    @Test
    void configShowsWhatPostconfShows() throws IOException {
        House house = house("message_size_limit = 2000000", "submission/smtpd_timeout = 60s", "own_name = $mydomain");
        assertThat(ok(house.run("config", "message_size_limit", "smtpd_timeout"))
                        .out())
                .isEqualTo("message_size_limit = 2000000\nsmtpd_timeout = ${stress?{10}:{300}}s\n");
        assertThat(ok(house.run("config", "submission/smtpd_timeout")).out()).contains("60s");
        assertThat(ok(house.run("config", "myorigin")).out()).isEqualTo("myorigin = $mydomain\n");
        assertThat(ok(house.run("config", "--expanded", "myorigin", "own_name")).out())
                .isEqualTo("myorigin = example.com\nown_name = example.com\n");
        assertThat(ok(house.run("config", "-n")).out())
                .contains("message_size_limit = 2000000\n", "submission/smtpd_timeout = 60s\n", "own_name = $mydomain")
                .doesNotContain("queue_run_delay");
        assertThat(ok(house.run("config", "-d")).out())
                .contains("message_size_limit = 10240000\n", "queue_run_delay = 300s\n");
        assertThat(ok(house.run("config")).out())
                .contains("message_size_limit = 2000000\n", "queue_run_delay = 300s\n");
        assertThat(ok(house.run("config", "message_size_limit", "--explain")).out())
                .contains("message_size_limit", "10240000", "main.cf:7");
        assertThat(documents(ok(house.run("config", "-d", "--json")).out())).isGreaterThan(200);
        assertThat(documents(ok(house.run("config", "--json", "own_name")).out()))
                .isEqualTo(1);
        assertThat(house.run("config", "mesage_size_limit"))
                .isEqualTo(new House.Outcome(
                        65,
                        "",
                        "tamanoir: there is no parameter mesage_size_limit; did you mean message_size_limit?\n"));
    }

    @Test
    void checkSaysWhatIsWrongAndWhere() throws IOException {
        House house = house("smtpd_timeout = soon", "virtual_alias_maps = hash:$config_directory/nowhere");
        House.Outcome check = house.run("check");
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.out())
                .contains(
                        "main.cf:7: error: smtpd_timeout: \"soon\" is no time; allowed is",
                        "main.cf:8: error: virtual_alias_maps: ",
                        "2 errors.");
        House.Outcome json = house.run("check", "--json", "-q");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(documents(json.out())).isEqualTo(2);
        assertThat(json.out()).contains("\"line\":7");
        assertThat(house.run("account", "list").err()).contains("main.cf:7: error: smtpd_timeout");
    }

    @Test
    void serveWithAWrongConfigurationDoesNotStart() throws IOException {
        House house = house("smtpd_timeout = soon");
        House.Outcome serve = house.run("serve");
        assertThat(serve.exit()).isEqualTo(78);
        assertThat(serve.err())
                .contains("main.cf:7: error: smtpd_timeout", "was not started", "tamanoir check --home " + house.home);
        House other = House.of(
                folder.resolve("other"), "smtpd_relay_restrictions = permit", "smtpd_recipient_restrictions =");
        assertThat(other.run("check").exit()).isEqualTo(1);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (House first = house().start()) {
            House second = House.of(folder.resolve("second")).with("smtpd_port", String.valueOf(first.port("smtp")));
            House.Outcome serve = second.run("serve");
            assertThat(serve.exit()).isEqualTo(69);
            assertThat(serve.err())
                    .contains("port " + first.port("smtp") + " (smtp) cannot be opened", "smtpd_port", "port_offset");
            // Nothing was left open: the next start can have the store.
            ok(second.run("account", "list"));
        }
    }

    // ---- the queue ---------------------------------------------------------------------------------------------

    @Test
    void theQueueIsShownAndSteered() throws IOException {
        // Nobody listens there.
        try (House house =
                house("relayhost = [127.0.0.1]:" + House.freePort()).start().people("ann")) {
            List<String> ids = new ArrayList<>();
            try (Line smtp = house.smtp()) {
                for (String to : List.of("one@elsewhere.example", "two@elsewhere.example", "three@other.example")) {
                    String reply = smtp.mail("ann@example.com", to, "Subject: for " + to + "\n\nthe text\n");
                    ids.add(reply.substring(reply.lastIndexOf(' ') + 1));
                }
            }
            House.await(
                    "each was tried once",
                    () -> house.run("queue", "list").out().split("1 tried").length == 4);
            assertThat(ok(house.run("queue", "list")).out())
                    .contains(
                            "3 messages.", "from <ann@example.com>", "to <three@other.example>", "next 20", "refused");
            assertThat(ok(house.run("sendmail", "-bp")).out()).contains("3 messages.");
            String json = ok(house.run("queue", "list", "--json")).out();
            assertThat(documents(json)).isEqualTo(3);
            assertThat(json).contains("\"standing\":\"deferred\"", "\"attempts\":1", "\"lastReply\":\"4");

            assertThat(ok(house.run("queue", "show", ids.get(0))).out())
                    .contains("to <one@elsewhere.example>", "Received: from client", "Subject: for one", "the text");
            assertThat(ok(house.run("queue", "show", ids.get(0), "--headers")).out())
                    .contains("Subject: for one")
                    .doesNotContain("the text");
            assertThat(documents(
                            ok(house.run("queue", "show", ids.get(0), "--json")).out()))
                    .isEqualTo(1);

            assertThat(ok(house.run("queue", "hold", ids.get(0), "--reason", "asking"))
                            .out())
                    .isEqualTo(ids.get(0) + ": on hold\n");
            assertThat(ok(house.run("queue", "list")).out()).contains("on hold: asking");
            House.Outcome held = house.run("queue", "flush", ids.get(0));
            assertThat(held.exit()).isEqualTo(65);
            assertThat(held.err()).contains("on hold, or not in the queue");
            assertThat(ok(house.run("queue", "flush", "--destination", "other.example"))
                            .out())
                    .isEqualTo("1 message tried now.\n");
            assertThat(ok(house.run("queue", "flush", ids.get(1))).out()).isEqualTo(ids.get(1) + ": tried now\n");
            assertThat(ok(house.run("queue", "flush", "--all")).out()).isEqualTo("2 messages tried now.\n");
            assertThat(house.run("queue", "flush").exit()).isEqualTo(64);
            ok(house.run("sendmail", "-q"));
            assertThat(ok(house.run("queue", "release", ids.get(0))).out()).isEqualTo(ids.get(0) + ": released\n");
            assertThat(house.run("queue", "release", ids.get(1)).exit()).isEqualTo(65);

            assertThat(ok(house.run("queue", "delete", ids.get(0), ids.get(1))).out())
                    .isEqualTo(ids.get(0) + ": deleted\n" + ids.get(1) + ": deleted\n");
            House.await("two are gone", () -> house.run("queue", "list").out().contains("1 message."));
            House.Outcome gone = house.run("queue", "show", ids.get(0));
            assertThat(gone.exit()).isEqualTo(65);
            assertThat(gone.err()).isEqualTo("tamanoir: there is no " + ids.get(0) + " in the queue (any more)\n");
            assertThat(house.run("queue", "delete", ids.get(0)).exit()).isEqualTo(65);
            assertThat(house.run("queue", "show", "!").err()).isEqualTo("tamanoir: \"!\" is not a queue id\n");
            house.stop();
            assertThat(ok(house.run("queue", "list")).out()).contains("1 message.", "three@other.example");
        }
    }

    // ---- sendmail ----------------------------------------------------------------------------------------------

    private static House.Outcome sendmail(House house, String message, String... words) {
        List<String> line = new ArrayList<>(List.of("sendmail"));
        line.addAll(Arrays.asList(words));
        return house.runWith(message, line.toArray(String[]::new));
    }

    @Test
    void sendmailTakesRecipientsFromTheHeaderAndRemovesBcc() throws IOException {
        try (House house = house().start().people("ann", "bob", "cy")) {
            ok(sendmail(house, """
                    To: Ann <ann@example.com>
                    Cc: bob
                    Bcc: cy@example.com
                    Subject: to three

                    before
                    .
                    after
                    """, "-t", "-i", "-f", "ann@example.com"));
            for (String name : List.of("ann", "bob", "cy")) {
                try (Line imap = house.inbox(name)) {
                    assertThat(imap.message(1))
                            .contains(
                                    "Return-Path: <ann@example.com>",
                                    "Cc: bob@example.com\n",
                                    "Message-ID: <",
                                    "Date: ",
                                    "\nbefore\n.\nafter\n")
                            .doesNotContain("Bcc", "cy@example.com>");
                }
            }
        }
    }

    @Test
    void sendmailEndsAtADotAndKnowsWhoCalls() throws IOException {
        try (House house = house().start().people("ann")) {
            ok(sendmail(house, "Subject: x\n\nbefore\n.\nafter\n", "-F", "Some Body", "ann@example.com"));
            String user = System.getProperty("user.name");
            try (Line imap = house.inbox("ann")) {
                assertThat(imap.message(1))
                        .contains(
                                "Return-Path: <" + user + "@example.com>",
                                "From: Some Body <" + user + "@example.com>",
                                "from userid " + user,
                                "\nbefore\n")
                        .doesNotContain("after");
            }
            assertThat(house.run("queue", "list").out()).isEqualTo("The queue is empty.\n");
        }
    }

    @Test
    void sendmailSaysWhyItDidNotTakeAMessage() throws IOException {
        try (House house = house("message_size_limit = 5000").start().people("ann")) {
            House.Outcome nobody = sendmail(house, "Subject: x\n\nx\n");
            assertThat(nobody.exit()).isEqualTo(64);
            assertThat(nobody.err()).contains("no recipients: name them on the command line, or use -t");
            assertThat(sendmail(house, "Subject: x\n\nTo: ann@example.com\n", "-t")
                            .exit())
                    .isEqualTo(64);
            House.Outcome wrong = sendmail(house, "Subject: x\n\nx\n", "ann@@example");
            assertThat(wrong.exit()).isEqualTo(64);
            House.Outcome option = sendmail(house, "x\n", "-bd");
            assertThat(option.exit()).isEqualTo(64);
            assertThat(option.err()).contains("tamanoir serve");
            House.Outcome large = sendmail(house, "Subject: x\n\n" + "x\n".repeat(5000), "ann@example.com");
            assertThat(large.exit()).isEqualTo(65);
            assertThat(large.err()).contains("5.3.4");
            assertThat(ok(sendmail(house, "", "-bi")).out()).isEmpty();
            assertThat(ok(sendmail(house, "", "--help")).out()).contains("Examples:");
        }
    }
}
