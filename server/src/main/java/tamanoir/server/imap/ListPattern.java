package tamanoir.server.imap;

/// A LIST pattern: `*` for anything, `%` for anything within one level (RFC 9051 §6.3.9). INBOX matches in any case.
record ListPattern(String pattern) {
    boolean matches(String name) {
        if (name.equals("INBOX") || name.startsWith("INBOX/")) {
            return matches(pattern, name, 5);
        }
        return matches(pattern, name, 0);
    }

    /// `folded`: so many characters at the start of the name are compared without regard to case.
    ///
    /// `reach[i]` says whether the pattern so far can match the first `i` characters, so the cost is name times
    /// pattern, whatever a client sends.
    private static boolean matches(String pattern, String name, int folded) {
        int length = name.length();
        boolean[] reach = new boolean[length + 1];
        reach[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char c = pattern.charAt(p);
            if (c == '*') {
                boolean any = false;
                for (int i = 0; i <= length; i++) {
                    any |= reach[i];
                    reach[i] = any;
                }
            } else if (c == '%') {
                boolean any = false;
                for (int i = 0; i <= length; i++) {
                    if (i > 0 && name.charAt(i - 1) == Names.SEPARATOR) {
                        any = false;
                    }
                    any |= reach[i];
                    reach[i] = any;
                }
            } else {
                for (int i = length; i > 0; i--) {
                    char n = name.charAt(i - 1);
                    boolean same = n == c || (i <= folded && Character.toUpperCase(c) == n);
                    reach[i] = reach[i - 1] && same;
                }
                reach[0] = false;
            }
        }
        return reach[length];
    }
}
