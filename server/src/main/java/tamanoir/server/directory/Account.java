package tamanoir.server.directory;

import tamanoir.mail.address.Address;

/// A person or a role with mailboxes. `address` is its primary address, folded to lower case; `displayName` may be
/// empty.
public record Account(AccountId id, Address address, String displayName, State state, long quotaOctets) {
    public enum State {
        ACTIVE,
        /// Receives mail, cannot sign in.
        SUSPENDED
    }
}
