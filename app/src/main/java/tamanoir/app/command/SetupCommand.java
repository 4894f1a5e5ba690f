package tamanoir.app.command;

import java.io.ByteArrayInputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.FirstSteps;
import tamanoir.app.Office;
import tamanoir.app.Serving;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.directory.Account;
import tamanoir.server.observe.Refused;
import tamanoir.server.setup.DnsRecord;
import tamanoir.server.setup.Finding;
import tamanoir.server.setup.Setup;
import tamanoir.server.setup.Wording;

/// What the set-up page does, without a browser.
@Command(
        name = "setup",
        description = {
            "The first steps of a new server: looks at the machine and its names, chooses domain and host name,",
            "makes the first account, writes main.cf, and tells which DNS records to add.",
            "Asks for what is not given. Works on a running server and on one that is not started yet."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir setup                                asks, step by step",
            "  tamanoir setup --check                        only looks",
            "  tamanoir setup --records                      which DNS records are there, also later",
            "  tamanoir setup --domain example.net --hostname mail.example.net \\",
            "      --account ann@example.net --password-file /root/secret",
            "",
            "Exit codes: 0 done, 1 a check failed (--check) or a record is missing (--records), 65 it cannot be done."
        })
final class SetupCommand implements Callable<Integer> {

    private final Invocation call;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "What stands behind the @: example.net.")
    String domain = "";

    @Option(names = "--hostname", paramLabel = "NAME", description = "The full name of this machine: mail.example.net.")
    String host = "";

    @Option(names = "--account", paramLabel = "ADDRESS", description = "The first account: ann@example.net.")
    String account = "";

    @Option(names = "--name", paramLabel = "NAME", description = "The person's name, for display.")
    String name = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Read the password from the first line of this file.")
    Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--password-stdin", description = "Read the password from the first line of standard input.")
    boolean passwordFromInput;

    @Option(names = "--check", description = "Only look at the machine and its names; changes nothing.")
    boolean checkOnly;

    @Option(names = "--records", description = "Only show the DNS records, and whether they are there.")
    boolean recordsOnly;

    @Option(names = "--language", paramLabel = "TAG", description = "Of the sentences: en, fr. Default: en.")
    String language = "en";

    @Option(names = "--json", description = "As one JSON object.")
    boolean json;

    SetupCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        if (checkOnly) {
            return inOffice(this::check);
        }
        if (recordsOnly) {
            return inOffice(this::records);
        }
        if (call.office().isPresent()) {
            return call.inOffice(office -> run(FirstSteps.of(call.home(), call.overrides(), office), office, secret()));
        }
        ask();
        String password = secret();
        InputStream input = new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8));
        prepare();
        return call.inOffice(
                office -> run(FirstSteps.of(call.home(), call.overrides(), office), office, password),
                input,
                wordsForServer());
    }

    private interface Work {
        int run(Setup setup, Office office);
    }

    private int inOffice(Work work) {
        prepare();
        return call.inOffice(office -> work.run(FirstSteps.of(call.home(), call.overrides(), office), office));
    }

    /// A home folder that is still empty gets its first files, as by a start.
    private void prepare() {
        if (call.office().isEmpty()
                && Files.notExists(call.home().resolve("main.cf"))
                && !Serving.prepare(call.home(), json ? call.err() : call.out(), call.err())) {
            throw new Refused("nothing was set up");
        }
    }

    // ---- asking ----------------------------------------------------------------------------------------------------

    private void ask() {
        if (!domain.isEmpty() && !host.isEmpty() && !account.isEmpty()) {
            return;
        }
        // None where the input is a pipe or nothing.
        Console console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> new BadSyntax(
                        "there is no terminal to ask: give --domain, --hostname, --account" + " and --password-file"));
        look();
        domain = domain.isEmpty() ? answer(console, "Domain, what stands behind the @", "") : domain;
        host = host.isEmpty() ? answer(console, "Full name of this machine", "mail." + domain) : host;
        account = account.isEmpty() ? answer(console, "First address", "postmaster@" + domain) : account;
        name = name.isEmpty()
                ? answer(console, "Name of the person (may stay empty)", " ").strip()
                : name;
    }

    /// Who is asked should know what was found.
    private void look() {
        prepare();
        Optional<Integer> answered =
                call.byServer(List.of("setup", "--check", "--language", language), InputStream.nullInputStream());
        if (answered.isEmpty()) {
            inOffice(this::check);
        }
        call.out().println();
        call.out().flush();
    }

    private static String answer(Console console, String question, String otherwise) {
        while (true) {
            String line = console.readLine("%s%s: ", question, otherwise.isBlank() ? "" : " [" + otherwise + "]");
            if (line == null) {
                throw new BadSyntax("the input ended; nothing was set up");
            }
            String given = line.strip();
            if (!given.isEmpty() || !otherwise.isEmpty()) {
                return given.isEmpty() ? otherwise : given;
            }
        }
    }

    private String secret() {
        if (passwordFile.isEmpty()) {
            return call.password(Optional.empty(), passwordFromInput);
        }
        try {
            return Files.readString(passwordFile.get())
                    .lines()
                    .findFirst()
                    .orElseThrow(() -> new BadSyntax("--password-file: the file is empty"));
        } catch (IOException e) {
            throw new BadSyntax("--password-file: " + passwordFile.get() + " cannot be read: " + e.getMessage());
        }
    }

    /// Everything that was asked goes along, the password as standard input.
    private List<String> wordsForServer() {
        List<String> words = new ArrayList<>(List.of("setup", "--password-stdin", "--language", language));
        words.addAll(List.of("--domain", domain, "--hostname", host, "--account", account));
        if (!name.isEmpty()) {
            words.addAll(List.of("--name", name));
        }
        if (json) {
            words.add("--json");
        }
        return words;
    }

    // ---- doing -----------------------------------------------------------------------------------------------------

    private int run(Setup setup, Office office, String password) {
        if (!setup.isOpen()) {
            throw alreadyDone();
        }
        Wording wording = Wording.of(language);
        Setup.Named named = setup.names(domain, host);
        Account made = setup.addAccount(account, name, password);
        Optional<Setup.TestArrived> test =
                office.running().isPresent() ? Optional.of(setup.test(wording)) : Optional.empty();
        List<DnsRecord> records = setup.records();
        setup.finish();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", named.domain().name());
            all.put("host", named.host());
            all.put("account", made.address().toString());
            test.ifPresent(arrived -> all.put("testMillis", arrived.millis()));
            named.backup().ifPresent(backup -> all.put("backup", backup.toString()));
            all.put("records", recordMaps(records, wording));
            Json.print(call.out(), all);
            return Exit.OK;
        }
        call.out()
                .println("Wrote " + call.home().resolve("main.cf")
                        + named.backup()
                                .map(backup -> "; the one before is " + backup)
                                .orElse("") + ".");
        call.out().println("Added " + made.address() + ", who also gets the mail for postmaster and abuse.");
        test.ifPresent(arrived -> call.out()
                .println(
                        "A test message came through to " + arrived.mailbox() + " after " + arrived.millis() + " ms."));
        print(records, wording);
        call.out().println();
        call.out()
                .println(
                        office.running().isPresent()
                                ? "The server is set up. Look at the records again with: tamanoir setup --records"
                                : "The server is set up. Start it with: tamanoir serve --home " + call.home());
        return Exit.OK;
    }

    private static Refused alreadyDone() {
        return new Refused(
                "this server is set up already: it has a domain, or main.cf names one. Change main.cf and use"
                        + " 'tamanoir domain' and 'tamanoir account'; --check and --records still look");
    }

    private int check(Setup setup, Office office) {
        Wording wording = Wording.of(language);
        List<Finding> findings = setup.check(host);
        if (json) {
            Json.print(
                    call.out(),
                    Map.of(
                            "checks",
                            findings.stream()
                                    .map(one -> Map.of(
                                            "check", one.check(),
                                            "grade", word(one.grade()),
                                            "text", wording.text(one),
                                            "advice", wording.advice(one)))
                                    .toList()));
        } else {
            for (Finding one : findings) {
                call.out().printf("%-6s %s: %s%n", mark(one.grade()), wording.title(one), wording.text(one));
                if (!wording.advice(one).isEmpty()) {
                    call.out().println("       " + wording.advice(one));
                }
            }
        }
        return findings.stream().anyMatch(one -> one.grade() == Finding.Grade.FAIL) ? Exit.FOUND : Exit.OK;
    }

    private int records(Setup setup, Office office) {
        Domain asked = domain.isEmpty()
                ? office.directory().domains().stream()
                        .findFirst()
                        .orElseThrow(() -> new Refused("this server has no domain yet; give --domain, or set it up"))
                : Domain.of(domain);
        List<DnsRecord> records = setup.records(asked, host);
        Wording wording = Wording.of(language);
        if (json) {
            Json.print(call.out(), Map.of("records", recordMaps(records, wording)));
        } else {
            print(records, wording);
        }
        return records.stream().anyMatch(one -> one.grade() == Finding.Grade.FAIL) ? Exit.FOUND : Exit.OK;
    }

    private void print(List<DnsRecord> records, Wording wording) {
        call.out().println();
        call.out().println("DNS records:");
        for (DnsRecord one : records) {
            call.out()
                    .printf(
                            "%-6s %s. %s %s%n",
                            mark(one.grade()),
                            one.name(),
                            one.type(),
                            one.value().isEmpty() ? "?" : one.value());
            call.out().println("       " + wording.sentence("record." + one.kind(), Map.of()));
            if (one.grade() != Finding.Grade.OK && !one.found().isEmpty()) {
                call.out().println("       there is: " + String.join(", ", one.found()));
            }
        }
        call.out().println(wording.sentence("record.later", Map.of()));
    }

    private static List<Map<String, Object>> recordMaps(List<DnsRecord> records, Wording wording) {
        return records.stream()
                .<Map<String, Object>>map(one -> Map.of(
                        "name", one.name(),
                        "type", one.type(),
                        "value", one.value(),
                        "grade", word(one.grade()),
                        "found", one.found(),
                        "why", wording.sentence("record." + one.kind(), Map.of())))
                .toList();
    }

    private static String word(Finding.Grade grade) {
        return grade.name().toLowerCase(Locale.ROOT);
    }

    private static String mark(Finding.Grade grade) {
        return switch (grade) {
            case OK -> "ok";
            case WARN -> "warn";
            case FAIL -> "FAIL";
            case UNKNOWN -> "?";
        };
    }
}
