package tamanoir.server.policy;

import tamanoir.mail.smtp.Reply;
import tamanoir.server.policy.Verdict.Effect;

/// What one restriction says. `why` is for logs and explanations: what was found where; empty where the
/// name of the restriction says all.
sealed interface Ruling {
    String why();

    /// Nothing: the next one, please.
    record Dunno(String why) implements Ruling {}

    /// Yes, which ends this list. `specific`: said about this client or address, not by a bare `permit`.
    record Permit(boolean specific, String why) implements Ruling {}

    /// No, for now or for good; ends everything.
    record Refuse(Reply reply, String why) implements Ruling {}

    /// If everybody else says yes, make it a "not now".
    record DeferIfPermit(Reply reply, String why) implements Ruling {}

    /// If somebody says no for good, make it a "not now".
    record DeferIfReject(Reply reply, String why) implements Ruling {}

    /// Nothing, but remember this.
    record Mark(Effect effect, String why) implements Ruling {}

    /// Yes, and nobody else is asked: the message will be thrown away.
    record Discard(String text, String why) implements Ruling {}

    /// Cannot tell, because a table or the set-up is broken: the client must come again, even where
    /// warn_if_reject stands before it.
    record Trouble(Reply reply, String why) implements Ruling {}

    Ruling DUNNO = new Dunno("");
    Ruling PERMIT = new Permit(true, "");
}
