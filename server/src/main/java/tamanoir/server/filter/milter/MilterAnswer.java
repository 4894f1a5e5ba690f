package tamanoir.server.filter.milter;

import tamanoir.mail.smtp.Reply;

/// What milters say about one step of a session.
public sealed interface MilterAnswer {
    /// Nobody objects.
    record Go() implements MilterAnswer {}

    /// Take it and hold it (an answer in place of a milter that does not answer).
    record Hold(String reason) implements MilterAnswer {}

    /// Say yes, deliver to nobody.
    record Discard(String reason) implements MilterAnswer {}

    /// Refuse, for now or for good. A 421 ends the session.
    record Refuse(Reply reply, String reason) implements MilterAnswer {}

    MilterAnswer GO = new Go();

    Reply REJECTED = Reply.of(550, "5.7.1", "Command rejected");
    Reply LATER = Reply.of(451, "4.7.1", "Service unavailable - try again later");
    Reply UNAVAILABLE = Reply.of(550, "5.5.0", "Service unavailable");
    Reply CLOSING = Reply.of(421, "4.7.0", "Server closing connection");
}
