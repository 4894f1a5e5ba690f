package tamanoir.mail.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Names and passwords as they come: UTF-8 without NUL, or nothing at all.
final class Text {
    private Text() {}

    static String of(Octets octets) {
        if (octets.indexOf(0, 0) >= 0) {
            throw new BadSyntax("NUL in a name or password"); // RFC 4616 §2; a cut string would sign in someone else.
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.array(), octets.arrayOffset(), octets.length()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new BadSyntax("a name or password is not UTF-8");
        }
    }
}
