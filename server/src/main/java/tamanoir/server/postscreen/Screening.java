package tamanoir.server.postscreen;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.PostscreenParameters.PostscreenAction;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Line;

/// What is known of one client, for its whole session: which tests are still open, and whether it failed one. Used by
/// the session's thread.
///
/// The tests of the commands end when the client may send a message: whoever came so far without a mistake has passed.
/// A client that failed and is to be refused gets the refusal for each recipient, so that the log tells who wrote to
/// whom; one that is to be dropped gets it at once. A failure that is to be ignored is no pass either: that test is
/// made again next time. Passes of a client that failed nothing are kept even when it leaves before the last test.
public final class Screening {
    private final Postscreen postscreen;
    private final String client;
    private final InetAddress address;
    private final long begin = System.nanoTime();
    private final Set<Trial> open = EnumSet.noneOf(Trial.class);
    private final Map<Trial, Instant> passes = new EnumMap<>(Trial.class);
    private Optional<Reply> refusal = Optional.empty();
    private Optional<Reply> farewell = Optional.empty();
    private String reason = "";
    /// The last command, for the log.
    private String where = "CONNECT";
    private boolean failed;
    /// Some test was failed and that is ignored, so not all is passed.
    private boolean incomplete;
    /// A pass of this visit is still to be written down.
    private boolean fresh;
    /// No test is open any more; for `none` none ever was.
    private boolean settled;
    private boolean counted;
    private int commands;

    Screening(Postscreen postscreen, String client, InetAddress address) {
        this.postscreen = postscreen;
        this.client = client;
        this.address = address;
    }

    /// Nobody is tested.
    public static Screening none(Postscreen postscreen, InetAddress address) {
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

    /// Why, for the log: the test that was failed.
    public String reason() {
        return reason;
    }

    /// What is not announced in the answer to EHLO. While the client shows whether it waits for replies, it must not
    /// be told that it need not (RFC 2920); one that is refused anyway gets no chance to try passwords.
    public boolean hides(String keyword) {
        return isWatching()
                && (keyword.equals("PIPELINING")
                        || (refusal.isPresent() && (keyword.equals("AUTH") || keyword.startsWith("AUTH=")))
                        || postscreen.settings().hiddenKeywords().contains(keyword));
    }

    /// Whether the client is under test or refused.
    public boolean isWatching() {
        return !settled && (!open.isEmpty() || refusal.isPresent());
    }

    /// Looks at a line before it is carried out; `verb` is its command, empty for one that SMTP does not know. Answers
    /// a last word when the client is to be sent away for it.
    public Optional<Reply> sees(Line line, String verb, Connection connection) throws IOException {
        if (!isWatching()) {
            return Optional.empty();
        }
        String text = line.octets().latin1();
        String word = text.split("[ \\t]", 2)[0];
        if (++commands > postscreen.settings().commands() && !verb.equals("QUIT")) {
            postscreen.tell("COMMAND COUNT LIMIT from " + client + " after " + where);
            return Optional.of(Reply.of(421, "4.7.0", "Error: too many commands"));
        }
        if (open.contains(Trial.BARE_NEWLINE) && line.ending() == Line.Ending.LF) {
            fail(Trial.BARE_NEWLINE, "BARE NEWLINE from " + client + " after " + where, Postscreen.PROTOCOL);
        }
        if (open.contains(Trial.NON_SMTP) && verb.isEmpty() && isForeign(word)) {
            fail(
                    Trial.NON_SMTP,
                    "NON-SMTP COMMAND from " + client + " after " + where + ": " + printable(text),
                    farewellOf(Trial.NON_SMTP) ? Postscreen.RULE_BREAKER : Postscreen.PROTOCOL);
        }
        String now = printable(word).toUpperCase(Locale.ROOT);
        if (open.contains(Trial.PIPELINING) && mayNotBeFollowed(verb) && connection.hasInput()) {
            fail(
                    Trial.PIPELINING,
                    "COMMAND PIPELINING from " + client + " after " + now + ": " + printable(connection.ahead(100)),
                    Postscreen.PROTOCOL);
        }
        where = now.isEmpty() ? where : now;
        return farewell;
    }

    /// A chunk follows its BDAT at once (RFC 3030 §2), and nobody has to wait for the answer to QUIT.
    private static boolean mayNotBeFollowed(String verb) {
        return !verb.equals("BDAT") && !verb.equals("QUIT");
    }

    private boolean farewellOf(Trial trial) {
        return postscreen.settings().actions().get(trial) == PostscreenAction.DROP;
    }

    /// The client may send a message now, or says goodbye after it could have: its commands were in order.
    public void passes() {
        if (!isWatching() || refusal.isPresent()) {
            return;
        }
        Instant now = postscreen.now();
        for (Trial trial : EnumSet.copyOf(open)) {
            passed(trial, now.plus(postscreen.settings().ttls().get(trial)));
        }
        settle();
    }

    /// The next command took too long; how the session ends is the session's matter.
    public void timesOut() {
        if (isWatching()) {
            postscreen.tell("COMMAND TIME LIMIT from " + client + " after " + where);
        }
    }

    /// The client has gone without a word, which is no crime (postscreen(8)).
    public void hangsUp() {
        if (isWatching()) {
            postscreen.tell(
                    "HANGUP after " + Postscreen.seconds(begin) + " from " + client + " in tests after SMTP handshake");
        }
    }

    /// The session is over: what was passed so far need not be passed again.
    public void ends() {
        boolean watched = isWatching();
        write();
        countsNoMore();
        if (watched || farewell.isPresent()) {
            postscreen.tell("DISCONNECT " + client);
        }
    }

    // ---- for the tests -------------------------------------------------------------------------------------------

    void remembers(Trial trial, Instant until) {
        passes.put(trial, until);
    }

    boolean hasPassed(Trial trial) {
        return passes.containsKey(trial);
    }

    /// Counts among the tests of its client until the tests are over.
    void counts() {
        counted = true;
        postscreen.enters(address);
    }

    private void countsNoMore() {
        if (counted) {
            counted = false;
            postscreen.leaves(address);
        }
    }

    void opens(Trial trial) {
        open.add(trial);
    }

    void passed(Trial trial, Instant until) {
        open.remove(trial);
        passes.put(trial, until);
        fresh = true;
    }

    /// Nothing is open any more: passes are written down.
    void settle() {
        boolean all = fresh && !failed && !incomplete;
        boolean known = write();
        if (all) {
            postscreen.tell((known ? "PASS OLD " : "PASS NEW ") + client);
        }
        settled = true;
        countsNoMore();
    }

    /// Answers whether the client was known before.
    private boolean write() {
        boolean known = fresh && !failed && postscreen.pass(address, passes);
        fresh = false;
        return known;
    }

    /// Nothing is tested or remembered.
    void waveThrough() {
        settled = true;
    }

    /// A test was failed. `said` is what a client hears that is refused for it.
    void fail(Trial trial, String event, Reply said) {
        open.remove(trial);
        fail(postscreen.settings().actions().getOrDefault(trial, PostscreenAction.IGNORE), event, said);
    }

    void fail(PostscreenAction action, String event, Reply said) {
        postscreen.tell(event);
        switch (action) {
            case IGNORE -> incomplete = true; // it is tested again next time
            case ENFORCE ->
                refuse(
                        said,
                        event.replace(" for " + client, "")
                                .replace(" from " + client, "")
                                .replace(" " + client, ""));
            case DROP -> turnAway(new Reply(521, said.status(), said.lines()));
        }
    }

    /// Every recipient gets this reply; the first reason stands, unless it was only "not now".
    void refuse(Reply said, String why) {
        failed = true;
        if (refusal.isEmpty() || (refusal.get().isTransient() && !said.isTransient())) {
            refusal = Optional.of(said);
            reason = "postscreen " + why;
        }
    }

    /// The client hears this and nothing else.
    void turnAway(Reply said) {
        failed = true;
        farewell = Optional.of(said);
        postscreen.tell("NOQUEUE: reject: CONNECT from " + client + ": " + said);
    }

    /// The commands of other protocols, and RFC 5322's `Label:` (postscreen(8)).
    private boolean isForeign(String word) {
        return postscreen.settings().forbidden().contains(word) || word.matches("[!-9;-~]+:.*");
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
