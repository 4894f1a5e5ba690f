package tamanoir.server.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;

/// Which messages may hold a substring, in the terms of [Trigrams].
///
/// @param wanted in the form of [MessageText#caseless], not empty
/// @param where to look
/// @param name of the header field, in lower case, for [Where#FIELD]
record SubstringQuery(String wanted, Where where, String name) {
    /// Triples asked for: more rule out little more.
    private static final int MOST = 24;

    enum Where {
        FIELD,
        BODY,
        HEADER_OR_BODY
    }

    LongTable in(IndexQuery index) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        any.add(new TermQuery(new Term(Documents.CUT, "1")), Occur.SHOULD);
        switch (where) {
            case FIELD -> any.add(all(this::inField), Occur.SHOULD);
            case BODY -> any.add(all(SubstringQuery::inBody), Occur.SHOULD);
            case HEADER_OR_BODY -> {
                any.add(all(SubstringQuery::inHeader), Occur.SHOULD);
                any.add(all(SubstringQuery::inBody), Occur.SHOULD);
            }
        }
        return index.collect(new ConstantScoreQuery(any.build()));
    }

    private interface Asking {
        Query of(String triple);
    }

    private Query all(Asking asking) {
        List<String> triples = new ArrayList<>(Trigrams.of(wanted));
        if (triples.isEmpty()) {
            // Every place where one or two characters stand begins a triple.
            return asking.of(wanted);
        }
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        int step = Math.max(1, triples.size() / MOST);
        for (int i = 0; i < triples.size(); i += step) {
            all.add(asking.of(triples.get(i)), Occur.FILTER);
        }
        return all.build();
    }

    private Query inField(String triple) {
        if (triple.length() == 3) {
            return new TermQuery(new Term(Documents.HEADER_TRIGRAMS, triple + Trigrams.OF_FIELD + name));
        }
        // The signs that a wildcard query takes for its own would find too little.
        if (!Set.of('*', '?', '\\').stream().allMatch(sign -> (triple + name).indexOf(sign) < 0)) {
            return MatchAllDocsQuery.INSTANCE;
        }
        return new WildcardQuery(new Term(Documents.HEADER_TRIGRAMS, triple + "*" + Trigrams.OF_FIELD + name));
    }

    private static Query inBody(String triple) {
        return triple.length() == 3
                ? new TermQuery(new Term(Documents.BODY_TRIGRAMS, triple))
                : new PrefixQuery(new Term(Documents.BODY_TRIGRAMS, triple));
    }

    /// In whatever field, or between a name and its value.
    private static Query inHeader(String triple) {
        return new PrefixQuery(
                new Term(Documents.HEADER_TRIGRAMS, triple.length() == 3 ? triple + Trigrams.OF_FIELD : triple));
    }
}
