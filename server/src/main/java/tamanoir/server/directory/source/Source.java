package tamanoir.server.directory.source;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;

/// One place that knows people. Used by any number of threads.
///
/// Every method throws `tamanoir.server.observe.Unavailable` when the place cannot tell now.
public interface Source extends AutoCloseable {
    /// How the configuration calls it.
    String name();

    /// Who has this address, which is folded to lower case.
    Optional<Person> find(Address address);

    /// Whether the password is theirs, for somebody with a `signInName`.
    default boolean isPassword(Person person, String password) {
        return false;
    }

    /// The members of a group or the targets of an alias; empty when there is none.
    default List<Address> members(Address address) {
        return List.of();
    }

    /// People whose name or address begins with the text, for an address book.
    default List<Person> search(String text, int most) {
        return List.of();
    }

    /// Asks once, to see whether it works.
    void check();

    /// What an administrator should know, beyond being down; empty when all is well.
    default Optional<String> advice() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
