package tamanoir.server.search;

import java.util.Arrays;

/// A text taken apart into words, folded, each with its position and where it stands.
///
/// A word is a run of letters and digits; everything else parts words. So `ann.smith@example.org` is four words in a
/// row, found by each of them, and whole as a phrase. Scripts without blanks between words are taken in pairs of
/// neighbours, the last one alone again, so that every part of such a run is found. The same is done to what is
/// searched for, which is what makes the two meet.
final class Tokens {
    /// Parts what does not belong together: no phrase reaches across.
    static final char GAP = '\u001E';

    private static final int GAP_WIDTH = 16;

    /// Beyond this it is no word: what is longer is cut.
    private static final int LONGEST = 64;

    private String[] words = new String[32];
    private String[] spellings = new String[32];
    private int[] positions = new int[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int size;
    private int position;
    private final int most;

    private Tokens(int most) {
        this.most = most;
    }

    /// @param most words at most; the rest of the text is passed over
    static Tokens of(String text, int most) {
        Tokens tokens = new Tokens(most);
        tokens.read(text);
        return tokens;
    }

    int size() {
        return size;
    }

    String word(int token) {
        return words[token];
    }

    /// The word with its accents, in lower case: what stemmers want to see.
    String spelling(int token) {
        return spellings[token];
    }

    int position(int token) {
        return positions[token];
    }

    /// Where it begins in the text.
    int start(int token) {
        return starts[token];
    }

    int end(int token) {
        return ends[token];
    }

    private void read(String text) {
        int at = 0;
        int length = text.length();
        while (at < length && size < most) {
            int c = text.codePointAt(at);
            if (isPaired(c)) {
                at = pairs(text, at);
            } else if (Character.isLetterOrDigit(c)) {
                at = word(text, at);
            } else {
                if (c == GAP) {
                    position += GAP_WIDTH;
                }
                at += Character.charCount(c);
            }
        }
    }

    private int word(String text, int start) {
        int at = start;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!isPart(c)) {
                break;
            }
            at += Character.charCount(c);
        }
        String written = text.substring(start, Math.min(at, start + 2 * LONGEST));
        String word = Folding.fold(written);
        if (!word.isEmpty()) {
            String spelling = Folding.isPlain(written) ? word : Folding.lower(written);
            add(word.length() > LONGEST ? word.substring(0, LONGEST) : word, spelling, start, at);
        }
        return at;
    }

    private static boolean isPart(int c) {
        return c < 128
                ? Character.isLetterOrDigit(c)
                : (Character.isLetterOrDigit(c) && !isPaired(c)) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private int pairs(String text, int start) {
        int at = start;
        while (at < text.length() && size < most) {
            int c = text.codePointAt(at);
            if (!isPaired(c)) {
                break;
            }
            int next = at + Character.charCount(c);
            int end = next;
            if (next < text.length() && isPaired(text.codePointAt(next))) {
                end = next + Character.charCount(text.codePointAt(next));
            }
            String pair = Folding.fold(text.substring(at, end));
            add(pair, pair, at, end);
            at = next;
        }
        return at;
    }

    /// Chinese, Japanese, Korean, Thai and their neighbours.
    private static boolean isPaired(int c) {
        if (c < 0x0E00) {
            return false;
        }
        if (Character.isIdeographic(c)) {
            return true;
        }
        if (!Character.isLetter(c)) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
            // The long vowel mark is common to both syllabaries.
            default -> c == 0x30FC;
        };
    }

    private void add(String word, String spelling, int start, int end) {
        if (size == words.length) {
            int capacity = size * 2;
            words = Arrays.copyOf(words, capacity);
            spellings = Arrays.copyOf(spellings, capacity);
            positions = Arrays.copyOf(positions, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        words[size] = word;
        spellings[size] = spelling;
        positions[size] = position++;
        starts[size] = start;
        ends[size++] = end;
    }
}
