package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Language.Positional;
import tamanoir.mail.sieve.Language.TagRule;
import tamanoir.mail.sieve.Language.Word;
import tamanoir.mail.text.BadSyntax;

/// The arguments of one command or test, checked against its description: tags by name, the others by place.
public final class Arguments {
    private final Statement statement;
    private final Word word;
    private final Compiler compiler;
    private final Map<String, @Nullable Argument> tags = new HashMap<>();
    private final Map<String, String> groups = new HashMap<>();
    private final List<@Nullable Argument> places = new ArrayList<>();

    /// @throws Wrong when they do not fit
    Arguments(Statement statement, Word word, Compiler compiler) {
        this.statement = statement;
        this.word = word;
        this.compiler = compiler;
        List<Argument> rest = new ArrayList<>();
        List<Argument> all = statement.arguments();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Argument.Tag tag) {
                int last = tag(tag, all, i);
                if (!rest.isEmpty()) {
                    // RFC 5228 §2.6.2
                    throw new Wrong(
                            tag.place(),
                            "unexpected tagged argument ':" + tag.name() + "' behind the positional arguments of the "
                                    + named());
                }
                i = last;
            } else {
                rest.add(all.get(i));
            }
        }
        positionals(rest);
    }

    /// Answers the index of the last argument that was used.
    private int tag(Argument.Tag tag, List<Argument> all, int at) {
        TagRule rule = word.tags.get(tag.name());
        if (rule == null || !compiler.has(rule.capability())) {
            String hint = rule == null ? "" : "; it needs require \"" + rule.capability() + "\"";
            throw new Wrong(
                    tag.place(), "unknown tagged argument ':" + tag.name() + "' for the " + named() + hint + known());
        }
        if (tags.containsKey(tag.name())) {
            throw new Wrong(
                    tag.place(),
                    "encountered duplicate tagged argument: unexpected ':" + tag.name() + "' for the " + named());
        }
        if (!rule.group().isEmpty()) {
            String other = groups.putIfAbsent(rule.group(), tag.name());
            if (other != null) {
                throw new Wrong(
                        tag.place(),
                        "unexpected tagged argument ':" + tag.name() + "' (" + rule.group() + ") for the " + named()
                                + ": ':" + other + "' is there already");
            }
        }
        if (rule.kind() == Kind.NONE) {
            tags.put(tag.name(), null);
            return at;
        }
        if (at + 1 >= all.size() || !fits(all.get(at + 1), rule.kind())) {
            String found = at + 1 < all.size() ? all.get(at + 1).described() + " was found" : "nothing follows";
            throw new Wrong(
                    tag.place(),
                    "the tagged argument ':" + tag.name() + "' for the " + named() + " requires a " + rule.kind().words
                            + ", but " + found);
        }
        tags.put(tag.name(), all.get(at + 1));
        return at + 1;
    }

    /// The tags that could stand there.
    private String known() {
        List<String> names = word.tags.values().stream()
                .filter(rule -> compiler.has(rule.capability()))
                .map(rule -> ":" + rule.name())
                .sorted()
                .toList();
        return names.isEmpty() ? " (it has none)" : " (it has " + String.join(", ", names) + ")";
    }

    private void positionals(List<Argument> rest) {
        long needed = word.positionals.stream().filter(p -> !p.optional()).count();
        long most = word.positionals.size();
        if (rest.size() < needed
                || (rest.size() > most && !word.positionals.isEmpty())
                || (most == 0 && !rest.isEmpty())) {
            if (most == 0) {
                throw new Wrong(
                        rest.getFirst().place(),
                        "the " + named() + " accepts no positional arguments, but " + counted(rest.size()));
            }
            if (rest.size() > most) {
                throw new Wrong(
                        rest.get((int) most).place(),
                        "unexpected positional argument: the " + named() + " requires " + needed
                                + " positional arguments, but " + counted(rest.size()));
            }
            throw new Wrong(
                    statement.place(),
                    "the " + named() + " requires " + needed + " positional argument" + (needed == 1 ? "" : "s")
                            + ", but " + counted(rest.size()));
        }
        long spare = rest.size() - needed;
        int at = 0;
        for (int i = 0; i < word.positionals.size(); i++) {
            Positional rule = word.positionals.get(i);
            if (rule.optional() && spare == 0) {
                places.add(null);
                continue;
            }
            if (rule.optional()) {
                spare--;
            }
            Argument argument = rest.get(at++);
            if (!fits(argument, rule.kind())) {
                throw new Wrong(
                        argument.place(),
                        "the " + named() + " expects a " + rule.kind().words + " as argument " + at + " (" + rule.name()
                                + "), but " + argument.described() + " was found");
            }
            places.add(argument);
        }
    }

    private static String counted(int number) {
        return number + (number == 1 ? " is" : " are") + " specified";
    }

    private static boolean fits(Argument argument, Kind kind) {
        return switch (kind) {
            case NONE -> false;
            case NUMBER -> argument instanceof Argument.Count;
            case TEXT -> argument instanceof Argument.Text;
            case TEXTS -> argument instanceof Argument.Text || argument instanceof Argument.Texts;
        };
    }

    /// `header test`, `fileinto command`.
    public String named() {
        return word.name + (word.isTest ? " test" : " command");
    }

    public Place place() {
        return statement.place();
    }

    /// A mistake in these arguments.
    public Wrong wrong(String text) {
        return new Wrong(statement.place(), text);
    }

    // ---- tags --------------------------------------------------------------------------------------------------

    public boolean has(String tag) {
        return tags.containsKey(tag);
    }

    public Optional<Phrase> text(String tag) {
        return tags.get(tag) instanceof Argument.Text text ? Optional.of(compiler.phrase(text)) : Optional.empty();
    }

    public Optional<List<Phrase>> texts(String tag) {
        Argument argument = tags.get(tag);
        return argument == null ? Optional.empty() : Optional.of(phrases(argument));
    }

    public Optional<Long> number(String tag) {
        return tags.get(tag) instanceof Argument.Count number ? Optional.of(number.value()) : Optional.empty();
    }

    /// Which tag of a group stands there.
    public Optional<String> chosen(String group) {
        return Optional.ofNullable(groups.get(group));
    }

    /// The match type and comparator; `:is` and `i;ascii-casemap` where nothing is said (RFC 5228 §2.7.1).
    public Matching matching() {
        String tag = groups.getOrDefault("match type", "is");
        Matching.Type type = Matching.Type.IS;
        for (Matching.Type one : Matching.Type.values()) {
            if (one.tag.equals(tag)) {
                type = one;
            }
        }
        String relation = "";
        if (type == Matching.Type.COUNT || type == Matching.Type.VALUE) {
            relation = text(tag).flatMap(Phrase::constant).orElse("");
            if (!List.of("gt", "ge", "lt", "le", "eq", "ne").contains(relation)) {
                throw wrong("the :" + tag
                        + " match type requires a relational match keyword (gt, ge, lt, le, eq, ne), but \"" + relation
                        + "\" was found");
            }
        }
        Collation collation = Collation.ASCII_CASEMAP;
        Optional<Phrase> named = text("comparator");
        if (named.isPresent()) {
            String name = named.get().constant().orElse("");
            collation = Collation.of(name).orElseThrow(() -> wrong("unknown comparator '" + name + "'"));
            boolean builtIn = collation != Collation.ASCII_NUMERIC;
            if (!builtIn && !compiler.has("comparator-" + name)) {
                throw wrong("the comparator '" + name + "' needs require \"comparator-" + name + "\"");
            }
        }
        boolean parts = type == Matching.Type.CONTAINS || type == Matching.Type.MATCHES || type == Matching.Type.REGEX;
        if (parts && !collation.hasSubstrings()) {
            throw wrong("the comparator '" + collation.word() + "' does not support sub-string matching as ':" + tag
                    + "' requires");
        }
        if (type == Matching.Type.REGEX) {
            patterns(collation);
        }
        return new Matching(
                type, relation, collation, place(), compiler.language().patterns());
    }

    /// Patterns that are known now are read now.
    private void patterns(Collation collation) {
        if (!places.isEmpty() && !(places.getLast() instanceof Argument.Count)) {
            Argument keys = places.getLast();
            for (Phrase key : phrases(keys)) {
                key.constant().ifPresent(text -> {
                    try {
                        compiler.language().patterns().compile(text, collation != Collation.OCTET);
                    } catch (BadSyntax e) {
                        throw new Wrong(
                                keys.place(),
                                "invalid regular expression '" + text + "' for regex match: " + e.getMessage());
                    }
                });
            }
        }
    }

    // ---- the others --------------------------------------------------------------------------------------------

    /// Whether an optional one is there.
    public boolean isGiven(int place) {
        return places.get(place) != null;
    }

    public Phrase text(int place) {
        if (places.get(place) instanceof Argument.Text text) {
            return compiler.phrase(text);
        }
        throw new IllegalStateException(named());
    }

    public List<Phrase> texts(int place) {
        Argument argument = places.get(place);
        if (argument == null) {
            throw new IllegalStateException(named());
        }
        return phrases(argument);
    }

    public long number(int place) {
        if (places.get(place) instanceof Argument.Count number) {
            return number.value();
        }
        throw new IllegalStateException(named());
    }

    private List<Phrase> phrases(Argument argument) {
        return switch (argument) {
            case Argument.Text text -> List.of(compiler.phrase(text));
            case Argument.Texts texts ->
                texts.values().stream().map(compiler::phrase).toList();
            case Argument.Tag _, Argument.Count _ -> throw new IllegalStateException(named());
        };
    }

    // ---- tests and block ----------------------------------------------------------------------------------------

    /// The test behind the arguments.
    public Condition test() {
        return compiler.condition(statement.tests().getFirst());
    }

    /// The tests of a list, lazily: one that is known to decide spares the others (RFC 5463 §4).
    public List<Condition> tests(boolean decides) {
        List<Condition> all = new ArrayList<>();
        for (Statement one : statement.tests()) {
            Condition condition = compiler.condition(one);
            all.add(condition);
            if (condition instanceof Condition.Known(boolean value) && value == decides) {
                break;
            }
        }
        return all;
    }

    public List<Step> block() {
        return compiler.steps(statement.block());
    }
}
