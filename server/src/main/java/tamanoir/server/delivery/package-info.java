/// Where mail for one of our own addresses goes: address classes, aliases, accounts, copies in mailboxes.
///
/// Read [Recipients] first: it tells for an address whose it is, whether it exists, and where its mail goes
/// ([Target]). [Destinations] sorts domains into classes, [VirtualAliases] and [Aliases] replace addresses,
/// [Distribution] puts copies into mailboxes and queue in one durable step. [LocalDeliverer] delivers what had to wait,
/// and by [SpecialDelivery] what goes to a command or file.
@NullMarked
package tamanoir.server.delivery;

import org.jspecify.annotations.NullMarked;
