package tamanoir.server.tables;

/// Letters that every match of a pattern contains, so that a line without them need not meet the pattern at all: most
/// lines of most messages. Immutable.
///
/// Taken from the pattern as re2j reads it, from what stands outside of groups and classes; where that is not plain, it
/// asks for nothing. Case is passed over whether the pattern minds it or not, and a key that is not ASCII always
/// meets the pattern, since there case has more than two forms (ſ is an s to re2j).
record Needle(String letters) {
    private static final Needle NONE = new Needle("");
    /// Fewer are in too many lines.
    private static final int FEWEST = 2;

    /// Escapes that stand for one character or none, and have nothing behind their letter.
    private static final String SIMPLE = "dDwWsSbBAztnrfv";

    static Needle of(String pattern) {
        StringBuilder run = new StringBuilder();
        String longest = "";
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int next = at + 1;
            boolean goesOn = false;
            switch (c) {
                case '|', ')', ']', '}' -> {
                    return NONE;
                }
                case '(' -> {
                    // What repeats behind bare flags, (?i), is what stands before them.
                    boolean bare = pattern.startsWith("(?", at) && !pattern.startsWith("(?:", at);
                    next = bare && at > 0 ? -1 : groupEnd(pattern, at);
                }
                case '[' -> next = classEnd(pattern, at);
                case '{' -> {
                    next = pattern.indexOf('}', at) + 1;
                    if (next == 0 || !pattern.substring(at, next).matches("\\{[0-9]+(,[0-9]*)?}")) {
                        return NONE;
                    }
                    run.setLength(Math.max(0, run.length() - 1));
                }
                case '*', '?' -> run.setLength(Math.max(0, run.length() - 1)); // perhaps it is not there
                case '+', '.', '^', '$' -> {}
                case '\\' -> {
                    if (next == pattern.length()) {
                        return NONE;
                    }
                    char escaped = pattern.charAt(next++);
                    if (escaped > 0x7F || (isLetterOrDigit(escaped) && SIMPLE.indexOf(escaped) < 0)) {
                        return NONE;
                    }
                    goesOn = !isLetterOrDigit(escaped);
                    if (goesOn) {
                        run.append(escaped);
                    }
                }
                default -> {
                    goesOn = c <= 0x7F;
                    if (goesOn) {
                        run.append(lower(c));
                    }
                }
            }
            if (next < 0) {
                return NONE;
            }
            if (!goesOn) {
                longest = run.length() > longest.length() ? run.toString() : longest;
                run.setLength(0);
            }
            at = next;
        }
        longest = run.length() > longest.length() ? run.toString() : longest;
        return longest.length() < FEWEST ? NONE : new Needle(longest);
    }

    /// Behind the parenthesis that closes the group at `from`; -1 where that is not plain.
    private static int groupEnd(String pattern, int from) {
        int depth = 0;
        int at = from;
        while (at >= 0 && at < pattern.length()) {
            switch (pattern.charAt(at)) {
                case '\\' -> {
                    if (at + 1 < pattern.length() && pattern.charAt(at + 1) == 'Q') {
                        return -1;
                    }
                    at += 2;
                }
                case '[' -> at = classEnd(pattern, at);
                case '(' -> {
                    depth++;
                    at++;
                }
                case ')' -> {
                    at++;
                    if (--depth == 0) {
                        return at;
                    }
                }
                default -> at++;
            }
        }
        return -1;
    }

    /// Behind the bracket that closes the class at `from`; -1 where that is not plain.
    private static int classEnd(String pattern, int from) {
        int at = from + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        int first = at;
        while (at < pattern.length()) {
            switch (pattern.charAt(at)) {
                case '[' -> {
                    return -1; // [:alpha:] and the like
                }
                case ']' -> {
                    return at == first ? -1 : at + 1;
                }
                case '\\' -> at += 2;
                default -> at++;
            }
        }
        return -1;
    }

    /// False when a pattern with this needle cannot match anywhere in `key`.
    boolean mayBeIn(String key) {
        if (letters.isEmpty()) {
            return true;
        }
        char first = letters.charAt(0);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c > 0x7F || (lower(c) == first && isAt(key, i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(String key, int at) {
        if (at + letters.length() > key.length()) {
            return false;
        }
        for (int i = 1; i < letters.length(); i++) {
            if (lower(key.charAt(at + i)) != letters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
}
