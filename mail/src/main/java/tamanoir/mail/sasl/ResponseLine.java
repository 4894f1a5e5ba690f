package tamanoir.mail.sasl;

import java.util.Arrays;
import java.util.Base64;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// How a step travels in SMTP, IMAP and POP3: a line of base64, or `*`.
public sealed interface ResponseLine {
    /// The client gave up (RFC 4954 §4, RFC 9051 §6.2.2, RFC 5034 §4).
    record Cancel() implements ResponseLine {}

    record Response(Octets octets) implements ResponseLine {}

    /// A line that answers a challenge, without its ending.
    ///
    /// @throws BadSyntax when it is not base64
    static ResponseLine parse(Octets line) {
        return line.length() == 1 && line.at(0) == '*' ? new Cancel() : new Response(decode(line));
    }

    /// The initial response behind the mechanism's name, where `=` is one of no octets (RFC 4954 §4).
    ///
    /// @throws BadSyntax when it is not base64
    static Octets initial(Octets word) {
        if (word.isEmpty()) {
            throw new BadSyntax("an empty initial response is written =");
        }
        return word.length() == 1 && word.at(0) == '=' ? Octets.EMPTY : decode(word);
    }

    /// Base64 with its padding and nothing else: no blanks, no line breaks, no bits beyond the end (RFC 4648 §3.2,
    /// §3.5).
    static Octets decode(Octets base64) {
        byte[] text = base64.toByteArray();
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new BadSyntax("that is not base64");
        }
        if (!Arrays.equals(Base64.getEncoder().encode(octets), text)) {
            throw new BadSyntax("that is not base64");
        }
        return Octets.of(octets);
    }

    static String encode(Octets octets) {
        return Base64.getEncoder().encodeToString(octets.toByteArray());
    }
}
