package tamanoir.server.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiPhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.SynonymQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// Asks an index for the messages in which patterns stand. Used by one thread.
final class IndexQuery {
    /// Words that the last word of a phrase may go on as.
    private static final int MOST_ENDINGS = 256;

    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    IndexQuery(DirectoryReader reader) {
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        this.searcher.setQueryCache(null); // It belongs to the process, and answers are kept by Search
    }

    /// Message ids; with `score`, how well each matches: bits of a float above 0, which compare as it does.
    LongTable find(List<Pattern> patterns, Condition.Field field, boolean score) throws IOException {
        return collect(query(patterns, field), score);
    }

    LongTable withAttachment() throws IOException {
        return collect(new TermQuery(new Term(Documents.ATTACHMENT, "1")), false);
    }

    LongTable collect(Query query) throws IOException {
        return collect(query, false);
    }

    private Query query(List<Pattern> patterns, Condition.Field field) throws IOException {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        boolean any = false;
        for (Pattern pattern : patterns) {
            all.add(anywhere(pattern, Documents.names(field)), pattern.absent() ? Occur.MUST_NOT : Occur.MUST);
            any |= !pattern.absent();
        }
        if (!any) {
            all.add(MatchAllDocsQuery.INSTANCE, Occur.MUST);
        }
        return all.build();
    }

    private Query anywhere(Pattern pattern, List<String> fields) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (String field : fields) {
            float boost = switch (field) {
                case Documents.SUBJECT -> 3;
                case Documents.FROM -> 2;
                default -> 1;
            };
            any.add(new BoostQuery(in(pattern, field), boost), Occur.SHOULD);
        }
        return any.build();
    }

    private Query in(Pattern pattern, String field) throws IOException {
        return pattern.slots().size() == 1 ? word(pattern.slots().getFirst(), field) : phrase(pattern.slots(), field);
    }

    private static Query word(Pattern.Slot slot, String field) {
        SynonymQuery.Builder forms = new SynonymQuery.Builder(field);
        slot.terms().forEach(term -> forms.addTerm(new Term(field, term)));
        if (slot.prefix().isEmpty()) {
            return forms.build();
        }
        return new BooleanQuery.Builder()
                .add(forms.build(), Occur.SHOULD)
                .add(new PrefixQuery(new Term(field, slot.prefix())), Occur.SHOULD)
                .build();
    }

    private Query phrase(List<Pattern.Slot> slots, String field) throws IOException {
        MultiPhraseQuery.Builder phrase = new MultiPhraseQuery.Builder();
        for (Pattern.Slot slot : slots) {
            List<Term> terms = new ArrayList<>();
            slot.terms().forEach(term -> terms.add(new Term(field, term)));
            if (!slot.prefix().isEmpty()) {
                endings(slot.prefix(), field, terms);
            }
            phrase.add(terms.toArray(Term[]::new));
        }
        return phrase.build();
    }

    private void endings(String prefix, String field, List<Term> into) throws IOException {
        Terms terms = MultiTerms.getTerms(reader, field);
        if (terms == null) {
            return;
        }
        TermsEnum words = terms.iterator();
        if (words.seekCeil(new BytesRef(prefix)) == TermsEnum.SeekStatus.END) {
            return;
        }
        for (int i = 0; i < MOST_ENDINGS; i++) {
            String word = words.term().utf8ToString();
            if (!word.startsWith(prefix)) {
                return;
            }
            if (!word.equals(prefix)) {
                into.add(new Term(field, word));
            }
            if (words.next() == null) {
                return;
            }
        }
    }

    private LongTable collect(Query query, boolean score) throws IOException {
        LongTable found = new LongTable(64);
        // One thread asks, so one table takes it all.
        searcher.search(query, new CollectorManager<Collecting, LongTable>() {
            @Override
            public Collecting newCollector() {
                return new Collecting(found, score);
            }

            @Override
            public LongTable reduce(Collection<Collecting> collectors) {
                return found;
            }
        });
        return found;
    }

    /// Takes the ids of what is found.
    private static final class Collecting extends SimpleCollector {
        private final LongTable found;
        private final boolean score;
        private @Nullable NumericDocValues ids;
        private @Nullable Scorable scorer;

        Collecting(LongTable found, boolean score) {
            this.found = found;
            this.score = score;
        }

        @Override
        protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
            ids = leaf.reader().getNumericDocValues(Documents.ID);
        }

        @Override
        public void setScorer(Scorable scorable) {
            scorer = scorable;
        }

        @Override
        public void collect(int document) throws IOException {
            if (ids != null && ids.advanceExact(document)) {
                float rank = score && scorer != null ? Math.max(0, scorer.score()) : 0;
                found.put(ids.longValue(), Float.floatToIntBits(rank));
            }
        }

        @Override
        public ScoreMode scoreMode() {
            return score ? ScoreMode.COMPLETE : ScoreMode.COMPLETE_NO_SCORES;
        }
    }
}
