package tamanoir.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The terms of one text: its words and, where the language is known, their stems at the same positions. What an index
/// takes in, and what is asked of a message that no index has yet. Immutable.
final class Terms {
    private static final List<String> NO_STEMS = List.of();

    private final Tokens tokens;

    /// Marked stems of each word other than itself; empty when the language is not known.
    private final List<List<String>> stems;

    private Terms(Tokens tokens, List<List<String>> stems) {
        this.tokens = tokens;
        this.stems = stems;
    }

    static Terms plain(Tokens tokens) {
        return new Terms(tokens, List.of());
    }

    static Terms of(Tokens tokens, Optional<String> language, Languages.Stems forms) {
        if (language.isEmpty()) {
            return plain(tokens);
        }
        List<List<String>> stems = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            stems.add(forms.marked(language.get(), tokens.word(i), tokens.spelling(i)));
        }
        return new Terms(tokens, stems);
    }

    Tokens tokens() {
        return tokens;
    }

    int size() {
        return tokens.size();
    }

    /// The marked stems of a word.
    List<String> stems(int token) {
        return stems.isEmpty() ? NO_STEMS : stems.get(token);
    }

    /// The first place from `from` on where the pattern stands; -1 when there is none.
    int find(Pattern pattern, int from) {
        int last = size() - pattern.slots().size();
        for (int i = from; i <= last; i++) {
            if (standsAt(pattern, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean standsAt(Pattern pattern, int token) {
        for (int s = 0; s < pattern.slots().size(); s++) {
            if (tokens.position(token + s) != tokens.position(token) + s
                    || !fits(pattern.slots().get(s), token + s)) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(Pattern.Slot slot, int token) {
        Set<String> terms = slot.terms();
        String word = tokens.word(token);
        if (terms.contains(word) || (!slot.prefix().isEmpty() && word.startsWith(slot.prefix()))) {
            return true;
        }
        for (String stem : stems(token)) {
            if (terms.contains(stem)) {
                return true;
            }
        }
        return false;
    }
}
