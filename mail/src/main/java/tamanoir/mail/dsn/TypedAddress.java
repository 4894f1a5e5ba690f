package tamanoir.mail.dsn;

import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;

/// An address with the kind of address it is: `rfc822; ann@example.com` (RFC 3464 §2.1.2).
///
/// `text` is one printable line by construction, whatever a client hid in ORCPT.
public record TypedAddress(String type, String text) {
    public TypedAddress {
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (c <= ' ' || c >= 127 || c == ';' || c == ':') {
                throw new BadSyntax("an address type is one word");
            }
        }
        if (type.isEmpty()) {
            throw new BadSyntax("an address type is missing");
        }
        text = OneLine.of(text).strip();
    }

    /// `rfc822`, or `utf-8` where the local part is not ASCII (RFC 6533 §3). The domain of an `rfc822` one is in
    /// A-labels.
    public static TypedAddress of(Address address) {
        return address.needsSmtpUtf8()
                ? new TypedAddress("utf-8", address.toString())
                : new TypedAddress(
                        "rfc822",
                        address.quotedLocalPart() + "@" + address.domain().ascii());
    }

    /// What a client gave as ORCPT, `type;xtext` (RFC 3461 §4.2): decoded where that is one printable line, else as it
    /// came.
    public static TypedAddress ofOriginal(String orcpt) {
        int semicolon = orcpt.indexOf(';');
        if (semicolon <= 0) {
            return new TypedAddress("rfc822", OneLine.ofXtext(orcpt));
        }
        String type = orcpt.substring(0, semicolon);
        String encoded = orcpt.substring(semicolon + 1);
        // RFC 6533 §3: the utf-8 type has its own escapes, \x{HEX}.
        String text = type.equalsIgnoreCase("utf-8") ? unescape(encoded) : OneLine.ofXtext(encoded);
        return new TypedAddress(type, text);
    }

    /// Reads the value of a field.
    ///
    /// @throws BadSyntax when there is no type
    public static TypedAddress parse(String value) {
        int semicolon = value.indexOf(';');
        if (semicolon < 0) {
            throw new BadSyntax("an address of a report needs its type and a semicolon");
        }
        String type = value.substring(0, semicolon).strip();
        String text = value.substring(semicolon + 1).strip();
        return new TypedAddress(type, type.equalsIgnoreCase("utf-8") ? unescape(text) : text);
    }

    public boolean isAscii() {
        return text.chars().allMatch(c -> c < 128);
    }

    /// The value of a field; `utf8` says whether the field may hold UTF-8 as it is (RFC 6533 §3).
    String toField(boolean utf8) {
        return type + "; " + (utf8 ? text : escape(text));
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c < 128) {
                escaped.append((char) c);
            } else {
                escaped.append("\\x{")
                        .append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT))
                        .append('}');
            }
        });
        return escaped.toString();
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int end = text.startsWith("\\x{", i) ? text.indexOf('}', i) : -1;
            if (end > i + 3 && end <= i + 9) {
                try {
                    int c = Integer.parseInt(text, i + 3, end, 16);
                    if (Character.isValidCodePoint(c) && !Character.isISOControl(c)) {
                        plain.appendCodePoint(c);
                        i = end;
                        continue;
                    }
                } catch (NumberFormatException e) {
                    // Not an escape: kept as it stands.
                }
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }
}
