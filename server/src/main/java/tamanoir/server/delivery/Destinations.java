package tamanoir.server.delivery;

import java.util.function.Predicate;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.Directory;
import tamanoir.server.tables.DomainList;

/// Sorts domains into [AddressClass]es, in Postfix's order of precedence. Immutable.
///
/// `ownAddresses` are the address literals of this machine: mail to `user@[192.0.2.1]` is ours.
public record Destinations(
        DomainList local,
        DomainList virtualAlias,
        DomainList virtualMailbox,
        DomainList relay,
        Predicate<Domain> ownAddresses,
        Directory directory) {

    /// @throws tamanoir.server.observe.Unavailable when a table or the directory cannot tell
    public AddressClass classOf(Domain domain) {
        if (domain.isLiteral()) {
            return ownAddresses.test(domain) ? AddressClass.LOCAL : AddressClass.DEFAULT;
        }
        if (local.contains(domain)) {
            return AddressClass.LOCAL;
        }
        if (virtualAlias.contains(domain)) {
            return AddressClass.VIRTUAL_ALIAS;
        }
        if (virtualMailbox.contains(domain) || directory.hasDomain(domain)) {
            return AddressClass.VIRTUAL_MAILBOX;
        }
        return relay.contains(domain) ? AddressClass.RELAY : AddressClass.DEFAULT;
    }
}
