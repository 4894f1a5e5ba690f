package tamanoir.server.pop3;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import tamanoir.mail.address.Address;
import tamanoir.mail.pop3.Command;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.sasl.Step;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Login;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Stopping;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// One POP3 client from greeting to goodbye: reads a command, answers it, in the order they came.
final class Session {
    /// Wrong passwords before we hang up; the client comes back after a delay of its own.
    private static final int MOST_FAILURES = 3;

    private final Pop3Door door;
    private final Connection connection;
    private final Trace trace;
    private State state = new State.Authorization("");
    private int failures;
    private int errors;

    /// Where the session stands (RFC 1939 §3).
    private sealed interface State {
        /// `name` is what USER said, empty before.
        record Authorization(String name) implements State {}

        record Transaction(Maildrop maildrop) implements State {}

        record Ended() implements State {}
    }

    /// What a command is answered with; multi-line answers are written where they are made.
    private record Answer(boolean ok, String text, boolean written) {
        static Answer ok(String text) {
            return new Answer(true, text, false);
        }

        static Answer no(String text) {
            return new Answer(false, text, false);
        }

        /// Nothing more to write.
        static final Answer WRITTEN = new Answer(true, "", true);
    }

    Session(Pop3Door door, Connection connection, Trace trace) {
        this.door = door;
        this.connection = connection;
        this.trace = trace;
    }

    void run() throws IOException {
        trace.info("connect", "client", connection.peer().getAddress().getHostAddress());
        connection.deadline(door.settings.loginTimeout());
        try {
            connection.write("+OK " + door.settings.banner() + "\r\n");
            while (!(state instanceof State.Ended)) {
                step();
            }
        } catch (Stopping e) {
            connection.write("-ERR [SYS/TEMP] the server stops, please come back\r\n");
        } catch (SocketTimeoutException e) {
            // RFC 1939 §3: the session ends without the update state.
            trace.info("timeout");
        } catch (EOFException e) {
            trace.debug("gone");
        } finally {
            if (state instanceof State.Transaction(Maildrop maildrop)) {
                door.leaveSeat(maildrop.account().id());
            }
            trace.info("disconnect");
        }
    }

    private void step() throws IOException {
        Answer answer;
        boolean startTls = false;
        try {
            Command command =
                    Command.parse(connection.readLine(Command.LONGEST_LINE).octets());
            trace.debug("command", "command", command);
            answer = dispatch(command);
            startTls = answer.ok() && command instanceof Command.Stls;
            errors = answer.ok() ? 0 : errors;
        } catch (BadSyntax e) {
            answer = Answer.no(String.valueOf(e.getMessage()));
        } catch (Refused e) {
            answer = Answer.no(String.valueOf(e.getMessage()));
        } catch (Unavailable e) {
            trace.warn("unavailable", "detail", e.detail());
            answer = Answer.no("[SYS/TEMP] " + e.getMessage());
        } catch (RuntimeException bug) {
            trace.bug(bug);
            answer = Answer.no("[SYS/TEMP] an error on our side; it has been logged");
        }
        if (!answer.written()) {
            String blank = answer.text().isEmpty() ? "" : " ";
            connection.write((answer.ok() ? "+OK" : "-ERR") + blank + answer.text() + "\r\n");
        }
        if (!answer.ok() && ++errors >= door.settings.errorLimit()) {
            trace.info("too many errors");
            state = end();
        }
        if (startTls) {
            connection.flush();
            // RFC 2595 §4: what came before the handshake is forgotten; the connection drops what was sent ahead.
            connection.startTls(door.tls.orElseThrow());
            state = new State.Authorization("");
        }
    }

    private Answer dispatch(Command command) throws IOException {
        return switch (command) {
            case Command.Quit _ -> quit();
            case Command.Capa _ -> capabilities();
            case Command.Noop _ -> {
                maildrop();
                yield Answer.ok("");
            }
            case Command.User user -> user(user.name());
            case Command.Pass pass -> pass(pass.password());
            case Command.Auth auth -> authenticate(auth);
            case Command.Stls _ -> stls();
            case Command.Utf8 _ -> {
                authorization();
                yield Answer.ok("UTF8 enabled"); // RFC 6856 §2.1; messages go out as they are in either mode
            }
            case Command.Lang lang -> language(lang.tag());
            case Command.Stat _ ->
                Answer.ok(maildrop().count() + " " + maildrop().octets());
            case Command.List list -> list(list.message());
            case Command.Uidl uidl -> uniqueIds(uidl.message());
            case Command.Retr retr -> retrieve(retr.message(), -1);
            case Command.Top top -> retrieve(top.message(), top.lines());
            case Command.Dele dele -> {
                maildrop().delete(dele.message());
                yield Answer.ok("message " + dele.message() + " deleted");
            }
            case Command.Rset _ -> {
                maildrop().undelete();
                yield Answer.ok("");
            }
            case Command.Unknown unknown -> Answer.no("unknown command");
        };
    }

    private Maildrop maildrop() {
        if (state instanceof State.Transaction(Maildrop maildrop)) {
            return maildrop;
        }
        throw new Refused("sign in first");
    }

    private String authorization() {
        if (state instanceof State.Authorization(String name)) {
            return name;
        }
        throw new Refused("you are signed in already");
    }

    // ---- signing in

    /// Whether a password may come over this connection as it is.
    private boolean plainTextAllowed() {
        return door.settings
                .plaintextLogin()
                .allows(connection.tls().isPresent(), connection.peer().getAddress());
    }

    private void needPlainText() {
        if (!plainTextAllowed()) {
            throw new Refused("[AUTH] use STLS or the TLS port first");
        }
    }

    private Answer user(String name) {
        authorization();
        needPlainText();
        state = new State.Authorization(name);
        return Answer.ok("and the password?"); // RFC 1939 §7: the same for names that exist and names that do not
    }

    private Answer pass(String password) throws IOException {
        String name = authorization();
        needPlainText();
        if (name.isEmpty()) {
            return Answer.no("USER first");
        }
        state = new State.Authorization("");
        return switch (door.signIn.password(name, password, connection.peer().getAddress())) {
            case Login.Ok ok -> welcome(ok.account());
            case Login.Refused refused -> failed(name, refused.reason());
        };
    }

    private Answer authenticate(Command.Auth auth) throws IOException {
        authorization();
        boolean plainText = plainTextAllowed();
        if (auth.mechanism().isEmpty()) {
            connection.write("+OK\r\n");
            for (String name : door.signIn.names(plainText, connection.tls())) {
                connection.write(name + "\r\n");
            }
            connection.write(".\r\n");
            return Answer.WRITTEN;
        }
        Optional<ServerMechanism> begun = door.signIn.begin(
                auth.mechanism(), plainText, connection.tls(), connection.peer().getAddress());
        if (begun.isEmpty()) {
            return Answer.no("[AUTH] this mechanism is not available here");
        }
        ServerMechanism mechanism = begun.get();
        Step step = auth.initialResponse().isPresent()
                ? mechanism.respond(
                        ResponseLine.initial(Octets.of(auth.initialResponse().get())))
                : mechanism.start();
        while (step instanceof Step.Challenge(Octets octets)) {
            connection.write("+ " + ResponseLine.encode(octets) + "\r\n"); // RFC 5034 §4
            switch (ResponseLine.parse(connection.readLine(Command.LONGEST_LINE).octets())) {
                case ResponseLine.Cancel _ -> {
                    return Answer.no("cancelled");
                }
                case ResponseLine.Response(Octets response) -> step = mechanism.respond(response);
            }
        }
        return switch (step) {
            case Step.Success success ->
                welcome(door.directory
                        .account(Address.of(success.effective()))
                        .orElseThrow(() -> new Refused("[AUTH] the account is gone")));
            case Step.Failed failure -> failed(failure.name(), failure.detail());
            case Step.Challenge _ -> throw new IllegalStateException();
        };
    }

    private Answer welcome(Account account) {
        if (!door.takeSeat(account.id())) {
            door.leaveSeat(account.id());
            return Answer.no("[IN-USE] too many sessions of this account");
        }
        Maildrop maildrop;
        try {
            maildrop = new Maildrop(account, door.mailboxes.open(account.id()), door.mailboxes.blobs());
        } catch (RuntimeException e) {
            door.leaveSeat(account.id());
            throw e;
        }
        state = new State.Transaction(maildrop);
        connection.deadline(door.settings.timeout());
        trace.info(
                "login",
                "user",
                account.address(),
                "tls",
                connection.tls().map(tls -> tls.protocol()).orElse("no"),
                "messages",
                maildrop.count());
        return Answer.ok(maildrop.count() + " messages");
    }

    /// RFC 3206 §4: [AUTH] says that the credentials are the trouble.
    private Answer failed(String name, String reason) throws IOException {
        trace.info("login refused", "user", name, "reason", reason);
        LockSupport.parkNanos(door.settings.failureDelay().toNanos());
        if (++failures >= MOST_FAILURES) {
            connection.write("-ERR [AUTH] wrong name or password; goodbye\r\n");
            state = end();
            return Answer.WRITTEN;
        }
        return Answer.no("[AUTH] wrong name or password");
    }

    private Answer stls() {
        authorization();
        if (connection.tls().isPresent()) {
            return Answer.no("TLS is on already"); // RFC 2595 §4
        }
        if (door.tls.isEmpty()) {
            return Answer.no("TLS is not available");
        }
        return Answer.ok("begin TLS");
    }

    private Answer language(String tag) throws IOException {
        if (tag.isEmpty()) {
            connection.write("+OK\r\ni-default Default\r\n.\r\n"); // RFC 6856 §3.2
            return Answer.WRITTEN;
        }
        return tag.equals("*") || tag.equalsIgnoreCase("i-default")
                ? Answer.ok("i-default Default language")
                : Answer.no("this language is not available");
    }

    // ---- the maildrop

    private Answer capabilities() throws IOException {
        connection.write(
                "+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nUTF8 USER\r\nLANG\r\nEXPIRE NEVER\r\n");
        if (state instanceof State.Authorization) {
            if (plainTextAllowed()) {
                connection.write("USER\r\n");
            }
            connection.write(
                    "SASL " + String.join(" ", door.signIn.names(plainTextAllowed(), connection.tls())) + "\r\n");
            if (door.tls.isPresent() && connection.tls().isEmpty()) {
                connection.write("STLS\r\n");
            }
        }
        connection.write("IMPLEMENTATION Tamanoir\r\n.\r\n");
        return Answer.WRITTEN;
    }

    private Answer list(OptionalInt message) throws IOException {
        Maildrop maildrop = maildrop();
        if (message.isPresent()) {
            return Answer.ok(message.getAsInt() + " " + maildrop.octets(message.getAsInt()));
        }
        connection.write("+OK " + maildrop.count() + " messages\r\n");
        for (OptionalInt n = maildrop.next(0); n.isPresent(); n = maildrop.next(n.getAsInt())) {
            connection.write(n.getAsInt() + " " + maildrop.octets(n.getAsInt()) + "\r\n");
        }
        connection.write(".\r\n");
        return Answer.WRITTEN;
    }

    private Answer uniqueIds(OptionalInt message) throws IOException {
        Maildrop maildrop = maildrop();
        if (message.isPresent()) {
            return Answer.ok(message.getAsInt() + " " + maildrop.uniqueId(message.getAsInt()));
        }
        connection.write("+OK\r\n");
        for (OptionalInt n = maildrop.next(0); n.isPresent(); n = maildrop.next(n.getAsInt())) {
            connection.write(n.getAsInt() + " " + maildrop.uniqueId(n.getAsInt()) + "\r\n");
        }
        connection.write(".\r\n");
        return Answer.WRITTEN;
    }

    private Answer retrieve(int message, long bodyLines) throws IOException {
        long octets = maildrop().octets(message);
        maildrop().write(message, bodyLines, connection);
        trace.debug("retrieved", "message", message, "size", octets);
        return Answer.WRITTEN;
    }

    private Answer quit() {
        if (state instanceof State.Transaction(Maildrop maildrop)) {
            int removed;
            try {
                removed = maildrop.update();
            } finally {
                state = end(); // RFC 1939 §6: the session ends whatever the update does
            }
            trace.info("quit", "user", maildrop.account().address(), "removed", removed);
        }
        state = end();
        return Answer.ok("goodbye");
    }

    private State end() {
        if (state instanceof State.Transaction(Maildrop maildrop)) {
            door.leaveSeat(maildrop.account().id());
        }
        return new State.Ended();
    }
}
