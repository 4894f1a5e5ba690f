package tamanoir.server.smtp;

import java.util.Locale;
import java.util.Set;
import tamanoir.mail.text.Octets;

/// The first words of command lines.
final class Verbs {
    private static final Set<String> KNOWN = Set.of(
            "HELO",
            "EHLO",
            "LHLO",
            "MAIL",
            "RCPT",
            "DATA",
            "BDAT",
            "RSET",
            "NOOP",
            "QUIT",
            "HELP",
            "VRFY",
            "EXPN",
            "ETRN",
            "STARTTLS",
            "AUTH",
            "XCLIENT",
            "XFORWARD",
            "TURN",
            "ATRN",
            "SEND",
            "SOML",
            "SAML");

    private Verbs() {}

    /// In capitals; empty for a word that no SMTP has.
    static String of(Octets line) {
        int blank = line.indexOf(' ', 0);
        String word = line.slice(0, Math.min(blank < 0 ? line.length() : blank, 12))
                .latin1()
                .toUpperCase(Locale.ROOT);
        return KNOWN.contains(word) ? word : "";
    }
}
