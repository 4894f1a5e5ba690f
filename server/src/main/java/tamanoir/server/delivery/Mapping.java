package tamanoir.server.delivery;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.tables.AddressLookup.Found;

/// Replaces addresses by what tables say, again and again until nothing changes. Immutable.
///
/// `@other.example` on a right-hand side keeps the local part; a name without a domain is completed; a detail that the
/// key left out is put on again where `keepExtension` (`propagate_unmatched_extensions`).
public record Mapping(AddressMaps maps, Completion completion, boolean keepExtension) {
    /// Times one address is mapped at most: a longer chain is a circle (canonical(5)).
    private static final int LONGEST_CHAIN = 100;

    public boolean isEmpty() {
        return maps.isEmpty();
    }

    /// canonical(5): one address for one address.
    ///
    /// @throws Unavailable when a table cannot tell, or maps in circles
    public Address one(Address address) {
        Address now = address;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            List<Address> next = step(now);
            if (next.isEmpty() || next.getFirst().equals(now)) {
                return now;
            }
            now = next.getFirst();
            if (now.equals(address)) {
                return now; // a and b for each other: Postfix stops where it came from
            }
        }
        throw new Unavailable("mail system configuration error", "the mapping of " + address + " does not end");
    }

    /// virtual(5): any number of addresses for one, each mapped again. Empty when the address is not mapped at all.
    ///
    /// @throws TooLarge when there are more than `most` results or `deepest` steps
    public List<Address> all(Address address, int most, int deepest) {
        List<Address> first = step(address);
        if (first.isEmpty()) {
            return List.of();
        }
        Set<Address> seen = new LinkedHashSet<>();
        Set<Address> results = new LinkedHashSet<>();
        seen.add(address);
        expand(first, address, seen, results, most, deepest);
        return List.copyOf(results);
    }

    private void expand(
            List<Address> addresses, Address from, Set<Address> seen, Set<Address> results, int most, int left) {
        if (left <= 0) {
            throw new TooLarge();
        }
        for (Address address : addresses) {
            // An address that leads to itself stays: virtual(5) "the expansion stops".
            List<Address> next = address.equals(from) || !seen.add(address) ? List.of() : step(address);
            if (next.isEmpty()) {
                results.add(address);
                if (results.size() > most) {
                    throw new TooLarge();
                }
            } else {
                expand(next, address, seen, results, most, left - 1);
            }
        }
    }

    private List<Address> step(Address address) {
        Optional<Found> found = maps.find(address);
        if (found.isEmpty()) {
            return List.of();
        }
        try {
            return found.get().addresses(keepExtension).stream()
                    .map(completion::address)
                    .toList();
        } catch (BadSyntax e) {
            throw new Unavailable(
                    "mail system configuration error",
                    "\"" + found.get().text() + "\", which " + address + " is mapped to: " + e.getMessage());
        }
    }

    /// An address that becomes too many.
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("unreasonable expansion of an address", null, false, false);
        }
    }
}
