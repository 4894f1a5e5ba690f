package tamanoir.server.delivery;

import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.directory.Account;

/// One place where a copy for a recipient goes. `sender` is the envelope sender of that copy: the owner of a list where
/// there is one.
public sealed interface Target {
    /// The address that this copy is for: the recipient itself or a member of its alias.
    Address address();

    /// A mailbox of an account; `detail` is what stood behind the delimiter, empty for nothing.
    record Mailbox(Address address, Account account, String detail, ReversePath sender) implements Target {}

    /// Another server, by way of the queue. `forwarded` when an alias led there, so that the copy needs a Delivered-To
    /// and stands on its own.
    record Away(Address address, ReversePath sender, boolean forwarded) implements Target {}

    /// A command or a file of an alias, as [SpecialDelivery] takes it; not `allowed` unless main.cf says so. `address`
    /// is
    /// the alias.
    record Special(Address address, String text, boolean allowed, ReversePath sender) implements Target {}

    /// Taken and thrown away: what nobody wants to read, not even a bounce of it.
    record Discarded(Address address, ReversePath sender) implements Target {}

    /// Nowhere, for good.
    record Failed(Address address, Reply reply, ReversePath sender) implements Target {}

    /// Not now.
    record Later(Address address, Reply reply, ReversePath sender) implements Target {}
}
