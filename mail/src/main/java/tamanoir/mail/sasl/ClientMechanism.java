package tamanoir.mail.sasl;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.text.Octets;

/// One conversation of ours with a server that wants to know who we are: a relay. Used by one thread.
public sealed interface ClientMechanism permits PlainClient, LoginClient, ScramClient {
    String name();

    /// Whether [#initial] may go with the command; else the server's challenges come first.
    boolean sendsFirst();

    /// The response before any challenge; answer to an empty first challenge where it could not go with the command.
    Octets initial();

    /// @throws BadSyntax when the challenge is not what the mechanism allows, or the server could not prove itself:
    /// leave
    Octets respond(Octets challenge);

    /// False when the server says yes before it has shown that it knows the password (RFC 5802 §5): not to be believed.
    boolean mayBelieveSuccess();

    /// The strongest of the `offered` mechanisms that `allowed` lets pass.
    static Optional<ClientMechanism> choose(
            List<String> offered,
            Predicate<String> allowed,
            Map<String, Octets> bindings,
            String name,
            String password) {
        List<String> usable = offered.stream()
                .map(o -> o.toUpperCase(Locale.ROOT))
                .filter(allowed)
                .toList();
        String scram = ScramHash.SHA_256.mechanism();
        boolean plusOffered = usable.contains(scram + "-PLUS");
        if (plusOffered && !bindings.isEmpty()) {
            return Optional.of(new ScramClient(ScramHash.SHA_256, ScramClient.Binding.best(bindings), name, password));
        }
        if (usable.contains(scram)) {
            ScramClient.Binding none = bindings.isEmpty() || plusOffered
                    ? new ScramClient.Binding.Unable()
                    : new ScramClient.Binding.NotOffered();
            return Optional.of(new ScramClient(ScramHash.SHA_256, none, name, password));
        }
        if (usable.contains("PLAIN")) {
            return Optional.of(new PlainClient(name, password));
        }
        return usable.contains("LOGIN") ? Optional.of(new LoginClient(name, password)) : Optional.empty();
    }
}
