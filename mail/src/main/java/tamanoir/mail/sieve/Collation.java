package tamanoir.mail.sieve;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How strings are compared (RFC 5228 §2.7.3, RFC 4790). `substrings` tells whether `:contains` and `:matches` work.
public enum Collation {
    OCTET("i;octet", true),
    ASCII_CASEMAP("i;ascii-casemap", true),
    ASCII_NUMERIC("i;ascii-numeric", false),
    UNICODE_CASEMAP("i;unicode-casemap", true);

    private final String word;
    private final boolean substrings;

    Collation(String word, boolean substrings) {
        this.word = word;
        this.substrings = substrings;
    }

    public static Optional<Collation> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }

    /// As in `:comparator`.
    public String word() {
        return word;
    }

    public boolean hasSubstrings() {
        return substrings;
    }

    /// In the form in which equal means equal.
    String folded(String text) {
        return switch (this) {
            case OCTET, ASCII_NUMERIC -> text;
            case ASCII_CASEMAP -> lowerAscii(text);
            // RFC 5051 §2: titlecase, then decomposed; lower case of the upper case comes out equal for equal.
            case UNICODE_CASEMAP ->
                java.text.Normalizer.normalize(
                        text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), java.text.Normalizer.Form.NFKD);
        };
    }

    private static String lowerAscii(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + 32));
            }
        }
        return lower.toString();
    }

    /// Below, equal or above 0, as [java.util.Comparator] has it.
    int compare(String one, String other) {
        if (this == ASCII_NUMERIC) {
            // RFC 4790 §9.1.1: what does not begin with a digit is larger than all numbers, and equal among itself.
            Optional<BigInteger> left = number(one);
            Optional<BigInteger> right = number(other);
            if (left.isEmpty() || right.isEmpty()) {
                return Boolean.compare(left.isEmpty(), right.isEmpty());
            }
            return left.get().compareTo(right.get());
        }
        return Arrays.compareUnsigned(
                folded(one).getBytes(StandardCharsets.UTF_8), folded(other).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<BigInteger> number(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == 0) {
            return Optional.empty();
        }
        return Optional.of(new BigInteger(text.substring(0, Math.min(end, 1_000))));
    }
}
