package tamanoir.mail.authresults.spf;

import java.util.Optional;
import tamanoir.mail.text.Octets;

/// What a client is compared with (RFC 7208 §5), in the order of the RFC. `target` is empty where the domain itself is
/// meant; prefix lengths are 32 and 128 where the record has none.
sealed interface Mechanism {
    record All() implements Mechanism {}

    record Include(MacroString target) implements Mechanism {}

    record A(Optional<MacroString> target, int prefix4, int prefix6) implements Mechanism {}

    record Mx(Optional<MacroString> target, int prefix4, int prefix6) implements Mechanism {}

    record Ptr(Optional<MacroString> target) implements Mechanism {}

    record Ip4(Octets network, int prefix) implements Mechanism {}

    record Ip6(Octets network, int prefix) implements Mechanism {}

    record Exists(MacroString target) implements Mechanism {}

    /// Whether the DNS must be asked: such terms are counted (RFC 7208 §4.6.4).
    default boolean asks() {
        return switch (this) {
            case All _, Ip4 _, Ip6 _ -> false;
            case Include _, A _, Mx _, Ptr _, Exists _ -> true;
        };
    }
}
