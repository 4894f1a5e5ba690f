package tamanoir.server.intake;

import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.server.delivery.AddressMaps;
import tamanoir.server.delivery.Completion;

/// What main.cf says about taking messages in. Immutable.
///
/// `dropped` are names of fields, in lower case, that are taken out of mail of our own users (`message_drop_headers`),
/// and of strangers' mail only where `dropFromStrangers`. `completeStrangers`: mail of strangers gets missing fields
/// too (`always_add_missing_headers`). `contentFilter` is where all new mail goes first,
/// `transport:destination`; empty for nowhere. `completeStrangersAddresses`: the headers of everybody else's mail are
/// completed so, and then mapped like our own (`remote_header_rewrite_domain`).
public record IntakeSettings(
        String hostname,
        ZoneId zone,
        int hopLimit,
        Set<String> dropped,
        boolean dropFromStrangers,
        boolean completeStrangers,
        String undisclosedRecipients,
        Optional<Address> alwaysCopyTo,
        AddressMaps senderCopies,
        AddressMaps recipientCopies,
        String contentFilter,
        Optional<Completion> completeStrangersAddresses) {
    public IntakeSettings {
        dropped = Set.copyOf(dropped);
    }
}
