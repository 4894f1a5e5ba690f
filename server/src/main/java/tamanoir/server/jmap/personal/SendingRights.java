package tamanoir.server.jmap.personal;

import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.Target;
import tamanoir.server.directory.Account;

/// From which addresses a person may send: those whose mail comes to them. That is their own, with any
/// detail behind the recipient delimiter, and every alias that leads to their mailbox. Immutable.
record SendingRights(Recipients recipients) {
    /// @throws tamanoir.server.observe.Unavailable when a table cannot be asked now
    boolean owns(Account account, Address address) {
        if (address.equals(account.address())) {
            return true;
        }
        if (!recipients.classOf(address).isOurs()) {
            return false;
        }
        return recipients.targets(address, ReversePath.NULL, Set.of()).stream()
                .anyMatch(target -> target instanceof Target.Mailbox mailbox
                        && mailbox.account().id().equals(account.id()));
    }
}
