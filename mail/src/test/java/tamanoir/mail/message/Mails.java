package tamanoir.mail.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tamanoir.mail.text.Octets;

/// How the tests of this package make messages.
final class Mails {
    private Mails() {}

    /// Lines in any form, one octet a character; line ends become CRLF.
    static Octets mail(String text) {
        return Octets.of(text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    static Part parse(String text) {
        return MessageParser.parse(mail(text));
    }

    /// Octets given as hexadecimal digits, blanks aside.
    static Octets hex(String digits) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        String plain = digits.replace(" ", "");
        for (int i = 0; i < plain.length(); i += 2) {
            octets.write(Integer.parseInt(plain, i, i + 2, 16));
        }
        return Octets.of(octets.toByteArray());
    }

    static Part at(Part root, Integer... numbers) {
        return (Part) Sections.find(root, List.of(numbers)).orElseThrow();
    }

    /// Everything a reader may ask of a message, so that a test can say "and nothing breaks".
    static MessageFacts askEverything(Octets mail) {
        Part root = MessageParser.parse(mail);
        MessageFacts facts = MessageFacts.of(root);
        if (!MessageFacts.decode(facts.encode()).equals(java.util.Optional.of(facts))) {
            throw new AssertionError("the facts do not come back from their row");
        }
        for (Part part : root.all()) {
            part.fileName();
            if (part.kind() == Located.Kind.LEAF) {
                part.text();
            }
            part.languages();
            for (HeaderField field : part.fields()) {
                field.text();
            }
        }
        return facts;
    }
}
