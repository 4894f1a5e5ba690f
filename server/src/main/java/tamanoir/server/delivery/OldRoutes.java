package tamanoir.server.delivery;

import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// Ways that stand in the local part of a recipient, from before 1989: `user%elsewhere@here` and `elsewhere!user`,
/// where
/// `here` is this machine (postconf(5): `allow_percent_hack`, `swap_bangpath`, `resolve_dequoted_address`). They are
/// taken apart so that the relay rules see where the mail would go. Immutable.
///
/// @param local whether a domain is one of `mydestination` or this machine's own address
public record OldRoutes(boolean percent, boolean bang, boolean dequoted, Domain origin, Predicate<Domain> local) {
    /// Local parts have 64 octets and more where servers are lenient; each turn takes some away.
    private static final int MOST_TURNS = 100;

    /// A recipient without a domain: `site!user` and `user%site` name one, every other gets the origin.
    public Address bare(String localPart) {
        return rewritten(localPart).map(this::resolved).orElseGet(() -> resolved(new Address(localPart, origin)));
    }

    /// A recipient as it is after every domain of ours before a way was taken away.
    public Address resolved(Address given) {
        Address address = given;
        for (int turn = 0; turn < MOST_TURNS && local.test(address.domain()); turn++) {
            Optional<Address> next = rewritten(address.localPart());
            if (next.isEmpty()) {
                return address;
            }
            address = next.get();
        }
        return address;
    }

    private Optional<Address> rewritten(String localPart) {
        int at = localPart.lastIndexOf('@');
        int exclamation = localPart.indexOf('!');
        int sign = localPart.lastIndexOf('%');
        if (at >= 0) {
            // Only a quoted local part holds one.
            return dequoted ? address(localPart.substring(0, at), localPart.substring(at + 1)) : Optional.empty();
        }
        if (bang && exclamation >= 0) {
            return address(localPart.substring(exclamation + 1), localPart.substring(0, exclamation));
        }
        return percent && sign >= 0
                ? address(localPart.substring(0, sign), localPart.substring(sign + 1))
                : Optional.empty();
    }

    private static Optional<Address> address(String localPart, String domain) {
        try {
            return localPart.isEmpty() || domain.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Address(localPart, Domain.of(domain)));
        } catch (BadSyntax e) {
            return Optional.empty();
        }
    }
}
