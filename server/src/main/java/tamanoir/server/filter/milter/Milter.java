package tamanoir.server.filter.milter;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.milter.MilterCommand;
import tamanoir.mail.milter.MilterReply;
import tamanoir.mail.milter.Negotiation;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.draft.Conversation;
import tamanoir.server.filter.draft.Draft;
import tamanoir.server.filter.draft.NewText;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Blobs;

/// The conversation with one milter about one session. It begins with the first event and never fails: what a milter
/// that cannot be asked means is `milter_default_action`, and stays so until the session ends.
///
/// The rules of when a decision holds for a message and when for the session are Postfix's. Used by one thread.
final class Milter {
    private static final Octets NO_OCTETS = Octets.EMPTY;

    /// Where the conversation stands.
    private sealed interface State {
        /// Nothing was said.
        record Closed() implements State {}

        record Open(Conversation conversation, Negotiation agreed, Macros macros) implements State {}

        /// No more is asked: the session was accepted, refused, or the milter is out of order.
        record Settled(MilterAnswer answer) implements State {}
    }

    private final MilterSettings settings;
    private final Macros macros;
    private final Trace trace;
    private State state = new State.Closed();

    /// The milter has accepted this message and wants no more of it.
    private boolean messageAccepted;

    /// MAIL was sent and neither the end nor an abort.
    private boolean inMessage;

    /// The commands of which the milter wants no more in this message.
    private final Set<Character> skipped = new HashSet<>();

    Milter(MilterSettings settings, Macros macros, Trace trace) {
        this.settings = settings;
        this.macros = macros;
        this.trace = trace;
    }

    boolean wantsRefusedRecipients() {
        return state instanceof State.Open open && open.agreed.has(Negotiation.REFUSED_RECIPIENTS);
    }

    // ---- one command -----------------------------------------------------------------------------------------

    MilterAnswer command(MilterCommand command, Map<String, String> values) {
        if (command instanceof MilterCommand.Mail) {
            begin();
        }
        return guarded(open -> {
            open.conversation.within(settings.commandTimeout());
            return say(open, command, values) ? decision(open, command.letter(), null) : MilterAnswer.GO;
        });
    }

    private void begin() {
        messageAccepted = false;
        skipped.clear();
        inMessage = true;
    }

    private interface Step {
        MilterAnswer ask(State.Open open) throws IOException;
    }

    /// Opens the conversation where needed; all trouble ends in the default action.
    private MilterAnswer guarded(Step step) {
        if (messageAccepted) {
            return MilterAnswer.GO;
        }
        try {
            if (state instanceof State.Closed) {
                state = open();
            }
            return switch (state) {
                case State.Closed _ -> MilterAnswer.GO;
                case State.Settled(MilterAnswer answer) -> answer;
                case State.Open open -> {
                    MilterAnswer answer = step.ask(open);
                    open.conversation.rest();
                    yield answer;
                }
            };
        } catch (EOFException e) {
            return broken("the milter has closed the connection");
        } catch (SocketTimeoutException e) {
            return broken(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return broken(String.valueOf(e));
        } catch (BadSyntax e) {
            return broken("not the milter protocol: " + e.getMessage());
        }
    }

    private MilterAnswer broken(String why) {
        MilterAnswer answer = switch (settings.action()) {
            case ACCEPT -> MilterAnswer.GO;
            case REJECT -> new MilterAnswer.Refuse(MilterAnswer.UNAVAILABLE, reason(why));
            case TEMPFAIL -> new MilterAnswer.Refuse(MilterAnswer.LATER, reason(why));
            case QUARANTINE -> new MilterAnswer.Hold(reason(why));
            case SHUTDOWN -> new MilterAnswer.Refuse(MilterAnswer.CLOSING, reason(why));
        };
        trace.warn("milter cannot be asked", "milter", settings.endpoint(), "reason", why, "action", settings.action());
        settle(answer);
        return answer;
    }

    private String reason(String why) {
        return "milter " + settings.endpoint() + (why.isEmpty() ? "" : ": " + why);
    }

    private void settle(MilterAnswer answer) {
        if (state instanceof State.Open open) {
            open.conversation.close();
        }
        state = new State.Settled(answer);
    }

    private State.Open open() throws IOException {
        Conversation conversation = Conversation.open(settings.endpoint(), settings.connectTimeout());
        boolean good = false;
        try {
            Negotiation offer = Negotiation.offer(settings.version());
            conversation.within(settings.commandTimeout());
            conversation.write(new MilterCommand.Negotiate(offer).packet());
            conversation.flush();
            MilterReply reply = read(conversation);
            if (!(reply instanceof MilterReply.Negotiated(Negotiation answer))) {
                throw new BadSyntax("an answer to the offer was expected, not " + name(reply));
            }
            Negotiation agreed = answer.accepted(offer);
            good = true;
            return new State.Open(conversation, agreed, macros.chosenBy(agreed));
        } finally {
            if (!good) {
                conversation.close();
            }
        }
    }

    /// Sends macros and command; true when an answer will come.
    private boolean say(State.Open open, MilterCommand command, Map<String, String> values) throws IOException {
        char letter = command.letter();
        if (!open.macros.names(letter).isEmpty()) {
            Map<String, String> sent = open.macros.before(letter, values);
            open.conversation.write(new MilterCommand.Macros(letter, sent).packet());
        }
        int unwanted = switch (letter) {
            case 'C' -> Negotiation.NO_CONNECT;
            case 'H' -> Negotiation.NO_HELO;
            case 'M' -> Negotiation.NO_MAIL;
            case 'R' -> Negotiation.NO_RECIPIENT;
            case 'T' -> Negotiation.NO_DATA;
            case 'U' -> Negotiation.NO_UNKNOWN;
            case 'L' -> Negotiation.NO_HEADERS;
            case 'N' -> Negotiation.NO_END_OF_HEADER;
            case 'B' -> Negotiation.NO_BODY;
            default -> 0;
        };
        int silent = switch (letter) {
            case 'C' -> Negotiation.NO_REPLY_TO_CONNECT;
            case 'H' -> Negotiation.NO_REPLY_TO_HELO;
            case 'M' -> Negotiation.NO_REPLY_TO_MAIL;
            case 'R' -> Negotiation.NO_REPLY_TO_RECIPIENT;
            case 'T' -> Negotiation.NO_REPLY_TO_DATA;
            case 'U' -> Negotiation.NO_REPLY_TO_UNKNOWN;
            case 'L' -> Negotiation.NO_REPLY_TO_HEADERS;
            case 'N' -> Negotiation.NO_REPLY_TO_END_OF_HEADER;
            case 'B' -> Negotiation.NO_REPLY_TO_BODY;
            default -> 0;
        };
        // Version 2 knows neither DATA nor unknown commands.
        boolean tooNew = (letter == 'T' && open.agreed.version() < 4) || (letter == 'U' && open.agreed.version() < 3);
        if (open.agreed.has(unwanted) || skipped.contains(letter) || tooNew) {
            return false;
        }
        open.conversation.write(command.packet());
        if (open.agreed.has(silent)) {
            return false;
        }
        open.conversation.flush();
        return true;
    }

    // ---- decisions -------------------------------------------------------------------------------------------

    /// Reads up to a decision about the command with that letter. Changes are taken at the end of a message only, by
    /// `edit`.
    private MilterAnswer decision(State.Open open, char letter, @Nullable Edits edit) throws IOException {
        boolean ofSession = letter == 'C' || letter == 'H';
        while (true) {
            MilterReply reply = read(open.conversation);
            switch (reply) {
                case MilterReply.Progress _ ->
                    open.conversation.within(edit == null ? settings.commandTimeout() : settings.contentTimeout());
                case MilterReply.Continue _ -> {
                    return MilterAnswer.GO;
                }
                case MilterReply.Accept _ -> {
                    if (ofSession) {
                        settle(MilterAnswer.GO);
                    } else {
                        messageAccepted = true;
                    }
                    return MilterAnswer.GO;
                }
                case MilterReply.Skip _ -> {
                    skipped.add(letter);
                    return MilterAnswer.GO;
                }
                case MilterReply.Discard _ -> {
                    if (ofSession) {
                        throw new BadSyntax("discard at connect or HELO");
                    }
                    messageAccepted = true;
                    return new MilterAnswer.Discard(reason(""));
                }
                case MilterReply.Reject _ -> {
                    return refused(MilterAnswer.REJECTED, ofSession);
                }
                case MilterReply.TryLater _, MilterReply.ConnectionFailure _ -> {
                    return refused(MilterAnswer.LATER, ofSession);
                }
                case MilterReply.Shutdown _ -> {
                    return refused(MilterAnswer.CLOSING, true);
                }
                case MilterReply.SmtpReply(String text) -> {
                    return refused(reply(text), ofSession);
                }
                case MilterReply.AddHeader _,
                        MilterReply.InsertHeader _,
                        MilterReply.ChangeHeader _,
                        MilterReply.ChangeSender _,
                        MilterReply.AddRecipient _,
                        MilterReply.DeleteRecipient _,
                        MilterReply.ReplaceBody _,
                        MilterReply.Quarantine _ -> {
                    if (edit == null) {
                        throw new BadSyntax(name(reply) + " before the end of the message");
                    }
                    edit.apply(reply);
                }
                case MilterReply.Negotiated _ -> throw new BadSyntax("a second answer to the offer");
            }
        }
    }

    private MilterAnswer refused(Reply reply, boolean forSession) {
        MilterAnswer answer = new MilterAnswer.Refuse(reply, reason(""));
        if (forSession) {
            settle(answer);
        }
        return answer;
    }

    /// `550 5.7.1 text`, perhaps of several lines, as libmilter's smfi_setreply gives it. Percent signs come doubled.
    ///
    /// @throws BadSyntax when it is not 4yz or 5yz with a status of the same class
    static Reply reply(String text) {
        String[] lines =
                text.replace("%%", "\0").replace("%", "").replace('\0', '%').split("\r?\n", -1);
        List<String> texts = new ArrayList<>();
        String status = "";
        int code = 0;
        for (String line : lines) {
            if (line.isEmpty()) {
                continue;
            }
            if (!line.matches("[45][0-9][0-9]([ -].*)?")
                    || (code != 0 && code != Integer.parseInt(line.substring(0, 3)))) {
                throw new BadSyntax("the SMTP reply \"" + line + "\"");
            }
            code = Integer.parseInt(line.substring(0, 3));
            String rest = line.length() > 4 ? line.substring(4) : "";
            int blank = rest.indexOf(' ');
            String first = blank < 0 ? rest : rest.substring(0, blank);
            if (first.matches("[45]\\.\\d{1,3}\\.\\d{1,3}") && first.charAt(0) == line.charAt(0)) {
                status = first;
                rest = blank < 0 ? "" : rest.substring(blank + 1);
            }
            texts.add(rest.replace('\r', ' '));
        }
        if (texts.isEmpty()) {
            throw new BadSyntax("an empty SMTP reply");
        }
        // RFC 2034 §4: every 4yz and 5yz reply has a status.
        return new Reply(code, status.isEmpty() ? (code < 500 ? "4.7.1" : "5.7.1") : status, texts);
    }

    private static String name(MilterReply reply) {
        return reply.getClass().getSimpleName();
    }

    // ---- a message -------------------------------------------------------------------------------------------

    /// The header, the text in chunks, the end. The text is read from where it lies, one chunk at a time.
    MilterAnswer message(Draft draft, Map<String, String> values, Blobs blobs) {
        return guarded(open -> {
            open.conversation.within(settings.contentTimeout());
            MilterAnswer answer = header(open, draft, values);
            if (!answer.equals(MilterAnswer.GO) || messageAccepted) {
                return answer;
            }
            answer = text(open, draft);
            if (!answer.equals(MilterAnswer.GO) || messageAccepted) {
                return answer;
            }
            say(open, new MilterCommand.EndOfBody(), values);
            inMessage = false;
            try (Edits edits = new Edits(draft, open.agreed, blobs)) {
                answer = decision(open, 'E', edits);
                edits.done();
                return answer;
            }
        });
    }

    private MilterAnswer header(State.Open open, Draft draft, Map<String, String> values) throws IOException {
        boolean leadingSpace = open.agreed.has(Negotiation.LEADING_SPACE);
        if (!open.agreed.has(Negotiation.NO_HEADERS)) {
            for (Draft.Field field : draft.fields()) {
                Octets value = withoutReturns(leadingSpace ? field.value() : stripped(field.value()));
                if (say(open, new MilterCommand.Header(withoutReturns(field.name()), value), Map.of())) {
                    MilterAnswer answer = decision(open, 'L', null);
                    if (!answer.equals(MilterAnswer.GO) || messageAccepted) {
                        return answer;
                    }
                }
            }
        }
        return say(open, new MilterCommand.EndOfHeader(), values) ? decision(open, 'N', null) : MilterAnswer.GO;
    }

    private MilterAnswer text(State.Open open, Draft draft) throws IOException {
        if (open.agreed.has(Negotiation.NO_BODY)) {
            return MilterAnswer.GO;
        }
        byte[] chunk = new byte[(int) Math.max(1, Math.min(draft.size(), MilterCommand.Body.LONGEST))];
        try (InputStream text = draft.text()) {
            int read = text.readNBytes(chunk, 0, chunk.length);
            while (read > 0 && !skipped.contains('B')) {
                open.conversation.within(settings.contentTimeout());
                if (say(open, new MilterCommand.Body(Octets.of(chunk, 0, read)), Map.of())) {
                    MilterAnswer answer = decision(open, 'B', null);
                    if (!answer.equals(MilterAnswer.GO) || messageAccepted) {
                        return answer;
                    }
                }
                read = text.readNBytes(chunk, 0, chunk.length);
            }
        }
        return MilterAnswer.GO;
    }

    private static Octets stripped(Octets value) {
        return value.length() > 0 && value.at(0) == ' ' ? value.from(1) : value;
    }

    /// Folds go as a line feed, and NUL, which would end the value, as a blank.
    private static Octets withoutReturns(Octets value) {
        if (value.indexOf('\r', 0) < 0 && value.indexOf(0, 0) < 0) {
            return value;
        }
        byte[] plain = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            int c = value.at(i);
            if (c == '\r' && i + 1 < value.length() && value.at(i + 1) == '\n') {
                continue;
            }
            plain[length++] = c == 0 ? (byte) ' ' : (byte) c;
        }
        return length == 0 ? NO_OCTETS : Octets.of(plain, 0, length);
    }

    /// What a milter changes at the end of a message; only what it has negotiated.
    private final class Edits implements AutoCloseable {
        private final Draft draft;
        private final Negotiation agreed;
        private final Supplier<NewText> fresh;
        private @Nullable NewText text;

        Edits(Draft draft, Negotiation agreed, Blobs blobs) {
            this.draft = draft;
            this.agreed = agreed;
            this.fresh = () -> new NewText(blobs);
        }

        void apply(MilterReply change) throws IOException {
            switch (change) {
                case MilterReply.AddHeader(String name, String value) -> {
                    allowed(change, Negotiation.ADD_HEADERS);
                    draft.add(name, spaced(value));
                }
                case MilterReply.InsertHeader(int index, String name, String value) -> {
                    allowed(change, Negotiation.ADD_HEADERS);
                    draft.insert(index, name, spaced(value));
                }
                case MilterReply.ChangeHeader(int index, String name, String value) -> {
                    allowed(change, Negotiation.CHANGE_HEADERS);
                    if (value.isEmpty()) {
                        draft.remove(index, name);
                    } else {
                        draft.change(index, name, spaced(value));
                    }
                }
                case MilterReply.ChangeSender(String sender, String _) -> {
                    allowed(change, Negotiation.CHANGE_SENDER);
                    String address = bare(sender);
                    draft.sender(address.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.of(address)));
                }
                case MilterReply.AddRecipient(String recipient, String _) -> {
                    allowed(change, Negotiation.ADD_RECIPIENTS | Negotiation.ADD_RECIPIENTS_WITH_PARAMETERS);
                    draft.addRecipient(Recipient.of(Address.of(bare(recipient))));
                }
                case MilterReply.DeleteRecipient(String recipient) -> {
                    allowed(change, Negotiation.DELETE_RECIPIENTS);
                    draft.removeRecipient(Address.of(bare(recipient)));
                }
                case MilterReply.ReplaceBody(Octets octets) -> {
                    allowed(change, Negotiation.CHANGE_BODY);
                    NewText open = text;
                    if (open == null) {
                        open = fresh.get();
                        text = open;
                    }
                    open.write(octets);
                }
                case MilterReply.Quarantine(String why) -> {
                    allowed(change, Negotiation.QUARANTINE);
                    draft.hold(why.isEmpty() ? "milter " + settings.endpoint() : why);
                }
                case MilterReply.Negotiated _,
                        MilterReply.Continue _,
                        MilterReply.Accept _,
                        MilterReply.Reject _,
                        MilterReply.TryLater _,
                        MilterReply.Discard _,
                        MilterReply.SmtpReply _,
                        MilterReply.Shutdown _,
                        MilterReply.Skip _,
                        MilterReply.ConnectionFailure _,
                        MilterReply.Progress _ -> throw new BadSyntax(name(change) + " is no change");
            }
        }

        private void allowed(MilterReply change, int action) {
            if ((agreed.actions() & action) == 0) {
                throw new BadSyntax(name(change) + " was not negotiated");
            }
        }

        private String spaced(String value) {
            return agreed.has(Negotiation.LEADING_SPACE) ? value : " " + value;
        }

        /// The new text is complete: it counts from now on.
        void done() {
            NewText whole = text;
            if (whole != null) {
                draft.text(whole.body());
            }
        }

        @Override
        public void close() {
            NewText open = text;
            if (open != null) {
                open.close();
            }
        }
    }

    private static String bare(String address) {
        String text = address.strip();
        return text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
    }

    // ---- packets and the end ---------------------------------------------------------------------------------

    /// A body chunk is the longest thing that a milter may send.
    private static final int LONGEST_REPLY = 1 << 20;

    private MilterReply read(Conversation conversation) throws IOException {
        byte[] head = new byte[4];
        fill(conversation, head);
        int length = (head[0] & 0xFF) << 24 | (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
        if (length < 1 || length > LONGEST_REPLY) {
            throw new BadSyntax("a packet of " + (length & 0xFFFFFFFFL) + " octets");
        }
        byte[] packet = new byte[length];
        fill(conversation, packet);
        return MilterReply.of(Octets.of(packet));
    }

    private static void fill(Conversation conversation, byte[] octets) throws IOException {
        int at = 0;
        while (at < octets.length) {
            int read = conversation.read(octets, at, octets.length - at);
            if (read < 0) {
                throw new EOFException();
            }
            at += read;
        }
    }

    /// The transaction is over. A milter that has seen some of a message is told that no more will come.
    void abort() {
        boolean tell = inMessage;
        inMessage = false;
        messageAccepted = false;
        skipped.clear();
        if (tell && state instanceof State.Open open) {
            try {
                open.conversation.within(settings.commandTimeout());
                open.conversation.write(new MilterCommand.Abort().packet());
                open.conversation.flush();
                open.conversation.rest();
            } catch (IOException e) {
                broken(String.valueOf(e));
            }
        }
    }

    void close() {
        if (state instanceof State.Open open) {
            try (Conversation conversation = open.conversation) {
                conversation.within(settings.commandTimeout());
                conversation.write(new MilterCommand.Quit().packet());
                conversation.flush();
            } catch (IOException _) {
                // It has gone before us.
            }
        }
        state = new State.Closed();
    }
}
