package tamanoir.server.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.sasl.Step;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.SignIn;
import tamanoir.server.net.Connection;
import tamanoir.server.observe.Unavailable;

/// AUTH over SMTP (RFC 4954): carries the steps of a mechanism between client and directory.
sealed interface Authentication {
    /// RFC 4954 §4: a response has at most 12,288 octets.
    int LONGEST_RESPONSE = 12_288;

    /// `login` is the account's address.
    record Ok(String login) implements Authentication {}

    /// `name` is who it was about as far as known; `reason` is for the log.
    record No(Reply reply, String name, String reason) implements Authentication {}

    /// The conversation after AUTH, up to but without the last reply.
    static Authentication talk(
            SignIn signIn, Connection connection, InetAddress client, boolean plainText, Command.Auth auth)
            throws IOException {
        Optional<ServerMechanism> begun = signIn.begin(auth.mechanism(), plainText, connection.tls(), client);
        if (begun.isEmpty()) {
            return new No(
                    Reply.of(504, "5.5.4", "Error: authentication mechanism not available"), "", "no such mechanism");
        }
        ServerMechanism mechanism = begun.get();
        try {
            Step step = auth.initialResponse().isPresent()
                    ? mechanism.respond(ResponseLine.initial(
                            Octets.latin1(auth.initialResponse().get())))
                    : mechanism.start();
            while (step instanceof Step.Challenge(Octets octets)) {
                connection.write("334 " + ResponseLine.encode(octets) + "\r\n"); // RFC 4954 §4
                switch (ResponseLine.parse(connection.readLine(LONGEST_RESPONSE).octets())) {
                    case ResponseLine.Cancel _ -> {
                        return new No(Reply.of(501, "5.7.0", "Authentication aborted"), "", "cancelled");
                    }
                    case ResponseLine.Response(Octets response) -> step = mechanism.respond(response);
                }
            }
            return result(step);
        } catch (Unavailable e) {
            // RFC 4954 §4.7.1: the client may try again, with the same password.
            return new No(
                    Reply.of(454, "4.7.0", "Temporary authentication failure: " + e.getMessage()), "", e.detail());
        } catch (BadSyntax e) {
            return new No(
                    Reply.of(501, "5.5.2", "Error: malformed authentication response"),
                    "",
                    String.valueOf(e.getMessage()));
        }
    }

    private static Authentication result(Step step) {
        return switch (step) {
            case Step.Success success -> new Ok(success.effective());
            case Step.Failed failed ->
                new No(
                        switch (failed.reason()) {
                            case MALFORMED -> Reply.of(501, "5.5.2", "Error: malformed authentication response");
                            case WRONG_CREDENTIALS, NOT_AUTHORIZED, CHANNEL_BINDING ->
                                Reply.of(535, "5.7.8", "Error: authentication failed");
                        },
                        failed.name(),
                        failed.detail());
            case Step.Challenge _ -> throw new IllegalStateException();
        };
    }
}
