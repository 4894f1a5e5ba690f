package tamanoir.server.tables;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.NeedleScan;

/// Rules asked from the top, the first that matches answers: the frame that cidr, regexp and pcre tables share.
/// `if condition` … `endif` encloses rules that are asked only where the condition holds.
///
/// Immutable. `scan` knows what patterns need, so that most keys cost one walk over them instead of one a pattern.
record Rules(List<Rule> rules, int size, Optional<NeedleScan> scan) implements Snapshot {
    /// A line of a table, or a block of lines.
    sealed interface Rule {}

    /// Answers the key, or not.
    record Answer(int line, Answering test) implements Rule {}

    /// Rules behind a condition.
    record Block(Condition condition, List<Rule> rules) implements Rule {}

    /// What a rule says to a key.
    interface Answering {
        Optional<String> answer(Key key);

        /// The answer as it stands in the file, before anything is filled in; empty where nobody need know.
        default String written() {
            return "";
        }
    }

    /// What stands behind `if`.
    interface Condition {
        boolean holds(Key key);
    }

    /// How one kind of table reads its lines. The text of a condition is what follows `if`.
    interface Dialect {
        Answering rule(TableLines.Line line);

        Condition condition(int number, String text);

        /// What the rules that were read need; asked when all were.
        default Optional<NeedleScan> scan() {
            return Optional.empty();
        }
    }

    private record Open(int number, Condition condition, List<Rule> rules) {}

    static Rules read(String text, Dialect dialect) {
        List<Rule> top = new ArrayList<>();
        Deque<Open> open = new ArrayDeque<>();
        int size = 0;
        for (TableLines.Line line : TableLines.of(text)) {
            String first = line.text().substring(0, TableLines.wordEnd(line.text(), 0));
            if (first.equalsIgnoreCase("if")) {
                String condition = line.text().substring(first.length()).strip();
                if (condition.isEmpty()) {
                    throw new WrongTable(line.number(), "a pattern is missing behind \"if\"");
                }
                open.push(new Open(line.number(), dialect.condition(line.number(), condition), new ArrayList<>()));
            } else if (first.equalsIgnoreCase("endif")) {
                if (open.isEmpty()) {
                    throw new WrongTable(line.number(), "\"endif\" without an \"if\" before it");
                }
                Open block = open.pop();
                (open.isEmpty() ? top : open.peek().rules).add(new Block(block.condition, List.copyOf(block.rules)));
            } else {
                (open.isEmpty() ? top : open.peek().rules).add(new Answer(line.number(), dialect.rule(line)));
                size++;
            }
        }
        if (!open.isEmpty()) {
            throw new WrongTable(open.peek().number, "this \"if\" has no \"endif\"");
        }
        return new Rules(List.copyOf(top), size, dialect.scan());
    }

    @Override
    public Optional<Entry> find(String key) {
        return first(rules, new Key(key, scan.orElse(null)));
    }

    @Override
    public List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        collect(rules, entries);
        return entries;
    }

    private static void collect(List<Rule> rules, List<Entry> entries) {
        for (Rule rule : rules) {
            switch (rule) {
                case Answer a -> entries.add(new Entry(a.test.written(), a.line));
                case Block block -> collect(block.rules, entries);
            }
        }
    }

    private static Optional<Entry> first(List<Rule> rules, Key key) {
        for (Rule rule : rules) {
            switch (rule) {
                case Answer a -> {
                    Optional<String> answer = a.test.answer(key);
                    if (answer.isPresent()) {
                        return Optional.of(new Entry(answer.get(), a.line));
                    }
                }
                case Block block -> {
                    Optional<Entry> answer = block.condition.holds(key) ? first(block.rules, key) : Optional.empty();
                    if (answer.isPresent()) {
                        return answer;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
