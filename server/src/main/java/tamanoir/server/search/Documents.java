package tamanoir.server.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.search.Query;

/// How a message stands in an index. Flags and mailboxes do not: they change, and are asked of the rows.
final class Documents {
    static final String ID = "id";
    static final String FROM = "from";
    static final String TO = "to";
    static final String CC = "cc";
    static final String BCC = "bcc";
    static final String SUBJECT = "subject";
    static final String BODY = "body";
    static final String NAMES = "names";
    static final String ATTACHMENT = "attachment";

    private static final int MOST_WORDS = 100_000;
    private static final int MOST_WORDS_OF_A_FIELD = 10_000;

    static final String HEADER_TRIGRAMS = "header";
    static final String BODY_TRIGRAMS = "body";
    static final String CUT = "cut";

    private static final FieldType WORDS = words();
    private static final FieldType PRESENT = present();

    private Documents() {}

    private static FieldType words() {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        type.setTokenized(true);
        type.freeze();
        return type;
    }

    /// Only whether a term is in it.
    private static FieldType present() {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS);
        type.setTokenized(true);
        type.setOmitNorms(true);
        type.freeze();
        return type;
    }

    /// The terms of a message, field by field.
    record Fields(Terms from, Terms to, Terms cc, Terms bcc, Terms subject, Terms body, Terms names) {
        static Fields of(Extract extract, Languages.Stems stems) {
            Tokens subject = Tokens.of(extract.subject(), MOST_WORDS_OF_A_FIELD);
            Tokens body = Tokens.of(extract.body(), MOST_WORDS);
            Optional<String> language =
                    Languages.known().of(body).or(() -> Languages.known().of(subject));
            return new Fields(
                    plain(extract.from()),
                    plain(extract.to()),
                    plain(extract.cc()),
                    plain(extract.bcc()),
                    Terms.of(subject, language, stems),
                    Terms.of(body, language, stems),
                    plain(extract.names()));
        }

        private static Terms plain(String text) {
            return Terms.plain(Tokens.of(text, MOST_WORDS_OF_A_FIELD));
        }

        /// Where a condition looks; the names of attachments count as body, for a reader sees them below it.
        List<Terms> of(Condition.Field field) {
            return switch (field) {
                case FROM -> List.of(from);
                case TO -> List.of(to);
                case CC -> List.of(cc);
                case BCC -> List.of(bcc);
                case SUBJECT -> List.of(subject);
                case BODY -> List.of(body, names);
                case ANY -> List.of(from, to, cc, bcc, subject, body, names);
            };
        }
    }

    static List<String> names(Condition.Field field) {
        return switch (field) {
            case FROM -> List.of(FROM);
            case TO -> List.of(TO);
            case CC -> List.of(CC);
            case BCC -> List.of(BCC);
            case SUBJECT -> List.of(SUBJECT);
            case BODY -> List.of(BODY, NAMES);
            case ANY -> List.of(FROM, TO, CC, BCC, SUBJECT, BODY, NAMES);
        };
    }

    /// One of which nothing is known but that it is there.
    static Document of(long message) {
        Document document = new Document();
        document.add(new LongPoint(ID, message));
        document.add(new NumericDocValuesField(ID, message));
        return document;
    }

    static Document ofTrigrams(long message, Trigrams trigrams) {
        Document document = of(message);
        if (trigrams.isCut()) {
            document.add(new StringField(CUT, "1", Field.Store.NO));
            return document;
        }
        document.add(new Field(HEADER_TRIGRAMS, new TermSet(trigrams.header()), PRESENT));
        document.add(new Field(BODY_TRIGRAMS, new TermSet(trigrams.body()), PRESENT));
        return document;
    }

    static Document ofWords(long message, Extract extract, Fields fields) {
        Document document = of(message);
        add(document, FROM, fields.from());
        add(document, TO, fields.to());
        add(document, CC, fields.cc());
        add(document, BCC, fields.bcc());
        add(document, SUBJECT, fields.subject());
        add(document, BODY, fields.body());
        add(document, NAMES, fields.names());
        if (extract.hasAttachment()) {
            document.add(new StringField(ATTACHMENT, "1", Field.Store.NO));
        }
        return document;
    }

    private static void add(Document document, String name, Terms terms) {
        if (terms.size() > 0) {
            document.add(new Field(name, new Stream(terms), WORDS));
        }
    }

    static Query anyOf(Collection<Long> messages) {
        return LongPoint.newSetQuery(ID, new ArrayList<>(messages));
    }

    /// Terms without order.
    private static final class TermSet extends TokenStream {
        private final Collection<String> terms;
        private final CharTermAttribute text = addAttribute(CharTermAttribute.class);
        private Iterator<String> left;

        TermSet(Collection<String> terms) {
            this.terms = terms;
            this.left = terms.iterator();
        }

        @Override
        public boolean incrementToken() {
            if (!left.hasNext()) {
                return false;
            }
            clearAttributes();
            text.append(left.next());
            return true;
        }

        @Override
        public void reset() {
            left = terms.iterator();
        }
    }

    /// Terms as Lucene takes them: each word, and its stem at the same position.
    private static final class Stream extends TokenStream {
        private final Terms terms;
        private final CharTermAttribute text = addAttribute(CharTermAttribute.class);
        private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
        private int next;
        private int last = -1;
        private Iterator<String> stems = Collections.emptyIterator();

        Stream(Terms terms) {
            this.terms = terms;
        }

        @Override
        public boolean incrementToken() throws IOException {
            clearAttributes();
            if (stems.hasNext()) {
                text.append(stems.next());
                increment.setPositionIncrement(0);
                return true;
            }
            if (next == terms.size()) {
                return false;
            }
            text.append(terms.tokens().word(next));
            increment.setPositionIncrement(terms.tokens().position(next) - last);
            last = terms.tokens().position(next);
            stems = terms.stems(next).iterator();
            next++;
            return true;
        }

        @Override
        public void reset() {
            next = 0;
            last = -1;
            stems = Collections.emptyIterator();
        }
    }
}
