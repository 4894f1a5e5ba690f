package tamanoir.app.command;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.app.Enquiry;
import tamanoir.app.Office;
import tamanoir.app.Submission;
import tamanoir.mail.message.Mbox;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.filter.junk.Judgement;
import tamanoir.server.filter.junk.JunkFilter;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.filter.junk.Lessons.Lesson;
import tamanoir.server.filter.junk.Reason;
import tamanoir.server.observe.Refused;

/// The junk filter at hand: judge a file, teach from files, see and forget what was learned.
@Command(
        name = "junk",
        description = "Judges messages, teaches the junk filter from files, shows and forgets what it learned.",
        footer = {
            "",
            "Examples:",
            "  tamanoir junk test message.eml                    (its score, and every reason)",
            "  tamanoir junk learn junk Maildir/.Junk spam.mbox  (mail sorted before, for the whole site)",
            "  tamanoir junk learn ham archive.mbox --account ann@example.com",
            "  tamanoir junk show"
        })
final class JunkCommand extends Group {
    JunkCommand(Invocation call) {
        super(List.of(new Test(call), new Learn(call), new Show(call), new Forget(call)));
    }

    private static Optional<AccountId> account(Office office, String name) {
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(name).map(n -> AccountCommand.find(office, n)).map(Account::id);
    }

    private static JunkFilter filter(Office office) {
        return Enquiry.of(office).reception().junk();
    }

    @Command(
            name = "test",
            description = "Judges one message and prints why; nothing is learned.",
            footer = {
                "",
                "Example:",
                "  tamanoir junk test - --account ann@example.com < message.eml",
                "",
                "Who brought the message is not known here: findings about the client do not count.",
                "Exit codes: 0 no junk, 1 junk."
            })
    static final class Test implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "FILE", description = "The message; - for standard input.")
        String file = "";

        @Option(names = "--account", paramLabel = "LOGIN", description = "With what this person taught.")
        String account = "";

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Test(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            byte[] octets = call.octets(file);
            return call.inOfficeWith(
                    file,
                    octets,
                    office -> print(filter(office).judge(Submission.lines(octets, false), account(office, account))));
        }

        private int print(Judgement judgement) {
            if (json) {
                Map<String, Object> reasons = new LinkedHashMap<>();
                judgement.reasons().forEach(reason -> reasons.put(reason.key(), reason.points()));
                Json.print(
                        call.out(),
                        Map.of(
                                "verdict", judgement.verdict().name().toLowerCase(java.util.Locale.ROOT),
                                "score", judgement.score(),
                                "required", judgement.required(),
                                "reasons", reasons));
            } else {
                call.out()
                        .printf(
                                java.util.Locale.ROOT,
                                "%s: %.1f of %.1f points%n",
                                judgement.isJunk() ? "Junk" : "No junk",
                                judgement.score(),
                                judgement.required());
                for (Reason reason : judgement.reasons()) {
                    call.out().printf(java.util.Locale.ROOT, "  %+5.1f  %s%n", reason.points(), reason.key());
                }
            }
            return judgement.isJunk() ? Exit.FOUND : Exit.OK;
        }
    }

    @Command(
            name = "learn",
            description = {
                "Teaches from messages, mbox files, and folders with messages (Maildir too): for the whole site, or for",
                "one account. What was taught before teaches nothing; the other kind takes it back."
            },
            footer = {"", "Example:", "  tamanoir junk learn ham Maildir/cur"})
    static final class Learn implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "junk|ham", description = "What they are.")
        String kind = "";

        @Parameters(index = "1..*", paramLabel = "FILE", description = "Files and folders; - for standard input.")
        List<Path> files = List.of();

        @Option(names = "--account", paramLabel = "LOGIN", description = "For this person alone.")
        String account = "";

        @Option(names = "--framed", hidden = true, description = "Between caller and server: each with its length.")
        boolean framed;

        private long read;
        private long learned;

        Learn(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Lesson lesson = switch (kind) {
                case "junk" -> Lesson.JUNK;
                case "ham" -> Lesson.HAM;
                default -> throw new Refused("the kind is junk or ham, not " + kind);
            };
            if (framed) {
                return call.inOffice(
                        office -> {
                            JunkFilter filter = filter(office);
                            Optional<AccountId> who = account(office, account);
                            long count = Samples.framed(call.in(), one -> {
                                learned += filter.learn(one, lesson, who) ? 1 : 0;
                            });
                            call.out().println("learned " + learned + " of " + count);
                            return Exit.OK;
                        },
                        call.in(),
                        call.words());
            }
            if (files.isEmpty()) {
                throw new Refused("name files or folders with messages, or - for standard input");
            }
            List<String> words = new ArrayList<>(List.of("junk", "learn", kind, "--framed"));
            if (!account.isEmpty()) {
                words.addAll(List.of("--account", account));
            }
            Samples.Batches batches = new Samples.Batches(batch -> {
                int exit = CommandTree.execute(new Invocation(
                        call.home(),
                        call.overrides(),
                        words,
                        new ByteArrayInputStream(batch),
                        call.out(),
                        call.err(),
                        call.user(),
                        call.privileged(),
                        call.office()));
                if (exit != Exit.OK) {
                    throw new Refused("stopped after " + read + " messages");
                }
            });
            for (Path file : files) {
                Samples.each(file, call.in(), one -> {
                    batches.add(one);
                    read++;
                });
            }
            batches.close();
            if (read == 0) {
                throw new Refused("there is no message in " + files);
            }
            return Exit.OK;
        }
    }

    @Command(
            name = "show",
            description = "Says how much was learned, for the site or for an account.",
            footer = {"", "Example:", "  tamanoir junk show --account ann@example.com --json"})
    static final class Show implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--account", paramLabel = "LOGIN", description = "Of this person.")
        String account = "";

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Show(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                Lessons.Totals totals = office.lessons().totals(account(office, account));
                if (json) {
                    Json.print(
                            call.out(), Map.of("junk", totals.junk(), "ham", totals.ham(), "words", totals.tokens()));
                } else {
                    call.out()
                            .println((account.isEmpty() ? "The site" : account) + " learned from " + totals.junk()
                                    + " junk and " + totals.ham() + " wanted messages, " + totals.tokens()
                                    + " words.");
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "forget",
            description = "Forgets what was learned, for the site or for an account.",
            footer = {"", "Example:", "  tamanoir junk forget --account ann@example.com"})
    static final class Forget implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--account", paramLabel = "LOGIN", description = "Of this person.")
        String account = "";

        @Option(names = "--site", description = "Of the site.")
        boolean site;

        Forget(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            if (site == !account.isEmpty()) {
                throw new Refused("say either --account LOGIN or --site");
            }
            return call.inOffice(office -> {
                office.lessons().forget(account(office, account), false);
                call.out().println("Forgotten.");
                return Exit.OK;
            });
        }
    }

    /// Messages in files.
    private static final class Samples {
        /// What the server takes in one call is bounded; this stays well below.
        private static final int BATCH_OCTETS = 32 << 20;

        private Samples() {}

        private static Refused unreadable(Path file, IOException e) {
            return new Refused(file + " cannot be read: " + e);
        }

        static void each(Path file, InputStream input, Consumer<Octets> to) {
            try {
                if (file.toString().equals("-")) {
                    messages(input, to);
                } else if (Files.isDirectory(file)) {
                    try (Stream<Path> found = Files.walk(file)) {
                        for (Path one :
                                found.filter(Files::isRegularFile).sorted().toList()) {
                            if (!isIndex(one)) {
                                each(one, input, to);
                            }
                        }
                    }
                } else {
                    try (InputStream in = Files.newInputStream(file)) {
                        messages(in, to);
                    }
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        /// What other servers keep beside the mail of a Maildir.
        private static boolean isIndex(Path file) {
            String name = String.valueOf(file.getFileName());
            return name.startsWith("dovecot")
                    || name.startsWith(".")
                    || name.equals("subscriptions")
                    || name.equals("maildirfolder");
        }

        private static void messages(InputStream in, Consumer<Octets> to) throws IOException {
            BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
            buffered.mark(8);
            byte[] start = buffered.readNBytes(5);
            buffered.reset();
            if (Mbox.isMbox(start)) {
                Mbox.read(buffered, to);
            } else if (start.length > 0) {
                to.accept(Submission.lines(buffered.readAllBytes(), false));
            }
        }

        /// Answers how many there were.
        static long framed(InputStream in, Consumer<Octets> to) {
            long count = 0;
            try (DataInputStream data = new DataInputStream(in)) {
                for (int length = data.readInt(); length >= 0; length = data.readInt()) {
                    to.accept(Octets.of(data.readNBytes(length)));
                    count++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return count;
        }

        /// Puts messages together to calls.
        static final class Batches {
            private final Consumer<byte[]> each;
            private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

            Batches(Consumer<byte[]> each) {
                this.each = each;
            }

            void add(Octets message) {
                if (batch.size() > 0 && batch.size() + message.length() > BATCH_OCTETS) {
                    close();
                }
                number(message.length());
                batch.writeBytes(message.toByteArray());
            }

            void close() {
                if (batch.size() > 0) {
                    number(-1);
                    each.accept(batch.toByteArray());
                    batch.reset();
                }
            }

            private void number(int value) {
                try {
                    new DataOutputStream(batch).writeInt(value);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
