package tamanoir.server.policy;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Path;
import tamanoir.server.authresults.Evidence;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.policy.Verdict.Refuse;

/// What is known when a verdict is asked for: the client, its words, and who it says it is. Immutable.
///
/// `helo` and `login` are empty until the client has said them. `sender` is as written, `from` the same
/// completed. `recipient` is as written, `to` the same completed; both stand where a recipient is judged,
/// and at DATA and after it when there is just one. `evidence` is there at the end of data. `doubts` are
/// what earlier stages left undecided.
public record Question(
        Client client,
        Link link,
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
        Evidence evidence,
        Doubts doubts) {

    /// `defer_if_permit` of the stages before this one, where they did not wait for RCPT.
    public record Doubts(Optional<Refuse> client, Optional<Refuse> helo, Optional<Refuse> sender) {
        static final Doubts NONE = new Doubts(Optional.empty(), Optional.empty(), Optional.empty());

        Optional<Refuse> first() {
            return client.or(() -> helo).or(() -> sender);
        }
    }

    /// Nothing is known but the client.
    public static Question of(Client client) {
        return new Question(
                client,
                Link.NONE,
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
                Evidence.NONE,
                Doubts.NONE);
    }

    public boolean authenticated() {
        return !login.isEmpty();
    }

    private Question with(Client newClient, Link newLink, String newLogin, boolean newTls, Doubts newDoubts) {
        return new Question(
                newClient,
                newLink,
                protocol,
                helo,
                newLogin,
                newTls,
                sender,
                from,
                recipient,
                to,
                recipients,
                size,
                pipelined,
                evidence,
                newDoubts);
    }

    public Question withLink(Link other) {
        return with(client, other, login, tls, doubts);
    }

    public Question withClient(Client other) {
        return with(other, link, login, tls, doubts);
    }

    public Question withLogin(String newLogin) {
        return with(client, link, newLogin, tls, doubts);
    }

    /// Signed in by this mechanism.
    public Question withLogin(String newLogin, String mechanism) {
        return with(client, link.withMechanism(mechanism), newLogin, tls, doubts);
    }

    /// What was decided before stays with the session; see [Doubts].
    public Question after(Verdict.Pass pass, boolean greeted) {
        return pass.doubt().isEmpty()
                ? this
                : with(
                        client,
                        link,
                        login,
                        tls,
                        greeted
                                ? new Doubts(doubts.client, pass.doubt(), Optional.empty())
                                : new Doubts(pass.doubt(), Optional.empty(), Optional.empty()));
    }

    public Question withGreeting(String newProtocol, String newHelo) {
        return new Question(
                client,
                link,
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
                evidence,
                new Doubts(doubts.client, Optional.empty(), Optional.empty()));
    }

    public Question withTls() {
        return withTls(Optional.empty());
    }

    /// RFC 3207 §4.2: what was said in clear is forgotten.
    public Question withTls(Optional<TlsDetails> details) {
        return new Question(
                client,
                link.withTls(details),
                protocol,
                "",
                "",
                true,
                sender,
                from,
                recipient,
                to,
                recipients,
                size,
                pipelined,
                evidence,
                new Doubts(doubts.client, Optional.empty(), Optional.empty()));
    }

    public Question withSender(Path path, ReversePath completed, long newSize) {
        return new Question(
                client,
                link,
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
                Evidence.NONE,
                new Doubts(doubts.client, doubts.helo, Optional.empty()));
    }

    /// What MAIL left undecided.
    public Question afterSender(Verdict.Pass pass) {
        return pass.doubt().isEmpty()
                ? this
                : with(client, link, login, tls, new Doubts(doubts.client, doubts.helo, pass.doubt()));
    }

    public Question withRecipient(Path path, Address completed, int count, boolean talksAhead) {
        return about(Optional.of(path), Optional.of(completed), count, talksAhead);
    }

    /// For DATA and the end of data: no recipient in particular, unless there is just one.
    public Question withRecipients(List<Address> all, boolean talksAhead) {
        Optional<Address> only = all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
        return about(only.map(Path.Whole::new), only, all.size(), talksAhead);
    }

    /// For DATA and the end of data: no recipient in particular.
    public Question withoutRecipient(int count, boolean talksAhead) {
        return about(Optional.empty(), Optional.empty(), count, talksAhead);
    }

    private Question about(Optional<Path> path, Optional<Address> completed, int count, boolean talksAhead) {
        return about(path, completed, count, size, talksAhead, evidence);
    }

    /// For the end of data, when the message itself has been looked at.
    public Question withEvidence(Evidence found) {
        return about(recipient, to, recipients, size, pipelined, found);
    }

    /// For the end of data, when its length is known.
    public Question withSize(long octets) {
        return about(recipient, to, recipients, octets, pipelined, evidence);
    }

    private Question about(
            Optional<Path> path,
            Optional<Address> completed,
            int count,
            long octets,
            boolean talksAhead,
            Evidence found) {
        return new Question(
                client,
                link,
                protocol,
                helo,
                login,
                tls,
                sender,
                from,
                path,
                completed,
                count,
                octets,
                talksAhead,
                found,
                doubts);
    }
}
