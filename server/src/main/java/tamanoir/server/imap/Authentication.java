package tamanoir.server.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.sasl.Step;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Login;
import tamanoir.server.net.Connection;

/// LOGIN and AUTHENTICATE (RFC 9051 §6.2.2, §6.2.3).
final class Authentication {
    private final Session session;
    private final Connection connection;
    private final ImapDoor door;

    Authentication(Session session, Connection connection, ImapDoor door) {
        this.session = session;
        this.connection = connection;
        this.door = door;
    }

    // ---- what is offered ---------------------------------------------------------------------------------------

    /// Whether a password may be sent over this connection at all.
    boolean mayUsePasswords() {
        return door.settings()
                .plaintextLogin()
                .allows(connection.tls().isPresent(), connection.peer().getAddress());
    }

    private InetAddress client() {
        return connection.peer().getAddress();
    }

    List<String> mechanisms() {
        return door.signIn().names(mayUsePasswords(), connection.tls());
    }

    // ---- the commands ------------------------------------------------------------------------------------------

    Answer login(Command.Login login) {
        if (!mayUsePasswords()) {
            return privacyRequired();
        }
        String user = login.user().utf8();
        return switch (door.signIn().password(user, login.password().utf8(), client())) {
            case Login.Ok ok -> welcome(ok.account(), "LOGIN");
            case Login.Refused refused -> refuse(user, "LOGIN", refused.reason());
        };
    }

    private static Answer privacyRequired() {
        return Answer.no(ResponseCode.Plain.PRIVACYREQUIRED, "passwords are taken over TLS only");
    }

    Answer authenticate(Command.Authenticate command, CommandReader reader) throws IOException {
        Optional<ServerMechanism> mechanism =
                door.signIn().begin(command.mechanism(), mayUsePasswords(), connection.tls(), client());
        if (mechanism.isEmpty()) {
            boolean plain = door.signIn().names(true, connection.tls()).contains(command.mechanism());
            return plain ? privacyRequired() : Answer.no("this mechanism is not offered");
        }
        Step step = command.initial().isEmpty()
                ? mechanism.get().start()
                : mechanism.get().respond(ResponseLine.initial(Octets.latin1(command.initial())));
        while (step instanceof Step.Challenge challenge) {
            connection.write("+ " + ResponseLine.encode(challenge.octets()) + "\r\n");
            step = switch (ResponseLine.parse(reader.line())) {
                case ResponseLine.Response response -> mechanism.get().respond(response.octets());
                case ResponseLine.Cancel cancel -> throw new BadSyntax("cancelled"); // RFC 9051 §6.2.2
            };
        }
        return switch (step) {
            case Step.Success success -> {
                Optional<Account> account = door.directory().byLoginName(success.effective());
                yield account.isPresent()
                        ? welcome(account.get(), command.mechanism())
                        : refuse(success.effective(), command.mechanism(), "gone");
            }
            case Step.Failed failed -> failed(failed, command.mechanism());
            case Step.Challenge challenge -> throw new IllegalStateException("not reached");
        };
    }

    private Answer failed(Step.Failed failed, String mechanism) {
        return switch (failed.reason()) {
            case MALFORMED -> throw new BadSyntax("the response is not what " + mechanism + " wants");
            case WRONG_CREDENTIALS -> refuse(failed.name(), mechanism, failed.detail());
            case CHANNEL_BINDING -> refuse(failed.name(), mechanism, failed.detail());
            case NOT_AUTHORIZED -> {
                refuse(failed.name(), mechanism, failed.detail());
                yield Answer.no(ResponseCode.Plain.AUTHORIZATIONFAILED, "nobody acts for another here");
            }
        };
    }

    // ---- in or out ---------------------------------------------------------------------------------------------

    private Answer welcome(Account account, String method) {
        if (account.state() != Account.State.ACTIVE) {
            return refuse(account.address().toString(), method, "suspended");
        }
        if (!door.seats().take(account.id())) {
            say("login refused", account.address().toString(), method, "too many connections");
            return Answer.no(ResponseCode.Plain.LIMIT, "this account has too many connections open");
        }
        boolean signedIn = false;
        try {
            session.signIn(account);
            signedIn = true;
        } finally {
            if (!signedIn) {
                door.seats().leave(account.id());
            }
        }
        say("login", account.address().toString(), method, "");
        return Answer.ok(new ResponseCode.Capability(session.capabilities()), "welcome");
    }

    /// The client never learns whether the name or the secret was wrong; each further guess takes twice as long.
    private Answer refuse(String user, String method, String reason) {
        session.countFailure();
        say("login refused", user, method, reason);
        pause(door.settings().failureDelay().multipliedBy(1L << Math.min(session.failures() - 1, 5)));
        if (session.failures() >= door.settings().failureLimit()) {
            throw new Farewell(ResponseCode.NONE, "too many failed logins");
        }
        return Answer.no(ResponseCode.Plain.AUTHENTICATIONFAILED, "name or password is wrong");
    }

    private void say(String event, String user, String method, String reason) {
        String name = method.toLowerCase(Locale.ROOT);
        String from = connection.peer().getAddress().getHostAddress();
        String tls = connection.tls().isPresent() ? "yes" : "no";
        if (reason.isEmpty()) {
            session.trace().info(event, "user", user, "method", name, "rip", from, "tls", tls);
        } else {
            session.trace().info(event, "user", user, "method", name, "rip", from, "tls", tls, "reason", reason);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Farewell(ResponseCode.NONE, "the server stops, please come back");
        }
    }
}
