package tamanoir.mail.sieve.extension;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Step;

/// `set` and `string` (RFC 5229). Where variables are filled in is the compiler's business.
public final class Variables implements Language.Extension {
    /// RFC 5229 §4: the higher is done first.
    private static final Map<String, Integer> MODIFIERS = Map.of(
            "lower",
            40,
            "upper",
            40,
            "lowerfirst",
            30,
            "upperfirst",
            30,
            "quotewildcard",
            20,
            "quoteregex",
            20,
            "encodeurl",
            15,
            "length",
            10);

    @Override
    public void addTo(Language language) {
        language.capability("variables");
        Language.Word set = language.command("set", "variables")
                .positional("variable name", Kind.TEXT)
                .positional("value", Kind.TEXT);
        modifiers(set);
        set.does((arguments, compiler) -> {
            String name = arguments.text(0).constant().orElse("");
            boolean global = name.regionMatches(true, 0, "global.", 0, 7) && compiler.has("include");
            if (!isName(global ? name.substring(7) : name)) {
                throw arguments.wrong(
                        name.chars().allMatch(Character::isDigit) && !name.isEmpty()
                                ? "cannot assign to match variable '" + name + "'"
                                : "invalid variable name '" + name + "'");
            }
            Phrase value = arguments.text(1);
            List<String> modifiers = modifiers(arguments);
            return run -> {
                String text = modified(modifiers, value.in(run), run.limits().variable());
                if (global) {
                    run.shareVariable(name.substring(7));
                }
                run.variable(arguments.place(), global ? name.substring(7) : name, text);
                return Step.Flow.ON;
            };
        });
        language.test("string", "variables")
                .positional("source", Kind.TEXTS)
                .positional("key list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> source = arguments.texts(0);
                    List<Phrase> keys = arguments.texts(1);
                    return run -> {
                        List<String> values = new ArrayList<>(Phrase.all(source, run));
                        if (matching.type() == Matching.Type.COUNT) {
                            values.removeIf(String::isEmpty); // RFC 5229 §5
                        }
                        return matching.test(run, values, keys);
                    };
                });
    }

    /// The modifiers as tags of a command that sets a variable; of one precedence only one may stand.
    static void modifiers(Language.Word word) {
        for (Map.Entry<String, Integer> modifier : MODIFIERS.entrySet()) {
            String needed = switch (modifier.getKey()) {
                case "encodeurl" -> "enotify";
                case "quoteregex" -> "regex";
                default -> "variables";
            };
            word.tag(modifier.getKey(), Kind.NONE, "modifier of precedence " + modifier.getValue(), needed);
        }
    }

    /// Those that stand there, in the order in which they are done.
    static List<String> modifiers(Arguments arguments) {
        return MODIFIERS.keySet().stream()
                .filter(arguments::has)
                .sorted(Comparator.comparing((String one) -> MODIFIERS.getOrDefault(one, 0))
                        .reversed())
                .toList();
    }

    static String modified(List<String> modifiers, String text, int longest) {
        String now = text;
        for (String modifier : modifiers) {
            now = modified(modifier, now, longest);
        }
        return now;
    }

    private static String modified(String modifier, String text, int longest) {
        return switch (modifier) {
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lowerfirst" -> first(text, text.isEmpty() ? "" : head(text).toLowerCase(Locale.ROOT));
            case "upperfirst" -> first(text, text.isEmpty() ? "" : head(text).toUpperCase(Locale.ROOT));
            case "quotewildcard" -> quoted(text, "*?\\", longest);
            case "quoteregex" -> quoted(text, "\\.*+?()[]{}^$|", longest);
            case "encodeurl" -> encoded(text, longest);
            case "length" -> Integer.toString(text.codePointCount(0, text.length()));
            default -> text;
        };
    }

    private static String head(String text) {
        return text.substring(0, text.offsetByCodePoints(0, 1));
    }

    private static String first(String text, String head) {
        return text.isEmpty() ? text : head + text.substring(text.offsetByCodePoints(0, 1));
    }

    /// Cut where the limit is, never between a backslash and what it quotes.
    private static String quoted(String text, String special, int longest) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int end = text.offsetByCodePoints(i, 1);
            String one = text.substring(i, end);
            String piece = special.contains(one) ? "\\" + one : one;
            if (out.length() + piece.length() > longest) {
                break;
            }
            out.append(piece);
            i = end;
        }
        return out.toString();
    }

    /// RFC 5435 §6: unreserved characters of RFC 3986 stay.
    private static String encoded(String text, int longest) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int end = text.offsetByCodePoints(i, 1);
            StringBuilder piece = new StringBuilder();
            for (byte octet : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                int c = octet & 0xFF;
                boolean plain = (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "-._~".indexOf(c) >= 0;
                piece.append(plain ? Character.toString(c) : String.format("%%%02X", c));
            }
            if (out.length() + piece.length() > longest) {
                break;
            }
            out.append(piece);
            i = end;
        }
        return out.toString();
    }

    static boolean isName(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*");
    }
}
