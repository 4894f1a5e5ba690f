package tamanoir.mail.sasl;

import java.text.Normalizer;
import tamanoir.mail.text.BadSyntax;

/// Makes names and passwords comparable (RFC 4013): the same to the eye becomes the same octets.
public final class Saslprep {
    private Saslprep() {}

    /// @throws BadSyntax when a character is prohibited, or left-to-right and right-to-left text are mixed
    public static String prepare(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isOtherSpace(c)) {
                mapped.append(' '); // RFC 4013 §2.1
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC); // §2.2
        normal.codePoints().forEach(c -> {
            if (isProhibited(c)) {
                throw new BadSyntax("a name or password holds a character that is not allowed"); // §2.3
            }
        });
        checkDirection(normal);
        return normal;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= 32 && c < 127);
    }

    /// RFC 3454 table C.1.2
    private static boolean isOtherSpace(int c) {
        return c == 0x200B || (c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR);
    }

    /// RFC 3454 table B.1
    private static boolean isMappedToNothing(int c) {
        return c == 0xAD
                || c == 0x34F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0x200C && c <= 0x200D)
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    /// RFC 3454 tables C.2 to C.9
    private static boolean isProhibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE -> true;
            default ->
                (c & 0xFFFE) == 0xFFFE
                        || (c >= 0xFDD0 && c <= 0xFDEF)
                        || (c >= 0xFFF9 && c <= 0xFFFD)
                        || (c >= 0x2FF0 && c <= 0x2FFB)
                        || c == 0x340
                        || c == 0x341;
        };
    }

    /// RFC 3454 §6
    private static void checkDirection(String text) {
        if (text.isEmpty() || text.codePoints().noneMatch(Saslprep::isRightToLeft)) {
            return;
        }
        boolean leftToRight = text.codePoints()
                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        if (leftToRight || !isRightToLeft(text.codePointAt(0)) || !isRightToLeft(text.codePointBefore(text.length()))) {
            throw new BadSyntax("a name or password mixes directions of writing");
        }
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
