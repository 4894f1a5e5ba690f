package tamanoir.mail.sasl;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// The messages of SCRAM as text: attributes `x=value` between commas (RFC 5802 §7).
final class ScramText {
    private ScramText() {}

    /// The attributes in order; each begins with its letter and `=`.
    static List<String> attributes(String message) {
        List<String> attributes = new ArrayList<>();
        for (String attribute : message.split(",", -1)) {
            if (attribute.length() < 2 || attribute.charAt(1) != '=' || !isAlpha(attribute.charAt(0))) {
                throw new BadSyntax("a SCRAM message has a bad attribute");
            }
            attributes.add(attribute);
        }
        return attributes;
    }

    private static boolean isAlpha(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /// The value of the attribute at `index`, which must be `letter`.
    static String value(List<String> attributes, int index, char letter) {
        if (index >= attributes.size() || attributes.get(index).charAt(0) != letter) {
            throw new BadSyntax("a SCRAM message lacks " + letter + "=");
        }
        return attributes.get(index).substring(2);
    }

    static byte[] base64(String text) {
        return ResponseLine.decode(Octets.of(text)).toByteArray();
    }

    static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /// RFC 5802 §5.1: `=2C` and `=3D` stand for comma and equals sign, and `=` for nothing else.
    static String decodeName(String saslname) {
        String name = saslname.replace("=2C", ",");
        String rest = saslname.replace("=2C", "").replace("=3D", "");
        if (rest.indexOf('=') >= 0) {
            throw new BadSyntax("a name in SCRAM is not encoded as it should be");
        }
        return name.replace("=3D", "=");
    }

    static String encodeName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    static boolean isNonce(String nonce) {
        return !nonce.isEmpty() && nonce.chars().allMatch(c -> c >= 0x21 && c <= 0x7E && c != ',');
    }

    static String freshNonce() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return base64(random);
    }
}
