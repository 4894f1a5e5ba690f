package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.sieve.Language.Tests;
import tamanoir.mail.sieve.Language.Word;

/// Makes a [Script] of a text, or tells all that is wrong with it. One use each.
public final class Compiler {
    /// What came of a text; a script only where there is no problem.
    public record Result(Optional<Script> script, List<Problem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    private final Language language;
    private final Limits limits;
    private final Phrases phrases = new Phrases(this);
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> required = new HashSet<>();
    private final Map<String, Object> notes = new HashMap<>();
    private final Library library;
    private final List<String> including;
    private boolean requirable = true;

    /// Where included scripts come from (RFC 6609 §3.2).
    @FunctionalInterface
    public interface Library {
        Optional<String> script(String name, boolean global);

        /// While a script is uploaded, what it includes need not be there yet.
        default boolean mayComeLater() {
            return false;
        }

        Library EMPTY = (name, global) -> Optional.empty();
    }

    private Compiler(Language language, Limits limits, Library library, List<String> including) {
        this.language = language;
        this.limits = limits;
        this.library = library;
        this.including = including;
    }

    public static Result compile(String text, Language language, Limits limits, Library library) {
        return compile(text, language, limits, library, List.of());
    }

    private static Result compile(
            String text, Language language, Limits limits, Library library, List<String> including) {
        Compiler compiler = new Compiler(language, limits, library, including);
        if (text.length() > limits.size()) {
            return new Result(
                    Optional.empty(),
                    List.of(new Problem(Place.START, "the script is larger than " + limits.size() + " octets")));
        }
        List<Statement> statements = new Parser(text, compiler.problems, limits).script();
        if (!compiler.problems.isEmpty()) {
            return new Result(Optional.empty(), compiler.problems);
        }
        List<Step> steps = compiler.steps(statements);
        return compiler.problems.isEmpty()
                ? new Result(Optional.of(new Script(steps, compiler.required)), List.of())
                : new Result(Optional.empty(), compiler.problems);
    }

    public Limits limits() {
        return limits;
    }

    public Language language() {
        return language;
    }

    /// Whether a capability may be used here; the empty one always.
    public boolean has(String capability) {
        return capability.isEmpty() || required.contains(capability);
    }

    /// As if `require` had named it here (RFC 5463 §4). False when nobody knows it.
    public boolean require(String capability) {
        if (!language.knows(capability)) {
            return false;
        }
        required.add(capability);
        for (String other : language.impliedBy(capability)) {
            require(other);
        }
        return true;
    }

    /// A script that this one includes; empty when there is none of that name.
    ///
    /// @throws Wrong when it includes itself, or has mistakes of its own
    public Optional<Script> included(Place place, String name, boolean global, boolean once, boolean optional) {
        String key = (global ? "global/" : "personal/") + name;
        if (including.contains(key)) {
            if (once) {
                return Optional.of(new Script(List.of(), required)); // it is there already, so that it never runs again
            }
            throw new Wrong(place, "circular include of the script '" + name + "'");
        }
        if (including.size() >= limits.includes()) {
            throw new Wrong(place, "cannot nest includes deeper than " + limits.includes() + " levels");
        }
        Optional<String> text = library.script(name, global);
        if (text.isEmpty()) {
            if (!optional && !library.mayComeLater()) {
                throw new Wrong(place, "the included script '" + name + "' does not exist");
            }
            return Optional.empty();
        }
        List<String> inner = new ArrayList<>(including);
        inner.add(key);
        Result result = compile(text.get(), language, limits, library, inner);
        for (Problem problem : result.problems()) {
            problems.add(new Problem(problem.place(), "in the included script '" + name + "': " + problem.text()));
        }
        if (result.script().isEmpty()) {
            throw new Wrong(place, "failed to include the script '" + name + "'");
        }
        return result.script();
    }

    /// Whether another script includes this one.
    public boolean isIncluded() {
        return !including.isEmpty();
    }

    /// What extensions remember while one script is compiled, by a name of theirs.
    public Map<String, Object> notes() {
        return notes;
    }

    Phrase phrase(Argument.Text text) {
        return phrases.of(text);
    }

    // ---- commands ----------------------------------------------------------------------------------------------

    List<Step> steps(List<Statement> statements) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            try {
                switch (statement.name()) {
                    case "require" -> require(statement);
                    case "if" -> {
                        requirable = false;
                        int end = i + 1;
                        while (end < statements.size()
                                && (statements.get(end).name().equals("elsif")
                                        || statements.get(end).name().equals("else"))) {
                            end++;
                            if (statements.get(end - 1).name().equals("else")) {
                                break;
                            }
                        }
                        steps.add(choice(statements.subList(i, end)));
                        i = end - 1;
                    }
                    case "elsif", "else" ->
                        throw new Wrong(
                                statement.place(),
                                "the " + statement.name() + " command must follow an if or elsif command");
                    default -> {
                        requirable = false;
                        steps.add(step(statement));
                    }
                }
            } catch (Wrong wrong) {
                problems.add(wrong.problem());
            }
        }
        return steps;
    }

    /// RFC 5228 §3.2: before all other commands.
    private void require(Statement statement) {
        if (!requirable) {
            throw new Wrong(
                    statement.place(),
                    "the require command can only be placed at top level at the beginning of the file");
        }
        Word word = new Word("require", "", false).positional("extensions", Language.Kind.TEXTS);
        check(statement, word);
        new Arguments(statement, word, this);
        List<Argument.Text> names = statement.arguments().getFirst() instanceof Argument.Texts texts
                ? texts.values()
                : List.of((Argument.Text) statement.arguments().getFirst());
        for (Argument.Text name : names) {
            if (!require(name.value())) {
                problems.add(new Problem(name.place(), "unknown Sieve capability '" + name.value() + "'"));
            }
            for (String other : language.excludedBy(name.value())) {
                if (required.contains(other)) {
                    problems.add(new Problem(
                            name.place(),
                            "the extensions '" + name.value() + "' and '" + other
                                    + "' conflict and cannot be required together"));
                }
            }
        }
    }

    /// `if`, its `elsif`s and its `else` (RFC 5228 §3.1).
    private Step choice(List<Statement> branches) {
        record Branch(Condition condition, List<Step> steps, Place place) {}
        List<Branch> all = new ArrayList<>();
        boolean decided = false;
        for (Statement branch : branches) {
            try {
                boolean last = branch.name().equals("else");
                Word word = new Word(branch.name(), "", false).block().tests(last ? Tests.NONE : Tests.ONE);
                check(branch, word);
                new Arguments(branch, word, this);
                if (decided) {
                    continue;
                }
                Condition condition =
                        last ? Condition.TRUE : condition(branch.tests().getFirst());
                if (condition instanceof Condition.Known(boolean value)) {
                    if (!value) {
                        continue; // what cannot run need not compile (RFC 5463 §4)
                    }
                    decided = true;
                }
                all.add(new Branch(condition, steps(branch.block()), branch.place()));
            } catch (Wrong wrong) {
                problems.add(wrong.problem());
                if (!branch.hasBlock() && branch.tests().size() == 1) {
                    told(branch.tests().getFirst());
                }
                steps(branch.block());
            }
        }
        return run -> {
            for (Branch branch : all) {
                run.spend(branch.place, 1);
                boolean holds = branch.condition.holds(run);
                run.trace(branch.place, holds ? "the condition holds" : "the condition does not hold");
                if (holds) {
                    return Script.block(branch.steps, run);
                }
            }
            return Step.Flow.ON;
        };
    }

    /// Compiles a test only for what is wrong with it.
    private void told(Statement test) {
        try {
            condition(test);
        } catch (Wrong wrong) {
            problems.add(wrong.problem());
        }
    }

    private Step step(Statement statement) {
        Optional<Word> word = language.command(statement.name());
        if (word.isEmpty()) {
            steps(statement.block());
            throw new Wrong(
                    statement.place(),
                    language.test(statement.name()).isPresent()
                            ? "attempted to use test '" + statement.name() + "' as command"
                            : "unknown command '" + statement.name() + "'" + needs(statement.name()));
        }
        Word known = word.get();
        if (!has(known.capability)) {
            throw new Wrong(
                    statement.place(),
                    "unknown command '" + statement.name() + "'; it needs require \"" + known.capability + "\"");
        }
        check(statement, known);
        Step made = known.step.make(new Arguments(statement, known, this), this);
        Place place = statement.place();
        return run -> {
            run.spend(place, 1);
            return made.run(run);
        };
    }

    private String needs(String name) {
        String close = Spelling.closest(name, language.names(false));
        return close.isEmpty() ? "" : "; did you mean '" + close + "'?";
    }

    /// Tests and block as the description has them.
    private void check(Statement statement, Word word) {
        String named = word.name + (word.isTest ? " test" : " command");
        int tests = statement.tests().size();
        switch (word.tests) {
            case NONE -> {
                if (tests == 1 && !statement.parenthesized()) {
                    typo(statement, word);
                }
                if (tests > 0 || statement.parenthesized()) {
                    throw new Wrong(
                            statement.place(), "the " + named + " accepts no sub-tests, but tests are specified");
                }
            }
            case ONE -> {
                if (tests == 0) {
                    throw new Wrong(
                            statement.place(), "the " + named + " requires one sub-test, but none is specified");
                }
                if (statement.parenthesized() || tests > 1) {
                    throw new Wrong(
                            statement.place(),
                            "the " + named + " requires one sub-test, but a list of tests is specified");
                }
            }
            case MANY -> {
                if (!statement.parenthesized()) {
                    throw new Wrong(
                            statement.place(),
                            "the " + named + " requires a list of sub-tests in parentheses, but "
                                    + (tests == 0 ? "none is" : "one test is") + " specified");
                }
            }
        }
        if (word.block && !statement.hasBlock()) {
            throw new Wrong(statement.place(), "the " + named + " requires a command block, but it is missing");
        }
        if (!word.block && statement.hasBlock()) {
            throw new Wrong(
                    statement.place(), "the " + named + " does not accept a command block, but one is specified");
        }
    }

    /// A word behind the arguments is a forgotten semicolon or colon more often than a test.
    private void typo(Statement statement, Word word) {
        Statement next = statement.tests().getFirst();
        if (!word.isTest && language.test(next.name()).isEmpty() && !word.tags.containsKey(next.name())) {
            throw new Wrong(next.place(), "missing semicolon behind the " + word.name + " command");
        }
        if (word.tags.containsKey(next.name())) {
            try {
                new Arguments(statement, word, this);
            } catch (Wrong wrong) {
                problems.add(wrong.problem());
            }
            throw new Wrong(
                    next.place(),
                    "missing colon before '" + next.name() + "': it is a tag of the " + word.name
                            + (word.isTest ? " test" : " command"));
        }
    }

    // ---- tests -------------------------------------------------------------------------------------------------

    Condition condition(Statement statement) {
        Optional<Word> word = language.test(statement.name());
        if (word.isEmpty()) {
            String close = Spelling.closest(statement.name(), language.names(true));
            throw new Wrong(
                    statement.place(),
                    language.command(statement.name()).isPresent()
                                    || statement.name().equals("if")
                            ? "attempted to use command '" + statement.name() + "' as test"
                            : "unknown test '" + statement.name() + "'"
                                    + (close.isEmpty() ? "" : "; did you mean '" + close + "'?"));
        }
        Word known = word.get();
        if (!has(known.capability)) {
            throw new Wrong(
                    statement.place(),
                    "unknown test '" + statement.name() + "'; it needs require \"" + known.capability + "\"");
        }
        check(statement, known);
        Condition made = known.condition.make(new Arguments(statement, known, this), this);
        if (made instanceof Condition.Known) {
            return made;
        }
        Place place = statement.place();
        return run -> {
            run.spend(place, 1);
            boolean holds = made.holds(run);
            run.trace(place, statement.name() + ": " + holds);
            return holds;
        };
    }
}
