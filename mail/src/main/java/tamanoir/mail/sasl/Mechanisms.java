package tamanoir.mail.sasl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// What a server offers and how each conversation begins. Immutable.
///
/// `bindings` below are those of the connection: RFC 5929 and RFC 9266 type (`tls-exporter`, `tls-server-end-point`) to
/// value, empty without TLS.
public final class Mechanisms {
    private final Passwords passwords;
    private final ScramSecrets secrets;
    private final ActingAs actingAs;

    public Mechanisms(Passwords passwords, ScramSecrets secrets, ActingAs actingAs) {
        this.passwords = passwords;
        this.secrets = secrets;
        this.actingAs = actingAs;
    }

    /// The names to announce, strongest first. `plainText` says whether mechanisms may be used that show the password
    /// to
    /// whoever reads along.
    public static List<String> names(boolean plainText, Map<String, Octets> bindings) {
        List<String> names = new ArrayList<>();
        if (!bindings.isEmpty()) {
            names.add(ScramHash.SHA_256.mechanism() + "-PLUS");
        }
        names.add(ScramHash.SHA_256.mechanism());
        if (plainText) {
            names.add("PLAIN");
            names.add("LOGIN");
        }
        return List.copyOf(names);
    }

    /// The conversation for a name that [#names] has; empty for any other.
    public Optional<ServerMechanism> begin(String name, boolean plainText, Map<String, Octets> bindings) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!names(plainText, bindings).contains(upper)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (upper) {
                    case "PLAIN" -> new PlainServer(passwords, actingAs);
                    case "LOGIN" -> new LoginServer(passwords);
                    default -> new ScramServer(ScramHash.SHA_256, upper.endsWith("-PLUS"), bindings, secrets, actingAs);
                });
    }
}
