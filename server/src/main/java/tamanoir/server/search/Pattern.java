package tamanoir.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One clause of [Words] as terms: what stands at each of its positions.
///
/// @param slots at least one; several stand in a row
/// @param absent it must not be there
record Pattern(List<Slot> slots, boolean absent) {
    private static final int MOST_SLOTS = 64;

    /// A shorter beginning of a word says nothing and costs most.
    private static final int SHORTEST_PREFIX = 2;

    /// @param terms any of them
    /// @param prefix or any word that begins so; empty for none
    record Slot(Set<String> terms, String prefix) {}

    Pattern {
        slots = List.copyOf(slots);
    }

    /// The patterns of what was typed; clauses without letters are passed over.
    static List<Pattern> of(Words words, Languages.Stems stems) {
        List<Pattern> patterns = new ArrayList<>();
        for (Words.Clause clause : words.clauses()) {
            Tokens tokens = Tokens.of(clause.text(), MOST_SLOTS);
            int count = tokens.size();
            if (count > 1 && isTail(tokens, count - 1)) {
                count--; // The pair before it has it already
            }
            if (count == 0) {
                continue;
            }
            List<Slot> slots = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                boolean last = i == count - 1;
                String word = tokens.word(i);
                slots.add(new Slot(
                        count == 1 && !clause.phrase() ? stems.forms(word, tokens.spelling(i)) : Set.of(word),
                        last && goesOn(clause, tokens, i) ? word : ""));
            }
            patterns.add(new Pattern(slots, clause.absent()));
        }
        return patterns;
    }

    /// A sign alone that ends a run of pairs.
    private static boolean isTail(Tokens tokens, int token) {
        return isPaired(tokens, token) && isAlone(tokens, token) && tokens.start(token) < tokens.end(token - 1);
    }

    private static boolean isAlone(Tokens tokens, int token) {
        return tokens.word(token).codePointCount(0, tokens.word(token).length()) == 1;
    }

    private static boolean isPaired(Tokens tokens, int token) {
        return tokens.word(token).codePointAt(0) >= 0x0E00;
    }

    /// One sign of a script of pairs begins every pair it is found in.
    private static boolean goesOn(Words.Clause clause, Tokens tokens, int token) {
        if (isPaired(tokens, token)) {
            return isAlone(tokens, token);
        }
        return clause.prefix() && tokens.word(token).length() >= SHORTEST_PREFIX;
    }
}
