package tamanoir.app.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.app.Office;
import tamanoir.app.Submission;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dkim.DkimVerifier;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.authresults.DkimFolder;
import tamanoir.server.authresults.DkimFolder.Kept;
import tamanoir.server.authresults.DkimFolder.Stage;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.Config;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.HostsFile;
import tamanoir.server.dns.Resolver;
import tamanoir.server.observe.Refused;

/// Signing keys: made, shown, replaced.
@Command(
        name = "dkim",
        description = "Makes the keys that sign your mail, prints the DNS records, replaces keys.",
        footer = {
            "",
            "Examples:",
            "  tamanoir dkim add example.com          (one RSA and one Ed25519 key; prints the records)",
            "  tamanoir dkim show example.com         (the records, and whether the DNS has them)",
            "  tamanoir dkim rotate example.com       (new keys; again, once they are in the DNS, to use them)",
            "  tamanoir dkim retire example.com       (removes keys that a rotation has replaced)",
            "  tamanoir dkim check message.eml        (whether the signatures of a message hold)",
            "  tamanoir dkim import /etc/opendkim/key.table"
        })
final class DkimCommand extends Group {
    DkimCommand(Invocation call) {
        super(List.of(
                new Add(call),
                new ListAll(call),
                new Show(call),
                new Rotate(call),
                new Retire(call),
                new CheckMessage(call),
                new Import(call)));
    }

    private interface Work {
        int run(DkimFolder folder, Office office) throws IOException;
    }

    private static int inFolder(Invocation call, Work work) {
        return call.inOffice(office -> {
            try {
                return work.run(
                        new DkimFolder(office.config()
                                .get(AuthresultsParameters.DKIM_KEY_DIRECTORY)
                                .orElseThrow()),
                        office);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// As it goes into a zone file: strings of at most 255 octets.
    private static void print(PrintStream out, Kept key) {
        out.println(key.name() + ". IN TXT (");
        String text = key.record();
        for (int i = 0; i < text.length(); i += 250) {
            out.println("    \"" + text.substring(i, Math.min(text.length(), i + 250)) + "\"");
        }
        out.println(")");
    }

    private static Refused noKey(Domain domain) {
        return new Refused("there is no key of " + domain + "; make one: tamanoir dkim add " + domain);
    }

    private static boolean isPublished(Answer<String> answer, Kept key) {
        String wanted = key.record().replace(" ", "");
        return answer.recordsOrNone().stream()
                .anyMatch(found -> found.replaceAll("[ \\t]", "").equals(wanted));
    }

    @Command(
            name = "add",
            description = "Makes keys for a domain; its mail is signed from now on.",
            footer = {"", "Example:", "  tamanoir dkim add example.com --algorithm ed25519 --selector s1"})
    static final class Add implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "The domain of the From addresses.")
        String domain = "";

        @Option(names = "--algorithm", paramLabel = "NAME", description = "rsa, ed25519 or both (both).")
        String algorithm = "both";

        @Option(names = "--selector", paramLabel = "NAME", description = "The name of the key; needs --algorithm.")
        Optional<String> selector = Optional.empty();

        Add(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            List<Algorithm> algorithms = switch (algorithm) {
                case "rsa" -> List.of(Algorithm.RSA_SHA256);
                case "ed25519" -> List.of(Algorithm.ED25519_SHA256);
                case "both" -> List.of(Algorithm.RSA_SHA256, Algorithm.ED25519_SHA256);
                default -> throw new Refused("--algorithm is rsa, ed25519 or both, not " + algorithm);
            };
            if (selector.isPresent() && algorithms.size() > 1) {
                throw new Refused("one selector names one key: say --algorithm rsa or --algorithm ed25519");
            }
            return inFolder(call, (folder, _) -> {
                call.out().println("Add these records to the DNS; until they are there, receivers cannot check:");
                for (Algorithm one : algorithms) {
                    String name = selector.isPresent()
                            ? selector.get()
                            : folder.freshSelector(parsed, one, YearMonth.now(Clock.systemUTC()));
                    print(call.out(), folder.make(parsed, name, one, Stage.SIGNING));
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "list",
            description = "Lists the keys.",
            footer = {"", "Example:", "  tamanoir dkim list --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return inFolder(call, (folder, _) -> {
                for (Kept key : folder.all()) {
                    if (json) {
                        Json.print(
                                call.out(),
                                Map.of(
                                        "domain", key.domain().ascii(),
                                        "selector", key.selector(),
                                        "algorithm", key.algorithm().word(),
                                        "stage", key.stage().word(),
                                        "record", key.record()));
                    } else {
                        call.out()
                                .printf(
                                        "%-30s %-12s %-15s %s%n",
                                        key.domain(),
                                        key.selector(),
                                        key.algorithm().word(),
                                        key.stage().word());
                    }
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "show",
            description = "Prints the records of a domain and says whether the DNS has them.",
            footer = {"", "Example:", "  tamanoir dkim show example.com"})
    static final class Show implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "For example example.com.")
        String domain = "";

        Show(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            return inFolder(call, (folder, office) -> {
                Dns dns = new Resolver(DnsSettings.from(office.config()));
                List<Kept> keys = folder.of(parsed);
                if (keys.isEmpty()) {
                    throw noKey(parsed);
                }
                boolean all = true;
                for (Kept key : keys) {
                    print(call.out(), key);
                    Answer<String> answer = dns.txt(key.name());
                    String state = switch (answer) {
                        case Answer.Failed<String> failed -> "the DNS cannot be asked: " + failed.reason();
                        case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> "NOT in the DNS yet";
                        case Answer.Found<String> _ ->
                            isPublished(answer, key) ? "in the DNS" : "the DNS has ANOTHER record of this name";
                    };
                    all &= state.equals("in the DNS");
                    call.out().println("; " + key.stage().word() + ", " + state);
                }
                return all ? Exit.OK : Exit.FOUND;
            });
        }
    }

    @Command(
            name = "rotate",
            description = "Replaces the keys of a domain in two steps: makes new ones; called again, uses them.",
            footer = {
                "",
                "The first call makes new keys beside those in use and prints their records. The second one, when the DNS",
                "has them, signs with the new keys and retires the old ones; leave the old records in the DNS for a week.",
                "",
                "Example:",
                "  tamanoir dkim rotate example.com"
            })
    static final class Rotate implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "For example example.com.")
        String domain = "";

        @Option(names = "--now", description = "Use the new keys although the DNS does not show them.")
        boolean now;

        Rotate(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            return inFolder(call, (folder, office) -> {
                List<Kept> keys = folder.of(parsed);
                List<Kept> next =
                        keys.stream().filter(key -> key.stage() == Stage.NEXT).toList();
                List<Kept> signing = keys.stream()
                        .filter(key -> key.stage() == Stage.SIGNING)
                        .toList();
                if (signing.isEmpty() && next.isEmpty()) {
                    throw noKey(parsed);
                }
                if (next.isEmpty()) {
                    call.out().println("Add these records to the DNS, then call this again:");
                    for (Kept old : signing) {
                        print(
                                call.out(),
                                folder.make(
                                        parsed,
                                        folder.freshSelector(parsed, old.algorithm(), YearMonth.now(Clock.systemUTC())),
                                        old.algorithm(),
                                        Stage.NEXT));
                    }
                    return Exit.OK;
                }
                Dns dns = new Resolver(DnsSettings.from(office.config()));
                List<String> missing = new ArrayList<>();
                for (Kept key : next) {
                    if (!now && !isPublished(dns.txt(key.name()), key)) {
                        missing.add(key.name());
                    }
                }
                if (!missing.isEmpty()) {
                    throw new Refused("the DNS does not show " + String.join(", ", missing)
                            + " yet; the old keys stay in use. Wait, or say --now");
                }
                for (Kept key : next) {
                    folder.move(key, Stage.SIGNING);
                }
                for (Kept key : signing) {
                    folder.move(key, Stage.RETIRED);
                    call.out()
                            .println("Leave " + key.name() + " in the DNS for a week, then: tamanoir dkim retire "
                                    + parsed);
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "retire",
            description = "Deletes keys that a rotation has replaced, and says which records can go.",
            footer = {"", "Example:", "  tamanoir dkim retire example.com"})
    static final class Retire implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "For example example.com.")
        String domain = "";

        Retire(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            return inFolder(call, (folder, _) -> {
                for (Kept key : folder.of(parsed)) {
                    if (key.stage() == Stage.RETIRED) {
                        folder.delete(key);
                        call.out().println("Deleted. Take " + key.name() + " out of the DNS.");
                    }
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "check",
            description = "Checks the signatures of a message against the DNS of the moment.",
            footer = {
                "",
                "Example:",
                "  tamanoir dkim check message.eml",
                "",
                "Exit codes: 0 one holds and covers the whole body, 1 none does, 75 the DNS cannot tell now."
            })
    static final class CheckMessage implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "FILE", description = "The message; - for standard input.")
        String file = "";

        CheckMessage(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Config config = call.config();
            Part root = MessageParser.parse(Submission.lines(call.octets(file), false));
            List<Verified> found;
            try {
                found = DkimVerifier.verify(
                        HeaderFields.of(root.header()),
                        new ByteArrayInputStream(root.body().toByteArray()),
                        HostsFile.where(config, new Resolver(DnsSettings.from(config))),
                        Clock.systemUTC().instant());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (Verified one : found) {
                call.out()
                        .println(one.result().word() + "  d=" + one.domain() + " s=" + one.selector() + " a="
                                + one.algorithm() + (one.keyBits() > 0 ? " (" + one.keyBits() + " bits)" : "")
                                + (one.reason().isEmpty() ? "" : ": " + one.reason())
                                + (one.result().isPass() && !one.whole()
                                        ? ": covers only a part of the body (l=)"
                                        : ""));
            }
            if (found.isEmpty()) {
                call.out().println("There is no DKIM-Signature field.");
            }
            if (found.stream().anyMatch(Verified::vouches)) {
                return Exit.OK;
            }
            return found.stream().anyMatch(one -> one.result() == Result.TEMPERROR) ? Exit.TEMPORARY : Exit.FOUND;
        }
    }

    @Command(
            name = "import",
            description = {
                "Takes over the keys that opendkim signed with: reads its KeyTable (name domain:selector:keyfile) and",
                "copies each key. The records in the DNS stay as they are; nothing of opendkim is changed."
            },
            footer = {
                "",
                "Example:",
                "  tamanoir dkim import /etc/opendkim/key.table",
                "",
                "Mail of a domain is signed with the domain's own keys; a SigningTable is not needed. Where yours signs",
                "one domain with another's key, make a key: tamanoir dkim add DOMAIN."
            })
    static final class Import implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "KEYTABLE", description = "The file that KeyTable in opendkim.conf names.")
        Path table = Path.of("");

        Import(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            List<String> lines;
            try {
                lines = Files.readAllLines(table);
            } catch (IOException e) {
                throw new Refused(table + " cannot be read: " + e);
            }
            Path beside = table.toAbsolutePath().resolveSibling("");
            return inFolder(call, (folder, _) -> {
                int exit = Exit.OK;
                for (int i = 0; i < lines.size(); i++) {
                    String line = lines.get(i).strip();
                    if (!line.isEmpty() && !line.startsWith("#") && !taken(folder, beside, line, i + 1)) {
                        exit = Exit.FOUND;
                    }
                }
                return exit;
            });
        }

        private boolean taken(DkimFolder folder, Path beside, String line, int number) throws IOException {
            String[] words = line.split("\\s+", 2);
            String[] parts = words.length == 2 ? words[1].split(":", 3) : words;
            String where = table + ":" + number + ": ";
            if (parts.length != 3) {
                call.err().println(where + "\"name domain:selector:keyfile\" is expected");
                return false;
            }
            if (parts[0].contains("%")) {
                call.err()
                        .println(where + "% stands for every domain of the SigningTable: copy the key for each domain"
                                + " that mail comes from, or make one: tamanoir dkim add DOMAIN");
                return false;
            }
            try {
                Kept key = folder.adopt(
                        Domain.of(parts[0].strip()),
                        parts[1].strip().toLowerCase(Locale.ROOT),
                        beside.resolve(parts[2].strip()));
                call.out()
                        .println("Taken over: " + key.name() + " ("
                                + key.algorithm().word() + ")");
                return true;
            } catch (BadSyntax | Refused | IOException e) {
                call.err()
                        .println(where + (e instanceof IOException ? "the key cannot be read: " : "") + e.getMessage());
                return false;
            }
        }
    }
}
