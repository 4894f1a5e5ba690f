package tamanoir.server.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MessageId;

/// Shows where in a message the words of a query stand: subject and a piece of the text as HTML, everything escaped but
/// the marks around what matches (RFC 8621 §5). Used by one thread for one question.
public final class Snippets {
    /// RFC 8621 §5: octets of a preview at most.
    private static final int MOST_OCTETS = 255;

    private static final String MARK = "<mark>";
    private static final String END_OF_MARK = "</mark>";

    /// Characters of context before the first match.
    private static final int CONTEXT = 60;

    private final AccountMail mail;
    private final Languages.Stems stems = Languages.known().stems();
    private final List<Pattern> ofSubject = new ArrayList<>();
    private final List<Pattern> ofBody = new ArrayList<>();

    public Snippets(AccountMail mail, Condition filter) {
        this.mail = mail;
        gather(filter);
    }

    /// @param subject empty when nothing in it matches, as `preview`
    public record Snippet(Optional<String> subject, Optional<String> preview) {}

    /// What must not be there is nowhere to be shown.
    private void gather(Condition condition) {
        switch (condition) {
            case Condition.And and -> and.all().forEach(this::gather);
            case Condition.Or or -> or.any().forEach(this::gather);
            case Condition.Text text -> {
                for (Pattern pattern : Pattern.of(Words.of(text.words()), stems)) {
                    if (!pattern.absent()) {
                        switch (text.field()) {
                            case ANY -> {
                                ofSubject.add(pattern);
                                ofBody.add(pattern);
                            }
                            case SUBJECT -> ofSubject.add(pattern);
                            case BODY -> ofBody.add(pattern);
                            case FROM, TO, CC, BCC -> {}
                        }
                    }
                }
            }
            case Condition.Not _, Condition.InMailbox _, Condition.InMailboxOtherThan _ -> {}
            case Condition.Before _, Condition.After _, Condition.MinSize _, Condition.MaxSize _ -> {}
            case Condition.HasKeyword _, Condition.AllInThreadHaveKeyword _ -> {}
            case Condition.SomeInThreadHaveKeyword _, Condition.NoneInThreadHaveKeyword _ -> {}
            case Condition.HasAttachment _, Condition.Header _ -> {}
        }
    }

    /// Empty when the message has gone.
    public Optional<Snippet> of(MessageId message) {
        if (ofSubject.isEmpty() && ofBody.isEmpty()) {
            return MessageText.of(mail, message).map(_ -> new Snippet(Optional.empty(), Optional.empty()));
        }
        return MessageText.of(mail, message).map(text -> {
            Documents.Fields fields = text.fields(stems);
            Extract extract = text.extract();
            return new Snippet(
                    subject(extract.subject(), matches(fields.subject(), ofSubject)),
                    preview(extract.body(), matches(fields.body(), ofBody)));
        });
    }

    // ---- where -------------------------------------------------------------------------------------------------

    /// Beginnings and ends of what matches, in order, not overlapping: begin, end, begin, end.
    private static int[] matches(Terms terms, List<Pattern> patterns) {
        boolean[] matching = new boolean[terms.size()];
        for (Pattern pattern : patterns) {
            for (int at = terms.find(pattern, 0); at >= 0; at = terms.find(pattern, at + 1)) {
                Arrays.fill(matching, at, at + pattern.slots().size(), true);
            }
        }
        int[] places = new int[16];
        int count = 0;
        Tokens tokens = terms.tokens();
        for (int i = 0; i < matching.length; i++) {
            if (!matching[i]) {
                continue;
            }
            if (count > 0 && tokens.start(i) < places[count - 1]) {
                places[count - 1] = Math.max(places[count - 1], tokens.end(i)); // Pairs overlap
                continue;
            }
            if (count == places.length) {
                places = Arrays.copyOf(places, count * 2);
            }
            places[count++] = tokens.start(i);
            places[count++] = tokens.end(i);
        }
        return Arrays.copyOf(places, count);
    }

    // ---- how it looks --------------------------------------------------------------------------------------------

    private static Optional<String> subject(String subject, int[] matches) {
        return matches.length == 0 ? Optional.empty() : Optional.of(marked(subject, 0, matches, Integer.MAX_VALUE));
    }

    private static Optional<String> preview(String body, int[] matches) {
        if (matches.length == 0) {
            return Optional.empty();
        }
        int begin = Math.max(0, matches[0] - CONTEXT);
        // A word that is cut looks like a mistake.
        while (begin > 0 && begin < matches[0] && !Character.isWhitespace(body.charAt(begin - 1))) {
            begin++;
        }
        return Optional.of(marked(body, begin, matches, MOST_OCTETS));
    }

    /// The text from `begin` on, for as long as it fits.
    private static String marked(String text, int begin, int[] matches, int most) {
        StringBuilder html = new StringBuilder();
        int room = most;
        int match = 0;
        boolean blank = true;
        int at = begin;
        while (at < text.length()) {
            while (match < matches.length && matches[match] < at) {
                match += 2;
            }
            if (match < matches.length && matches[match] == at) {
                String word = MARK + escaped(text.substring(at, matches[match + 1])) + END_OF_MARK;
                int octets = octets(word);
                if (octets > room) {
                    break;
                }
                html.append(word);
                room -= octets;
                at = matches[match + 1];
                blank = false;
                continue;
            }
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            boolean space = Character.isWhitespace(c) || Character.isISOControl(c);
            if (space && blank) {
                continue;
            }
            String shown = space ? " " : escaped(Character.toString(c));
            int octets = octets(shown);
            if (octets > room) {
                break;
            }
            html.append(shown);
            room -= octets;
            blank = space;
        }
        return html.toString().stripTrailing();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) ? ' ' : c);
            }
        }
        return escaped.toString();
    }
}
