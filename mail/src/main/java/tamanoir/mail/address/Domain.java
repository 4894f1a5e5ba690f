package tamanoir.mail.address;

import java.net.IDN;
import java.util.Locale;
import tamanoir.mail.text.BadSyntax;

/// The right side of an address: a domain name, or an address literal such as `[192.0.2.1]`.
///
/// Two domains are equal when their ASCII forms are, letter case aside (RFC 5321 §2.4, RFC 5890).
/// `name` is the domain as written, without a final dot; `ascii` its lower-case A-label form.
public record Domain(String name, String ascii) implements Comparable<Domain> {
    /// Octets of a domain name at most (RFC 5321 §4.5.3.1.2).
    public static final int LONGEST = 255;

    /// Reads a domain as people, clients and configuration write it.
    ///
    /// @throws BadSyntax when it is empty, too long, holds a space, a control or an empty label
    public static Domain of(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new BadSyntax(name.isEmpty() ? "a domain is missing" : "the domain is too long");
        }
        if (name.startsWith("[")) {
            return literal(name);
        }
        boolean plain = true;
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    throw new BadSyntax("the domain has an empty label");
                }
                label = 0;
                continue;
            }
            label++;
            if (c <= ' ' || c == 127 || "<>()[]\\,;:@\"".indexOf(c) >= 0) {
                throw new BadSyntax("the domain has a character that is not allowed");
            }
            plain &= c < 128;
        }
        if (label == 0) {
            throw new BadSyntax("the domain has an empty label");
        }
        return new Domain(name, plain ? name.toLowerCase(Locale.ROOT) : toAscii(name));
    }

    private static Domain literal(String name) {
        if (!name.endsWith("]") || name.length() < 3) {
            throw new BadSyntax("the address literal is not closed");
        }
        for (int i = 1; i < name.length() - 1; i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || c == '[' || c == ']' || c == '\\') {
                throw new BadSyntax("the address literal has a character that is not allowed");
            }
        }
        return new Domain(name, name.toLowerCase(Locale.ROOT));
    }

    private static String toAscii(String name) {
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the domain is not a valid international name");
        }
    }

    /// True for `[192.0.2.1]` and the like.
    public boolean isLiteral() {
        return name.startsWith("[");
    }

    /// True when this is `other` or lies below it.
    public boolean isWithin(Domain other) {
        return ascii.equals(other.ascii) || ascii.endsWith("." + other.ascii);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Domain d && ascii.equals(d.ascii);
    }

    @Override
    public int hashCode() {
        return ascii.hashCode();
    }

    @Override
    public int compareTo(Domain other) {
        return ascii.compareTo(other.ascii);
    }

    @Override
    public String toString() {
        return name;
    }
}
