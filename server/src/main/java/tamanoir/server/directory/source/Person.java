package tamanoir.server.directory.source;

import tamanoir.mail.address.Address;

/// Somebody as a source knows them.
///
/// @param address the account's own address; another than was asked for when that was an alias of theirs
/// @param displayName may be empty
/// @param password `{SCHEME}…`; empty when only the source can tell, or nobody can sign in
/// @param signInName what the source wants to be asked with a password; empty where `password` tells
/// @param quotaOctets 0 for none, [#NO_QUOTA_SAID] when the source does not say
/// @param active false for somebody who receives mail and cannot sign in
public record Person(
        Address address, String displayName, String password, String signInName, long quotaOctets, boolean active) {
    public static final long NO_QUOTA_SAID = -1;

    /// Without secrets.
    @Override
    public String toString() {
        return "Person[" + address + "]";
    }
}
