package tamanoir.server.search;

import java.util.Locale;
import org.apache.lucene.document.Document;

/// What an index is for. Each has a folder of its own and is begun by the first question of its kind, for most people
/// use one kind of program.
enum Kind {
    /// What a person types into a search field: JMAP.
    WORDS {
        @Override
        Document document(long message, MessageText text, Languages.Stems stems) {
            return Documents.ofWords(message, text.extract(), text.fields(stems));
        }
    },
    /// Any run of characters: IMAP's SEARCH. Only ever rules messages out.
    SUBSTRINGS {
        @Override
        Document document(long message, MessageText text, Languages.Stems stems) {
            return Documents.ofTrigrams(message, text.trigrams());
        }
    };

    abstract Document document(long message, MessageText text, Languages.Stems stems);

    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
