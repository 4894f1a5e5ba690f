package tamanoir.server.directory;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.Account.State;

/// The accounts, domains and aliases made by command line or web page; kept in the store.
///
/// Every method throws `Unavailable` when the store does: nobody is "unknown" because something is down. What cannot
/// be done is `Refused` with a text for the administrator.
public class Directory {
    // ---- asked for every recipient: answered from memory in microseconds ----------------------------------------

    /// The account with exactly this address, letter case aside; the recipient delimiter is the caller's business.
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

    /// Where mail for any other address of the domain goes (`@domain`); ask it last (virtual(5) search order).
    public List<Address> catchAll(Domain domain) {
        throw new UnsupportedOperationException();
    }

    public boolean hasDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    // ---- signing in ------------------------------------------------------------------------------------------------

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
            byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, Optional<Account> account) {
        /// The keys are as good as the password.
        @Override
        public String toString() {
            return "ScramKeys[" + account + "]";
        }
    }

    // ---- keeping house ---------------------------------------------------------------------------------------------

    public List<Domain> domains() {
        throw new UnsupportedOperationException();
    }

    public void addDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    /// Refused while it has accounts or aliases.
    public void removeDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    /// At most `most` accounts in the order of their addresses, those after `after` (empty: from the first), of one
    /// domain or of all.
    public List<Account> accounts(Optional<Domain> domain, String after, int most) {
        throw new UnsupportedOperationException();
    }

    /// An empty password: nobody can sign in until one is set.
    public Account addAccount(Address address, String displayName, String password, long quotaOctets) {
        throw new UnsupportedOperationException();
    }

    public void setPassword(AccountId id, String password) {
        throw new UnsupportedOperationException();
    }

    public Account setState(AccountId id, State state) {
        throw new UnsupportedOperationException();
    }

    public Account setQuota(AccountId id, long octets) {
        throw new UnsupportedOperationException();
    }

    public Account setDisplayName(AccountId id, String displayName) {
        throw new UnsupportedOperationException();
    }

    /// Gives it another primary address; the old one may stay as an alias.
    public Account rename(AccountId id, Address address) {
        throw new UnsupportedOperationException();
    }

    /// Takes the account out of the directory. Its mail is erased by `Mailboxes.erase`.
    public void removeAccount(AccountId id) {
        throw new UnsupportedOperationException();
    }

    /// An address, or a whole domain where `local part` is empty.
    public record Alias(String name, List<Address> targets) {
        public Alias {
            targets = List.copyOf(targets);
        }
    }

    /// `name` is an address or `@domain`.
    public Alias addAlias(String name, List<Address> targets) {
        throw new UnsupportedOperationException();
    }

    public List<Alias> aliases(Optional<Domain> domain, String after, int most) {
        throw new UnsupportedOperationException();
    }

    public void removeAlias(String name) {
        throw new UnsupportedOperationException();
    }
}
