package tamanoir.server.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/// The languages whose words are known in all their forms, and which of them a text is in. Immutable.
///
/// Which one is guessed by the small words that every text is full of; one that many languages share says little about
/// any of them. A text that nobody can guess is found by its words as they stand, as every text is.
final class Languages {
    /// Words looked at; the language of a letter shows in its first lines.
    private static final int LOOK = 600;

    /// A forwarded or quoted text of another language must not make it a coin toss.
    private static final double LEAD = 1.25;

    private final List<Language> all = List.of(
            new Language("en", EnglishAnalyzer.getDefaultStopSet(), EnglishStemmer::new),
            new Language("fr", FrenchAnalyzer.getDefaultStopSet(), FrenchStemmer::new),
            new Language("de", GermanAnalyzer.getDefaultStopSet(), GermanStemmer::new),
            new Language("es", SpanishAnalyzer.getDefaultStopSet(), SpanishStemmer::new),
            new Language("it", ItalianAnalyzer.getDefaultStopSet(), ItalianStemmer::new),
            new Language("pt", PortugueseAnalyzer.getDefaultStopSet(), PortugueseStemmer::new),
            new Language("nl", DutchAnalyzer.getDefaultStopSet(), DutchStemmer::new),
            new Language("sv", SwedishAnalyzer.getDefaultStopSet(), SwedishStemmer::new),
            new Language("da", DanishAnalyzer.getDefaultStopSet(), DanishStemmer::new),
            new Language("no", NorwegianAnalyzer.getDefaultStopSet(), NorwegianStemmer::new),
            new Language("fi", FinnishAnalyzer.getDefaultStopSet(), FinnishStemmer::new),
            new Language("hu", HungarianAnalyzer.getDefaultStopSet(), HungarianStemmer::new),
            new Language("ro", RomanianAnalyzer.getDefaultStopSet(), RomanianStemmer::new),
            new Language("tr", TurkishAnalyzer.getDefaultStopSet(), TurkishStemmer::new),
            new Language("ru", RussianAnalyzer.getDefaultStopSet(), RussianStemmer::new));

    /// Small word → the languages that have it, as indexes.
    private final Map<String, int[]> small = new HashMap<>();

    private record Language(String code, CharArraySet stopWords, Supplier<SnowballStemmer> stemmer) {}

    /// Made when the first text is read: that takes as long as a tenth of a server's start.
    static Languages known() {
        return Known.LANGUAGES;
    }

    private static final class Known {
        static final Languages LANGUAGES = new Languages();
    }

    private Languages() {
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            for (Object word : all.get(i).stopWords()) {
                small.merge(Folding.fold(new String((char[]) word)), new int[] {index}, Languages::joined);
            }
        }
    }

    private static int[] joined(int[] some, int[] one) {
        if (some[some.length - 1] == one[0]) {
            return some; // Two forms that differ in an accent
        }
        int[] more = java.util.Arrays.copyOf(some, some.length + 1);
        more[some.length] = one[0];
        return more;
    }

    /// The code of the language that these words are in.
    Optional<String> of(Tokens words) {
        double[] scores = new double[all.size()];
        for (int i = 0, n = Math.min(words.size(), LOOK); i < n; i++) {
            int[] languages = small.get(words.word(i));
            if (languages != null) {
                for (int language : languages) {
                    scores[language] += 1.0 / languages.length;
                }
            }
        }
        int best = 0;
        double second = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                second = scores[best];
                best = i;
            } else {
                second = Math.max(second, scores[i]);
            }
        }
        return scores[best] >= 1 && scores[best] > second * LEAD
                ? Optional.of(all.get(best).code())
                : Optional.empty();
    }

    Stems stems() {
        return new Stems();
    }

    /// Takes words back to their stems. Used by one thread.
    final class Stems {
        private static final int MOST_KNOWN = 20_000;

        private final Map<String, SnowballStemmer> stemmers = new HashMap<>();

        /// Mail says the same words again and again.
        private final Map<String, Map<String, List<String>>> known = new HashMap<>();

        private Stems() {
            all.forEach(
                    language -> stemmers.put(language.code(), language.stemmer().get()));
        }

        /// The marked stems of a word: of the word as it is spelled, and of the word without accents, for many a person
        /// types it so. Without the word itself.
        List<String> marked(String language, String word, String spelling) {
            Map<String, List<String>> its = known.computeIfAbsent(language, _ -> new HashMap<>());
            List<String> stems = its.get(spelling);
            if (stems == null) {
                stems = new ArrayList<>(1);
                for (String stem : stems(language, word, spelling)) {
                    if (!stem.equals(word)) {
                        stems.add(mark(language, stem));
                    }
                }
                stems = List.copyOf(stems);
                if (its.size() < MOST_KNOWN) {
                    its.put(spelling, stems);
                }
            }
            return stems;
        }

        private Set<String> stems(String language, String word, String spelling) {
            Set<String> stems = new LinkedHashSet<>();
            stems.add(Folding.fold(stem(language, spelling)));
            if (!spelling.equals(word)) {
                stems.add(stem(language, word));
            }
            return stems;
        }

        private String stem(String language, String word) {
            SnowballStemmer stemmer = stemmers.get(language);
            if (stemmer == null || word.length() < 3 || Character.isDigit(word.charAt(0))) {
                return word;
            }
            stemmer.setCurrent(word);
            stemmer.stem();
            String stem = stemmer.getCurrent();
            return stem.isEmpty() ? word : stem;
        }

        /// Every term by which a form of this word may be in an index: see [#mark].
        Set<String> forms(String word, String spelling) {
            Set<String> forms = new LinkedHashSet<>();
            forms.add(word);
            for (Language language : all) {
                for (String stem : stems(language.code(), word, spelling)) {
                    forms.add(stem);
                    forms.add(mark(language.code(), stem));
                }
            }
            return forms;
        }
    }

    /// How a stem stands in an index beside the word that it was made of, in a way that no word does. A word that is
    /// its
    /// own stem is not written twice: who searches asks for the stem as a word too.
    static String mark(String language, String stem) {
        return language + '\u0001' + stem;
    }
}
