package tamanoir.server.sieve;

import com.google.re2j.Matcher;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Patterns;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.tables.PatternSize;

/// Regular expressions whose time grows with the text alone: no look-around, no back-references.
final class LinearPatterns implements Patterns {
    private static final int LONGEST = 4_096;

    @Override
    public Pattern compile(String pattern, boolean ignoreCase) {
        if (pattern.length() > LONGEST) {
            throw new BadSyntax("it has more than " + LONGEST + " characters");
        }
        PatternSize.check(pattern);
        com.google.re2j.Pattern compiled;
        try {
            compiled =
                    com.google.re2j.Pattern.compile(pattern, ignoreCase ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw new BadSyntax(e.getDescription());
        }
        return text -> find(compiled, text);
    }

    private static Optional<List<String>> find(com.google.re2j.Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            String group = matcher.group(i);
            groups.add(group == null ? "" : group);
        }
        return Optional.of(groups);
    }
}
