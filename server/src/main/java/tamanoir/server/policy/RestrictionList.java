package tamanoir.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.policy.Verdict.Refuse;

/// One list such as `smtpd_recipient_restrictions`, ready to run: left to right, until somebody says yes or no.
/// Immutable.
record RestrictionList(String name, List<Rule> rules) {
    RestrictionList {
        rules = List.copyOf(rules);
    }

    @FunctionalInterface
    interface Check {
        /// @throws tamanoir.server.observe.Unavailable when a table cannot tell
        Ruling judge(Question question);
    }

    /// A restriction by its name. `warnOnly`: `warn_if_reject` stood before it.
    record Rule(String name, Check check, boolean warnOnly) {}

    /// What lists that ran before leave for those after: points 5 and 6 of SMTPD_ACCESS_README's order.
    static final class Carry {
        private Optional<Refuse> deferIfPermit = Optional.empty();
        private Optional<Reply> deferIfReject = Optional.empty();
        final List<Effect> effects = new ArrayList<>();
        /// Somebody said yes to this very client or address.
        boolean specific;

        /// The last word when nobody has said no.
        Verdict pass() {
            return deferIfPermit.isPresent() ? deferIfPermit.get() : new Verdict.Pass(effects);
        }
    }

    /// A refusal, or nothing: then later lists decide.
    Optional<Refuse> run(Question question, Carry carry) {
        for (Rule rule : rules) {
            switch (rule.check.judge(question)) {
                case Ruling.Dunno _ -> {}
                case Ruling.Permit permit -> {
                    carry.specific |= permit.specific();
                    return Optional.empty();
                }
                case Ruling.Refuse refuse -> {
                    if (!rule.warnOnly) {
                        return Optional.of(new Refuse(softened(refuse.reply(), carry), rule.name));
                    }
                    carry.effects.add(new Effect.Note(true, "reject_warning: " + refuse.reply()));
                }
                case Ruling.DeferIfPermit defer -> {
                    if (rule.warnOnly) {
                        carry.effects.add(new Effect.Note(true, "reject_warning: " + defer.reply()));
                    } else if (carry.deferIfPermit.isEmpty()) {
                        carry.deferIfPermit = Optional.of(new Refuse(defer.reply(), rule.name));
                    }
                }
                case Ruling.DeferIfReject defer -> {
                    if (carry.deferIfReject.isEmpty()) {
                        carry.deferIfReject = Optional.of(defer.reply());
                    }
                }
                case Ruling.Mark mark -> carry.effects.add(mark.effect());
            }
        }
        return Optional.empty();
    }

    private static Reply softened(Reply reply, Carry carry) {
        return reply.isPermanent() && carry.deferIfReject.isPresent() ? carry.deferIfReject.get() : reply;
    }

    boolean has(List<String> names) {
        return rules.stream().anyMatch(r -> names.contains(r.name));
    }
}
