package tamanoir.server.directory;

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
    private final Directory directory;
    private final Mechanisms mechanisms;

    public SignIn(Directory directory) {
        this.directory = directory;
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

    /// The mechanisms to announce, strongest first; `plainText` allows those that show the password to who
    /// reads along.
    ///
    /// SCRAM is left out while people come from outside: there is nothing to answer with for who has only a
    /// hash there, and a client takes the strongest it sees.
    public List<String> names(boolean plainText, Optional<TlsDetails> tls) {
        List<String> names = mechanisms.names(plainText, bindings(tls));
        return directory.keepsScramKeys()
                ? names
                : names.stream().filter(name -> !name.startsWith("SCRAM-")).toList();
    }

    /// The conversation for a name that [#names] has; empty for any other.
    public Optional<ServerMechanism> begin(String mechanism, boolean plainText, Optional<TlsDetails> tls) {
        return mechanisms.begin(mechanism, plainText, bindings(tls));
    }

    /// What ties a conversation to its TLS channel; nothing without TLS.
    private static Map<String, Octets> bindings(Optional<TlsDetails> tls) {
        return tls.map(TlsDetails::channelBindings).orElse(Map.of());
    }
}
