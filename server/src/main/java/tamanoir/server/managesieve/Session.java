package tamanoir.server.managesieve;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tamanoir.mail.imap.LiteralHead;
import tamanoir.mail.managesieve.Command;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.sasl.ServerMechanism;
import tamanoir.mail.sasl.Step;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.net.Connection;
import tamanoir.server.net.LineTooLong;
import tamanoir.server.net.Stopping;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.sieve.Dialect.Verdict;
import tamanoir.server.sieve.ScriptRefused;
import tamanoir.server.sieve.StoredScript;

/// One ManageSieve client from greeting to goodbye: reads a command, answers it, in the order they came.
final class Session {
    /// Wrong passwords before we hang up.
    private static final int MOST_FAILURES = 3;

    /// One line of a command; what is longer comes as a literal.
    private static final int LONGEST_LINE = 8192;

    /// Before anybody has signed in nobody needs more than a name and a token.
    private static final long LONGEST_BEFORE = 16_384;

    /// What is too large is read and thrown away up to this, so that the client hears why; then it is sent away.
    private static final long MOST_DISCARDED = 64L << 20;

    private static final int MOST_LITERALS = 3;

    private final ManageSieveDoor door;
    private final Connection connection;
    private final Trace trace;
    private State state = new State.Stranger();
    private int failures;
    private int errors;

    /// Where the session stands (RFC 5804 §1.2).
    private sealed interface State {
        record Stranger() implements State {}

        record SignedIn(Account account) implements State {}

        record Ended() implements State {}
    }

    /// A literal that is too large was read away.
    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Session(ManageSieveDoor door, Connection connection, Trace trace) {
        this.door = door;
        this.connection = connection;
        this.trace = trace;
    }

    void run() throws IOException {
        trace.info("connect", "client", connection.peer().getAddress().getHostAddress());
        connection.deadline(door.settings.loginTimeout());
        try {
            capabilities();
            connection.write(Answer.ok("Tamanoir ready").octets());
            while (!(state instanceof State.Ended)) {
                step();
            }
        } catch (Stopping e) {
            connection.write(
                    Answer.bye("TRYLATER", "the server stops, please come back").octets());
        } catch (SocketTimeoutException e) {
            trace.info("timeout");
            connection.write(Answer.bye("", "nothing was heard for too long").octets());
        } catch (EOFException e) {
            trace.debug("gone");
        } finally {
            trace.info("disconnect");
        }
    }

    private void step() throws IOException {
        Answer answer;
        boolean startTls = false;
        try {
            Command command = Command.parse(whole());
            trace.debug("command", "command", command.getClass().getSimpleName());
            answer = dispatch(command);
            startTls = answer.isOk() && command instanceof Command.StartTls;
            errors = answer.isOk() ? 0 : errors;
        } catch (LineTooLong e) {
            answer = Answer.no("the line is too long; send long strings as literals");
        } catch (TooLarge e) {
            answer = Answer.no("QUOTA/MAXSIZE", "that is larger than a script may be");
        } catch (BadSyntax e) {
            answer = Answer.no(String.valueOf(e.getMessage()));
        } catch (ScriptRefused e) {
            answer = refused(e);
        } catch (Unavailable e) {
            trace.warn("unavailable", "detail", e.detail());
            answer = Answer.no("TRYLATER", String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            trace.bug(bug);
            answer = Answer.no("TRYLATER", "an error on our side; it has been logged");
        }
        if (!answer.isOk() && ++errors >= door.settings.errorLimit()) {
            trace.info("too many errors");
            answer = Answer.bye("", "too many errors; goodbye");
        }
        connection.write(answer.octets());
        if (answer.kind() == Answer.Kind.BYE) {
            state = new State.Ended();
        }
        if (startTls) {
            connection.flush();
            // RFC 5804 §2.2: what came before the handshake is forgotten; the connection drops what was sent ahead.
            connection.startTls(door.tls.orElseThrow());
            state = new State.Stranger();
            capabilities();
            connection.write(Answer.ok("TLS is on").octets());
        }
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /// A line with the literals that hang on it.
    private Octets whole() throws IOException {
        Octets whole = connection.readLine(LONGEST_LINE).octets();
        Optional<LiteralHead> head = LiteralHead.atEndOf(whole);
        for (int count = 0; head.isPresent(); count++) {
            long most = state instanceof State.SignedIn
                    ? door.scripts.dialect().settings().size() + 1024L
                    : LONGEST_BEFORE;
            long length = head.get().length();
            if (count >= MOST_LITERALS || length > most) {
                discard(length);
                throw new TooLarge();
            }
            Octets literal = connection.readFully((int) length);
            Octets line = connection.readLine(LONGEST_LINE).octets();
            whole = Octets.join(whole, Octets.of("\r\n"), literal, line);
            head = LiteralHead.atEndOf(line);
        }
        return whole;
    }

    private void discard(long first) throws IOException {
        long length = first;
        while (true) {
            if (length > (state instanceof State.SignedIn ? MOST_DISCARDED : LONGEST_BEFORE)) {
                connection.write(Answer.bye("QUOTA/MAXSIZE", "that is far larger than a script may be; goodbye")
                        .octets());
                connection.flush();
                throw new EOFException("sent away");
            }
            for (long left = length; left > 0; ) {
                ByteBuffer some = connection.fill();
                int n = (int) Math.min(left, some.remaining());
                connection.consume(n);
                left -= n;
            }
            Optional<LiteralHead> next =
                    LiteralHead.atEndOf(connection.readLine(LONGEST_LINE).octets());
            if (next.isEmpty()) {
                return;
            }
            length = next.get().length();
        }
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    private Answer dispatch(Command command) throws IOException {
        return switch (command) {
            case Command.Logout _ -> {
                state = new State.Ended();
                yield Answer.ok("goodbye");
            }
            case Command.Capability _ -> {
                capabilities();
                yield Answer.ok("");
            }
            case Command.Noop(Optional<String> echo) ->
                echo.map(text -> Answer.ok("TAG " + Command.written(text).latin1(), "done"))
                        .orElse(Answer.ok("done"));
            case Command.StartTls _ -> startTls();
            case Command.Authenticate authenticate -> authenticate(authenticate);
            case Command.Unauthenticate _ -> {
                account();
                state = new State.Stranger();
                connection.deadline(door.settings.loginTimeout());
                yield Answer.ok("signed out");
            }
            case Command.HaveSpace(String name, long octets) -> {
                door.scripts.haveSpace(account(), name, octets);
                yield Answer.ok("");
            }
            case Command.PutScript(String name, String text) -> {
                Verdict verdict = door.scripts.check(account(), text);
                StoredScript put = door.scripts.put(account(), name, text);
                trace.info("script", "put", put.name());
                yield said(verdict, "kept");
            }
            case Command.CheckScript(String text) -> {
                Verdict verdict = door.scripts.check(account(), text);
                yield verdict.isGood() ? said(verdict, "the script is right") : Answer.no(verdict.text());
            }
            case Command.ListScripts _ -> list();
            case Command.SetActive(String name) -> {
                door.scripts.activate(account(), name);
                trace.info("script", "active", name);
                yield Answer.ok(name.isEmpty() ? "no script is active" : "");
            }
            case Command.GetScript(String name) -> {
                Optional<StoredScript> script = door.scripts.named(account(), name);
                if (script.isEmpty()) {
                    yield Answer.no("NONEXISTENT", "there is no script '" + name + "'");
                }
                byte[] text = script.get().text().getBytes(StandardCharsets.UTF_8);
                connection.write("{" + text.length + "}\r\n");
                connection.write(Octets.of(text));
                connection.write("\r\n");
                yield Answer.ok("");
            }
            case Command.DeleteScript(String name) -> {
                door.scripts.delete(account(), name);
                trace.info("script", "deleted", name);
                yield Answer.ok("deleted");
            }
            case Command.RenameScript(String from, String to) -> {
                door.scripts.rename(account(), from, to);
                trace.info("script", "renamed", from, "to", to);
                yield Answer.ok("renamed");
            }
        };
    }

    /// RFC 5804 §1.3: WARNINGS tells what is odd though it was taken.
    private static Answer said(Verdict verdict, String text) {
        return verdict.warnings().isEmpty()
                ? Answer.ok(text)
                : Answer.ok("WARNINGS", String.join("\r\n", verdict.warnings()));
    }

    private static Answer refused(ScriptRefused e) {
        String code = switch (e.reason()) {
            case TOO_LARGE -> "QUOTA/MAXSIZE";
            case TOO_MANY -> "QUOTA/MAXSCRIPTS";
            case NONEXISTENT -> "NONEXISTENT";
            case ALREADY_EXISTS -> "ALREADYEXISTS";
            case ACTIVE -> "ACTIVE";
            case INVALID, NAME -> "";
        };
        return Answer.no(code, String.valueOf(e.getMessage()));
    }

    private AccountId account() {
        if (state instanceof State.SignedIn(Account account)) {
            return account.id();
        }
        throw new BadSyntax("sign in first");
    }

    private Answer list() throws IOException {
        List<StoredScript> all = door.scripts.list(account());
        for (StoredScript script : all) {
            connection.write(Command.written(script.name()));
            connection.write(script.active() ? " ACTIVE\r\n" : "\r\n");
        }
        return Answer.ok("");
    }

    /// RFC 5804 §1.7, §2.4.
    private void capabilities() throws IOException {
        connection.write("\"IMPLEMENTATION\" \"Tamanoir\"\r\n\"VERSION\" \"1.0\"\r\n");
        connection.write(
                "\"SIEVE\" \"" + String.join(" ", door.scripts.dialect().capabilities()) + "\"\r\n");
        if (door.scripts.dialect().capabilities().contains("enotify")) {
            connection.write("\"NOTIFY\" \"mailto\"\r\n");
        }
        connection.write("\"MAXREDIRECTS\" \""
                + door.scripts.dialect().settings().limits().redirects() + "\"\r\n");
        switch (state) {
            case State.SignedIn(Account account) -> {
                connection.write("\"OWNER\" ");
                connection.write(Command.written(account.address().toString()));
                connection.write("\r\n\"UNAUTHENTICATE\"\r\n");
            }
            case State.Stranger _, State.Ended _ -> {
                connection.write("\"SASL\" \""
                        + String.join(" ", door.signIn.names(plainTextAllowed(), connection.tls())) + "\"\r\n");
                if (door.tls.isPresent() && connection.tls().isEmpty()) {
                    connection.write("\"STARTTLS\"\r\n");
                }
            }
        }
    }

    private Answer startTls() {
        if (state instanceof State.SignedIn) {
            return Answer.no("sign out first");
        }
        if (connection.tls().isPresent()) {
            return Answer.no("TLS is on already");
        }
        return door.tls.isPresent() ? Answer.ok("begin TLS") : Answer.no("TLS is not available");
    }

    // ---- signing in ----------------------------------------------------------------------------------------------

    private boolean plainTextAllowed() {
        return door.settings
                .plaintextLogin()
                .allows(connection.tls().isPresent(), connection.peer().getAddress());
    }

    private Answer authenticate(Command.Authenticate command) throws IOException {
        if (state instanceof State.SignedIn) {
            return Answer.no("you are signed in already");
        }
        boolean plainText = plainTextAllowed();
        Optional<ServerMechanism> begun = door.signIn.begin(
                command.mechanism(),
                plainText,
                connection.tls(),
                connection.peer().getAddress());
        if (begun.isEmpty()) {
            boolean withTls = door.signIn.names(true, connection.tls()).contains(command.mechanism());
            return withTls
                    ? Answer.no("ENCRYPT-NEEDED", "use STARTTLS first")
                    : Answer.no("this mechanism is not available here");
        }
        ServerMechanism mechanism = begun.get();
        Step step = command.initial().isPresent()
                ? mechanism.respond(decoded(command.initial().get()))
                : mechanism.start();
        String last = "";
        while (step instanceof Step.Challenge(Octets octets)) {
            String coded = ResponseLine.encode(octets);
            if (octets.startsWith(Octets.of("v="))) {
                // SCRAM's signature of the server goes with the success (RFC 5804 §2.1).
                last = coded;
                step = mechanism.respond(Octets.EMPTY);
                continue;
            }
            connection.write(Command.written(coded));
            connection.write("\r\n");
            String response = Command.string(whole());
            if (response.equals("*")) {
                return Answer.no("cancelled");
            }
            step = mechanism.respond(decoded(response));
        }
        return switch (step) {
            case Step.Success success -> welcome(success.effective(), command.mechanism(), last);
            case Step.Failed failed -> failed(failed);
            case Step.Challenge _ -> throw new IllegalStateException("not reached");
        };
    }

    private static Octets decoded(String base64) {
        return switch (ResponseLine.parse(Octets.of(base64))) {
            case ResponseLine.Response(Octets octets) -> octets;
            case ResponseLine.Cancel _ -> throw new BadSyntax("cancelled");
        };
    }

    private Answer welcome(String name, String mechanism, String last) {
        Optional<Account> account = door.directory.byLoginName(name);
        if (account.isEmpty() || account.get().state() != Account.State.ACTIVE) {
            return Answer.no("name or password is wrong");
        }
        state = new State.SignedIn(account.get());
        connection.deadline(door.settings.timeout());
        trace.info("login", "user", account.get().address(), "method", mechanism);
        return last.isEmpty() ? Answer.ok("welcome") : Answer.ok("SASL \"" + last + "\"", "welcome");
    }

    private Answer failed(Step.Failed failed) {
        if (failed.reason() == Step.Reason.MALFORMED) {
            throw new BadSyntax("the response is not what the mechanism wants");
        }
        trace.info("login refused", "user", failed.name(), "reason", failed.detail());
        Duration delay = door.settings.failureDelay();
        LockSupport.parkNanos(delay.toNanos());
        return ++failures >= MOST_FAILURES
                ? Answer.bye("", "name or password is wrong; goodbye")
                : Answer.no("name or password is wrong");
    }
}
