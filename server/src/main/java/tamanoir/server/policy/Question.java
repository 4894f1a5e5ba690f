package tamanoir.server.policy;

import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Path;
import tamanoir.server.authresults.Evidence;

/// What is known when a verdict is asked for: the client, its words, and who it says it is. Immutable.
///
/// `helo` and `login` are empty until the client has said them. `sender` is as written, `from` the same completed.
/// `recipient` is as written, `to` the same completed; both stand only where a recipient is judged. `evidence` is there
/// at the end of data.
public record Question(
        Client client,
        String protocol,
        String helo,
        String login,
        boolean tls,
        Path sender,
        ReversePath from,
        Optional<Path> recipient,
        Optional<Address> to,
        int recipients,
        long size,
        boolean pipelined,
        Evidence evidence) {

    /// Nothing is known but the client.
    public static Question of(Client client) {
        return new Question(
                client,
                "SMTP",
                "",
                "",
                false,
                Path.NULL,
                ReversePath.NULL,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                false,
                Evidence.NONE);
    }

    public boolean authenticated() {
        return !login.isEmpty();
    }

    public Question withGreeting(String newProtocol, String newHelo) {
        return new Question(
                client,
                newProtocol,
                newHelo,
                login,
                tls,
                sender,
                from,
                recipient,
                to,
                recipients,
                size,
                pipelined,
                evidence);
    }

    public Question withClient(Client other) {
        return new Question(
                other, protocol, helo, login, tls, sender, from, recipient, to, recipients, size, pipelined, evidence);
    }

    public Question withLogin(String newLogin) {
        return new Question(
                client,
                protocol,
                helo,
                newLogin,
                tls,
                sender,
                from,
                recipient,
                to,
                recipients,
                size,
                pipelined,
                evidence);
    }

    public Question withTls() {
        return new Question(
                client, protocol, "", "", true, sender, from, recipient, to, recipients, size, pipelined, evidence);
    }

    public Question withSender(Path path, ReversePath completed, long newSize) {
        return new Question(
                client,
                protocol,
                helo,
                login,
                tls,
                path,
                completed,
                Optional.empty(),
                Optional.empty(),
                0,
                newSize,
                false,
                Evidence.NONE);
    }

    public Question withRecipient(Path path, Address completed, int count, boolean talksAhead) {
        return new Question(
                client,
                protocol,
                helo,
                login,
                tls,
                sender,
                from,
                Optional.of(path),
                Optional.of(completed),
                count,
                size,
                talksAhead,
                evidence);
    }

    /// For DATA and the end of data: no recipient in particular.
    public Question withoutRecipient(int count, boolean talksAhead) {
        return new Question(
                client,
                protocol,
                helo,
                login,
                tls,
                sender,
                from,
                Optional.empty(),
                Optional.empty(),
                count,
                size,
                talksAhead,
                evidence);
    }

    /// For the end of data, when the message itself has been looked at.
    public Question withEvidence(Evidence found) {
        return new Question(
                client, protocol, helo, login, tls, sender, from, recipient, to, recipients, size, pipelined, found);
    }
}
