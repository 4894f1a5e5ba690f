package tamanoir.server.outbound;

import java.io.InputStream;
import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;

/// Patterns that change fields and lines of a message on its way out (`smtp_header_checks` and its kin). Used by many
/// deliveries.
@FunctionalInterface
public interface PassingChecks {
    /// Octets `from` (inclusive) to `to` (exclusive) become `instead`.
    record Change(long from, long to, Octets instead) {}

    /// Changes nothing.
    PassingChecks NONE = (message, trace, id) -> List.of();

    /// What changes, in the order of its place.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    List<Change> changes(InputStream message, Trace trace, String id);

    /// What an address of the envelope is called out there (`smtp_generic_maps`).
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
    default Address address(Address address) {
        return address;
    }
}
