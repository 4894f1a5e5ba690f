package tamanoir.server.smtp;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.sasl.ActingAs;
import tamanoir.mail.sasl.Mechanisms;
import tamanoir.mail.sasl.Passwords;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.sasl.ScramSecrets;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.sasl.Step;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.Login;
import tamanoir.server.net.Connection;
import tamanoir.server.net.TlsDetails;

/// AUTH over SMTP (RFC 4954): carries the steps of a mechanism between client and directory. Immutable.
final class SignIn {
    /// RFC 4954 §4: a response has at most 12,288 octets.
    private static final int LONGEST_RESPONSE = 12_288;

    /// What became of it.
    sealed interface Result {
        /// `login` is the account's address.
        record Ok(String login) implements Result {}

        /// `name` is who it was about as far as known; `reason` is for the log.
        record No(Reply reply, String name, String reason) implements Result {}
    }

    private final Mechanisms mechanisms;

    SignIn(Directory directory) {
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
                            keys.account().map(a -> a.address().toString()).orElse(""));
                },
                ActingAs.NOBODY);
    }

    /// What EHLO announces.
    List<String> names(boolean plainText, Optional<TlsDetails> tls) {
        return mechanisms.names(plainText, bindings(tls));
    }

    /// The conversation after AUTH, up to but without the last reply.
    Result talk(Connection connection, boolean plainText, Command.Auth auth) throws IOException {
        Optional<ServerMechanism> begun = mechanisms.begin(auth.mechanism(), plainText, bindings(connection.tls()));
        if (begun.isEmpty()) {
            return new Result.No(
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
                        return new Result.No(Reply.of(501, "5.7.0", "Authentication aborted"), "", "cancelled");
                    }
                    case ResponseLine.Response(Octets response) -> step = mechanism.respond(response);
                }
            }
            return result(step);
        } catch (BadSyntax e) {
            return new Result.No(
                    Reply.of(501, "5.5.2", "Error: malformed authentication response"),
                    "",
                    String.valueOf(e.getMessage()));
        }
    }

    private static Result result(Step step) {
        return switch (step) {
            case Step.Success success -> new Result.Ok(success.effective());
            case Step.Failed failed ->
                new Result.No(
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
