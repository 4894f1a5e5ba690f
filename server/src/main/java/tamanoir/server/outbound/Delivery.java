package tamanoir.server.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.smtp.Xtext;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.ServerFinder.Found;
import tamanoir.server.outbound.ServerFinder.Server;
import tamanoir.server.queue.Deliverer.Attempt;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.QueuedMessage;

/// One attempt at one message: a session that waits in the pool, else the servers of each nexthop in turn, until every
/// recipient has a final answer or the limits of addresses and sessions are used up.
///
/// A recipient that a server puts off (4yz) is taken to the next server; what is put off by all is deferred. 552 and
/// 452 as answers to RCPT mean "too many at once" (RFC 5321 §4.5.3.1.10): those go in another transaction of
/// the session.
final class Delivery {
    private static final int MOST_TRANSACTIONS = 50;

    private final Outbound out;
    private final List<NextHop> hops;
    private final boolean lmtp;
    private final QueuedMessage message;
    private final Trace trace;
    private final long began = System.nanoTime();
    private final Map<Recipient, Outcome> outcomes = new HashMap<>();
    private List<Recipient> left;
    private Reply lastReply = Reply.of(451, "4.4.1", "no server could be reached");
    private String lastRelay = Outcome.NOBODY;
    private @Nullable Outgoing outgoing;
    private @Nullable Outgoing downgraded;
    private long readyNanos;
    private boolean talked;
    private int sessions;

    Delivery(Outbound out, List<NextHop> hops, boolean lmtp, QueuedMessage message, List<Recipient> recipients) {
        this.out = out;
        this.hops = hops;
        this.lmtp = lmtp;
        this.message = message;
        this.left = new ArrayList<>(recipients);
        this.trace = new Trace(lmtp ? "lmtp" : "smtp", message.id().toString());
    }

    Attempt run() {
        try {
            outgoing = Outgoing.of(
                            message.prefix(),
                            message.body(),
                            out.blobs(),
                            out.settings().lineLimit())
                    .checked(out.checks(lmtp), trace, message.id().toString());
            overWaitingSession();
            overServers();
        } catch (Unavailable e) {
            trace.warn("put-off", "reason", e.detail());
            lastReply = Reply.of(451, "4.3.0", "mail system trouble, try later");
        } catch (IOException e) {
            trace.warn("put-off", "reason", e);
            lastReply = Reply.of(451, "4.3.0", "the message cannot be read now");
        }
        left.forEach(r -> outcomes.put(r, new Outcome.Deferred(lastRelay, lastReply)));
        long end = System.nanoTime();
        long ready = readyNanos == 0 ? end : readyNanos;
        return new Attempt(
                outcomes,
                Duration.ofNanos(ready - began),
                Duration.ofNanos(end - ready),
                !talked && outcomes.values().stream().allMatch(o -> o instanceof Outcome.Deferred));
    }

    // ---- where

    private void overWaitingSession() throws IOException {
        if (hops.isEmpty() || message.envelope().requireTls()) {
            return;
        }
        NextHop hop = hops.getFirst();
        Optional<Credentials> login = credentials(hop, hop.host());
        Optional<Session> waiting = out.pool().take(key(hop, login));
        if (waiting.isPresent()) {
            Session session = waiting.get();
            boolean usable = over(session, true);
            finish(session, key(hop, login), hop);
            if (usable) {
                sessions++;
            }
        }
    }

    private void overServers() throws IOException {
        List<NextHop> all = new ArrayList<>(hops);
        if (!lmtp) {
            for (String relay : out.settings().fallbackRelays()) {
                try {
                    all.add(NextHop.of(relay, false));
                } catch (BadSyntax e) {
                    trace.warn("fallback-relay", "reason", String.valueOf(e.getMessage()));
                }
            }
        }
        for (int i = 0; i < all.size() && !left.isEmpty() && !isEnough(); i++) {
            NextHop hop = all.get(i);
            boolean last = i == all.size() - 1;
            switch (out.find(hop, lmtp)) {
                case Found.Servers servers -> overServers(hop, servers.best());
                case Found.None none -> {
                    if (none.reply().isPermanent() && (last || !none.elsewhere())) {
                        failAll(Outcome.NOBODY, none.reply());
                    } else if (none.reply().isTransient() || lastRelay.equals(Outcome.NOBODY)) {
                        note(Outcome.NOBODY, none.reply());
                    }
                }
            }
        }
    }

    private boolean isEnough() {
        int limit = out.settings().sessionLimit();
        return limit > 0 && sessions >= limit;
    }

    private void overServers(NextHop hop, List<Server> servers) throws IOException {
        for (Server server : servers) {
            if (left.isEmpty() || isEnough()) {
                return;
            }
            boolean strict = message.envelope().requireTls();
            Optional<Credentials> login = credentials(hop, server.host());
            Session session;
            try {
                session = Session.open(out, server, new Session.Purpose(hop, lmtp, login, strict), trace);
            } catch (NoSession e) {
                trace.info("no-session", "relay", server, "reason", e.reply());
                String relay = e.reply().status().equals("4.4.1") ? Outcome.NOBODY : server.toString();
                if (e.mayTryAgain()) {
                    note(relay, e.reply());
                } else {
                    failAll(relay, e.reply());
                }
                continue;
            }
            sessions++;
            over(session, false);
            finish(session, key(hop, login), hop);
        }
    }

    private Optional<Credentials> credentials(NextHop hop, String host) {
        return out.credentials(message.envelope().sender(), hop, host);
    }

    /// Sessions that may stand for each other: the same nexthop, the same protocol, the same login.
    private String key(NextHop hop, Optional<Credentials> login) {
        return (lmtp ? "lmtp:" : "smtp:") + hop.text() + ":" + hop.port()
                + login.map(c -> " as " + c.name()).orElse("");
    }

    private void finish(Session session, String key, NextHop hop) {
        if (out.keeps(hop) && !message.envelope().requireTls()) {
            out.pool().give(key, session, out.settings().cache().idle());
        } else {
            session.close();
        }
    }

    private void note(String relay, Reply reply) {
        lastRelay = relay;
        lastReply = reply;
    }

    private void failAll(String relay, Reply reply) {
        left.forEach(r -> outcomes.put(r, new Outcome.Failed(relay, reply)));
        left.clear();
    }

    // ---- how

    /// Tries all that are left over the session. False when it turned out to be gone before it answered anything.
    private boolean over(Session session, boolean reused) throws IOException {
        if (readyNanos == 0 || !reused) {
            readyNanos = System.nanoTime();
        }
        String relay = session.server().toString();
        List<Recipient> now = new ArrayList<>(eligible(session, relay));
        for (int round = 0; !now.isEmpty() && round < MOST_TRANSACTIONS && !session.isBroken(); round++) {
            Session.Request request = request(session, now);
            Session.Result result = session.send(request);
            if (reused && !result.began()) {
                readyNanos = 0;
                return false;
            }
            talked = true;
            boolean dsnTaken = session.capabilities().has("DSN");
            List<Recipient> again = new ArrayList<>();
            for (int i = 0; i < now.size(); i++) {
                Recipient recipient = now.get(i);
                Reply reply = result.replies().get(i);
                boolean tooMany = result.refusedAtRcpt().get(i) && (reply.code() == 452 || reply.code() == 552);
                if (reply.isPositive()) {
                    settle(recipient, new Outcome.Sent(relay, reply, dsnTaken));
                } else if (tooMany) {
                    // RFC 5321 §4.5.3.1.10: also 552, which older servers say.
                    note(relay, transientForm(reply));
                    again.add(recipient);
                } else if (reply.isPermanent()) {
                    settle(recipient, new Outcome.Failed(relay, reply));
                } else {
                    note(relay, reply);
                }
            }
            now = result.accepted() > 0 ? again : List.of();
        }
        return true;
    }

    private static Reply transientForm(Reply reply) {
        return reply.isTransient() ? reply : new Reply(452, "4.5.3", reply.lines());
    }

    private void settle(Recipient recipient, Outcome outcome) {
        outcomes.put(recipient, outcome);
        left.remove(recipient);
    }

    /// Those of the rest whom this server can serve; the others fail.
    private List<Recipient> eligible(Session session, String relay) {
        Capabilities can = session.capabilities();
        Envelope envelope = message.envelope();
        if (envelope.requireTls() && !(can.has("REQUIRETLS") && session.isVerified())) {
            // RFC 8689 §4.2.1
            failAll(relay, Reply.of(550, "5.7.30", "REQUIRETLS support required, but not offered by " + relay));
            return List.of();
        }
        OptionalLong limit = can.size();
        if (limit.isPresent() && outgoing().size() > limit.getAsLong()) {
            failAll(
                    relay,
                    Reply.of(
                            552,
                            "5.3.4",
                            "message size " + outgoing().size() + " exceeds size limit " + limit.getAsLong()
                                    + " of server " + relay));
            return List.of();
        }
        if (can.has("SMTPUTF8")) {
            return left;
        }
        if (needsUtf8ForAll()) {
            failAll(relay, noUtf8(relay));
            return List.of();
        }
        for (Recipient recipient : List.copyOf(left)) {
            if (recipient.address().needsSmtpUtf8()) {
                settle(recipient, new Outcome.Failed(relay, noUtf8(relay)));
            }
        }
        return left;
    }

    private static Reply noUtf8(String relay) {
        return Reply.of(553, "5.6.7", "SMTPUTF8 is required, but was not offered by host " + relay);
    }

    /// RFC 6531 §3.4, worked out anew: the sender, or header fields of a message that was declared international.
    private boolean needsUtf8ForAll() {
        boolean sender = message.envelope().sender() instanceof ReversePath.Sender s
                && s.address().needsSmtpUtf8();
        return sender || (message.envelope().smtpUtf8() && outgoing().shape().eightBitHeader());
    }

    private Outgoing outgoing() {
        Outgoing made = outgoing;
        if (made == null) {
            throw new IllegalStateException("not read yet");
        }
        return made;
    }

    // ---- what is said

    private Session.Request request(Session session, List<Recipient> recipients) throws IOException {
        Capabilities can = session.capabilities();
        Envelope envelope = message.envelope();
        Outgoing.Shape shape = outgoing().shape();
        boolean binaryBody = envelope.bodyType() == BodyType.BINARY_MIME && (shape.strayLineEnds() || shape.nulls());
        boolean binary = binaryBody && can.has("BINARYMIME") && can.has("CHUNKING");
        boolean eightBit = can.has("8BITMIME");
        boolean convert =
                out.settings().convertEightBit() && ((shape.eightBitBody() && !eightBit) || (binaryBody && !binary));
        Outgoing form = convert ? downgraded() : outgoing();
        boolean utf8 = can.has("SMTPUTF8")
                && (needsUtf8ForAll()
                        || recipients.stream().anyMatch(r -> r.address().needsSmtpUtf8()));

        StringBuilder mail = new StringBuilder("MAIL FROM:<")
                .append(path(envelope.sender(), utf8))
                .append('>');
        if (can.has("SIZE")) {
            mail.append(" SIZE=").append(form.size());
        }
        if (binary) {
            mail.append(" BODY=BINARYMIME");
        } else if (eightBit && form.shape().eightBitBody()) {
            mail.append(" BODY=8BITMIME");
        }
        if (utf8) {
            mail.append(" SMTPUTF8");
        }
        if (envelope.requireTls()) {
            mail.append(" REQUIRETLS");
        }
        boolean dsn = can.has("DSN");
        if (dsn) {
            appendDsn(mail, envelope);
        }
        List<String> rcpts = new ArrayList<>(recipients.size());
        for (Recipient recipient : recipients) {
            StringBuilder rcpt = new StringBuilder("RCPT TO:<")
                    .append(path(recipient.address(), utf8))
                    .append('>');
            if (dsn) {
                appendDsn(rcpt, recipient);
            }
            rcpts.add(rcpt.toString());
        }
        return new Session.Request(mail.toString(), rcpts, form, binary);
    }

    private Outgoing downgraded() throws IOException {
        Outgoing made = downgraded;
        if (made == null) {
            made = outgoing().replaced(Downgrade.of(outgoing().load()));
            downgraded = made;
        }
        return made;
    }

    private String path(ReversePath sender, boolean utf8) {
        return switch (sender) {
            case ReversePath.Null none -> "";
            case ReversePath.Sender s -> path(s.address(), utf8);
        };
    }

    /// RFC 6531 §3.2: without SMTPUTF8 a domain travels as A-labels.
    private String path(Address address, boolean utf8) {
        Address told = out.checks(lmtp).address(address);
        return utf8
                ? told.toString()
                : told.quotedLocalPart() + "@" + told.domain().ascii();
    }

    /// RFC 3461 §5.2.1: passed on as they came.
    private static void appendDsn(StringBuilder mail, Envelope envelope) {
        if (envelope.sender() instanceof ReversePath.Null) {
            return;
        }
        switch (envelope.returned()) {
            case UNSPECIFIED -> {}
            case FULL -> mail.append(" RET=FULL");
            case HEADERS -> mail.append(" RET=HDRS");
        }
        envelope.envelopeId()
                .filter(id -> id.length() <= 100 && Xtext.isValid(id))
                .ifPresent(id -> mail.append(" ENVID=").append(id));
    }

    private static void appendDsn(StringBuilder rcpt, Recipient recipient) {
        if (!recipient.notifications().isEmpty()) {
            List<String> words = new ArrayList<>();
            for (Notify kind : Notify.values()) {
                if (recipient.notifications().contains(kind)) {
                    words.add(kind.name());
                }
            }
            rcpt.append(" NOTIFY=").append(String.join(",", words));
        }
        Address original = recipient.original();
        String orcpt = recipient
                .originalRecipient()
                .filter(o -> o.length() <= 500 && isOrcpt(o))
                .orElseGet(() -> original.needsSmtpUtf8()
                        ? ""
                        : "rfc822;"
                                + Xtext.encode(original.quotedLocalPart() + "@"
                                        + original.domain().ascii()));
        if (!orcpt.isEmpty()) {
            rcpt.append(" ORCPT=").append(orcpt);
        }
    }

    private static boolean isOrcpt(String text) {
        int semicolon = text.indexOf(';');
        return semicolon > 0 && Xtext.isValid(text.substring(semicolon + 1));
    }
}
