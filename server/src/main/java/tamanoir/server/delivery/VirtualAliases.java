package tamanoir.server.delivery;

import java.util.List;
import tamanoir.mail.address.Address;

/// `virtual_alias_maps`: recipients of every domain replaced by others, recursively, within limits. Immutable.
public record VirtualAliases(Mapping mapping, int mostResults, int deepest) {
    public boolean isEmpty() {
        return mapping.isEmpty();
    }

    /// What the address stands for; empty when it stands for itself.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    /// @throws Mapping.TooLarge when there is no end to it
    public List<Address> all(Address address) {
        return mapping.isEmpty() ? List.of() : mapping.all(address, mostResults, deepest);
    }
}
