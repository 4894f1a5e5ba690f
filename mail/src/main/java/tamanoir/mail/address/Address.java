package tamanoir.mail.address;

import tamanoir.mail.text.BadSyntax;

/// A whole mail address: local part and domain (RFC 5321 §4.1.2; RFC 6531 §3.3 for what is not ASCII).
///
/// `localPart` is kept as meant, without quotes: `"a b"@example.com` has the local part `a b`.
/// Equality respects the case of the local part, as RFC 5321 §2.4 asks; directories fold it.
public record Address(String localPart, Domain domain) {
    /// Octets of a local part at most. RFC 5321 §4.5.3.1.1 says 64; longer ones exist and are taken.
    public static final int LONGEST_LOCAL_PART = 256;

    public Address {
        if (localPart.isEmpty() || localPart.length() > LONGEST_LOCAL_PART) {
            throw new BadSyntax(localPart.isEmpty() ? "the local part is missing" : "the local part is too long");
        }
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c < ' ' || c == 127) {
                throw new BadSyntax("the local part has a control character");
            }
        }
    }

    /// Reads `local@domain` or `"quoted local"@domain`, without angle brackets.
    ///
    /// @throws BadSyntax when the text is not one whole address
    public static Address of(String text) {
        int at = text.lastIndexOf('@');
        if (at <= 0) {
            throw new BadSyntax("an address needs a local part, an @ and a domain");
        }
        String local = text.substring(0, at);
        Domain domain = Domain.of(text.substring(at + 1));
        if (local.startsWith("\"")) {
            return new Address(unquote(local), domain);
        }
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c <= ' ' || "<>()[]\\,;:@\"".indexOf(c) >= 0) {
                throw new BadSyntax("the local part has a character that must be quoted");
            }
        }
        return new Address(local, domain);
    }

    private static String unquote(String quoted) {
        StringBuilder plain = new StringBuilder(quoted.length());
        int i = 1;
        for (; i < quoted.length() && quoted.charAt(i) != '"'; i++) {
            if (quoted.charAt(i) == '\\' && ++i >= quoted.length()) {
                break;
            }
            plain.append(quoted.charAt(i));
        }
        if (i != quoted.length() - 1) {
            throw new BadSyntax("the quoted local part is not closed");
        }
        return plain.toString();
    }

    /// True when the address cannot travel without SMTPUTF8 (RFC 6531 §3.2): the domain alone could, as A-labels.
    public boolean needsSmtpUtf8() {
        return localPart.chars().anyMatch(c -> c >= 128);
    }

    /// The address as it stands in a command or header, the local part quoted where it must be.
    @Override
    public String toString() {
        return quotedLocalPart() + "@" + domain.name();
    }

    /// The local part, quoted when it is not a dot-atom (RFC 5321 §4.1.2).
    public String quotedLocalPart() {
        boolean atom = !localPart.startsWith(".") && !localPart.endsWith(".") && !localPart.contains("..");
        for (int i = 0; atom && i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            atom = c > ' ' && "<>()[]\\,;:@\"".indexOf(c) < 0;
        }
        return atom ? localPart : '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
