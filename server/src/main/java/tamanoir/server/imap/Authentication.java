package tamanoir.server.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Login;
import tamanoir.server.net.Connection;

/// LOGIN and AUTHENTICATE (RFC 9051 §6.2).
final class Authentication {
    private static final int LONGEST_RESPONSE = 16 * 1024;

    private final Session session;
    private final Connection connection;
    private final ImapDoor door;

    Authentication(Session session, Connection connection, ImapDoor door) {
        this.session = session;
        this.connection = connection;
        this.door = door;
    }

    /// Whether a password may be sent over this connection at all.
    boolean mayUsePasswords() {
        return connection.tls().isPresent()
                || switch (door.settings().plaintextLogin()) {
                    case YES -> true;
                    case LOOPBACK -> connection.peer().getAddress().isLoopbackAddress();
                    case NO -> false;
                };
    }

    List<String> mechanisms() {
        return mayUsePasswords() ? List.of("PLAIN", "LOGIN") : List.of();
    }

    Answer login(Command.Login login) {
        if (!mayUsePasswords()) {
            return privacyRequired();
        }
        return check(login.user().utf8(), login.password().utf8(), "LOGIN");
    }

    private static Answer privacyRequired() {
        return Answer.no(ResponseCode.Plain.PRIVACYREQUIRED, "passwords are taken over TLS only");
    }

    Answer authenticate(Command.Authenticate command, CommandReader reader) throws IOException {
        if (!List.of("PLAIN", "LOGIN").contains(command.mechanism())) {
            return Answer.no("this mechanism is not offered");
        }
        if (!mayUsePasswords()) {
            return privacyRequired();
        }
        if (command.mechanism().equals("PLAIN")) {
            return plain(command.initial().isEmpty() ? ask("", reader) : decode(command.initial()));
        }
        String user = command.initial().isEmpty()
                ? text(ask("VXNlcm5hbWU6", reader))
                : text(decode(command.initial()));
        return check(user, text(ask("UGFzc3dvcmQ6", reader)), "LOGIN");
    }

    /// One challenge and its response.
    private byte[] ask(String challenge, CommandReader reader) throws IOException {
        connection.write("+ " + challenge + "\r\n");
        connection.flush();
        Octets line = reader.line();
        if (line.length() > LONGEST_RESPONSE) {
            throw new BadSyntax("the response is too long");
        }
        if (line.length() == 1 && line.at(0) == '*') {
            throw new BadSyntax("cancelled"); // RFC 9051 §6.2.2
        }
        return line.isEmpty() ? new byte[0] : decode(line.latin1());
    }

    private static byte[] decode(String base64) {
        if (base64.equals("=")) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the response is not base64");
        }
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /// RFC 4616 §2: `[authzid] NUL authcid NUL passwd`.
    private Answer plain(byte[] response) {
        String[] parts = text(response).split("\0", -1);
        if (parts.length != 3) {
            throw new BadSyntax("PLAIN takes three texts with NUL between them");
        }
        if (!parts[0].isEmpty() && !parts[0].equalsIgnoreCase(parts[1])) {
            return Answer.no(ResponseCode.Plain.AUTHORIZATIONFAILED, "nobody acts for another here");
        }
        return check(parts[1], parts[2], "PLAIN");
    }

    private Answer check(String user, String password, String method) {
        if (user.indexOf('\0') >= 0 || password.indexOf('\0') >= 0) {
            throw new BadSyntax("a name or password cannot hold NUL");
        }
        return switch (door.directory().authenticate(user, password)) {
            case Login.Ok ok -> welcome(ok.account(), method);
            case Login.Refused refused -> refuse(user, method, refused.reason());
        };
    }

    private Answer welcome(Account account, String method) {
        if (account.state() != Account.State.ACTIVE) {
            return refuse(account.address().toString(), method, "suspended");
        }
        if (!door.seats().take(account.id())) {
            session.trace().warn("login refused", "user", account.address(), "reason", "too many connections");
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
        session.trace()
                .info(
                        "login",
                        "user",
                        account.address(),
                        "method",
                        method.toLowerCase(Locale.ROOT),
                        "rip",
                        connection.peer().getAddress().getHostAddress(),
                        "tls",
                        connection.tls().isPresent() ? "yes" : "no");
        return Answer.ok(new ResponseCode.Capability(session.capabilities()), "welcome");
    }

    /// The client never learns whether the name or the secret was wrong; each further guess takes twice as long.
    private Answer refuse(String user, String method, String reason) {
        session.countFailure();
        session.trace()
                .info(
                        "login refused",
                        "user",
                        user,
                        "method",
                        method.toLowerCase(Locale.ROOT),
                        "rip",
                        connection.peer().getAddress().getHostAddress(),
                        "reason",
                        reason);
        pause(door.settings().failureDelay().multipliedBy(1L << Math.min(session.failures() - 1, 5)));
        if (session.failures() >= door.settings().mostFailures()) {
            throw new Farewell(ResponseCode.NONE, "too many failed logins");
        }
        return Answer.no(ResponseCode.Plain.AUTHENTICATIONFAILED, "name or password is wrong");
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
