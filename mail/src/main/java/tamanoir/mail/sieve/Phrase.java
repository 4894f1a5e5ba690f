package tamanoir.mail.sieve;

import java.util.List;

/// A string of a script, whose variables are filled in when it is used (RFC 5229 §3).
public interface Phrase {
    String in(Run run);

    /// What it is without running anything; null-free: empty for one that has variables.
    java.util.Optional<String> constant();

    /// A string without variables.
    static Phrase of(String text) {
        return new Constant(text);
    }

    /// All of a list, in order.
    static List<String> all(List<Phrase> phrases, Run run) {
        return phrases.stream().map(phrase -> phrase.in(run)).toList();
    }

    /// See [Phrase#of].
    record Constant(String text) implements Phrase {
        @Override
        public String in(Run run) {
            return text;
        }

        @Override
        public java.util.Optional<String> constant() {
            return java.util.Optional.of(text);
        }
    }
}
