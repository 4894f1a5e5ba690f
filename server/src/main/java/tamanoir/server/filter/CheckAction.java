package tamanoir.server.filter;

import java.util.Locale;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;

/// What a pattern asks for (header_checks(5)). `text` is what stands behind the word.
public sealed interface CheckAction {
    /// A copy to this address as well.
    record BlindCopy(Address address) implements CheckAction {}

    /// Say yes, deliver to nobody.
    record Discard(String text) implements CheckAction {}

    /// Next line, please. `OK` means the same.
    record Dunno() implements CheckAction {}

    /// Through this content filter, `transport:destination`; the last one counts.
    record Filter(String text) implements CheckAction {}

    record Hold(String text) implements CheckAction {}

    /// Take this field or line away.
    record Ignore() implements CheckAction {}

    record Say(String text) implements CheckAction {}

    /// Look at nothing more of this message.
    record Pass() implements CheckAction {}

    /// Put this text before the field or line.
    record Prepend(String text) implements CheckAction {}

    /// Put this address in the place of all recipients.
    record Redirect(Address address) implements CheckAction {}

    /// `text` may begin with an enhanced status code.
    record Reject(String text) implements CheckAction {}

    record Replace(String text) implements CheckAction {}

    /// Like [Ignore], with a line in the log.
    record Strip(String text) implements CheckAction {}

    record Warn(String text) implements CheckAction {}

    /// Whether it says something about the whole message, which only intake can do.
    default boolean decides() {
        return switch (this) {
            case BlindCopy _, Discard _, Filter _, Hold _, Pass _, Redirect _, Reject _ -> true;
            case Dunno _, Ignore _, Say _, Prepend _, Replace _, Strip _, Warn _ -> false;
        };
    }

    /// Reads the result of a table.
    ///
    /// @throws BadSyntax when it is not an action; the text names it
    static CheckAction of(String result) {
        String trimmed = result.strip();
        int blank = 0;
        while (blank < trimmed.length() && !Character.isWhitespace(trimmed.charAt(blank))) {
            blank++;
        }
        String text = trimmed.substring(blank).strip();
        return switch (trimmed.substring(0, blank).toUpperCase(Locale.ROOT)) {
            case "BCC" -> new BlindCopy(address(text, result));
            case "DISCARD" -> new Discard(text);
            case "DUNNO", "OK" -> new Dunno();
            case "FILTER" -> new Filter(required(text, result));
            case "HOLD" -> new Hold(text);
            case "IGNORE" -> new Ignore();
            case "INFO" -> new Say(text);
            case "PASS" -> new Pass();
            case "PREPEND" -> new Prepend(required(text, result));
            case "REDIRECT" -> new Redirect(address(text, result));
            case "REJECT" -> new Reject(text);
            case "REPLACE" -> new Replace(required(text, result));
            case "STRIP" -> new Strip(text);
            case "WARN" -> new Warn(text);
            default -> throw new BadSyntax("\"" + result + "\" is no action of header_checks(5)");
        };
    }

    private static String required(String text, String result) {
        if (text.isEmpty()) {
            throw new BadSyntax("\"" + result + "\" needs a text");
        }
        return text;
    }

    private static Address address(String text, String result) {
        try {
            return Address.of(text);
        } catch (BadSyntax e) {
            throw new BadSyntax("\"" + result + "\" needs an address user@domain");
        }
    }
}
