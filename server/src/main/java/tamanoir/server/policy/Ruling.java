package tamanoir.server.policy;

import tamanoir.mail.smtp.Reply;
import tamanoir.server.policy.Verdict.Effect;

/// What one restriction says.
sealed interface Ruling {
    /// Nothing: the next one, please.
    record Dunno() implements Ruling {}

    /// Yes, which ends this list. `specific`: said about this client or address, not by a bare `permit`.
    record Permit(boolean specific) implements Ruling {}

    /// No, for now or for good; ends everything.
    record Refuse(Reply reply) implements Ruling {}

    /// If everybody else says yes, make it a "not now".
    record DeferIfPermit(Reply reply) implements Ruling {}

    /// If somebody says no for good, make it a "not now".
    record DeferIfReject(Reply reply) implements Ruling {}

    /// Nothing, but remember this.
    record Mark(Effect effect) implements Ruling {}

    Ruling DUNNO = new Dunno();
    Ruling PERMIT = new Permit(true);
}
