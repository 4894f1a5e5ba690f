package tamanoir.server.directory;

import java.net.InetAddress;
import java.time.Duration;
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
import tamanoir.server.observe.Unavailable;

/// The ways to prove who one is, for one door, with the bans that every door shares. Immutable.
///
/// The identity of a conversation that succeeds is the account's address. Who has to wait because of wrong passwords is
/// told so by `Unavailable`, before anything is computed.
public final class SignIn {
    private final Directory directory;
    private final String service;
    private final AppPasswords.Scope scope;

    /// `service` is how the door is called in the reasons of bans; `scope` is what an app password must open.
    public SignIn(Directory directory, String service, AppPasswords.Scope scope) {
        this.directory = directory;
        this.service = service;
        this.scope = scope;
    }

    /// The mechanisms to announce, strongest first; `plainText` allows those that show the password to who
    /// reads along.
    ///
    /// SCRAM is left out while people come from outside: there is nothing to answer with for who has only a
    /// hash there, and a client takes the strongest it sees.
    public List<String> names(boolean plainText, Optional<TlsDetails> tls) {
        List<String> names = Mechanisms.names(plainText, bindings(tls));
        return directory.keepsScramKeys()
                ? names
                : names.stream().filter(name -> !name.startsWith("SCRAM-")).toList();
    }

    /// The conversation for a name that [#names] has; empty for any other. Its steps may throw `Unavailable`.
    public Optional<ServerMechanism> begin(
            String mechanism, boolean plainText, Optional<TlsDetails> tls, InetAddress client) {
        return mechanisms(client).begin(mechanism, plainText, bindings(tls));
    }

    /// Checks a name and a password.
    ///
    /// @throws Unavailable when the client has to wait, or the directory cannot tell now
    public Login password(String name, String password, InetAddress client) {
        mayTry(name, client);
        Login login = directory.authenticate(name, password, scope);
        switch (login) {
            case Login.Ok _ -> directory.bans().succeeded(name, client);
            case Login.Refused _ -> directory.bans().failed(name, client, service, password);
        }
        return login;
    }

    private void mayTry(String name, InetAddress client) {
        Duration wait = directory.bans().begin(name, client);
        if (wait.isPositive()) {
            throw new Unavailable(
                    "too many wrong passwords; try again in " + (wait.toSeconds() + 1) + " s",
                    "banned for " + wait + " after wrong passwords: " + name + " from " + client.getHostAddress());
        }
    }

    private Mechanisms mechanisms(InetAddress client) {
        return new Mechanisms(passwords(client), new Scram(client), ActingAs.NOBODY);
    }

    private Passwords passwords(InetAddress client) {
        return (name, password) -> switch (password(name, password, client)) {
            case Login.Ok ok -> new Passwords.Check.Right(ok.account().address().toString());
            case Login.Refused refused -> new Passwords.Check.Wrong(refused.reason());
        };
    }

    private final class Scram implements ScramSecrets {
        private final InetAddress client;

        Scram(InetAddress client) {
            this.client = client;
        }

        @Override
        public Keys of(String name) {
            mayTry(name, client);
            Directory.ScramKeys keys = directory.scramSha256(name);
            return new Keys(
                    keys.salt(),
                    keys.iterations(),
                    keys.storedKey(),
                    keys.serverKey(),
                    keys.account().map(account -> account.address().toString()).orElse(""));
        }

        @Override
        public void proved(String name, boolean right) {
            if (right) {
                directory.bans().succeeded(name, client);
            } else {
                directory.bans().failed(name, client, service, "");
            }
        }
    }

    /// What ties a conversation to its TLS channel; nothing without TLS.
    private static Map<String, Octets> bindings(Optional<TlsDetails> tls) {
        return tls.map(TlsDetails::channelBindings).orElse(Map.of());
    }
}
