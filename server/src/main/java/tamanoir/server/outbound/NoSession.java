package tamanoir.server.outbound;

import tamanoir.mail.smtp.Reply;

/// No conversation came about with a server. `reply` is what it said, or what we say about it; `again` whether another
/// server may do better, or this one later.
final class NoSession extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;
    private final boolean again;
    private final boolean tlsFailed;

    private NoSession(Reply reply, boolean again, boolean tlsFailed) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
        this.again = again;
        this.tlsFailed = tlsFailed;
    }

    static NoSession tryElsewhere(String status, String text) {
        return new NoSession(Reply.of(451, status, text), true, false);
    }

    static NoSession said(Reply reply) {
        return new NoSession(reply, reply.isTransient(), false);
    }

    /// The handshake failed where TLS is welcome but not demanded.
    static NoSession tlsFailed(String text) {
        return new NoSession(Reply.of(451, "4.7.5", text), true, true);
    }

    Reply reply() {
        return reply;
    }

    boolean mayTryAgain() {
        return again;
    }

    boolean isTlsFailure() {
        return tlsFailed;
    }
}
