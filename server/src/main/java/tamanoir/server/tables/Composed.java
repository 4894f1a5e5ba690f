package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Problem;
import tamanoir.server.config.Words;
import tamanoir.server.observe.Unavailable;

/// Tables without a file: their content stands in their name, or they ask other tables.
sealed interface Composed extends LookupTable {
    /// `static:value` and `static:{ a value with blanks }`: one answer for every key.
    record Static(String name, String value) implements Composed {
        static Static of(String name, String text) {
            boolean braces = text.startsWith("{") && text.endsWith("}");
            return new Static(
                    name, braces ? text.substring(1, text.length() - 1).strip() : text);
        }

        @Override
        public Optional<String> lookup(String key) {
            return Optional.of(value);
        }
    }

    /// `fail:reason`: cannot tell, ever. For tests of what happens then.
    record Fail(String name) implements Composed {
        @Override
        public Optional<String> lookup(String key) {
            throw new Unavailable("4.3.0 Mail system configuration is being mended", name + " always fails");
        }
    }

    /// `inline:{ key=value, { key = a value with blanks } }`.
    record Inline(String name, Map<String, String> entries) implements Composed {
        static Inline of(String name, String text) {
            Map<String, String> entries = new HashMap<>();
            for (String word : inBraces(name, text)) {
                String pair = word.startsWith("{") && word.endsWith("}") ? word.substring(1, word.length() - 1) : word;
                int equals = pair.indexOf('=');
                String key = equals < 0 ? "" : pair.substring(0, equals).strip();
                String value = equals < 0 ? "" : pair.substring(equals + 1).strip();
                if (key.isEmpty() || value.isEmpty()) {
                    throw new BadSyntax("\"" + word + "\" in " + name + " is not key=value");
                }
                entries.putIfAbsent(key.toLowerCase(Locale.ROOT), value);
            }
            return new Inline(name, Map.copyOf(entries));
        }

        @Override
        public Optional<String> lookup(String key) {
            return Optional.ofNullable(entries.get(key.toLowerCase(Locale.ROOT)));
        }

        @Override
        public boolean wantsWholeKeyOnly() {
            return false;
        }
    }

    /// `environ:`: the variables of the environment the server was started with.
    record Environ(String name, Map<String, String> variables) implements Composed {
        @Override
        public Optional<String> lookup(String key) {
            return Optional.ofNullable(variables.get(key));
        }

        @Override
        public boolean wantsWholeKeyOnly() {
            return false;
        }
    }

    /// `randmap:{ one, other }`: each time any of them.
    record Random(String name, List<String> values, RandomGenerator random) implements Composed {
        static Random of(String name, String text, RandomGenerator random) {
            return new Random(name, inBraces(name, text), random);
        }

        @Override
        public Optional<String> lookup(String key) {
            return Optional.of(values.get(random.nextInt(values.size())));
        }
    }

    /// `unionmap:{ type:name, type:name }`: the answers of all, with commas between.
    record Union(String name, List<LookupTable> tables) implements Composed {
        @Override
        public Optional<String> lookup(String key) {
            List<String> answers = new ArrayList<>();
            for (LookupTable table : tables) {
                table.lookup(key).ifPresent(answers::add);
            }
            return answers.isEmpty() ? Optional.empty() : Optional.of(String.join(",", answers));
        }

        @Override
        public boolean wantsWholeKeyOnly() {
            return tables.stream().anyMatch(LookupTable::wantsWholeKeyOnly);
        }

        @Override
        public List<Problem> problems() {
            return tables.stream().flatMap(t -> t.problems().stream()).toList();
        }
    }

    /// `pipemap:{ type:name, type:name }`: each answer is the key of the next table; one that has none ends it.
    record Pipe(String name, List<LookupTable> tables) implements Composed {
        @Override
        public Optional<String> lookup(String key) {
            Optional<String> answer = Optional.of(key);
            for (LookupTable table : tables) {
                answer = answer.flatMap(table::lookup);
            }
            return answer;
        }

        @Override
        public boolean wantsWholeKeyOnly() {
            return tables.stream().anyMatch(LookupTable::wantsWholeKeyOnly);
        }

        @Override
        public List<Problem> problems() {
            return tables.stream().flatMap(t -> t.problems().stream()).toList();
        }
    }

    @Override
    default boolean wantsWholeKeyOnly() {
        return true;
    }

    /// The words of `{ … }`, at least one.
    static List<String> inBraces(String name, String text) {
        String plain = text.strip();
        if (!plain.startsWith("{") || !plain.endsWith("}")) {
            throw new BadSyntax("\"" + name + "\" needs braces: " + name.substring(0, name.indexOf(':')) + ":{ …, … }");
        }
        List<String> words = Words.of(plain.substring(1, plain.length() - 1));
        if (words.isEmpty()) {
            throw new BadSyntax("\"" + name + "\" has nothing between its braces");
        }
        return words;
    }
}
