package tamanoir.server.setup;

import java.util.List;
import java.util.Locale;

/// How hard a password is to guess, roughly, and what would help. It advises; only what is hopeless is refused.
public record PasswordAdvice(Strength strength, String saying) {
    public enum Strength {
        REFUSED,
        WEAK,
        FAIR,
        STRONG
    }

    static final int SHORTEST = 8;

    /// What guessers try first, as parts of longer ones too.
    private static final List<String> COMMON = List.of(
            "password",
            "passwort",
            "motdepasse",
            "azerty",
            "qwerty",
            "qwertz",
            "123456",
            "abcdef",
            "letmein",
            "welcome",
            "iloveyou",
            "admin",
            "secret",
            "tamanoir",
            "monkey",
            "dragon",
            "football",
            "bonjour",
            "soleil",
            "test1234");

    /// @param address whose password it is; its parts are guessed first
    public static PasswordAdvice of(String password, String address) {
        if (password.codePointCount(0, password.length()) < SHORTEST) {
            return new PasswordAdvice(Strength.REFUSED, "password.short");
        }
        String rest = password.toLowerCase(Locale.ROOT);
        boolean guessable = false;
        for (String part : address.toLowerCase(Locale.ROOT).split("[@.+_-]")) {
            if (part.length() > 3 && rest.contains(part)) {
                rest = rest.replace(part, "a");
                guessable = true;
            }
        }
        for (String word : COMMON) {
            if (rest.contains(word)) {
                rest = rest.replace(word, "a");
                guessable = true;
            }
        }
        double bits = distinctSteps(rest) * Math.log(alphabet(password)) / Math.log(2);
        if (bits < 24) {
            return new PasswordAdvice(Strength.REFUSED, guessable ? "password.guessable" : "password.plain");
        }
        if (bits < 45) {
            return new PasswordAdvice(Strength.WEAK, guessable ? "password.guessable" : "password.longer");
        }
        return bits < 65
                ? new PasswordAdvice(Strength.FAIR, "password.fair")
                : new PasswordAdvice(Strength.STRONG, "password.strong");
    }

    /// Characters that a guesser does not know from the one before: `aaaa` and `abcd` count as one.
    private static int distinctSteps(String text) {
        int steps = 0;
        int before = Integer.MIN_VALUE;
        for (int c : text.codePoints().toArray()) {
            if (Math.abs(c - before) > 1) {
                steps++;
            }
            before = c;
        }
        return steps;
    }

    private static int alphabet(String password) {
        int size = 0;
        size += password.chars().anyMatch(Character::isLowerCase) ? 26 : 0;
        size += password.chars().anyMatch(Character::isUpperCase) ? 26 : 0;
        size += password.chars().anyMatch(Character::isDigit) ? 10 : 0;
        size += password.chars().anyMatch(c -> !Character.isLetterOrDigit(c)) ? 20 : 0;
        return Math.max(2, size);
    }
}
