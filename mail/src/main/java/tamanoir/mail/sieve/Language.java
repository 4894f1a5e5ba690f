package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The commands, tests and tags that scripts may use. Filled once by its extensions, then only read.
public final class Language {
    /// What a tag or a place takes.
    public enum Kind {
        NONE("nothing"),
        NUMBER("number"),
        TEXT("string"),
        TEXTS("string list");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /// Something behind the tags. An `optional` one is there when there is one more than needed.
    public record Positional(String name, Kind kind, boolean optional) {}

    /// A tagged argument. Only one of a `group` may stand; an empty one is alone.
    record TagRule(String name, Kind kind, String group, String capability) {}

    /// Which tests stand behind the arguments.
    public enum Tests {
        NONE,
        ONE,
        MANY
    }

    /// What makes a command of its arguments.
    @FunctionalInterface
    public interface StepMaker {
        Step make(Arguments arguments, Compiler compiler);
    }

    /// What makes a test of its arguments.
    @FunctionalInterface
    public interface ConditionMaker {
        Condition make(Arguments arguments, Compiler compiler);
    }

    /// A command or test: its name, what must be required, its arguments. Described once, by an extension.
    public static final class Word {
        final String name;
        final String capability;
        final boolean isTest;
        final List<Positional> positionals = new ArrayList<>();
        final Map<String, TagRule> tags = new HashMap<>();
        Tests tests = Tests.NONE;
        boolean block;
        StepMaker step = (arguments, compiler) -> run -> Step.Flow.ON;
        ConditionMaker condition = (arguments, compiler) -> Condition.TRUE;

        Word(String name, String capability, boolean isTest) {
            this.name = name;
            this.capability = capability;
            this.isTest = isTest;
        }

        public Word positional(String what, Kind kind) {
            positionals.add(new Positional(what, kind, false));
            return this;
        }

        /// At most one, before all others.
        public Word optional(String what, Kind kind) {
            positionals.add(new Positional(what, kind, true));
            return this;
        }

        public Word tag(String tag, Kind kind) {
            return tag(tag, kind, "", capability);
        }

        /// At most one, behind all others.
        public Word optionalLast(String what, Kind kind) {
            return optional(what, kind);
        }

        /// Needs `needed` to be required, and excludes others of its `group`.
        public Word tag(String tag, Kind kind, String group, String needed) {
            tags.put(tag, new TagRule(tag, kind, group, needed));
            return this;
        }

        /// Tags that several words have.
        public Word with(Consumer<Word> tags) {
            tags.accept(this);
            return this;
        }

        /// `:is` and its like, and `:comparator`.
        public Word matching() {
            for (Matching.Type type : Matching.Type.values()) {
                boolean relation = type == Matching.Type.COUNT || type == Matching.Type.VALUE;
                tag(type.tag, relation ? Kind.TEXT : Kind.NONE, "match type", type.capability);
            }
            return tag("comparator", Kind.TEXT, "", "");
        }

        public Word tests(Tests how) {
            tests = how;
            return this;
        }

        /// It stands before a block.
        public Word block() {
            block = true;
            return this;
        }

        public void does(StepMaker maker) {
            step = maker;
        }

        public void holds(ConditionMaker maker) {
            condition = maker;
        }
    }

    private final Map<String, Word> commands = new HashMap<>();
    private final Map<String, Word> tests = new HashMap<>();
    private Patterns patterns = Patterns.NONE;
    private final Set<String> namespaces = new TreeSet<>();
    private final Set<String> capabilities = new LinkedHashSet<>();
    private final Map<String, Set<String>> implied = new HashMap<>();
    private final Map<String, Set<String>> excluded = new HashMap<>();

    /// Knows nothing yet; see [#with].
    public Language() {}

    /// A part of the language with a name of its own.
    @FunctionalInterface
    public interface Extension {
        void addTo(Language language);
    }

    public Language with(Extension extension) {
        extension.addTo(this);
        return this;
    }

    /// Forgets every capability that is not among these: nobody can require it.
    public Language only(Set<String> names) {
        capabilities.retainAll(names);
        return this;
    }

    /// What `require` may name.
    public void capability(String name) {
        capabilities.add(name);
    }

    /// Whoever requires `name` has `other` too.
    public void implies(String name, String other) {
        implied.computeIfAbsent(name, _ -> new TreeSet<>()).add(other);
    }

    /// `name` and `other` cannot be required by one script.
    public void excludes(String name, String other) {
        excluded.computeIfAbsent(name, _ -> new TreeSet<>()).add(other);
        excluded.computeIfAbsent(other, _ -> new TreeSet<>()).add(name);
    }

    /// The engine behind `:regex`.
    public Language patterns(Patterns engine) {
        patterns = engine;
        return this;
    }

    Patterns patterns() {
        return patterns;
    }

    /// Variables of this namespace are asked of the [Host].
    public void namespace(String name) {
        namespaces.add(name);
    }

    boolean hasNamespace(String name) {
        return namespaces.contains(name);
    }

    public Word command(String name, String capability) {
        Word word = new Word(name, capability, false);
        commands.put(name, word);
        return word;
    }

    public Word test(String name, String capability) {
        Word word = new Word(name, capability, true);
        tests.put(name, word);
        return word;
    }

    /// One that is there already, to give it another tag.
    public Word commandNamed(String name) {
        return Optional.ofNullable(commands.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    public Word testNamed(String name) {
        return Optional.ofNullable(tests.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    Optional<Word> command(String name) {
        return Optional.ofNullable(commands.get(name));
    }

    Optional<Word> test(String name) {
        return Optional.ofNullable(tests.get(name));
    }

    Set<String> names(boolean ofTests) {
        return (ofTests ? tests : commands).keySet();
    }

    /// In order of their arrival, as ManageSieve and JMAP announce them.
    public Set<String> capabilities() {
        return Set.copyOf(capabilities);
    }

    boolean knows(String capability) {
        return capabilities.contains(capability);
    }

    Set<String> impliedBy(String capability) {
        return implied.getOrDefault(capability, Set.of());
    }

    Set<String> excludedBy(String capability) {
        return excluded.getOrDefault(capability, Set.of());
    }
}
