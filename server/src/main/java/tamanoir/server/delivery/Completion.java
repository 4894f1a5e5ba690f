package tamanoir.server.delivery;

import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// Makes whole addresses of what people write: `user` gets `@myorigin`, `user@host` perhaps `.mydomain`. Immutable.
public record Completion(Domain origin, String mydomain, boolean appendDotMydomain) {
    /// Reads an address that may lack its domain.
    ///
    /// @throws BadSyntax when it is none
    public Address address(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return new Address(unquoted(text), origin);
        }
        return complete(Address.of(text));
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /// The address with a full domain (`append_dot_mydomain`).
    public Address complete(Address address) {
        String name = address.domain().name();
        if (!appendDotMydomain || name.indexOf('.') >= 0 || address.domain().isLiteral() || mydomain.isEmpty()) {
            return address;
        }
        return new Address(address.localPart(), Domain.of(name + "." + mydomain));
    }

    /// The same, empty where the text is no address.
    public Optional<Address> perhaps(String text) {
        try {
            return Optional.of(address(text));
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }
}
