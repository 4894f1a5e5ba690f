package tamanoir.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.policy.Verdict.Refuse;

/// What lists that ran before leave for those after, while one question is answered. Used by one thread.
final class Carry {
    /// Which command is being answered: `protocol_state` of the policy delegation protocol.
    final Where where;
    final List<Effect> effects = new ArrayList<>();
    /// Every step, for `tamanoir explain`; empty when nobody wants to know.
    private final Optional<List<Step>> trail;

    /// Somebody said yes to this very client or address.
    boolean specific;
    /// Nobody else is asked.
    boolean discarded;
    /// `reject_unlisted_sender`, `reject_unlisted_recipient`: done already.
    boolean senderChecked;
    boolean recipientChecked;
    /// Above 0 behind `warn_if_reject`, also in the lists within.
    int warning;
    int depth;
    private Optional<Refuse> deferIfPermit = Optional.empty();
    private Optional<Reply> deferIfReject = Optional.empty();

    Carry(Where where, Optional<List<Step>> trail) {
        this.where = where;
        this.trail = trail;
    }

    /// The commands of a session that lists are asked about.
    enum Where {
        CONNECT("CONNECT"),
        HELO("HELO"),
        EHLO("EHLO"),
        MAIL("MAIL"),
        RCPT("RCPT"),
        VRFY("VRFY"),
        DATA("DATA"),
        END_OF_MESSAGE("END-OF-MESSAGE");

        final String text;

        Where(String text) {
            this.text = text;
        }
    }

    /// Nothing is known of a message yet.
    boolean isBeforeMail() {
        return where == Where.CONNECT || where == Where.HELO || where == Where.EHLO;
    }

    /// The first reason counts, so that the log names one trouble and not its followers.
    void doubt(Refuse refuse) {
        if (deferIfPermit.isEmpty()) {
            deferIfPermit = Optional.of(refuse);
        }
    }

    void mercy(Reply reply) {
        if (deferIfReject.isEmpty()) {
            deferIfReject = Optional.of(reply);
        }
    }

    /// A new stage begins: what softens a refusal belongs to its own stage.
    void nextStage() {
        deferIfReject = Optional.empty();
    }

    Optional<Refuse> doubt() {
        return deferIfPermit;
    }

    /// A permit would be a "not now", a reject too: there is nothing left to find out.
    boolean isSettled() {
        return discarded || (deferIfPermit.isPresent() && deferIfReject.isPresent());
    }

    Reply softened(Reply reply) {
        return reply.isPermanent() && deferIfReject.isPresent() ? deferIfReject.get() : reply;
    }

    boolean explains() {
        return trail.isPresent();
    }

    void step(String list, RestrictionList.Rule rule, Ruling ruling) {
        if (trail.isPresent()) {
            trail.get()
                    .add(new Step(
                            depth,
                            list,
                            rule.name(),
                            rule.place(),
                            outcome(rule, ruling),
                            ruling.why(),
                            reply(ruling)));
        }
    }

    /// What no list says but the server itself.
    void step(String rule, String outcome, String why, String reply) {
        if (trail.isPresent()) {
            trail.get().add(new Step(0, "", rule, "", outcome, why, reply));
        }
    }

    private String outcome(RestrictionList.Rule rule, Ruling ruling) {
        boolean would = warning > 0
                && (ruling instanceof Ruling.Refuse || ruling instanceof Ruling.DeferIfPermit)
                && !rule.isList();
        return would ? "would " + outcome(ruling) : outcome(ruling);
    }

    /// In a word, for explanations.
    static String outcome(Ruling ruling) {
        return switch (ruling) {
            case Ruling.Dunno _ -> "no opinion";
            case Ruling.Permit _ -> "permit";
            case Ruling.Refuse refuse -> refuse.reply().isPermanent() ? "reject" : "defer";
            case Ruling.DeferIfPermit _ -> "defer if permit";
            case Ruling.DeferIfReject _ -> "defer if reject";
            case Ruling.Mark _ -> "noted";
            case Ruling.Discard _ -> "discard";
            case Ruling.Trouble _ -> "defer";
        };
    }

    private static String reply(Ruling ruling) {
        return switch (ruling) {
            case Ruling.Refuse refuse -> refuse.reply().toString();
            case Ruling.DeferIfPermit defer -> defer.reply().toString();
            case Ruling.DeferIfReject defer -> defer.reply().toString();
            case Ruling.Trouble trouble -> trouble.reply().toString();
            case Ruling.Dunno _, Ruling.Permit _, Ruling.Mark _, Ruling.Discard _ -> "";
        };
    }
}
