package tamanoir.server.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.BadCommand;
import tamanoir.mail.smtp.Command;
import tamanoir.mail.smtp.CommandParser;
import tamanoir.mail.smtp.Deviation;
import tamanoir.mail.smtp.DotReader;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Path;
import tamanoir.mail.smtp.Release;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Evidence;
import tamanoir.server.authresults.Examiner;
import tamanoir.server.intake.Receipt;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Line;
import tamanoir.server.net.LineTooLong;
import tamanoir.server.net.Stopping;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Link;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;
import tamanoir.server.postscreen.Screening;
import tamanoir.server.queue.QueueId;
import tamanoir.server.smtp.SmtpSettings.BareNewline;
import tamanoir.server.store.Body;

/// One client of an SMTP or LMTP service, from the greeting to the last word.
///
/// [#run] is the loop: line, [Command], `switch`, [Reply]. Replies leave when the input runs dry, so a
/// pipelined group gets one packet of answers (RFC 2920 §3.2). Used by the connection's virtual thread
/// only.
final class Session {
    /// RFC 4954 §4: a response in AUTH has up to 12,288 octets; other lines are far shorter.
    private static final int LONGEST_LINE = 12_288;

    /// A chunk that is refused anyway is read to its end up to this size (RFC 3030 §2), a longer one ends
    /// the session.
    private static final long LONGEST_REFUSED_CHUNK = 256L * 1024 * 1024;

    private final SmtpDoor door;
    private final SmtpSettings settings;
    private final Connection connection;
    private final Trace trace;
    private final Counts counts = new Counts();
    private final MilterGate milters;
    private final Gate gate;
    private final Handover handover;

    private Screening screening;
    private Question facts;
    private State state = new State.Connected();
    private boolean open = true;
    /// The greeting was a refusal: the client may only QUIT (RFC 5321 §3.1).
    private boolean turnedAway;
    /// The client has sent commands where it may not send ahead (RFC 2920 §3.1).
    private boolean talksAhead;
    private int errors;
    private int junk;

    Session(SmtpDoor door, Connection connection) {
        this.door = door;
        this.settings = door.settings();
        this.connection = connection;
        this.trace = new Trace(settings.isLmtp() ? "lmtpd" : "smtpd", Long.toString(connection.id()));
        this.milters = new MilterGate(door.milters(), door.destinations(), trace);
        this.gate = new Gate(door.policy(), milters, trace);
        this.handover = new Handover(door, trace);
        this.screening = Screening.none(door.postscreen(), connection.peer().getAddress());
        this.facts = Question.of(Client.nameless(
                connection.peer().getAddress(), connection.peer().getPort()));
    }

    // ---- the loop ----------------------------------------------------------------------------------------------

    void run() throws IOException {
        connection.deadline(settings.limits().timeout());
        try {
            screening = door.postscreen().greet(connection);
        } catch (EOFException | Stopping gone) {
            return;
        }
        Question base = Question.of(door.names().of(connection.peer()));
        Question linked = base.withLink(Link.at(connection.local()));
        facts = connection.tls().isPresent() ? linked.withTls(connection.tls()) : linked;
        trace.info("connect", "service", settings.service(), "client", client());
        String last = "CONNECT";
        try {
            greet();
            while (open) {
                last = step();
            }
            connection.flush();
        } catch (Stopping e) {
            connection.write(Reply.of(421, "4.3.2", settings.hostname() + " Service shutting down")
                    .toWire());
        } catch (SocketTimeoutException e) {
            screening.timesOut();
            trace.info("timeout", "after", last, "client", client());
            connection.write(Reply.of(421, "4.4.2", settings.hostname() + " Error: timeout exceeded")
                    .toWire());
        } catch (EOFException e) {
            screening.hangsUp();
            trace.info("lost connection", "after", last, "client", client());
        } finally {
            if (state instanceof State.Chunking chunking) {
                chunking.arrival().close();
            }
            screening.ends();
            milters.close();
            trace.info("disconnect", "client", client(), "counts", counts);
        }
    }

    private void greet() throws IOException {
        if (screening.farewell().isPresent()) {
            send(screening.farewell().get());
            open = false;
            return;
        }
        if (!door.rates().allows(client(), Rates.Event.CONNECTION)) {
            send(Reply.of(421, "4.7.0", settings.hostname() + " Error: too many connections from " + client()));
            open = false;
            return;
        }
        switch (gate.connected(facts)) {
            case Verdict.Pass pass -> {
                facts = facts.after(pass, false);
                send(filteredGreeting());
            }
            case Verdict.Refuse refuse -> {
                // RFC 5321 §3.1: 554 instead of a greeting; the client may only QUIT.
                send(refuse.reply());
                open = refuse.reply().code() != 421;
                turnedAway = true;
            }
        }
    }

    /// What milters say about a client at once stays said: where it is no farewell, it comes again at MAIL.
    private Reply filteredGreeting() {
        if (gate.connectedToMilters(facts) instanceof Verdict.Refuse refuse) {
            if (refuse.reply().code() == 421) {
                open = false;
                return Reply.of(421, "4.7.0", settings.hostname() + " Service unavailable - try again later");
            }
            if (refuse.reply().isPermanent()) {
                return Reply.of(554, "", settings.hostname() + " ESMTP not accepting connections");
            }
        }
        return Reply.of(220, "", settings.banner());
    }

    /// One command; answers its verb.
    private String step() throws IOException {
        String verb = "UNKNOWN";
        Reply reply;
        try {
            connection.deadline(door.postscreen()
                    .commandTime(screening)
                    .orElse(settings.limits().timeout()));
            Line line = connection.readLine(LONGEST_LINE);
            Optional<Reply> farewell = screening.sees(line, Verbs.of(line.octets()), connection);
            if (farewell.isPresent()) {
                open = false;
                reply = farewell.get();
            } else if (line.ending() == Line.Ending.LF && refusesBareNewline()) {
                open = false;
                reply = Replies.BARE_NEWLINE;
            } else {
                Command command = CommandParser.parse(line.octets());
                if (trace.isDebug()) {
                    trace.debug(
                            "<", "line", command instanceof Command.Auth a ? "AUTH " + a.mechanism() : line.octets());
                }
                verb = command instanceof Command.Unknown ? "UNKNOWN" : command.verb();
                talksAhead |= isTooEarly(command);
                if (talksAhead && settings.rules().noPipelining() && !screening.isWatching()) {
                    trace.info("improper command pipelining", "after", verb, "client", client());
                    open = false;
                    reply = Replies.OUT_OF_STEP;
                } else {
                    reply = execute(command);
                }
            }
        } catch (LineTooLong e) {
            reply = Replies.LINE_TOO_LONG;
        } catch (BadCommand e) {
            reply = e.reply();
        } catch (BadSyntax e) {
            reply = Reply.of(501, "5.5.4", "Error: " + e.getMessage());
        } catch (Refused e) {
            trace.info("reject", "verb", verb, "client", client(), "reason", e.detail());
            reply = Reply.of(554, "5.7.1", String.valueOf(e.getMessage()));
        } catch (Unavailable e) {
            trace.warn("defer", "verb", verb, "client", client(), "reason", e.detail());
            reply = Reply.of(451, "4.3.0", "Error: " + e.getMessage());
        } catch (RuntimeException bug) {
            trace.bug(bug);
            reply = Replies.APOLOGY;
        }
        counts.add(verb.toLowerCase(Locale.ROOT), reply.isPositive());
        answer(reply);
        return verb;
    }

    /// Whether more has come behind a command that must be the last of its group. A client that said HELO,
    /// or nothing yet, was never told that it may send ahead.
    private boolean isTooEarly(Command command) {
        return connection.buffered() > 0
                && !settings.isLmtp()
                && !isForbidden(command)
                && (facts.protocol().equals("SMTP")
                        ? !(command instanceof Command.Quit)
                        : Pipelining.endsGroup(command))
                && Pipelining.isTrouble(command, connection.ahead(10), mayTakeData());
    }

    private boolean mayTakeData() {
        return state instanceof State.Sending(Transaction transaction) && !transaction.recipients.isEmpty();
    }

    /// Sends a reply and keeps the peace: a client that only makes mistakes is slowed down, then sent away.
    private void answer(Reply reply) throws IOException {
        if (!reply.isPositive() && !reply.equals(Replies.TOO_MANY_RECIPIENTS)) {
            errors++;
            if (errors > settings.limits().softErrors()) {
                connection.flush();
                pause();
            }
        }
        send(reply);
        open &= reply.code() != 421; // RFC 5321 §3.8: the service closes
        if (open && errors >= settings.limits().hardErrors()) {
            trace.info("too many errors", "client", client(), "errors", errors);
            send(Reply.of(421, "4.7.0", settings.hostname() + " Error: too many errors"));
            open = false;
        }
        if (reply.equals(Replies.READY_FOR_TLS)) {
            startTls();
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(settings.limits().errorSleep());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopping();
        }
    }

    private void send(Reply plain) throws IOException {
        Reply reply = plain.isPositive() ? plain : settings.rules().refusals().finished(plain, facts);
        String wire = reply.toWire();
        if (trace.isDebug()) {
            trace.debug(">", "reply", reply);
        }
        connection.write(Octets.of(wire));
    }

    private Client client() {
        return facts.client();
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    private Reply execute(Command command) throws IOException {
        if (turnedAway && !(command instanceof Command.Quit)) {
            return Reply.of(503, "5.7.0", "Error: access denied for " + client());
        }
        return switch (command) {
            case Command.Ehlo ehlo -> settings.isLmtp() ? Replies.LHLO_FIRST : hello("ESMTP", ehlo.name());
            case Command.Helo helo -> settings.isLmtp() ? Replies.LHLO_FIRST : hello("SMTP", helo.name());
            case Command.Lhlo lhlo -> settings.isLmtp() ? hello("LMTP", lhlo.name()) : Replies.UNKNOWN;
            case Command.Mail mail -> mail(mail);
            case Command.Rcpt rcpt -> rcpt(rcpt);
            case Command.Data _ -> data();
            case Command.Rset _ -> {
                reset();
                yield junk(Replies.OK);
            }
            case Command.Vrfy vrfy -> junk(vrfy(vrfy));
            case Command.Expn _ -> Replies.NOT_IMPLEMENTED; // RFC 5321 §3.5.2: lists are nobody's business
            case Command.Help _ -> Reply.of(214, "2.0.0", "RFC 5321 has the commands");
            case Command.Noop _ -> junk(Replies.OK);
            case Command.Quit _ -> {
                if (mayTakeData()) {
                    screening.passes(); // a probe of an address ends here, and was in order
                }
                open = false;
                yield Replies.BYE;
            }
            case Command.Bdat bdat -> bdat(bdat);
            case Command.StartTls _ -> startTlsReply();
            case Command.Auth auth -> auth(auth);
            case Command.Etrn _ -> junk(Replies.NOT_IMPLEMENTED);
            case Command.XClient xclient -> xclient(xclient);
            case Command.Unknown unknown -> unknown(unknown);
        };
    }

    private Reply unknown(Command.Unknown unknown) {
        // While the client is under test, its test decides what comes of it.
        if (isForbidden(unknown) && !screening.isWatching()) {
            // A web browser tricked into talking SMTP: its next lines are somebody else's text.
            open = false;
            trace.warn("non-SMTP command", "client", client(), "command", unknown.word());
            return Replies.RULE_BREAKER;
        }
        return gate.unknown(facts, unknown.line().latin1()) instanceof Verdict.Refuse refuse
                ? refuse.reply()
                : Replies.UNKNOWN; // RFC 5321 §4.2.4
    }

    private boolean isForbidden(Command command) {
        return command instanceof Command.Unknown unknown
                && settings.rules().forbidden().contains(unknown.word());
    }

    /// Commands that do no work are free a hundred times (`smtpd_junk_command_limit`), then count as
    /// errors.
    private Reply junk(Reply reply) {
        if (++junk > settings.limits().junkCommands()) {
            errors++;
        }
        return reply;
    }

    private Reply hello(String protocol, String name) {
        reset();
        Question greeted = facts.withGreeting(protocol, name);
        switch (gate.greeted(greeted)) {
            case Verdict.Refuse refuse -> {
                return refuse.reply();
            }
            case Verdict.Pass pass -> facts = greeted.after(pass, true);
        }
        boolean unwelcome = false;
        if (gate.greetedMilters(facts) instanceof Verdict.Refuse refuse) {
            if (refuse.reply().code() == 421) {
                return refuse.reply();
            }
            // As Sendmail does: HELO is answered, and everything that follows is refused.
            unwelcome = refuse.reply().isPermanent();
        }
        state = new State.Greeted();
        if (unwelcome && !protocol.equals("SMTP")) {
            return new Reply(250, "", List.of(settings.hostname(), "ENHANCEDSTATUSCODES"));
        }
        if (protocol.equals("SMTP")) {
            return Reply.of(250, "", settings.hostname());
        }
        return new Reply(250, "", capabilities()); // RFC 5321 §4.1.1.1
    }

    private List<String> capabilities() {
        List<String> lines = new ArrayList<>(16);
        lines.add(settings.hostname());
        announce(lines, "PIPELINING"); // RFC 2920
        long size = settings.limits().messageSize();
        announce(lines, size > 0 ? "SIZE " + size : "SIZE"); // RFC 1870 §4
        if (!settings.isLmtp() && !settings.rules().vrfyDisabled()) {
            announce(lines, "VRFY");
        }
        if (tlsPossible()) {
            announce(lines, "STARTTLS"); // RFC 3207 §4
        }
        if (authPossible()) {
            String mechanisms = String.join(" ", door.signIn().names(plainText(), connection.tls()));
            announce(lines, "AUTH " + mechanisms); // RFC 4954 §3
            if (settings.signIn().oldLine()) {
                announce(lines, "AUTH=" + mechanisms); // what Outlook Express and its time look for
            }
        }
        announce(lines, "ENHANCEDSTATUSCODES"); // RFC 2034
        announce(lines, "8BITMIME"); // RFC 6152
        announce(lines, "DSN"); // RFC 3461
        Duration hold = settings.limits().futureRelease();
        if (!hold.isZero()) {
            announce(
                    lines,
                    "FUTURERELEASE " + hold.toSeconds() + " "
                            + door.clock().instant().plus(hold).truncatedTo(ChronoUnit.SECONDS)); // RFC 4865 §3
        }
        if (settings.rules().smtpUtf8()) {
            announce(lines, "SMTPUTF8"); // RFC 6531 §3.1
        }
        announce(lines, "CHUNKING"); // RFC 3030
        announce(lines, "BINARYMIME");
        if (settings.rules().xclient().test(client().address())) {
            announce(lines, "XCLIENT NAME ADDR PORT PROTO HELO LOGIN REVERSE_NAME");
        }
        return lines;
    }

    private void announce(List<String> lines, String line) {
        int end = line.indexOf(' ');
        String keyword = end < 0 ? line : line.substring(0, end);
        if (!settings.rules().hidden().contains(keyword.startsWith("AUTH=") ? "AUTH" : keyword)
                && !screening.hides(keyword)) {
            lines.add(line);
        }
    }

    private boolean tlsPossible() {
        return settings.tls().offered() && door.tls().isPresent() && !facts.tls();
    }

    private boolean authPossible() {
        return settings.signIn().offered() && (facts.tls() || !settings.signIn().onlyUnderTls());
    }

    /// Whether passwords may be shown to whoever reads along (`noplaintext`).
    private boolean plainText() {
        return facts.tls() || settings.signIn().plainTextInClear();
    }

    // ---- MAIL and RCPT -------------------------------------------------------------------------------------------

    private Reply mail(Command.Mail mail) {
        switch (state) {
            case State.Connected _ -> {
                if (settings.rules().heloRequired() || settings.isLmtp()) {
                    return settings.isLmtp() ? Replies.LHLO_FIRST : Replies.GREET_FIRST;
                }
            }
            case State.Greeted _ -> {}
            case State.Sending _, State.Chunking _ -> {
                return Replies.NESTED_MAIL;
            }
        }
        if (settings.tls().required() && !facts.tls()) {
            return Replies.TLS_FIRST;
        }
        if (settings.signIn().required() && !facts.authenticated()) {
            return Replies.LOGIN_FIRST; // RFC 6409 §4.3, RFC 4954 §6
        }
        refuseDeviations(mail.deviations());
        if (mail.smtpUtf8() && !settings.rules().smtpUtf8()) {
            throw new BadCommand(555, "5.5.4", "Unsupported option: SMTPUTF8");
        }
        if (mail.requireTls()) {
            throw new BadCommand(555, "5.5.4", "Unsupported option: REQUIRETLS"); // RFC 8689: not announced
        }
        refuseRelease(mail.release());
        if (!door.rates().allows(client(), Rates.Event.MESSAGE)) {
            return Reply.of(450, "4.7.1", "Error: too much mail from " + client().addressText());
        }
        long limit = settings.limits().messageSize();
        if (limit > 0 && mail.size() > limit) {
            return Replies.TOO_LARGE_ANNOUNCED; // RFC 1870 §6.1
        }
        long free = door.freeOctets().getAsLong();
        if (free < settings.limits().leastFreeOctets()
                || free - mail.size() < settings.limits().leastFreeOctets()) {
            trace.warn(
                    "not enough free space",
                    "free",
                    free,
                    "needed",
                    settings.limits().leastFreeOctets());
            return Replies.NO_ROOM;
        }
        ReversePath sender = completed(mail.sender());
        Question question = facts.withSender(mail.sender(), sender, mail.size());
        QueueId id = door.queue().newId();
        return switch (gate.sender(question, mail, id)) {
            case Verdict.Refuse refuse -> refuse.reply();
            case Verdict.Pass pass -> {
                facts = question.afterSender(pass);
                Transaction transaction =
                        new Transaction(mail, sender, door.clock().instant(), id);
                transaction.effects.addAll(pass.effects());
                state = new State.Sending(transaction);
                yield Replies.SENDER_OK;
            }
        };
    }

    private void refuseDeviations(java.util.Set<Deviation> deviations) {
        if (settings.rules().strictEnvelopes() && !deviations.isEmpty()) {
            throw new BadCommand(501, "5.5.4", "Syntax: brackets around the address, no blank and no route");
        }
    }

    /// RFC 4865 §4: on the submission service alone, and not beyond what was announced.
    private void refuseRelease(Release release) {
        if (release.equals(new Release.Now())) {
            return;
        }
        Duration longest = settings.limits().futureRelease();
        if (longest.isZero() || settings.rules().hidden().contains("FUTURERELEASE")) {
            throw new BadCommand(555, "5.5.4", "Unsupported option: future release");
        }
        Instant now = door.clock().instant();
        if (release.from(now).filter(now.plus(longest)::isBefore).isPresent()) {
            throw new BadCommand(
                    501, "5.5.4", "Error: a message is kept for " + longest.toSeconds() + " seconds at most");
        }
    }

    private ReversePath completed(Path path) {
        return switch (path) {
            case Path.Null _ -> ReversePath.NULL;
            case Path.Bare bare ->
                ReversePath.of(new Address(bare.localPart(), settings.routes().origin()));
            case Path.Whole whole -> ReversePath.of(whole.address());
        };
    }

    /// Where a recipient is, with ways in its local part taken apart.
    private Address recipient(Path path) {
        return switch (path) {
            case Path.Null _ -> throw new BadCommand(501, "5.1.3", "Bad recipient address syntax");
            case Path.Bare bare -> settings.routes().bare(bare.localPart());
            case Path.Whole whole -> settings.routes().resolved(whole.address());
        };
    }

    private Reply rcpt(Command.Rcpt rcpt) {
        Transaction transaction;
        switch (state) {
            case State.Connected _, State.Greeted _ -> {
                return Replies.MAIL_FIRST;
            }
            case State.Chunking _ -> {
                return Replies.IN_CHUNKS;
            }
            case State.Sending sending -> transaction = sending.transaction();
        }
        refuseDeviations(rcpt.deviations());
        transaction.attempts++;
        if (transaction.recipients.size() >= settings.limits().recipients()) {
            // RFC 5321 §4.5.3.1.10: 452, so that the client sends the rest in another transaction.
            return Replies.TOO_MANY_RECIPIENTS;
        }
        if (!door.rates().allows(client(), Rates.Event.RECIPIENT)) {
            return Reply.of(450, "4.7.1", "Error: too many recipients from " + client().addressText());
        }
        Address address = recipient(rcpt.recipient());
        Question question =
                facts.withRecipient(rcpt.recipient(), address, transaction.recipients.size() + 1, talksAhead);
        Optional<Reply> screened = screening.refusal();
        if (screened.isPresent()) {
            gate.told("RCPT", new Verdict.Refuse(screened.get(), screening.reason()), question);
            return screened.get();
        }
        return switch (gate.recipient(question, rcpt, transaction.id)) {
            case Verdict.Refuse refuse -> refuse.reply();
            case Verdict.Pass pass -> {
                transaction.effects.addAll(pass.effects());
                transaction.recipients.add(
                        new Recipient(address, address, rcpt.notifications(), rcpt.originalRecipient()));
                yield Replies.RECIPIENT_OK;
            }
        };
    }

    private Reply vrfy(Command.Vrfy vrfy) {
        if (settings.rules().vrfyDisabled()) {
            return Replies.VRFY_DISABLED;
        }
        String text = vrfy.argument();
        if (text.startsWith("<") && text.endsWith(">")) {
            text = text.substring(1, text.length() - 1);
        }
        Path path;
        try {
            path = text.indexOf('@') < 0 ? new Path.Bare(text) : new Path.Whole(Address.of(text));
        } catch (BadSyntax e) {
            throw new BadCommand(501, "5.1.3", "Bad recipient address syntax");
        }
        Address address = recipient(path);
        Question question = facts.withRecipient(path, address, 1, false);
        return switch (gate.verified(question)) {
            case Verdict.Refuse refuse -> refuse.reply();
            case Verdict.Pass _ -> Reply.of(252, "2.0.0", address.toString()); // RFC 5321 §3.5.3
        };
    }

    // ---- DATA and BDAT -------------------------------------------------------------------------------------------

    private Reply data() throws IOException {
        Transaction transaction;
        switch (state) {
            case State.Connected _, State.Greeted _ -> {
                return Replies.MAIL_FIRST;
            }
            case State.Chunking _ -> {
                return Replies.IN_CHUNKS; // RFC 3030 §2: DATA and BDAT do not mix
            }
            case State.Sending sending -> transaction = sending.transaction();
        }
        Optional<Reply> no = refusal(transaction);
        if (no.isPresent()) {
            return no.get();
        }
        if (transaction.mail.body() == BodyType.BINARY_MIME) {
            return Replies.BINARY_NEEDS_BDAT; // RFC 3030 §3
        }
        send(Replies.GO_AHEAD);
        try (Arrival arrival = arrival(transaction)) {
            DotReader reader = new DotReader(
                    bareNewlineMode() == BareNewline.NORMALIZE
                            ? DotReader.BareLineFeed.NORMALIZE
                            : DotReader.BareLineFeed.KEEP);
            while (!reader.isDone()) {
                ByteBuffer input = connection.fill();
                int taken =
                        reader.feed(input.array(), input.arrayOffset() + input.position(), input.remaining(), arrival);
                connection.consume(taken);
            }
            if (reader.sawBareLineFeed()) {
                if (refusesBareNewline()) {
                    trace.info("reject: bare <LF>", "client", client());
                    reset();
                    open = false;
                    return Reply.of(settings.rules().bareNewlineCode(), "5.5.2", "Error: bare <LF> received");
                }
                if (bareNewlineMode() == BareNewline.NOTE) {
                    trace.info("bare <LF> in message", "client", client());
                }
            }
            return finish(transaction, arrival);
        } finally {
            reset();
        }
    }

    /// What stands against taking a message now, for DATA and the first BDAT.
    private Optional<Reply> refusal(Transaction transaction) {
        if (transaction.recipients.isEmpty()) {
            return Optional.of(transaction.attempts > 0 ? Replies.NO_RECIPIENTS : Replies.RECIPIENT_FIRST);
        }
        Question question = facts.withRecipients(transaction.addresses(), talksAhead);
        return switch (gate.data(question, transaction.id)) {
            case Verdict.Refuse refuse -> Optional.of(refuse.reply());
            case Verdict.Pass pass -> {
                transaction.effects.addAll(pass.effects());
                screening.passes();
                yield Optional.empty();
            }
        };
    }

    private Arrival arrival(Transaction transaction) {
        return new Arrival(door.blobs(), door.budget(), settings.limits().messageSize(), transaction.mail.size());
    }

    private BareNewline bareNewlineMode() {
        return settings.rules().bareNewlineExempt().test(client().address())
                ? BareNewline.NO
                : settings.rules().bareNewline();
    }

    private boolean refusesBareNewline() {
        return bareNewlineMode() == BareNewline.REJECT;
    }

    private Reply bdat(Command.Bdat bdat) throws IOException {
        long limit = settings.limits().messageSize();
        if (bdat.size() > Math.max(limit, LONGEST_REFUSED_CHUNK) && (limit > 0 || bdat.size() > 1L << 40)) {
            open = false; // nobody waits for that much only to say no
            return Replies.TOO_LARGE;
        }
        State.Chunking chunking;
        switch (state) {
            case State.Connected _, State.Greeted _ -> {
                swallow(bdat.size());
                return Replies.MAIL_FIRST;
            }
            case State.Sending(Transaction transaction) -> {
                Optional<Reply> no = refusal(transaction);
                if (no.isPresent()) {
                    swallow(bdat.size());
                    return no.get();
                }
                chunking = new State.Chunking(transaction, arrival(transaction), false);
                state = chunking;
            }
            case State.Chunking running -> chunking = running;
        }
        if (chunking.refused()) {
            swallow(bdat.size());
            return Reply.of(503, "5.5.1", "Error: a chunk was refused, send RSET");
        }
        receive(bdat.size(), chunking.arrival());
        if (chunking.arrival().outcome() != Arrival.Outcome.COMPLETE) {
            Reply reply = failure(chunking.arrival());
            chunking.arrival().close();
            state = new State.Chunking(chunking.transaction(), chunking.arrival(), true);
            if (bdat.last()) {
                reset();
            }
            return reply;
        }
        if (!bdat.last()) {
            return Reply.of(250, "2.0.0", "Ok: " + bdat.size() + " bytes");
        }
        try (Arrival arrival = chunking.arrival()) {
            return finish(chunking.transaction(), arrival);
        } finally {
            reset();
        }
    }

    private void receive(long size, Arrival arrival) throws IOException {
        long left = size;
        while (left > 0) {
            ByteBuffer input = connection.fill();
            int taken = (int) Math.min(left, input.remaining());
            arrival.write(input.array(), input.arrayOffset() + input.position(), taken);
            connection.consume(taken);
            left -= taken;
        }
    }

    /// RFC 3030 §2: the octets of a refused chunk come all the same.
    private void swallow(long size) throws IOException {
        long left = size;
        while (left > 0) {
            int taken = (int) Math.min(left, connection.fill().remaining());
            connection.consume(taken);
            left -= taken;
        }
    }

    private Reply failure(Arrival arrival) {
        return switch (arrival.outcome()) {
            case TOO_LARGE -> {
                trace.info("reject: message too large", "client", client(), "size", arrival.size());
                yield Replies.TOO_LARGE;
            }
            case NO_ROOM -> {
                trace.warn("no room for a message", "client", client(), "reason", arrival.trouble());
                yield Replies.NO_ROOM;
            }
            case COMPLETE -> throw new IllegalStateException();
        };
    }

    /// The octets are here: ask once more, hand over, and answer only when the message is durable (RFC 5321
    /// §6.1).
    private Reply finish(Transaction transaction, Arrival arrival) throws IOException {
        if (arrival.outcome() != Arrival.Outcome.COMPLETE) {
            return perRecipient(transaction, failure(arrival));
        }
        Body body;
        try {
            body = arrival.body();
        } catch (Unavailable e) {
            trace.warn("no room for a message", "client", client(), "reason", e.detail());
            return perRecipient(transaction, Replies.NO_ROOM);
        }
        Question question = facts.withRecipients(transaction.addresses(), talksAhead)
                .withSize(arrival.size())
                .withEvidence(evidence(transaction, body));
        switch (gate.endOfData(question)) {
            case Verdict.Refuse refuse -> {
                return perRecipient(transaction, refuse.reply());
            }
            case Verdict.Pass pass -> transaction.effects.addAll(pass.effects());
        }
        QueueId id = transaction.id;
        logAccepted(id);
        Receipt receipt;
        try {
            receipt = handover.accept(question, connection.tls(), transaction, body, milters.talk());
        } catch (Unavailable e) {
            trace.warn("defer", "id", id, "client", client(), "reason", e.detail());
            return perRecipient(
                    transaction,
                    e.getMessage() != null && e instanceof tamanoir.server.store.DiskFull
                            ? Replies.NO_ROOM
                            : Reply.of(451, "4.3.0", "Error: " + e.getMessage()));
        } catch (RuntimeException bug) {
            trace.bug(bug);
            return perRecipient(transaction, Replies.APOLOGY);
        }
        junk = 0;
        return switch (receipt) {
            case Receipt.Refused refused -> perRecipient(transaction, refused.reply());
            case Receipt.Accepted accepted -> {
                errors = 0;
                door.policy().accepted(question);
                yield settings.isLmtp() ? each(transaction, accepted) : Reply.of(250, "2.0.0", "Ok: queued as " + id);
            }
        };
    }

    /// RFC 2033 §4.2: LMTP has one reply for each accepted recipient. The last one is left to the caller.
    private Reply each(Transaction transaction, Receipt.Accepted accepted) throws IOException {
        Reply last = Replies.OK;
        for (int i = 0; i < transaction.recipients.size(); i++) {
            if (i > 0) {
                send(last);
            }
            Recipient recipient = transaction.recipients.get(i);
            last = accepted.recipients()
                    .getOrDefault(recipient, Reply.of(250, "2.1.5", "<" + recipient.address() + "> Ok"));
        }
        return last;
    }

    private Reply perRecipient(Transaction transaction, Reply reply) throws IOException {
        if (settings.isLmtp()) {
            for (int i = 1; i < transaction.recipients.size(); i++) {
                send(reply);
            }
        }
        return reply;
    }

    private void reset() {
        milters.reset();
        switch (state) {
            case State.Connected _, State.Greeted _ -> {}
            case State.Sending _ -> state = new State.Greeted();
            case State.Chunking chunking -> {
                chunking.arrival().close();
                state = new State.Greeted();
            }
        }
    }

    /// Our own people need nobody to vouch for them; nor does a server that hands on what was checked
    /// before (LMTP).
    private Evidence evidence(Transaction transaction, Body body) {
        if (facts.authenticated() || settings.kind() != SmtpSettings.Kind.MX) {
            return Evidence.NONE;
        }
        Client client = client();
        return door.examiner()
                .examine(
                        new Examiner.Subject(trace, client.address(), facts.helo(), transaction.sender, body),
                        door.blobs());
    }

    // ---- TLS, AUTH, XCLIENT --------------------------------------------------------------------------------------

    private Reply startTlsReply() {
        if (facts.tls()) {
            return Replies.TLS_ALREADY;
        }
        if (!tlsPossible()) {
            return Replies.NO_TLS;
        }
        return switch (state) {
            case State.Sending _, State.Chunking _ -> Replies.IN_TRANSACTION;
            case State.Connected _, State.Greeted _ -> {
                if (!door.rates().allows(client(), Rates.Event.NEW_TLS_SESSION)) {
                    yield Reply.of(421, "4.7.0", settings.hostname() + " Error: too many new TLS sessions");
                }
                yield Replies.READY_FOR_TLS;
            }
        };
    }

    /// RFC 3207 §4.2: everything that was said in clear is forgotten; what came in clear behind the command
    /// ends the connection (§6).
    private void startTls() throws IOException {
        connection.flush();
        connection.startTls(door.tls().orElseThrow());
        facts = facts.withTls(connection.tls()).withLogin("");
        state = new State.Connected();
    }

    private Reply auth(Command.Auth auth) throws IOException {
        if (!settings.signIn().offered() || screening.hides("AUTH")) {
            return Reply.of(503, "5.5.1", "Error: authentication not enabled");
        }
        if (!authPossible()) {
            return Reply.of(538, "5.7.11", "Encryption required for requested authentication mechanism");
        }
        if (facts.authenticated()) {
            return Reply.of(503, "5.5.1", "Error: already authenticated"); // RFC 4954 §4
        }
        switch (state) {
            case State.Connected _ -> {
                return Replies.GREET_FIRST;
            }
            case State.Sending _, State.Chunking _ -> {
                return Replies.IN_TRANSACTION;
            }
            case State.Greeted _ -> {}
        }
        if (!door.rates().allows(client(), Rates.Event.AUTH)) {
            return Reply.of(450, "4.7.1", "Error: too many AUTH commands from " + client().addressText());
        }
        return switch (Authentication.talk(door.signIn(), connection, client().address(), plainText(), auth)) {
            case Authentication.Ok ok -> {
                facts = facts.withLogin(ok.login(), auth.mechanism());
                trace.info("login", "client", client(), "sasl_method", auth.mechanism(), "sasl_username", ok.login());
                yield Reply.of(235, "2.7.0", "Authentication successful");
            }
            case Authentication.No no -> {
                trace.info(
                        "login failed",
                        "client",
                        client(),
                        "sasl_method",
                        auth.mechanism(),
                        "sasl_username",
                        no.name(),
                        "reason",
                        no.reason());
                yield no.reply();
            }
        };
    }

    /// A trusted proxy or test driver says for whom it speaks.
    private Reply xclient(Command.XClient xclient) {
        if (!settings.rules().xclient().test(connection.peer().getAddress())) {
            return Reply.of(550, "5.7.0", "Error: insufficient authorization");
        }
        if (state instanceof State.Sending || state instanceof State.Chunking) {
            return Replies.IN_TRANSACTION;
        }
        Question told = SpokenFor.by(xclient, facts);
        trace.info("xclient", "client", client(), "says", told.client());
        facts = told;
        state = new State.Connected();
        return filteredGreeting();
    }

    // ---- the log -------------------------------------------------------------------------------------------------

    private void logAccepted(QueueId id) {
        if (facts.authenticated()) {
            trace.info(id.toString(), "client", client(), "sasl_username", facts.login());
        } else {
            trace.info(id.toString(), "client", client());
        }
    }
}
