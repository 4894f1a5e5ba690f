package tamanoir.server.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.mail.sasl.ClientMechanism;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.SmtpParameters.ClientTlsLevel;
import tamanoir.server.net.Connection;
import tamanoir.server.net.NotVerified;
import tamanoir.server.net.TlsClient;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.ServerFinder.Server;

/// A conversation with one server: greeting, EHLO or LHLO, STARTTLS, AUTH, then one transaction after the other.
///
/// Used by one thread at a time; the pool hands it from one to the next. After a failure of the connection it is closed
/// and of no more use.
final class Session implements AutoCloseable {
    private static final Octets CRLF_DOT = Octets.of(".\r\n");

    private final Server server;
    private final boolean lmtp;
    private final OutboundSettings settings;
    private final Connection connection;
    private final ReplyReader replies;
    private final long openedNanos = System.nanoTime();
    private Capabilities capabilities = Capabilities.NONE;
    private Optional<TlsDetails> tls = Optional.empty();
    private String stage = "receiving the initial server greeting";
    private int messages;
    private boolean dirty;
    private boolean broken;

    private Session(Server server, boolean lmtp, OutboundSettings settings, Connection connection) {
        this.server = server;
        this.lmtp = lmtp;
        this.settings = settings;
        this.connection = connection;
        this.replies = new ReplyReader(connection);
    }

    /// What a session is opened for. `strict` demands a verified channel whatever the settings say (RFC 8689).
    record Purpose(NextHop hop, boolean lmtp, Optional<Credentials> login, boolean strict) {}

    // ---- opening

    /// Connects and goes as far as the first MAIL. Where TLS is welcome but not demanded and the handshake fails, it is
    /// done again in clear.
    ///
    /// @throws NoSession when it does not come to that
    static Session open(Outbound out, Server server, Purpose purpose, Trace trace) throws NoSession {
        try {
            return open(out, server, purpose, trace, true);
        } catch (NoSession e) {
            if (!e.isTlsFailure()) {
                throw e;
            }
            trace.warn(
                    "tls-failed", "relay", server, "reason", e.reply().lines().getFirst(), "next", "in clear");
            return open(out, server, purpose, trace, false);
        }
    }

    private static Session open(Outbound out, Server server, Purpose purpose, Trace trace, boolean tlsWelcome)
            throws NoSession {
        OutboundSettings settings = out.settings();
        Connection connection;
        try {
            Duration limit = settings.timeouts().connect();
            connection = out.network()
                    .connect(
                            new InetSocketAddress(server.address(), server.port()),
                            source(settings, server.address()),
                            limit.isZero() ? Duration.ofMinutes(5) : limit);
        } catch (IOException e) {
            throw NoSession.tryElsewhere("4.4.1", "connect to " + server + ": " + reason(e));
        }
        Session session = new Session(server, purpose.lmtp(), settings, connection);
        boolean opened = false;
        try {
            session.begin(out, purpose, trace, tlsWelcome);
            opened = true;
            return session;
        } catch (IOException e) {
            throw NoSession.tryElsewhere("4.4.2", session.lost(e));
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof SocketTimeoutException
                ? "Connection timed out"
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static Optional<InetAddress> source(OutboundSettings settings, InetAddress server) throws NoSession {
        String text = server.getAddress().length == 4 ? settings.bindAddress() : settings.bindAddress6();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            if (settings.bindEnforced()) {
                throw NoSession.tryElsewhere("4.3.5", "smtp_bind_address " + text + " is no address");
            }
            return Optional.empty();
        }
    }

    private void begin(Outbound out, Purpose purpose, Trace trace, boolean tlsWelcome) throws IOException, NoSession {
        ClientTlsLevel level = level(purpose);
        if (settings.tlsWrapper() && !lmtp) {
            secure(out, purpose, level == ClientTlsLevel.NONE ? ClientTlsLevel.ENCRYPT : level, trace);
        }
        connection.deadline(settings.timeouts().helo());
        Reply greeting = replies.read();
        if (!greeting.isPositive()) {
            // smtp_skip_5xx_greeting: a refusal at the door is of this door, not of the mail.
            Reply said = greeting.isPermanent() && settings.skip5xxGreeting()
                    ? Reply.of(451, "4.0.0", "host " + server + " refused to talk to me: " + greeting)
                    : greeting;
            throw NoSession.said(said);
        }
        hello();
        if (tls.isEmpty()) {
            startTls(out, purpose, level, trace, tlsWelcome);
        }
        if (purpose.login().isPresent()) {
            login(purpose.login().get());
        }
    }

    private ClientTlsLevel level(Purpose purpose) throws NoSession {
        ClientTlsLevel level = (lmtp ? settings.lmtp() : settings.smtp()).tls();
        return switch (level) {
            case NONE, MAY, ENCRYPT, VERIFY, SECURE -> purpose.strict() ? ClientTlsLevel.SECURE : level;
            // Without TLSA records dane is may (RFC 7672 §2.2); these are looked for when DANE is built.
            case DANE -> purpose.strict() ? ClientTlsLevel.SECURE : ClientTlsLevel.MAY;
            case DANE_ONLY, FINGERPRINT ->
                throw NoSession.tryElsewhere(
                        "4.7.5",
                        "the TLS level " + level.toString().toLowerCase(Locale.ROOT) + " is not available here yet");
        };
    }

    private void hello() throws IOException, NoSession {
        stage = lmtp ? "performing the LHLO handshake" : "performing the EHLO handshake";
        connection.deadline(settings.timeouts().helo());
        String name = (lmtp ? settings.lmtp() : settings.smtp()).name();
        Reply reply = settings.neverEhlo() && !lmtp
                ? Reply.of(502, "", "not asked")
                : command((lmtp ? "LHLO " : "EHLO ") + name);
        if (reply.isPositive()) {
            capabilities = Capabilities.of(reply, settings.discardKeywords());
            return;
        }
        if (!lmtp && reply.isPermanent() && tls.isEmpty()) {
            // RFC 5321 §3.2: a server that knows only HELO.
            stage = "performing the HELO handshake";
            reply = command("HELO " + name);
            if (reply.isPositive()) {
                capabilities = Capabilities.NONE;
                return;
            }
        }
        throw NoSession.said(
                reply.isPermanent() && settings.skip5xxGreeting()
                        ? Reply.of(451, "4.0.0", "host " + server + " refused to talk to me: " + reply)
                        : reply);
    }

    private void startTls(Outbound out, Purpose purpose, ClientTlsLevel level, Trace trace, boolean welcome)
            throws IOException, NoSession {
        boolean offered = capabilities.has("STARTTLS");
        if (level == ClientTlsLevel.NONE) {
            if (offered && settings.noteStartTlsOffer()) {
                trace.info("starttls-offered", "by", server.host());
            }
            return;
        }
        boolean demanded = level != ClientTlsLevel.MAY;
        if (!offered) {
            if (demanded) {
                throw NoSession.tryElsewhere("4.7.4", "TLS is required, but was not offered by host " + server);
            }
            return;
        }
        if (!demanded && !welcome) {
            return;
        }
        stage = "performing STARTTLS";
        connection.deadline(settings.timeouts().startTls());
        Reply reply = command("STARTTLS");
        if (!reply.isPositive()) {
            if (demanded) {
                throw NoSession.tryElsewhere("4.7.4", "TLS is required, but host " + server + " said: " + reply);
            }
            return; // RFC 3207 §4: go on in clear, where that is allowed.
        }
        secure(out, purpose, level, trace);
        // RFC 3207 §4.2: what was said in clear does not count.
        hello();
    }

    private void secure(Outbound out, Purpose purpose, ClientTlsLevel level, Trace trace)
            throws IOException, NoSession {
        stage = "performing the TLS handshake";
        connection.deadline(settings.timeouts().startTls());
        boolean demanded = level == ClientTlsLevel.VERIFY || level == ClientTlsLevel.SECURE;
        List<String> match = level == ClientTlsLevel.SECURE ? settings.secureMatch() : settings.verifyMatch();
        TlsClient client = level == ClientTlsLevel.MAY ? out.tls() : out.mandatoryTls();
        try {
            TlsDetails details = connection.startTls(
                    client, new TlsClient.Peer(server.host(), names(match, purpose.hop()), demanded));
            tls = Optional.of(details);
            trace.debug("tls", "relay", server, "protocol", details);
        } catch (NotVerified e) {
            throw NoSession.tryElsewhere("4.7.5", "Server certificate not verified: " + e.getMessage());
        } catch (IOException e) {
            String text = "Cannot start TLS with " + server + ": " + reason(e);
            throw level == ClientTlsLevel.MAY ? NoSession.tlsFailed(text) : NoSession.tryElsewhere("4.7.5", text);
        }
    }

    private List<String> names(List<String> match, NextHop hop) {
        List<String> names = new ArrayList<>();
        for (String word : match) {
            switch (word) {
                case "hostname" -> names.add(server.host());
                case "nexthop" -> names.add(hop.host());
                case "dot-nexthop" -> names.add("." + hop.host());
                default -> names.add(word);
            }
        }
        return names;
    }

    // ---- logging in

    private void login(Credentials credentials) throws IOException, NoSession {
        List<String> offered = capabilities.mechanisms();
        if (offered.isEmpty()) {
            return; // Nothing to log in to; as Postfix, the server decides what it takes then.
        }
        stage = "performing SASL authentication";
        Map<String, Octets> bindings = tls.map(TlsDetails::channelBindings).orElse(Map.of());
        Optional<ClientMechanism> chosen =
                ClientMechanism.choose(offered, allowed(), bindings, credentials.name(), credentials.password());
        if (chosen.isEmpty()) {
            throw NoSession.tryElsewhere(
                    "4.7.0",
                    "SASL authentication failed; server " + server + " offers no mechanism that may be used"
                            + (tls.isEmpty() ? " without TLS" : "") + ": " + String.join(" ", offered));
        }
        ClientMechanism mechanism = chosen.get();
        connection.deadline(settings.timeouts().helo());
        Reply reply = mechanism.sendsFirst()
                ? command("AUTH " + mechanism.name() + " " + base64(mechanism.initial()))
                : command("AUTH " + mechanism.name());
        int rounds = 0;
        while (reply.code() == 334 && rounds++ < 10) {
            Octets answer;
            try {
                answer = mechanism.respond(challenge(reply));
            } catch (BadSyntax e) {
                command("*");
                throw NoSession.tryElsewhere(
                        "4.7.0", "SASL authentication failed; server " + server + ": " + e.getMessage());
            }
            reply = command(base64(answer));
        }
        if (reply.code() == 235 && mechanism.mayBelieveSuccess()) {
            return;
        }
        String text = "SASL authentication failed; server " + server + " said: " + reply;
        throw reply.isPermanent() && !settings.login().softBounce()
                ? NoSession.said(Reply.of(535, "5.7.8", text))
                : NoSession.tryElsewhere("4.7.8", text);
    }

    private Predicate<String> allowed() {
        Set<String> options = tls.isPresent()
                ? settings.login().tlsOptions()
                : settings.login().options();
        List<String> filter = settings.login().mechanisms();
        return name -> {
            boolean plain = name.equals("PLAIN") || name.equals("LOGIN");
            if (plain && options.contains("noplaintext")) {
                return false;
            }
            for (String word : filter) {
                if (word.startsWith("!") ? word.substring(1).equalsIgnoreCase(name) : word.equalsIgnoreCase(name)) {
                    return !word.startsWith("!");
                }
            }
            return filter.stream().allMatch(w -> w.startsWith("!"));
        };
    }

    /// RFC 4954 §4: an empty response is `=`.
    private static String base64(Octets octets) {
        return octets.isEmpty() ? "=" : Base64.getEncoder().encodeToString(octets.toByteArray());
    }

    private static Octets challenge(Reply reply) {
        try {
            return Octets.of(Base64.getDecoder().decode(reply.lines().getFirst().strip()));
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the challenge is not base64");
        }
    }

    // ---- transactions

    /// One transaction. `mail` and `recipients` are whole commands.
    record Request(String mail, List<String> recipients, Outgoing message, boolean binary) {}

    /// What became of each recipient. `replies` has one final reply for each; `refusedAtRcpt` says that it was the
    /// answer to RCPT; `began` is false when the connection was gone before the first answer.
    record Result(List<Reply> replies, List<Boolean> refusedAtRcpt, int accepted, boolean began) {}

    Result send(Request request) {
        int count = request.recipients().size();
        Reply[] verdicts = new Reply[count];
        Boolean[] atRcpt = new Boolean[count];
        java.util.Arrays.fill(atRcpt, false);
        boolean[] began = {false};
        int accepted = 0;
        messages++;
        try {
            accepted = converse(request, verdicts, atRcpt, began);
        } catch (IOException e) {
            broken = true;
            Reply lost = Reply.of(451, "4.4.2", lost(e));
            for (int i = 0; i < count; i++) {
                if (verdicts[i] == null) {
                    verdicts[i] = lost;
                }
            }
        }
        for (Reply verdict : verdicts) {
            broken |= verdict.code() == 421; // RFC 5321 §3.8: it is closing.
        }
        return new Result(List.of(verdicts), List.of(atRcpt), accepted, began[0]);
    }

    /// Whether the server would take mail from one to the other, both whole commands; no message is sent.
    Reply ask(String mail, String recipient) {
        try {
            stage = "sending MAIL FROM";
            connection.deadline(settings.timeouts().mail());
            Reply reply = command(mail);
            if (reply.isPositive()) {
                stage = "sending RCPT TO";
                connection.deadline(settings.timeouts().rcpt());
                reply = command(recipient);
            }
            return reply;
        } catch (IOException e) {
            broken = true;
            return Reply.of(451, "4.4.2", lost(e));
        }
    }

    private int converse(Request request, Reply[] verdicts, Boolean[] atRcpt, boolean[] began) throws IOException {
        if (dirty) {
            stage = "sending RSET";
            connection.deadline(settings.timeouts().reset());
            if (!command("RSET").isPositive()) {
                throw new IOException("RSET was refused");
            }
            dirty = false;
            began[0] = true;
        }
        boolean pipelining = capabilities.has("PIPELINING");
        List<String> recipients = request.recipients();
        dirty = true;
        write(request.mail());
        if (pipelining) {
            recipients.forEach(this::queue);
            writeQueued();
            if (!request.binary()) {
                write("DATA");
            }
        }
        stage = "sending MAIL FROM";
        connection.deadline(settings.timeouts().mail());
        Reply mail = replies.read();
        began[0] = true;
        if (!mail.isPositive() && !pipelining) {
            java.util.Arrays.fill(verdicts, mail);
            return 0;
        }
        stage = "sending RCPT TO";
        connection.deadline(settings.timeouts().rcpt());
        int accepted = 0;
        for (int i = 0; i < recipients.size(); i++) {
            if (!pipelining) {
                write(recipients.get(i));
            }
            Reply reply = replies.read();
            if (!mail.isPositive()) {
                verdicts[i] = mail;
            } else if (reply.isPositive()) {
                accepted++;
            } else {
                verdicts[i] = reply;
                atRcpt[i] = true;
                if (reply.code() == 421) {
                    throw new IOException("the server is closing: " + reply);
                }
            }
        }
        return request.binary() ? chunk(request, verdicts, accepted) : data(request, verdicts, accepted, pipelining);
    }

    private final List<String> queued = new ArrayList<>();

    private void queue(String command) {
        queued.add(command);
    }

    private void writeQueued() throws IOException {
        for (String command : queued) {
            write(command);
        }
        queued.clear();
    }

    private int data(Request request, Reply[] verdicts, int accepted, boolean pipelining) throws IOException {
        if (accepted == 0 && !pipelining) {
            return 0;
        }
        if (!pipelining) {
            write("DATA");
        }
        stage = "sending DATA command";
        connection.deadline(settings.timeouts().dataInit());
        Reply ready = replies.read();
        if (ready.code() != 354) {
            // RFC 2920 §3.1: with no recipient left the refusal was to be expected.
            Reply refusal = ready.isPositive() ? Reply.of(451, "4.5.0", "unexpected answer to DATA: " + ready) : ready;
            fill(verdicts, refusal);
            return accepted;
        }
        if (accepted == 0) {
            // RFC 2920 §3.1: it took DATA without recipients; an empty message ends that.
            stage = "sending end of data";
            connection.write(CRLF_DOT);
            connection.deadline(settings.timeouts().dataDone());
            if (!lmtp) {
                replies.read();
            }
            return 0;
        }
        stage = "sending message body";
        connection.deadline(settings.timeouts().dataTransfer());
        request.message().writeData(connection);
        connection.flush();
        stage = "sending end of data -- message may be sent more than once";
        finish(verdicts);
        return accepted;
    }

    /// RFC 3030 §2: the whole message as one chunk.
    private int chunk(Request request, Reply[] verdicts, int accepted) throws IOException {
        if (accepted == 0) {
            return 0;
        }
        stage = "sending message body";
        connection.deadline(settings.timeouts().dataTransfer());
        write("BDAT " + request.message().size() + " LAST");
        request.message().writeRaw(connection);
        connection.flush();
        stage = "sending end of data -- message may be sent more than once";
        finish(verdicts);
        return accepted;
    }

    private void finish(Reply[] verdicts) throws IOException {
        connection.deadline(settings.timeouts().dataDone());
        if (!lmtp) {
            Reply done = replies.read();
            fill(verdicts, done);
        } else {
            // RFC 2033 §4.2: one reply for each accepted recipient, in order.
            for (int i = 0; i < verdicts.length; i++) {
                if (verdicts[i] == null) {
                    verdicts[i] = replies.read();
                }
            }
        }
        dirty = false;
    }

    private static void fill(Reply[] verdicts, Reply reply) {
        for (int i = 0; i < verdicts.length; i++) {
            if (verdicts[i] == null) {
                verdicts[i] = reply;
            }
        }
    }

    private Reply command(String line) throws IOException {
        write(line);
        return replies.read();
    }

    private void write(String line) throws IOException {
        connection.write(Octets.of(line + "\r\n"));
    }

    /// In Postfix's words.
    private String lost(IOException e) {
        return e instanceof SocketTimeoutException
                ? "conversation with " + server + " timed out while " + stage
                : e instanceof java.io.EOFException
                        ? "lost connection with " + server + " while " + stage
                        : "lost connection with " + server + " while " + stage + " (" + reason(e) + ")";
    }

    // ---- the rest of its life

    Server server() {
        return server;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    boolean isVerified() {
        return tls.filter(t -> t.trust() == TlsDetails.Trust.VERIFIED).isPresent();
    }

    boolean isBroken() {
        return broken;
    }

    /// Whether another message may go over it.
    boolean isReusable() {
        OutboundSettings.Cache cache = settings.cache();
        return !broken
                && (cache.mostMessages() == 0 || messages < cache.mostMessages())
                && System.nanoTime() - openedNanos < cache.reuse().toNanos();
    }

    /// Whether the server has said something, or gone, while nobody spoke to it.
    boolean isStale() {
        try {
            return connection.hasInput();
        } catch (IOException e) {
            return true;
        }
    }

    /// Says QUIT without waiting for the answer (`smtp_skip_quit_response`) and closes.
    @Override
    public void close() {
        if (!broken) {
            try {
                connection.deadline(Duration.ofSeconds(2));
                write("QUIT");
                connection.flush();
            } catch (IOException e) {
                // It is being closed anyway.
            }
        }
        broken = true;
        connection.close();
    }
}
