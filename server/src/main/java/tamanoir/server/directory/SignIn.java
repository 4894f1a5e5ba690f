package tamanoir.server.directory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.sasl.ActingAs;
import tamanoir.mail.sasl.Mechanisms;
import tamanoir.mail.sasl.Passwords;
import tamanoir.mail.sasl.ScramSecrets;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.text.Octets;
import tamanoir.server.net.TlsDetails;

/// The SASL mechanisms over the directory, for every door. Immutable.
///
/// The identity of a conversation that succeeds is the account's address.
public final class SignIn {
    private final Mechanisms mechanisms;

    public SignIn(Directory directory) {
        this.mechanisms = new Mechanisms(
                (name, password) -> switch (directory.authenticate(name, password)) {
                    case Login.Ok ok ->
                        new Passwords.Check.Right(ok.account().address().toString());
                    case Login.Refused refused -> new Passwords.Check.Wrong(refused.reason());
                },
                name -> {
                    Directory.ScramKeys keys = directory.scramSha256(name);
                    return new ScramSecrets.Keys(
                            keys.salt(),
                            keys.iterations(),
                            keys.storedKey(),
                            keys.serverKey(),
                            keys.account()
                                    .map(account -> account.address().toString())
                                    .orElse(""));
                },
                ActingAs.NOBODY);
    }

    /// The mechanisms to announce, strongest first; `plainText` allows those that show the password to who reads along.
    public List<String> names(boolean plainText, Optional<TlsDetails> tls) {
        return mechanisms.names(plainText, bindings(tls));
    }

    /// The conversation for a name that [#names] has; empty for any other.
    public Optional<ServerMechanism> begin(String mechanism, boolean plainText, Optional<TlsDetails> tls) {
        return mechanisms.begin(mechanism, plainText, bindings(tls));
    }

    /// RFC 5929 and RFC 9266: what ties a conversation to its TLS channel.
    private static Map<String, Octets> bindings(Optional<TlsDetails> tls) {
        Map<String, Octets> bindings = new LinkedHashMap<>();
        if (tls.isPresent()) {
            put(bindings, "tls-exporter", tls.get().exporter());
            put(bindings, "tls-server-end-point", tls.get().endPoint());
        }
        return bindings;
    }

    private static void put(Map<String, Octets> bindings, String type, byte[] value) {
        if (value.length > 0) {
            bindings.put(type, Octets.of(value));
        }
    }
}
