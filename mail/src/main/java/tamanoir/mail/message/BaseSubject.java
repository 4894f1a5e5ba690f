package tamanoir.mail.message;

import java.util.Locale;

/// The subject without the marks of replies and forwards (RFC 5256 §2.1), for SORT and THREAD.
public record BaseSubject(String text, boolean isReplyOrForward) {
    /// Of the decoded subject.
    public static BaseSubject of(String subject) {
        String text = oneSpaced(subject);
        int from = 0;
        int to = text.length();
        boolean marked = false;
        // Behind the last run of blobs that led to no `re:`. Taking one of them away does not change that, and looking
        // again would make `[a][a][a]…` cost the square of its length.
        int leaderless = 0;
        while (true) {
            // (2) subj-trailer: blanks and "(fwd)".
            while (true) {
                while (to > from && text.charAt(to - 1) == ' ') {
                    to--;
                }
                if (to - from >= 5 && text.regionMatches(true, to - 5, "(fwd)", 0, 5)) {
                    to -= 5;
                    marked = true;
                } else {
                    break;
                }
            }
            // (3) to (5): leaders, and blobs where something is left after them.
            while (true) {
                int next = from < leaderless ? from : leader(text, from, to);
                if (next > from) {
                    marked |= text.charAt(next - 1) == ':';
                    from = next;
                    continue;
                }
                if (from >= leaderless) {
                    leaderless = blobsEnd(text, from, to);
                }
                int blob = blob(text, from, to);
                if (blob > from && blob < to) {
                    from = blob;
                    continue;
                }
                break;
            }
            // (6): "[fwd: ... ]" is unwrapped, and all begins again.
            if (to - from >= 6 && text.regionMatches(true, from, "[fwd:", 0, 5) && text.charAt(to - 1) == ']') {
                from += 5;
                to--;
                marked = true;
                leaderless = 0;
            } else {
                break;
            }
        }
        return new BaseSubject(text.substring(from, to), marked);
    }

    /// (1): runs of white space become one space.
    private static String oneSpaced(String subject) {
        StringBuilder text = new StringBuilder(subject.length());
        boolean blank = false;
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                blank = true;
            } else {
                if (blank) {
                    text.append(' ');
                    blank = false;
                }
                text.append(c);
            }
        }
        return text.toString();
    }

    /// Behind `*subj-blob ("re" / "fw" / "fwd") [subj-blob] ":"` or blanks; `from` when neither stands there.
    private static int leader(String text, int from, int to) {
        if (from < to && text.charAt(from) == ' ') {
            return from + 1;
        }
        int at = blobsEnd(text, from, to);
        String word = text.substring(at, Math.min(to, at + 3)).toLowerCase(Locale.ROOT);
        if (word.equals("fwd")) {
            at += 3;
        } else if (word.startsWith("re") || word.startsWith("fw")) {
            at += 2;
        } else {
            return from;
        }
        while (at < to && text.charAt(at) == ' ') {
            at++;
        }
        at = blob(text, at, to);
        return at < to && text.charAt(at) == ':' ? at + 1 : from;
    }

    /// Behind all blobs that stand here.
    private static int blobsEnd(String text, int from, int to) {
        int at = from;
        while (true) {
            int next = blob(text, at, to);
            if (next == at) {
                return at;
            }
            at = next;
        }
    }

    /// Behind `[...]` and the blanks after it; `from` when none stands there.
    private static int blob(String text, int from, int to) {
        if (from >= to || text.charAt(from) != '[') {
            return from;
        }
        int at = from + 1;
        while (at < to && text.charAt(at) != '[' && text.charAt(at) != ']') {
            at++;
        }
        if (at >= to || text.charAt(at) != ']') {
            return from;
        }
        at++;
        while (at < to && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
