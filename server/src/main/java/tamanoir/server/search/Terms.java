package tamanoir.server.search;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The terms of one text: its words and, where the language is known, their stems at the same positions. What an index
/// takes in, and what is asked of a message that no index has yet. Immutable.
final class Terms {
    private final Tokens tokens;
    private final @Nullable String[] stems;

    private Terms(Tokens tokens, @Nullable String[] stems) {
        this.tokens = tokens;
        this.stems = stems;
    }

    static Terms plain(Tokens tokens) {
        return new Terms(tokens, new String[0]);
    }

    static Terms of(Tokens tokens, Optional<String> language, Languages.Stems forms) {
        if (language.isEmpty()) {
            return plain(tokens);
        }
        @Nullable String[] stems = new String[tokens.size()];
        for (int i = 0; i < stems.length; i++) {
            String word = tokens.word(i);
            String stem = forms.stem(language.get(), word);
            stems[i] = stem.equals(word) ? null : Languages.mark(language.get(), stem);
        }
        return new Terms(tokens, stems);
    }

    Tokens tokens() {
        return tokens;
    }

    int size() {
        return tokens.size();
    }

    /// The marked stem of a word; empty when it is its own.
    Optional<String> stem(int token) {
        return token < stems.length ? Optional.ofNullable(stems[token]) : Optional.empty();
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
        return token < stems.length && stems[token] != null && terms.contains(stems[token]);
    }
}
