package tamanoir.mail.sieve;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Whose script it is: the account's address first, then all others by which mail reaches it.
///
/// `defaultSubject` is the subject of vacation answers with `%$` for the original one; `answersAll` lets them go out
/// although none of the addresses is named in the header (lists of one's own, catch-alls).
public record Owner(String address, List<String> others, String defaultSubject, boolean answersAll) {
    public Owner {
        others = List.copyOf(others);
    }

    public static Owner of(String address) {
        return new Owner(address, List.of(), "Auto: %$", false);
    }

    boolean is(String someone) {
        return Stream.concat(Stream.of(address), others.stream())
                .anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(someone.toLowerCase(Locale.ROOT)));
    }
}
