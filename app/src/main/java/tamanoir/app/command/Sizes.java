package tamanoir.app.command;

import java.util.Locale;
import tamanoir.mail.text.BadSyntax;

/// Octets as people write them: `500M`, `2G`, `123`.
final class Sizes {
    private static final String UNITS = "KMGT";

    private Sizes() {}

    static long parse(String text) {
        String number = text.strip().toUpperCase(Locale.ROOT);
        int unit = number.isEmpty() ? -1 : UNITS.indexOf(number.charAt(number.length() - 1));
        try {
            long amount = Long.parseLong(unit < 0 ? number : number.substring(0, number.length() - 1));
            long octets = Math.multiplyExact(amount, 1L << (10 * (unit + 1)));
            if (octets >= 0) {
                return octets;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw new BadSyntax("'" + text + "' is not a size; sizes look like 500M or 2G, 0 is no limit");
    }

    static String print(long octets) {
        if (octets < 1024) {
            return octets + " B";
        }
        double amount = octets;
        int unit = -1;
        while (amount >= 1024 && unit < UNITS.length() - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", amount, UNITS.charAt(unit));
    }
}
