package tamanoir.server.delivery;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;

/// Tables with addresses as keys, and the order in which parts of an address are asked (canonical(5), virtual(5)).
/// Immutable.
public record AddressMaps(List<LookupTable> tables, AddressLookup lookup) {
    public AddressMaps {
        tables = List.copyOf(tables);
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    public Optional<Found> find(Address address) {
        return tables.isEmpty() ? Optional.empty() : lookup.address(tables, address);
    }
}
