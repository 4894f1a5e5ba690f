package tamanoir.server.postscreen;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.PostscreenParameters.PostscreenAction;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Line;

/// What is known of one client, for its whole session: which tests are still open, and whether it failed one. Used by
/// the
/// session's thread.
///
/// The tests of the commands end when the client may send a message: whoever came so far without a mistake has passed.
/// A client that failed and is to be refused gets the refusal for each recipient, so that the log tells who wrote to
/// whom; one that is to be dropped gets it at once.
public final class Screening {
    private final Postscreen postscreen;
    private final String client;
    private final java.net.InetAddress address;
    private final Set<Trial> open = EnumSet.noneOf(Trial.class);
    private final Map<Trial, Instant> passes = new EnumMap<>(Trial.class);
    private Optional<Reply> refusal = Optional.empty();
    private Optional<Reply> farewell = Optional.empty();
    private boolean greeted;
    private boolean failed;
    private boolean settled;
    private int commands;

    Screening(Postscreen postscreen, String client, java.net.InetAddress address) {
        this.postscreen = postscreen;
        this.client = client;
        this.address = address;
    }

    /// Nobody is tested.
    public static Screening none(Postscreen postscreen, java.net.InetAddress address) {
        Screening none = new Screening(postscreen, "", address);
        none.settled = true;
        return none;
    }

    // ---- for the session ---------------------------------------------------------------------------------------

    /// A last word: the client is sent away.
    public Optional<Reply> farewell() {
        return farewell;
    }

    /// The reply to each recipient; empty when nothing stands against the client.
    public Optional<Reply> refusal() {
        return refusal;
    }

    /// Whether the first line of the greeting has been sent, `220-`.
    public boolean hasTeased() {
        return greeted;
    }

    /// While the client shows whether it waits for replies, it must not be told that it need not (RFC 2920).
    public boolean hides(String keyword) {
        return isWatching()
                && (keyword.equals("PIPELINING")
                        || postscreen.settings().hiddenKeywords().contains(keyword));
    }

    /// Whether the client is under test or refused.
    public boolean isWatching() {
        return !settled && (!open.isEmpty() || refusal.isPresent());
    }

    /// How long the next command may take.
    public Optional<Duration> commandTime() {
        return isWatching() ? Optional.of(postscreen.settings().commandTime()) : Optional.empty();
    }

    /// Looks at a line before it is carried out; `verb` is its command, empty for one that SMTP does not know. Answers
    /// a
    /// last word when the client is to be sent away for it.
    public Optional<Reply> sees(Line line, String verb, Connection connection) throws java.io.IOException {
        if (!isWatching()) {
            return Optional.empty();
        }
        if (++commands > postscreen.settings().commands() && !verb.equals("QUIT")) {
            postscreen.tell("COMMAND COUNT LIMIT from " + client + " after " + last(line));
            return Optional.of(Reply.of(421, "4.7.0", "Error: too many commands"));
        }
        if (open.contains(Trial.BARE_NEWLINE) && line.ending() == Line.Ending.LF) {
            fail(Trial.BARE_NEWLINE, "BARE NEWLINE from " + client + " after " + last(line), Postscreen.PROTOCOL);
        }
        if (open.contains(Trial.NON_SMTP)
                && verb.isEmpty()
                && isForeign(line.octets().latin1())) {
            fail(
                    Trial.NON_SMTP,
                    "NON-SMTP COMMAND from " + client + " after " + last(line) + ": "
                            + printable(line.octets().latin1()),
                    Postscreen.RULE_BREAKER);
        }
        if (open.contains(Trial.PIPELINING) && !verb.equals("QUIT") && connection.hasInput()) {
            fail(
                    Trial.PIPELINING,
                    "COMMAND PIPELINING from " + client + " after " + last(line) + ": "
                            + printable(connection.ahead(40)),
                    Postscreen.PROTOCOL);
        }
        return farewell;
    }

    /// The client may send a message now, or says goodbye after it could have: its commands were in order.
    public void passes() {
        if (settled || refusal.isPresent()) {
            return;
        }
        Instant now = postscreen.now();
        open.forEach(
                trial -> passes.put(trial, now.plus(postscreen.settings().ttls().get(trial))));
        open.clear();
        settle();
    }

    // ---- for the tests -------------------------------------------------------------------------------------------

    void teased() {
        greeted = true;
    }

    void remembers(Map<Trial, Instant> until) {
        passes.putAll(until);
    }

    void opens(Trial trial) {
        open.add(trial);
    }

    void passed(Trial trial, Instant until) {
        open.remove(trial);
        passes.put(trial, until);
    }

    /// Nothing is open any more and nothing was found: the pass is written down.
    void settle() {
        settled = true;
        if (!failed && !passes.isEmpty()) {
            postscreen.pass(address, client, passes);
        }
    }

    /// Nothing is tested or remembered.
    void waveThrough() {
        settled = true;
    }

    /// No pass may come of this visit.
    void spoils() {
        failed = true;
    }

    /// A test was failed. `said` is what a client hears that is refused for it.
    void fail(Trial trial, String event, Reply said) {
        fail(postscreen.settings().actions().getOrDefault(trial, PostscreenAction.IGNORE), event, said);
        open.remove(trial);
    }

    void fail(PostscreenAction action, String event, Reply said) {
        postscreen.tell(event);
        switch (action) {
            case IGNORE -> failed = true; // it is tested again next time
            case ENFORCE -> refuse(said);
            case DROP -> {
                failed = true;
                farewell = Optional.of(new Reply(521, said.status(), said.lines()));
            }
        }
    }

    /// Every recipient gets this reply; the first reason stands.
    void refuse(Reply said) {
        failed = true;
        if (refusal.isEmpty()) {
            refusal = Optional.of(said);
        }
    }

    /// RFC 5322's `Label:` and the commands of other protocols (postscreen(8)).
    private boolean isForeign(String line) {
        String word = line.split("[ \\t]", 2)[0];
        return postscreen.settings().forbidden().contains(word.toUpperCase(java.util.Locale.ROOT))
                || word.matches("[!-9;-~]+:.*");
    }

    private static String last(Line line) {
        String text = line.octets().latin1();
        String word = text.split("[ \\t]", 2)[0];
        return word.isEmpty() ? "CONNECT" : printable(word).toUpperCase(java.util.Locale.ROOT);
    }

    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < 100; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                default -> shown.append(c < ' ' || c > '~' ? '?' : c);
            }
        }
        return shown.toString();
    }
}
