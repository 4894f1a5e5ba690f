package tamanoir.server.smtp;

import java.util.ArrayList;
import java.util.List;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Policy;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;
import tamanoir.server.policy.Verdict.Effect;

/// Who is asked at each stage of a session, and the line in the log when somebody says no. Used by the
/// session's thread.
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
        return told("VRFY", policy.verify(question), question);
    }

    Verdict data(Question question) {
        return told("DATA", policy.data(question), question);
    }

    Verdict endOfData(Question question) {
        return told("END-OF-MESSAGE", policy.endOfData(question), question);
    }

    /// A line for a refusal, and one for everything else that a list wants to be known.
    Verdict told(String stage, Verdict verdict, Question question) {
        switch (verdict) {
            case Verdict.Refuse refuse -> {
                refuse.notes().forEach(note -> tell(stage, note, question));
                log(
                        "NOQUEUE: reject: ",
                        stage,
                        question,
                        "reply",
                        refuse.reply().toString(),
                        refuse.reason());
                return verdict;
            }
            case Verdict.Pass pass -> {
                List<Effect> others = new ArrayList<>();
                for (Effect effect : pass.effects()) {
                    if (effect instanceof Effect.Note note) {
                        tell(stage, note, question);
                    } else {
                        others.add(effect);
                    }
                }
                return new Verdict.Pass(others, pass.doubt());
            }
        }
    }

    private void tell(String stage, Effect.Note note, Question question) {
        log(note.warning() ? "NOQUEUE: warn: " : "NOQUEUE: info: ", stage, question, "text", note.text(), "");
    }

    private void log(String event, String stage, Question question, String key, String text, String reason) {
        Client client = question.client();
        List<Object> words = new ArrayList<>(List.of(key, text));
        if (!reason.isEmpty()) {
            words.addAll(List.of("reason", reason));
        }
        words.addAll(List.of(
                "from",
                "<" + question.from() + ">",
                "to",
                question.to().map(a -> "<" + a + ">").orElse("<>"),
                "proto",
                question.protocol(),
                "helo",
                "<" + question.helo() + ">"));
        trace.info(event + stage + " from " + client + ":", words.toArray());
    }
}
