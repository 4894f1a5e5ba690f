package tamanoir.server.directory;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// The accounts, domains and aliases made by command line or web page; kept in the store.
///
/// Every method throws `Unavailable` when the store does: nobody is "unknown" because something is down.
public class Directory {
    /// The account or alias with exactly this address, letter case aside; the recipient delimiter is the caller's
    /// business.
    public Optional<Account> account(Address address) {
        throw new UnsupportedOperationException();
    }

    public Optional<Account> account(AccountId id) {
        throw new UnsupportedOperationException();
    }

    /// The account a person means at sign-in: a whole address, or a bare name completed with the primary domains.
    public Optional<Account> byLoginName(String name) {
        throw new UnsupportedOperationException();
    }

    /// Where an alias of the store leads; empty when there is none.
    public List<Address> alias(Address address) {
        throw new UnsupportedOperationException();
    }

    public boolean hasDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    /// Checks a password: bounded in CPU, with a short memory of successes. Blocks for up to some 100 ms.
    public Login authenticate(String name, String password) {
        throw new UnsupportedOperationException();
    }

    /// The stored SCRAM-SHA-256 keys of a name; for unknown names made-up but constant ones (RFC 5802 §9: no oracle).
    public ScramKeys scramSha256(String name) {
        throw new UnsupportedOperationException();
    }

    /// RFC 5802 §3: what a server keeps of a password.
    public record ScramKeys(
            byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, Optional<Account> account) {}
}
