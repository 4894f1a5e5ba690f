package tamanoir.server.mailbox;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import tamanoir.server.mailbox.MailboxRefused.Reason;

/// What a mailbox may be called. A name is Unicode in NFC, its levels stand between `/`; letter case counts, except
/// that INBOX is INBOX in any (RFC 9051 §5.1; RFC 5198 §2).
final class Names {
    static final String INBOX = "INBOX";
    static final char SEPARATOR = '/';

    /// Octets of one level at most; JMAP tells clients (RFC 8621 §1.3.1 maxSizeMailboxName).
    static final int LONGEST_LEVEL = 255;

    /// Octets of a full name at most: it must fit into a command line.
    static final int LONGEST = 1_000;

    static final int MOST_LEVELS = 24;

    private Names() {}

    /// The one spelling under which a name is looked up; never fails.
    static String folded(String name) {
        String nfc = Normalizer.isNormalized(name, Normalizer.Form.NFC)
                ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC);
        if (nfc.length() >= INBOX.length()
                && nfc.regionMatches(true, 0, INBOX, 0, INBOX.length())
                && nfc.substring(0, INBOX.length()).toUpperCase(Locale.ROOT).equals(INBOX)
                && (nfc.length() == INBOX.length() || nfc.charAt(INBOX.length()) == SEPARATOR)) {
            return INBOX + nfc.substring(INBOX.length());
        }
        return nfc;
    }

    /// The spelling for a new mailbox.
    ///
    /// @throws MailboxRefused when no mailbox may be called so
    static String forNew(String name) {
        // RFC 9051 §6.3.4: a final separator only declares that names below will follow.
        String whole = folded(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
        if (whole.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw refused("a mailbox name has at most " + LONGEST + " octets");
        }
        if (whole.startsWith("#")) {
            throw refused("names that begin with # are reserved for namespaces"); // RFC 9051 §5.1.2.1
        }
        whole.codePoints().forEach(Names::checkCharacter);
        String[] levels = whole.split("/", -1);
        if (levels.length > MOST_LEVELS) {
            throw refused("mailboxes are at most " + MOST_LEVELS + " levels deep");
        }
        for (String level : levels) {
            checkLevel(level);
        }
        return whole;
    }

    private static void checkLevel(String level) {
        if (level.isEmpty()) {
            throw refused("a mailbox name has no empty level: no / at its start, no // within");
        }
        if (level.equals(".") || level.equals("..")) {
            throw refused("a level of a mailbox name cannot be . or ..");
        }
        if (level.isBlank()) {
            throw refused("a level of a mailbox name cannot be only blanks");
        }
        if (level.getBytes(StandardCharsets.UTF_8).length > LONGEST_LEVEL) {
            throw refused("a level of a mailbox name has at most " + LONGEST_LEVEL + " octets");
        }
    }

    private static void checkCharacter(int c) {
        boolean control = Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                // Overrides of direction make one name look like another.
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xFEFF;
        if (control || (c >= 0xD800 && c <= 0xDFFF) || (c & 0xFFFE) == 0xFFFE) {
            throw refused("a mailbox name has no control characters");
        }
        if (c == '%' || c == '*') {
            throw refused("a mailbox name has no % or *: they are the wildcards of LIST"); // RFC 9051 §5.1
        }
    }

    private static MailboxRefused refused(String why) {
        return new MailboxRefused(Reason.CANNOT, why);
    }

    /// The name above, empty at the top.
    static String parent(String name) {
        int cut = name.lastIndexOf(SEPARATOR);
        return cut < 0 ? "" : name.substring(0, cut);
    }

    static String lastLevel(String name) {
        return name.substring(name.lastIndexOf(SEPARATOR) + 1);
    }

    static boolean isBelow(String name, String above) {
        return name.length() > above.length() && name.startsWith(above) && name.charAt(above.length()) == SEPARATOR;
    }
}
