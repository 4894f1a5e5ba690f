package tamanoir.server.imap;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.imap.AppendParser;
import tamanoir.mail.imap.Command;
import tamanoir.mail.imap.CommandParser;
import tamanoir.mail.imap.ResponseCode;
import tamanoir.mail.imap.UnknownCharset;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Stopping;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.search.Candidates;

/// One client from greeting to goodbye: reads a command, has it done, writes exactly one tagged answer.
///
/// In between, [#dispatch] switches over the command; whatever is thrown becomes the answer in one place, [#answer].
/// What other sessions did is told just before the tagged answer (RFC 9051 §5.2).
final class Session {
    private final Connection connection;
    private final ImapDoor door;
    private final Trace trace;
    private final CommandReader reader;

    private State state = new State.NotAuthenticated(0);
    private boolean condstore;
    private boolean qresync;
    private boolean utf8;
    private boolean startTls;
    private int nonsense;
    private String tag = "";
    private final long since = System.nanoTime();

    Session(Connection connection, ImapDoor door, Trace trace) {
        this.connection = connection;
        this.door = door;
        this.trace = trace;
        this.reader = new CommandReader(connection, door.settings());
    }

    // ---- the loop ----------------------------------------------------------------------------------------------

    void run() throws IOException {
        try {
            connection.write("* OK [CAPABILITY " + capabilities() + "] "
                    + door.settings().banner() + "\r\n");
            while (!(state instanceof State.Ended)) {
                step();
            }
        } catch (Farewell e) {
            connection.write(e.line());
        } catch (Stopping e) {
            connection.write("* BYE the server stops, please come back\r\n");
        } catch (SocketTimeoutException e) {
            // RFC 9051 §5.4
            connection.write("* BYE autologout, nothing was said for too long\r\n");
        } catch (EOFException e) {
            trace.debug("gone");
        } finally {
            signOut();
        }
    }

    private void step() throws IOException {
        if (state instanceof State.NotAuthenticated) {
            // Not for each command, but for all until the login
            Duration left = door.settings().loginTimeout().minusNanos(System.nanoTime() - since);
            connection.deadline(left.isPositive() ? left : Duration.ofMillis(1));
        }
        Wire wire = new Wire(connection::write, utf8);
        Octets first;
        try {
            first = reader.line();
            tag = tagOf(first);
        } catch (BadSyntax e) {
            // RFC 9051 §7.1.3: there is no tag to answer to
            connection.write("* " + nonsense(e).line() + "\r\n");
            return;
        }
        Answer answer = answer(first, wire);
        wire.spill();
        connection.write(tag + " " + answer.line() + "\r\n");
        if (startTls) {
            startTls();
        }
    }

    private String tagOf(Octets first) throws IOException {
        try {
            return new CommandParser(first).tag();
        } catch (BadSyntax e) {
            reader.swallow(first);
            throw e;
        }
    }

    private Answer answer(Octets first, Wire wire) throws IOException {
        try {
            Answer answer = perform(first, wire);
            nonsense = answer.status() == Answer.Status.BAD ? nonsense + 1 : 0;
            return answer;
        } catch (RuntimeException e) {
            if (!wire.abandon()) {
                trace.warn("response cut short", "cause", e);
                throw new IOException("a response could not be finished", e);
            }
            return switch (e) {
                case Farewell goodbye -> throw goodbye;
                case UnknownCharset u ->
                    Answer.no(
                            new ResponseCode.BadCharset(List.of("US-ASCII", "UTF-8")), "this charset is not supported");
                case BadSyntax syntax -> nonsense(syntax);
                case CommandReader.TooBig big ->
                    new Answer(Answer.Status.BAD, ResponseCode.Plain.TOOBIG, String.valueOf(big.getMessage()));
                case Names.Impossible name -> name.answer();
                case BinaryContent.UnknownEncoding encoding ->
                    Answer.no(ResponseCode.Plain.UNKNOWN_CTE, "the encoding of a part is unknown");
                case MailboxRefused refused -> refused(refused);
                case Refused refused -> Answer.no(String.valueOf(refused.getMessage()));
                case Unavailable later -> {
                    trace.warn("unavailable", "detail", later.detail());
                    yield Answer.no(ResponseCode.Plain.UNAVAILABLE, String.valueOf(later.getMessage()));
                }
                default -> {
                    trace.bug(e);
                    yield Answer.no(ResponseCode.Plain.SERVERBUG, "an error on our side; it has been logged");
                }
            };
        }
    }

    private Answer nonsense(BadSyntax e) {
        if (++nonsense > door.settings().errorLimit()) {
            throw new Farewell(ResponseCode.NONE, "too many wrong commands");
        }
        return Answer.bad(String.valueOf(e.getMessage()));
    }

    static Answer refused(MailboxRefused refused) {
        ResponseCode code = switch (refused.reason()) {
            case ALREADYEXISTS -> ResponseCode.Plain.ALREADYEXISTS;
            case CANNOT -> ResponseCode.Plain.CANNOT;
            case HASCHILDREN -> ResponseCode.Plain.HASCHILDREN;
            case LIMIT -> ResponseCode.Plain.LIMIT;
            case NONEXISTENT -> ResponseCode.Plain.NONEXISTENT;
            case OVERQUOTA -> ResponseCode.Plain.OVERQUOTA;
            case USEATTR -> ResponseCode.Plain.USEATTR;
            case EXPUNGEISSUED -> ResponseCode.Plain.EXPUNGEISSUED;
        };
        return Answer.no(code, String.valueOf(refused.getMessage()));
    }

    private Answer perform(Octets first, Wire wire) throws IOException {
        if (AppendParser.isAppend(first) && !(state instanceof State.NotAuthenticated)) {
            Answer answer = new AppendCommand(this, reader, connection).run(first);
            tellNews(wire, true);
            return answer;
        }
        CommandParser parser = new CommandParser(reader.rest(first));
        parser.tag();
        Command command = parser.command();
        trace.debug("command", "name", command.getClass().getSimpleName());
        Answer answer = dispatch(command, wire);
        // RFC 9051 §7.5.1: numbers in these commands would mean other messages
        boolean numbered = switch (command) {
            case Command.Fetch fetch -> !fetch.uid();
            case Command.Store store -> !store.uid();
            case Command.Search search -> !search.uid();
            case Command.Sort sort -> !sort.uid();
            case Command.Threads threads -> !threads.uid();
            default -> false;
        };
        tellNews(wire, !numbered);
        return answer;
    }

    // ---- dispatch ----------------------------------------------------------------------------------------------

    private Answer dispatch(Command command, Wire wire) throws IOException {
        return switch (command) {
            case Command.Capability c -> {
                wire.text("* CAPABILITY ").text(capabilities()).crlf();
                yield Answer.ok("that is all");
            }
            case Command.Noop c -> Answer.ok("done");
            case Command.Logout c -> {
                wire.text("* BYE goodbye").crlf();
                signOut();
                state = new State.Ended();
                yield Answer.ok("signed out");
            }
            case Command.Id id -> {
                wire.text("* ID (\"name\" \"Tamanoir\")").crlf();
                if (!id.fields().isEmpty()) {
                    trace.debug("client", "id", id.fields());
                }
                yield Answer.ok("pleased to meet you");
            }
            case Command.StartTls c -> beginTls();
            case Command.Authenticate authenticate -> authentication().authenticate(authenticate, reader);
            case Command.Login login -> authentication().login(login);
            case Command.Enable enable -> enable(enable, wire);
            case Command.Select select -> new SelectCommand(this).run(select, wire);
            case Command.Create create -> new MailboxCommands(this).create(create);
            case Command.Delete delete -> new MailboxCommands(this).delete(delete);
            case Command.Rename rename -> new MailboxCommands(this).rename(rename);
            case Command.Subscribe subscribe -> new MailboxCommands(this).subscribe(subscribe.mailbox(), true);
            case Command.Unsubscribe unsubscribe -> new MailboxCommands(this).subscribe(unsubscribe.mailbox(), false);
            case Command.Listing listing -> new ListCommand(this).list(listing, wire);
            case Command.Lsub lsub -> new ListCommand(this).lsub(lsub, wire);
            case Command.Namespace c -> {
                mail();
                // RFC 2342 §5: personal names have no prefix; there are no others
                wire.text("* NAMESPACE ((\"\" \"/\")) NIL NIL").crlf();
                yield Answer.ok("done");
            }
            case Command.Status status -> new StatusCommand(this).run(status, wire);
            case Command.Idle c -> new IdleCommand(this, connection, reader).run(wire);
            case Command.GetQuota quota -> new QuotaCommand(this).quota(quota, wire);
            case Command.GetQuotaRoot root -> new QuotaCommand(this).root(root, wire);
            case Command.Check c -> {
                selected();
                yield Answer.ok("done");
            }
            case Command.Close c -> close(true);
            case Command.Unselect c -> close(false);
            case Command.Expunge c -> new ExpungeCommand(this).all(wire);
            case Command.UidExpunge expunge -> new ExpungeCommand(this).some(expunge, wire);
            case Command.Search search -> new SearchCommand(this).run(search, wire);
            case Command.Sort sort -> new SortCommand(this).run(sort, wire);
            case Command.Threads threads -> new ThreadCommand(this).run(threads, wire);
            case Command.Fetch fetch -> new FetchCommand(this).run(fetch, wire);
            case Command.Store store -> new StoreCommand(this).run(store, wire);
            case Command.Copy copy -> new TransferCommand(this).copy(copy);
            case Command.Move move -> new TransferCommand(this).move(move, wire);
            case Command.Unknown unknown -> Answer.bad("there is no such command here");
        };
    }

    // ---- before login ------------------------------------------------------------------------------------------

    private Authentication authentication() {
        if (!(state instanceof State.NotAuthenticated)) {
            throw new BadSyntax("you are signed in already");
        }
        return new Authentication(this, connection, door);
    }

    String capabilities() {
        if (state instanceof State.NotAuthenticated) {
            Authentication authentication = new Authentication(this, connection, door);
            return Capabilities.before(
                    mayStartTls(),
                    authentication.mayUsePasswords(),
                    authentication.mechanisms(),
                    door.settings().hiddenCapabilities());
        }
        return Capabilities.after(door.settings().appendLimit(), door.settings().hiddenCapabilities());
    }

    private boolean mayStartTls() {
        return door.tls().isPresent() && connection.tls().isEmpty();
    }

    private Answer beginTls() {
        if (!(state instanceof State.NotAuthenticated)) {
            throw new BadSyntax("STARTTLS comes before login");
        }
        if (!mayStartTls()) {
            throw new BadSyntax("STARTTLS is not offered here");
        }
        startTls = true;
        return Answer.ok("begin TLS now");
    }

    /// RFC 9051 §6.2.1: nothing that was said before the handshake counts; octets smuggled in behind the command end
    /// the
    /// connection.
    private void startTls() throws IOException {
        startTls = false;
        connection.flush();
        connection.startTls(door.tls().orElseThrow());
        state = new State.NotAuthenticated(0);
        nonsense = 0;
    }

    /// How often this client has failed to sign in.
    int failures() {
        return state instanceof State.NotAuthenticated n ? n.failures() : 0;
    }

    void countFailure() {
        state = new State.NotAuthenticated(failures() + 1);
    }

    void signIn(Account account) {
        state = new State.Authenticated(account, door.mailboxes().open(account.id()));
        reader.signedIn();
        connection.deadline(door.settings().idleTimeout());
    }

    private void signOut() {
        switch (state) {
            case State.Authenticated in -> door.seats().leave(in.account().id());
            case State.Selected in -> door.seats().leave(in.account().id());
            case State.NotAuthenticated out -> {}
            case State.Ended ended -> {}
        }
        state = new State.Ended();
    }

    // ---- what commands ask of the session ----------------------------------------------------------------------

    Trace trace() {
        return trace;
    }

    ImapSettings settings() {
        return door.settings();
    }

    Instant now() {
        return door.clock().instant();
    }

    tamanoir.server.store.Blobs blobs() {
        return door.mailboxes().blobs();
    }

    /// What rules messages of this account out that a text cannot be in; to be closed.
    Candidates candidates() {
        return door.search().candidates(mail().account());
    }

    Names names() {
        return new Names(utf8);
    }

    AccountMail mail() {
        return switch (state) {
            case State.Authenticated in -> in.mail();
            case State.Selected in -> in.mail();
            case State.NotAuthenticated out -> throw new BadSyntax("sign in first");
            case State.Ended ended -> throw new BadSyntax("the session has ended");
        };
    }

    SelectedMailbox selected() {
        mail();
        if (state instanceof State.Selected in) {
            return in.box();
        }
        throw new BadSyntax("select a mailbox first");
    }

    boolean hasSelected() {
        return state instanceof State.Selected;
    }

    void select(SelectedMailbox box) {
        State now = state;
        state = switch (now) {
            case State.Authenticated in -> new State.Selected(in.account(), in.mail(), box);
            case State.Selected in -> new State.Selected(in.account(), in.mail(), box);
            case State.NotAuthenticated out -> now;
            case State.Ended ended -> now;
        };
    }

    void unselect() {
        if (state instanceof State.Selected in) {
            state = new State.Authenticated(in.account(), in.mail());
        }
    }

    boolean condstore() {
        return condstore;
    }

    boolean qresync() {
        return qresync;
    }

    boolean utf8() {
        return utf8;
    }

    /// RFC 7162 §3.1: some commands turn CONDSTORE on by being used; the client learns where the counter stands.
    void turnOnCondstore(Wire wire) throws IOException {
        if (!condstore) {
            condstore = true;
            if (state instanceof State.Selected in) {
                wire.text("* OK [HIGHESTMODSEQ ")
                        .number(in.box().view().highestModseq())
                        .text("] changes are counted")
                        .crlf();
            }
        }
    }

    /// The tag of the command being done, for ESEARCH (RFC 4731 §2).
    String tag() {
        return tag;
    }

    SelectedMailbox.Telling telling() {
        return new SelectedMailbox.Telling(condstore, qresync, true);
    }

    void tellNews(Wire wire, boolean mayExpunge) throws IOException {
        if (state instanceof State.Selected in) {
            try {
                in.box().tell(wire, mayExpunge, qresync, telling());
            } catch (MailboxRefused e) {
                throw new Farewell(ResponseCode.NONE, "the selected mailbox was deleted");
            }
        }
    }

    private Answer enable(Command.Enable enable, Wire wire) throws IOException {
        mail();
        if (hasSelected()) {
            throw new BadSyntax("ENABLE comes before a mailbox is selected"); // RFC 5161 §3.1
        }
        List<String> enabled = new ArrayList<>();
        for (String name : enable.capabilities()) {
            switch (name) {
                case "CONDSTORE" -> condstore = true;
                case "QRESYNC" -> {
                    qresync = true;
                    condstore = true; // RFC 7162 §3.2.3
                }
                case "UTF8=ACCEPT" -> utf8 = true;
                default -> {
                    continue; // RFC 5161 §3.1: unknown ones are passed over
                }
            }
            enabled.add(name);
        }
        wire.text("* ENABLED")
                .text(enabled.isEmpty() ? "" : " " + String.join(" ", enabled))
                .crlf();
        return Answer.ok("done");
    }

    /// CLOSE removes what is marked and says nothing of it (RFC 9051 §6.4.1); UNSELECT removes nothing (RFC 3691).
    private Answer close(boolean expunge) {
        SelectedMailbox box = selected();
        if (expunge && !box.readOnly()) {
            mail().expunge(box.id(), tamanoir.server.mailbox.Uids.ALL);
        }
        unselect();
        return Answer.ok("closed");
    }
}
