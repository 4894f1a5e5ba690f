package tamanoir.server.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tamanoir.mail.smtp.Command;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Policy;
import tamanoir.server.policy.Question;
import tamanoir.server.policy.Verdict;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.queue.QueueId;

/// Who is asked at each stage of a session, and the line in the log when somebody says no. Used by the
/// session's thread.
final class Gate {
    private final Policy policy;
    private final MilterGate milters;
    private final Trace trace;

    Gate(Policy policy, MilterGate milters, Trace trace) {
        this.policy = policy;
        this.milters = milters;
        this.trace = trace;
    }

    Verdict connected(Question question) {
        return told("CONNECT", policy.connected(question), question);
    }

    /// The milters' word about a client that policy lets in.
    Verdict connectedToMilters(Question question) {
        return filtered("CONNECT", milters.connected(question), question);
    }

    Verdict greeted(Question question) {
        return told("HELO", policy.greeted(question), question);
    }

    Verdict greetedMilters(Question question) {
        return filtered("HELO", milters.greeted(question), question);
    }

    Verdict sender(Question question, Command.Mail mail, QueueId id) {
        return then(
                told("MAIL", policy.sender(question), question),
                () -> filtered("MAIL", milters.sender(question, mail, id), question));
    }

    Verdict recipient(Question question, Command.Rcpt rcpt, QueueId id) {
        Verdict verdict = told("RCPT", policy.recipient(question), question);
        if (verdict instanceof Verdict.Refuse refuse) {
            milters.refused(question, rcpt, id, refuse.reply());
        }
        return then(verdict, () -> filtered("RCPT", milters.recipient(question, rcpt, id), question));
    }

    /// Not a recipient of a transaction: VRFY only asks whether it could be one.
    Verdict verified(Question question) {
        return told("VRFY", policy.verify(question), question);
    }

    Verdict data(Question question, QueueId id) {
        return then(
                told("DATA", policy.data(question), question),
                () -> filtered("DATA", milters.data(question, id), question));
    }

    /// A command that is not known: nobody but milters cares.
    Verdict unknown(Question question, String line) {
        return filtered("UNKNOWN", milters.unknown(question, line), question);
    }

    /// Policy first; milters only hear of what it lets pass.
    private static Verdict then(Verdict first, Supplier<Verdict> next) {
        if (!(first instanceof Verdict.Pass pass)) {
            return first;
        }
        return switch (next.get()) {
            case Verdict.Refuse refuse -> refuse;
            case Verdict.Pass more -> {
                if (more.effects().isEmpty()) {
                    yield pass;
                }
                List<Effect> all = new ArrayList<>(pass.effects());
                all.addAll(more.effects());
                yield new Verdict.Pass(all, pass.doubt());
            }
        };
    }

    private Verdict filtered(String stage, Verdict verdict, Question question) {
        if (verdict instanceof Verdict.Refuse refuse) {
            log(
                    "NOQUEUE: milter-reject: ",
                    stage,
                    question,
                    "reply",
                    refuse.reply().toString(),
                    refuse.reason());
        }
        return verdict;
    }

    Verdict endOfData(Question question) {
        return told("END-OF-MESSAGE", policy.endOfData(question), question);
    }

    /// A line for a refusal, and one for everything else that a list wants to be known.
    Verdict told(String stage, Verdict verdict, Question question) {
        return switch (verdict) {
            case Verdict.Refuse refuse -> {
                refuse.notes().forEach(note -> tell(stage, note, question));
                log(
                        "NOQUEUE: reject: ",
                        stage,
                        question,
                        "reply",
                        refuse.reply().toString(),
                        refuse.reason());
                yield verdict;
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
                yield new Verdict.Pass(others, pass.doubt());
            }
        };
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
