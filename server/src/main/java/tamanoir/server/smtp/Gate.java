package tamanoir.server.smtp;

import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Policy;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;

/// Who is asked at each stage of a session, and the line in the log when somebody says no. Used by the session's
/// thread.
final class Gate {
    private final Policy policy;
    private final Trace trace;

    Gate(Policy policy, Trace trace) {
        this.policy = policy;
        this.trace = trace;
    }

    Verdict connected(Question question) {
        return told("CONNECT", policy.connected(question), question);
    }

    Verdict greeted(Question question) {
        return told("HELO", policy.greeted(question), question);
    }

    Verdict sender(Question question) {
        return told("MAIL", policy.sender(question), question);
    }

    Verdict recipient(Question question) {
        return told("RCPT", policy.recipient(question), question);
    }

    /// Not a recipient of a transaction: VRFY only asks whether it could be one.
    Verdict verified(Question question) {
        return told("VRFY", policy.recipient(question), question);
    }

    Verdict data(Question question) {
        return told("DATA", policy.data(question), question);
    }

    Verdict endOfData(Question question) {
        return told("END-OF-MESSAGE", policy.endOfData(question), question);
    }

    private Verdict told(String stage, Verdict verdict, Question question) {
        if (verdict instanceof Verdict.Refuse refuse) {
            Client client = question.client();
            trace.info(
                    "NOQUEUE: reject: " + stage + " from " + client + ":",
                    "reply",
                    refuse.reply(),
                    "reason",
                    refuse.reason(),
                    "from",
                    "<" + question.from() + ">",
                    "to",
                    question.to().map(a -> "<" + a + ">").orElse("<>"),
                    "proto",
                    question.protocol(),
                    "helo",
                    "<" + question.helo() + ">");
        }
        return verdict;
    }
}
