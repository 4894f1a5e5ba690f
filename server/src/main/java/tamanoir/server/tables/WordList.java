package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;

/// A list of words, such as `smtpd_forbidden_commands`: words of whatever case, and tables that have the word. The
/// first entry that matches decides; one with `!` decides "no". Immutable.
public final class WordList {
    private record Entry(String word, List<LookupTable> tables, boolean yes) {
        boolean matches(String asked) {
            return tables.isEmpty()
                    ? word.equalsIgnoreCase(asked)
                    : LookupTable.first(tables, asked).isPresent();
        }
    }

    private final List<Entry> entries;

    private WordList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// @throws tamanoir.mail.text.BadSyntax when a table cannot be
    public static WordList of(List<String> words, Tables tables) {
        List<Entry> entries = new ArrayList<>();
        for (String word : words) {
            boolean yes = !word.startsWith("!");
            String text = yes ? word : word.substring(1);
            entries.add(new Entry(text, text.indexOf(':') > 0 ? List.of(tables.open(text)) : List.of(), yes));
        }
        return new WordList(entries);
    }

    public boolean contains(String word) {
        return entries.stream()
                .filter(entry -> entry.matches(word))
                .findFirst()
                .map(Entry::yes)
                .orElse(false);
    }
}
