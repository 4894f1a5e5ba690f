package tamanoir.server.mailbox;

import java.util.Optional;
import java.util.OptionalInt;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// What a client may say of a mailbox (RFC 8621 §2): all of it, so that one commit makes it so.
///
/// @param parent the mailbox above it
/// @param name one level, without `/`
/// @param sortOrder from 0; empty when nobody has said so
public record MailboxForm(
        Optional<MailboxId> parent, String name, Optional<Role> role, OptionalInt sortOrder, boolean subscribed) {}
