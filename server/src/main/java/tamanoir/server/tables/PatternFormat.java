package tamanoir.server.tables;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// regexp and pcre tables: `/pattern/flags answer`, `!/pattern/flags answer`, `if /pattern/flags` … `endif`.
///
/// Any character that is no letter, digit or blank may stand for the slash. Patterns are found anywhere in the key and
/// ignore case. **A flag switches round what is on by default**: `i` makes case count again. A pcre pattern lets `.`
/// match line ends, which `s` switches off; a regexp pattern does so until `m` makes lines of the key.
///
/// The patterns run on re2j, in time linear in the key, because the keys come from strangers. What re2j has not
/// (back-references, look-around, atomic groups …) is refused with its name by [PosixPattern] and [PerlPattern]. Of
/// several matches at one place a regexp pattern takes the longest, as POSIX asks; which groups share it how is re2j's.
/// A key that lacks the [Needle] of a pattern is not shown to it.
final class PatternFormat implements Rules.Dialect {
    private final boolean perl;

    private PatternFormat(boolean perl) {
        this.perl = perl;
    }

    static Snapshot regexp(String text) {
        return Rules.read(text, new PatternFormat(false));
    }

    static Snapshot pcre(String text) {
        return Rules.read(text, new PatternFormat(true));
    }

    /// A pattern as written, and where it ends in its line.
    private record Written(Pattern pattern, boolean negated, int end) {
        /// Whether the pattern is worth trying.
        Needle needle() {
            return Needle.of(pattern.pattern());
        }
    }

    /// A rule that can say what stands behind its pattern.
    private record Told(Rules.Answering rule, String written) implements Rules.Answering {
        @Override
        public Optional<String> answer(String key) {
            return rule.answer(key);
        }
    }

    @Override
    public Rules.Answering rule(TableLines.Line line) {
        String text = line.text();
        Written written = read(line.number(), text);
        String answer = text.substring(written.end).strip();
        return new Told(rule(line, written, answer), answer);
    }

    private static Rules.Answering rule(TableLines.Line line, Written written, String answer) {
        Pattern pattern = written.pattern;
        Needle needle = written.needle();
        if (written.negated) {
            Optional<String> found =
                    Optional.of(Template.of(line.number(), answer, -1).text());
            return key -> needle.mayBeIn(key) && pattern.matcher(key).find() ? Optional.empty() : found;
        }
        Template template = Template.of(line.number(), answer, pattern.groupCount());
        return key -> {
            if (!needle.mayBeIn(key)) {
                return Optional.empty();
            }
            var match = pattern.matcher(key);
            return match.find() ? Optional.of(template.fill(match)) : Optional.empty();
        };
    }

    @Override
    public Rules.Condition condition(int number, String text) {
        Written written = read(number, text);
        String rest = text.substring(written.end).strip();
        if (!rest.isEmpty()) {
            throw new WrongTable(number, "\"" + rest + "\" is not expected behind the pattern of \"if\"");
        }
        Pattern pattern = written.pattern;
        Needle needle = written.needle();
        boolean wanted = !written.negated;
        return key -> (needle.mayBeIn(key) && pattern.matcher(key).find()) == wanted;
    }

    private Written read(int number, String text) {
        boolean negated = false;
        int at = 0;
        while (at < text.length() && (text.charAt(at) == '!' || TableLines.isBlank(text.charAt(at)))) {
            negated ^= text.charAt(at) == '!';
            at++;
        }
        if (at == text.length() || Character.isLetterOrDigit(text.charAt(at))) {
            throw new WrongTable(number, "\"" + text + "\" does not begin with a /pattern/");
        }
        char delimiter = text.charAt(at);
        int start = ++at;
        while (at < text.length() && text.charAt(at) != delimiter) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw new WrongTable(number, "the pattern is not closed with \"" + delimiter + "\"");
        }
        String pattern = text.substring(start, at);
        int end = TableLines.wordEnd(text, at + 1);
        try {
            return new Written(compile(pattern, text.substring(at + 1, end)), negated, end);
        } catch (PatternSyntaxException e) {
            throw new WrongTable(number, "the pattern is wrong: " + e.getDescription() + ": " + e.getPattern());
        } catch (BadSyntax e) {
            throw new WrongTable(number, String.valueOf(e.getMessage()));
        }
    }

    private Pattern compile(String pattern, String flags) {
        boolean ignoreCase = true;
        boolean dotAll = true;
        boolean multiLine = false;
        boolean extended = false;
        boolean anchored = false;
        boolean ungreedy = false;
        for (int i = 0; i < flags.length(); i++) {
            // Each letter turns its default round, and a second one turns it back.
            char flag = flags.charAt(i);
            if (flag == 'i') {
                ignoreCase = !ignoreCase;
            } else if (flag == 'm') {
                multiLine = !multiLine;
            } else if (perl && flag == 's') {
                dotAll = !dotAll;
            } else if (perl && flag == 'x') {
                extended = !extended;
            } else if (perl && flag == 'A') {
                anchored = !anchored;
            } else if (perl && flag == 'U') {
                ungreedy = !ungreedy;
            } else if (!perl && flag == 'x') {
                throw new BadSyntax("the flag x (basic regular expressions) is not supported; write an extended one");
            } else if (!perl || (flag != 'E' && flag != 'X')) {
                // E makes "$" the very end, which it is in re2j; X makes unknown escapes errors, which they are here.
                throw new BadSyntax("\"" + flag + "\" is no flag; allowed are " + (perl ? "i m s x A E U X" : "i m x"));
            }
        }
        if (!perl) {
            // REG_NEWLINE, the flag m: lines are matched for themselves, and nothing but \n matches their end.
            int options = (ignoreCase ? Pattern.CASE_INSENSITIVE : 0)
                    | (multiLine ? Pattern.MULTILINE : Pattern.DOTALL)
                    | Pattern.LONGEST_MATCH;
            String translated = PosixPattern.translated(pattern, multiLine);
            PatternSize.check(translated);
            return Pattern.compile(translated, options);
        }
        String translated = PerlPattern.translated(pattern, extended);
        PatternSize.check(translated);
        if (anchored) {
            translated = "\\A(?:" + translated + ")";
        }
        return Pattern.compile(
                (ungreedy ? "(?U)" : "") + translated,
                (ignoreCase ? Pattern.CASE_INSENSITIVE : 0)
                        | (dotAll ? Pattern.DOTALL : 0)
                        | (multiLine ? Pattern.MULTILINE : 0));
    }
}
