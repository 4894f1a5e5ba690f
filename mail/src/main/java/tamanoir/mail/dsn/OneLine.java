package tamanoir.mail.dsn;

import tamanoir.mail.smtp.Xtext;

/// Text that stays on its line wherever it is written: no control and no line separator in it.
///
/// What a client gave as xtext (RFC 3461 §4) is shown decoded where that is harmless, else encoded as it came, so that
/// a
/// line break that hides in it never becomes one.
public final class OneLine {
    private OneLine() {}

    /// `text` with everything that could end a line replaced.
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean harmful = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
            safe.appendCodePoint(c == '\t' ? ' ' : harmful ? '?' : c);
        });
        return safe.toString();
    }

    /// An ENVID or the address of an ORCPT for people.
    public static String ofXtext(String encoded) {
        if (!Xtext.isValid(encoded)) {
            return of(encoded);
        }
        String shown = Xtext.display(encoded);
        // A question mark more than was meant stands for a control.
        boolean honest = marks(shown) == marks(encoded) + encoded.split("\\+3[fF]", -1).length - 1
                && shown.indexOf(0xFFFD) < 0
                && shown.equals(of(shown));
        return honest && !shown.isBlank() ? shown : of(encoded);
    }

    private static long marks(String text) {
        return text.chars().filter(c -> c == '?').count();
    }
}
