package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;

/// What a text must contain for a pattern to match it: texts of which one is needed, or nothing that can be told.
///
/// Read from a pattern in the language of re2j by a reader that knows only what it needs: whatever it does not
/// understand promises nothing. Letter case is put aside, as most patterns do; so a needle that is there promises
/// nothing either, and one that is absent saves the pattern its walk over the text.
final class Needles {
    /// Shorter ones are everywhere.
    private static final int SHORTEST = 2;

    private static final int MOST = 64;

    private final String pattern;
    private int at;
    private boolean lost;

    private Needles(String pattern) {
        this.pattern = pattern;
    }

    /// Lower-case ASCII texts, one of which every match contains; empty where nothing is known.
    static List<String> of(String pattern) {
        Needles reader = new Needles(pattern);
        List<String> needles = reader.alternatives();
        boolean usable = !reader.lost
                && reader.at >= pattern.length()
                && needles.size() <= MOST
                && needles.stream().allMatch(needle -> needle.length() >= SHORTEST);
        return usable ? needles : List.of();
    }

    /// `a|b|c` up to the end or the bracket that closes; one unknown alternative makes all unknown.
    private List<String> alternatives() {
        List<String> all = new ArrayList<>(sequence());
        boolean known = !all.isEmpty();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            List<String> next = sequence();
            known &= !next.isEmpty();
            all.addAll(next);
        }
        return known ? all : List.of();
    }

    /// What follows each other: the best of what it needs.
    private List<String> sequence() {
        List<String> best = List.of();
        StringBuilder run = new StringBuilder();
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '|' || c == ')') {
                break;
            }
            switch (c) {
                case '*', '?' -> {
                    at++;
                    best = better(best, ended(run, true));
                }
                case '{' -> {
                    int end = pattern.indexOf('}', at);
                    boolean counts = end > 0 && isCount(pattern, at + 1, end);
                    at = counts ? end + 1 : at + 1;
                    best = better(best, ended(run, true));
                }
                case '(' -> {
                    best = better(best, ended(run, false));
                    best = better(best, group());
                }
                case '[' -> {
                    best = better(best, ended(run, false));
                    brackets();
                }
                case '\\' -> {
                    if (!escaped(run)) {
                        best = better(best, ended(run, false));
                    }
                }
                default -> {
                    at++;
                    if (c < 128 && ".^$+".indexOf(c) < 0) {
                        run.append(lower(c));
                    } else {
                        best = better(best, ended(run, false));
                    }
                }
            }
        }
        return better(best, ended(run, false));
    }

    private static boolean isCount(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != ',') {
                return false;
            }
        }
        return to > from;
    }

    private static List<String> ended(StringBuilder run, boolean withoutLast) {
        int length = Math.max(0, run.length() - (withoutLast ? 1 : 0));
        String text = run.substring(0, length);
        run.setLength(0);
        return text.isEmpty() ? List.of() : List.of(text);
    }

    private static List<String> better(List<String> one, List<String> other) {
        return worth(other) > worth(one) ? other : one;
    }

    private static int worth(List<String> needles) {
        return needles.stream().mapToInt(String::length).min().orElse(0);
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    /// A backslash and what belongs to it; false when it is no plain character.
    private boolean escaped(StringBuilder run) {
        char c = at + 1 < pattern.length() ? pattern.charAt(at + 1) : '\\';
        at += 2;
        if (c == 'Q') {
            int end = pattern.indexOf("\\E", at);
            at = end < 0 ? pattern.length() : end + 2;
            return false;
        }
        if (c == 'x' || c == 'p' || c == 'P') {
            int end = at < pattern.length() && pattern.charAt(at) == '{' ? pattern.indexOf('}', at) : -1;
            at = end >= 0 ? end + 1 : Math.min(pattern.length(), at + (c == 'x' ? 2 : 1));
            return false;
        }
        if (c >= 128 || Character.isLetterOrDigit(c)) {
            return false;
        }
        run.append(c);
        return true;
    }

    /// A class of characters.
    private void brackets() {
        at++;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        for (boolean first = true; at < pattern.length(); first = false) {
            char c = pattern.charAt(at);
            if (c == ']' && !first) {
                at++;
                return;
            }
            if (c == '\\') {
                escaped(new StringBuilder());
            } else if (c == '[' && pattern.startsWith("[:", at) && pattern.indexOf(":]", at) > 0) {
                at = pattern.indexOf(":]", at) + 2;
            } else {
                at++;
            }
        }
    }

    /// `(…)`, `(?:…)`, `(?P<name>…)`, `(?i)`; what it needs, unless it may be left out.
    private List<String> group() {
        at++;
        if (pattern.startsWith("?P<", at)) {
            at = Math.max(at, pattern.indexOf('>', at)) + 1;
        } else if (pattern.startsWith("?", at)) {
            while (at < pattern.length() && pattern.charAt(at) != ':' && pattern.charAt(at) != ')') {
                at++;
            }
            if (at >= pattern.length() || pattern.charAt(at++) == ')') {
                lost |= isQuantified(); // it would be about what stands before the flags
                return List.of();
            }
        }
        List<String> needed = alternatives();
        at++;
        return isQuantified() ? List.of() : needed;
    }

    private boolean isQuantified() {
        return at < pattern.length() && "*?{+".indexOf(pattern.charAt(at)) >= 0;
    }
}
