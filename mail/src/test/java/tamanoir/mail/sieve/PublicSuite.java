package tamanoir.mail.sieve;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.extension.All;
import tamanoir.mail.sieve.extension.Duplicates;
import tamanoir.mail.sieve.extension.EditHeader;
import tamanoir.mail.sieve.extension.Vacations;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Runs one file of the public Sieve tests: the file is a script itself, with commands that set up a message, compile
/// and run other scripts and look at what came of it.
final class PublicSuite implements Language.Extension, Host {
    /// What became of one test of a file; no reason when it passed.
    record Verdict(String name, Optional<String> reason) {}

    final List<Verdict> verdicts = new ArrayList<>();
    private final Path file;
    private final Language language;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, List<Kept>> mailboxes = new LinkedHashMap<>();
    private final List<Mail> sent = new ArrayList<>();
    private final Map<String, String> annotations = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    private record Kept(Octets message, List<String> flags) {}

    private record Mail(String from, String to, Octets message) {}

    private List<Problem> problems = new ArrayList<>();
    private Optional<Script> script = Optional.empty();
    private List<Action> actions = new ArrayList<>();
    private boolean ran;
    private Letter looking = new Letter(Octets.of("\r\n"));
    private int stamped;
    private Octets edited = Octets.EMPTY;
    private Limits limits = Limits.DEFAULT;

    PublicSuite(Path file) {
        this.file = file;
        mailboxes.put("INBOX", new ArrayList<>());
        this.language = new Language()
                .patterns(PublicSuite::pattern)
                .with(new All())
                .with(new Vacations(Duration.ofDays(7), Duration.ofSeconds(1), Duration.ofDays(90)))
                .with(new Duplicates())
                .with(this);
    }

    void run() throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Compiler.Result compiled =
                Compiler.compile(text, language, Limits.DEFAULT.withSteps(50_000_000), this::library);
        if (compiled.script().isEmpty()) {
            verdicts.add(new Verdict(
                    "(the file compiles)", Optional.of(compiled.problems().toString())));
            return;
        }
        Outcome outcome = compiled.script()
                .get()
                .run(new Run(
                        this,
                        Limits.DEFAULT.withSteps(50_000_000).withActions(10_000).withRedirects(10_000),
                        new Letter(Octets.of("Subject: none\r\n\r\n")),
                        new Sent("sender@example.com", "recipient@example.com", "recipient@example.com", "", Map.of()),
                        Run.Trace.NONE));
        outcome.failure()
                .ifPresent(problem -> verdicts.add(new Verdict("(the file runs)", Optional.of(problem.toString()))));
    }

    private Optional<String> library(String name, boolean global) {
        Path path = file.resolveSibling(global ? "included-global" : "included").resolve(name + ".sieve");
        try {
            return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    // ---- the commands of the test language --------------------------------------------------------------------------

    /// The test failed; the file goes on with the next one.
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String reason) {
            super(reason);
        }
    }

    @Override
    public void addTo(Language words) {
        words.capability("vnd.dovecot.testsuite");
        words.namespace("tst");
        String suite = "vnd.dovecot.testsuite";
        words.command("test", suite).positional("name", Kind.TEXT).block().does((arguments, compiler) -> {
            String name = arguments.text(0).constant().orElse("?");
            List<Step> block = arguments.block();
            return run -> {
                try {
                    Script.block(block, run);
                    verdicts.add(new Verdict(name, Optional.empty()));
                } catch (Failed failed) {
                    verdicts.add(new Verdict(name, Optional.of(failed.getMessage() + " " + errors())));
                } catch (ScriptFailed failed) {
                    verdicts.add(new Verdict(name, Optional.of(failed.problem().toString())));
                }
                return Step.Flow.ON;
            };
        });
        words.command("test_fail", suite).positional("reason", Kind.TEXT).does((arguments, compiler) -> {
            Phrase reason = arguments.text(0);
            return run -> {
                throw new Failed(arguments.place() + " " + reason.in(run));
            };
        });
        words.command("test_set", suite)
                .positional("object", Kind.TEXT)
                .positional("value", Kind.TEXT)
                .does((arguments, compiler) -> {
                    String what = arguments.text(0).constant().orElse("");
                    Phrase value = arguments.text(1);
                    return run -> {
                        set(run, what, value.in(run));
                        return Step.Flow.ON;
                    };
                });
        simple(words, "test_result_reset", run -> {
            actions = new ArrayList<>();
            ran = false;
            sent.clear();
            run.forget();
            run.flags(List.of());
            problems = new ArrayList<>();
        });
        simple(words, "test_result_print", run -> {});
        words.command("test_config_set", suite)
                .positional("name", Kind.TEXT)
                .positional("value", Kind.TEXT)
                .does((arguments, compiler) -> {
                    Phrase name = arguments.text(0);
                    Phrase value = arguments.text(1);
                    return run -> {
                        settings.put(name.in(run), value.in(run));
                        return Step.Flow.ON;
                    };
                });
        words.command("test_config_unset", suite).positional("name", Kind.TEXT).does((arguments, compiler) -> {
            Phrase name = arguments.text(0);
            return run -> {
                settings.remove(name.in(run));
                return Step.Flow.ON;
            };
        });
        words.command("test_config_reload", suite).tag("extension", Kind.TEXT).does((arguments, compiler) -> run -> {
            reload();
            return Step.Flow.ON;
        });
        words.command("test_mailbox_create", suite)
                .positional("name", Kind.TEXT)
                .does((arguments, compiler) -> {
                    Phrase name = arguments.text(0);
                    return run -> {
                        mailboxes.computeIfAbsent(name.in(run), _ -> new ArrayList<>());
                        return Step.Flow.ON;
                    };
                });
        for (String name : List.of("test_binary_save", "test_binary_load")) {
            words.command(name, suite).positional("name", Kind.TEXT).does((arguments, compiler) -> run -> Step.Flow.ON);
        }
        words.command("test_imap_metadata_set", suite)
                .positional("annotation", Kind.TEXT)
                .positional("value", Kind.TEXT)
                .tag("mailbox", Kind.TEXT)
                .does((arguments, compiler) -> {
                    Phrase mailbox = arguments.text("mailbox").orElse(Phrase.of(""));
                    Phrase annotation = arguments.text(0);
                    Phrase value = arguments.text(1);
                    return run -> {
                        annotations.put(mailbox.in(run) + "\0" + annotation.in(run), value.in(run));
                        return Step.Flow.ON;
                    };
                });
        words.command("test_message", suite)
                .positional("index", Kind.NUMBER)
                .tag("smtp", Kind.NONE)
                .tag("folder", Kind.TEXT)
                .does((arguments, compiler) -> {
                    Phrase folder = arguments.text("folder").orElse(Phrase.of(""));
                    boolean smtp = arguments.has("smtp");
                    int index = (int) arguments.number(0);
                    return run -> {
                        if (!message(run, smtp, folder.in(run), index)) {
                            throw new ScriptFailed(arguments.place(), "there is no such message");
                        }
                        return Step.Flow.ON;
                    };
                });
        words.test("test_message", suite)
                .positional("index", Kind.NUMBER)
                .tag("smtp", Kind.NONE)
                .tag("folder", Kind.TEXT)
                .holds((arguments, compiler) -> {
                    Phrase folder = arguments.text("folder").orElse(Phrase.of(""));
                    boolean smtp = arguments.has("smtp");
                    int index = (int) arguments.number(0);
                    return run -> message(run, smtp, folder.in(run), index);
                });
        tests(words, suite);
    }

    private void tests(Language words, String suite) {
        words.test("test_script_compile", suite).positional("file", Kind.TEXT).holds((arguments, compiler) -> {
            Phrase name = arguments.text(0);
            return run -> compile(name.in(run));
        });
        words.test("test_script_run", suite).tag("append_result", Kind.NONE).holds((arguments, compiler) -> {
            boolean append = arguments.has("append_result");
            return run -> execute(run, append);
        });
        words.test("test_multiscript", suite).positional("files", Kind.TEXTS).holds((arguments, compiler) -> {
            List<Phrase> names = arguments.texts(0);
            return run -> {
                boolean ok = true;
                boolean first = true;
                for (Phrase name : names) {
                    ok &= compile(name.in(run)) && execute(run, !first);
                    first = false;
                }
                return ok && carryOut(run);
            };
        });
        words.test("test_result_execute", suite).holds((arguments, compiler) -> this::carryOut);
        words.test("test_result_action", suite)
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("index", Kind.NUMBER)
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> keys = arguments.texts(0);
                    Optional<Long> index = arguments.number("index");
                    return run -> matching.test(
                            run, chosen(actions.stream().map(PublicSuite::name).toList(), index), keys);
                });
        words.test("test_error", suite)
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("index", Kind.NUMBER)
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> keys = arguments.texts(0);
                    Optional<Long> index = arguments.number("index");
                    return run -> matching.test(run, chosen(errors(), index), keys);
                });
    }

    /// As the suite counts them: one more tells that the script as a whole is no good.
    private List<String> errors() {
        List<String> errors = new ArrayList<>();
        problems.forEach(problem -> errors.add(problem.text()));
        if (script.isEmpty() && !problems.isEmpty()) {
            errors.add("validation failed");
        }
        return errors;
    }

    private static List<String> chosen(List<String> all, Optional<Long> index) {
        if (index.isEmpty()) {
            return all;
        }
        int at = (int) (index.get() - 1);
        return at < all.size() ? List.of(all.get(at)) : List.of();
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.Keep _ -> "keep";
            case Action.FileInto _ -> "store";
            case Action.Redirect _ -> "redirect";
            case Action.Discard _ -> "discard";
            case Action.Reject reject -> reject.extended() ? "ereject" : "reject";
            case Action.Vacation _ -> "vacation";
            case Action.Notify _ -> "notify";
            case Action.Report _ -> "report";
        };
    }

    private interface Doing {
        void on(Run run);
    }

    private static void simple(Language words, String name, Doing doing) {
        words.command(name, "vnd.dovecot.testsuite").does((arguments, compiler) -> run -> {
            doing.on(run);
            return Step.Flow.ON;
        });
    }

    private void set(Run run, String what, String value) {
        Sent now = run.sent();
        switch (what) {
            case "message" -> {
                looking = new Letter(Octets.of(value));
                run.letter(looking);
                // Until the envelope is set, it is what the header says.
                run.sent(new Sent(first("from"), first("to"), first("to"), now.auth(), Map.of()));
            }
            case "envelope.from" -> run.sent(new Sent(value, now.to(), now.originalTo(), now.auth(), Map.of()));
            case "envelope.to" -> run.sent(new Sent(now.from(), value, value, now.auth(), Map.of()));
            case "envelope.orig_to" -> run.sent(new Sent(now.from(), now.to(), value, now.auth(), Map.of()));
            case "envelope.auth" -> run.sent(new Sent(now.from(), now.to(), now.originalTo(), value, Map.of()));
            default -> throw new ScriptFailed(Place.START, "unknown object " + what);
        }
    }

    private void reload() {
        limits = Limits.DEFAULT;
        // Work is counted, not time: a step is about a microsecond.
        Optional.ofNullable(settings.get("sieve_max_cpu_time"))
                .filter(text -> text.matches("[0-9]+s"))
                .ifPresent(text ->
                        limits = limits.withSteps(1_000_000L * Integer.parseInt(text.substring(0, text.length() - 1))));
        Optional.ofNullable(settings.get("sieve_max_actions"))
                .filter(text -> text.matches("[0-9]+"))
                .ifPresent(text -> limits = limits.withActions(Integer.parseInt(text)));
        Optional.ofNullable(settings.get("sieve_max_redirects"))
                .filter(text -> text.matches("[0-9]+"))
                .ifPresent(text -> limits = limits.withRedirects(Integer.parseInt(text)));
        Optional.ofNullable(settings.get("sieve_variables_max_value_size"))
                .or(() -> Optional.ofNullable(settings.get("sieve_variables_max_variable_size")))
                .ifPresent(text -> limits = limits.withVariable(
                        text.endsWith("k")
                                ? 1024 * Integer.parseInt(text.substring(0, text.length() - 1))
                                : Integer.parseInt(text)));
        Set<String> add = new HashSet<>();
        Set<String> delete = new HashSet<>();
        for (String one : settings.getOrDefault("sieve_editheader_header", "")
                .toLowerCase(java.util.Locale.ROOT)
                .split(" ")) {
            if ("yes".equals(settings.get("sieve_editheader_header/" + one + "/forbid_add"))) {
                add.add(one);
            }
            if ("yes".equals(settings.get("sieve_editheader_header/" + one + "/forbid_delete"))) {
                delete.add(one);
            }
        }
        language.with(new EditHeader(
                add, delete, Integer.parseInt(settings.getOrDefault("sieve_editheader_max_header_size", "2048"))));
    }

    private boolean message(Run run, boolean smtp, String folder, int index) {
        if (smtp) {
            if (index >= sent.size()) {
                return false;
            }
            Mail mail = sent.get(index);
            run.letter(new Letter(mail.message()));
            run.sent(new Sent(mail.from(), mail.to(), mail.to(), "", Map.of()));
            return true;
        }
        List<Kept> all = mailboxes.getOrDefault(folder, List.of());
        if (index >= all.size()) {
            return false;
        }
        run.letter(new Letter(all.get(index).message()));
        run.flags(all.get(index).flags());
        return true;
    }

    /// The example scripts lie elsewhere in the tree that the suite comes from.
    private Path path(String name) {
        Path path = file.resolveSibling(name);
        return Files.exists(path) ? path : file.resolveSibling(name.replaceFirst("^\\.\\./", ""));
    }

    private boolean compile(String name) {
        try {
            Compiler.Result result = Compiler.compile(
                    Files.readString(path(name), StandardCharsets.UTF_8), language, limits, this::library);
            script = result.script();
            problems = result.problems();
        } catch (IOException e) {
            script = Optional.empty();
            problems = List.of(new Problem(Place.START, "unreadable: " + e));
        }
        return script.isPresent();
    }

    private boolean execute(Run outer, boolean append) {
        if (script.isEmpty()) {
            return false;
        }
        ran = true;
        Run run = new Run(
                this, limits, new Letter(append ? edited : outer.letter().octets()), outer.sent(), Run.Trace.NONE);
        Outcome outcome = script.get().run(run);
        problems = new ArrayList<>(outcome.complaints());
        outcome.failure().ifPresent(problems::add);
        edited = run.message();
        if (!append) {
            actions = new ArrayList<>();
        }
        actions.addAll(outcome.actions());
        if (outcome.implicitKeep()
                && actions.stream().noneMatch(one -> one instanceof Action.Keep || one instanceof Action.Discard)) {
            actions.add(new Action.Keep(Place.START, outcome.flags(), run.message()));
        }
        return outcome.failure().isEmpty();
    }

    private boolean carryOut(Run run) {
        boolean ok = true;
        List<Action> all = new ArrayList<>(ran ? actions : run.actions());
        if (!ran && run.keepsImplicitly()) {
            all.add(new Action.Keep(Place.START, run.flags(), run.message()));
        }
        for (Action action : all) {
            switch (action) {
                case Action.Keep keep -> store("INBOX", keep.message(), keep.flags());
                case Action.FileInto into -> {
                    if (!mailboxes.containsKey(into.mailbox()) && !into.create()) {
                        ok = false;
                        // RFC 5228 §4.1: a message is not lost for the lack of a mailbox.
                        store("INBOX", into.message(), into.flags());
                    } else {
                        store(into.mailbox(), into.message(), into.flags());
                    }
                }
                case Action.Redirect redirect ->
                    sent.add(new Mail(run.sent().from(), redirect.address(), redirect.message()));
                case Action.Discard _ -> {}
                case Action.Reject reject ->
                    Refusal.of(looking, run.sent(), reject, stamp()).ifPresent(this::send);
                case Action.Vacation vacation -> {
                    if (VacationReply.to(looking, run.sent(), vacation, owner(run), stamp())
                            instanceof VacationReply.Decision.Answer(Mailing mailing)) {
                        send(mailing);
                    }
                }
                case Action.Notify notify ->
                    MailNotification.of(looking, run.sent(), notify, owner(run), stamp())
                            .ifPresent(this::send);
                case Action.Report _ -> sent.add(new Mail("", run.sent().from(), Octets.EMPTY));
            }
        }
        return ok;
    }

    private String first(String field) {
        return looking.all(field).stream()
                .flatMap(line -> AddressList.parse(line.rawValue()).mailboxes().stream())
                .map(one -> one.localPart() + "@" + one.domain())
                .findFirst()
                .orElse("");
    }

    private Owner owner(Run run) {
        String address = settings.getOrDefault("sieve_user_email", run.sent().to());
        String subject = settings.getOrDefault("sieve_vacation_default_subject_template", "Auto: %$");
        return new Owner(address, List.of(), subject.replace("%{subject}", "%$"), false);
    }

    private Mailing.Stamp stamp() {
        return new Mailing.Stamp(now().toOffsetDateTime(), "tamanoir.example.com", ++stamped + "@tamanoir.example.com");
    }

    private void send(Mailing mailing) {
        mailing.to().forEach(to -> sent.add(new Mail(mailing.from(), to, mailing.message())));
    }

    private void store(String mailbox, Octets message, List<String> flags) {
        mailboxes.computeIfAbsent(mailbox, _ -> new ArrayList<>()).add(new Kept(message, flags));
    }

    // ---- the world
    // -----------------------------------------------------------------------------------------------------

    @Override
    public ZonedDateTime now() {
        return ZonedDateTime.now(ZoneId.systemDefault());
    }

    @Override
    public Optional<String> environment(String item) {
        return Optional.ofNullable(
                switch (item) {
                    case "domain" -> "";
                    case "host" -> "tamanoir.example.com";
                    case "location" -> "MS";
                    case "phase" -> "during";
                    case "name" -> "Tamanoir";
                    case "version" -> "1";
                    case "vnd.tamanoir.recipient-delimiter" -> settings.getOrDefault("recipient_delimiter", "+");
                    default -> null;
                });
    }

    @Override
    public Optional<String> variable(String space, String name) {
        return name.equals("path") ? Optional.ofNullable(file.getParent()).map(Path::toString) : Optional.empty();
    }

    @Override
    public boolean hasMailbox(String name) {
        return mailboxes.containsKey(name);
    }

    @Override
    public boolean isMailboxName(String name) {
        return !name.isEmpty();
    }

    @Override
    public Optional<String> mailboxOf(String id) {
        return Optional.empty();
    }

    @Override
    public boolean hasSpecialUse(String mailbox, String use) {
        return false;
    }

    @Override
    public Optional<String> metadata(String mailbox, String annotation) {
        return Optional.ofNullable(annotations.get(mailbox + "\0" + annotation));
    }

    @Override
    public boolean isListed(String list, String value) {
        return false;
    }

    @Override
    public boolean hasList(String list) {
        return false;
    }

    private static Patterns.Pattern pattern(String text, boolean ignoreCase) {
        try {
            Pattern pattern = Pattern.compile(text, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
            return value -> {
                Matcher matcher = pattern.matcher(value);
                if (!matcher.find()) {
                    return Optional.empty();
                }
                List<String> groups = new ArrayList<>();
                for (int i = 0; i <= matcher.groupCount(); i++) {
                    groups.add(matcher.group(i) == null ? "" : matcher.group(i));
                }
                return Optional.of(groups);
            };
        } catch (PatternSyntaxException e) {
            throw new BadSyntax(e.getDescription());
        }
    }

    @Override
    public boolean duplicate(String id, Duration within, boolean last) {
        return seen.contains(id);
    }

    /// A field of the message that tells what a filter found, as the settings of the suite describe it.
    @Override
    public Optional<Double> score(String kind) {
        String prefix = "sieve_" + kind + "test_";
        String header = settings.getOrDefault(prefix + "status_header", "");
        Optional<String> status = field(header);
        if (header.isEmpty() || status.isEmpty()) {
            return Optional.empty();
        }
        String text = status.get();
        String type = settings.getOrDefault(prefix + "status_type", "score");
        if (type.equals("text")) {
            int most = kind.equals("spam") ? 10 : 5;
            for (int i = 1; i <= most; i++) {
                if (text.equals(settings.get(prefix + "text_value/" + i))) {
                    return Optional.of((i - 1) / (double) (most - 1));
                }
            }
            return Optional.empty();
        }
        double max = Double.parseDouble(field(settings.getOrDefault(prefix + "score_max_header", ""))
                .orElse(settings.getOrDefault(prefix + "score_max_value", "0")));
        double value = type.equals("strlen") ? text.length() : Double.parseDouble(text);
        return max <= 0 ? Optional.empty() : Optional.of(Math.clamp(value / max, 0.0, 1.0));
    }

    private Optional<String> field(String description) {
        int colon = description.indexOf(':');
        String name = colon < 0 ? description : description.substring(0, colon);
        Optional<String> value =
                name.isEmpty() ? Optional.empty() : looking.first(name).map(Letter.Line::value);
        if (colon < 0 || value.isEmpty()) {
            return value;
        }
        Matcher matcher =
                Pattern.compile(description.substring(colon + 1).strip()).matcher(value.get());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public boolean isNotifyMethod(String uri) {
        return uri.regionMatches(true, 0, "mailto:", 0, 7);
    }
}
