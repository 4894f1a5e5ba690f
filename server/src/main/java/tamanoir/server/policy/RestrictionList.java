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

        /// The same with what earlier lists left; only lists within lists care.
        default Ruling judge(Question question, Carry carry) {
            return judge(question);
        }
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
        carry.deferIfReject = Optional.empty(); // a doubt about a refusal is for the list in which it was raised
        return ruling(question, carry) instanceof Named(String rule, Ruling.Refuse refuse)
                ? Optional.of(new Refuse(softened(refuse.reply(), carry), rule))
                : Optional.empty();
    }

    /// The ruling that ended the list, with the name of its rule.
    private record Named(String rule, Ruling ruling) {}

    /// As one step of another list: its yes and no are that list's.
    Check asCheck() {
        return new Check() {
            @Override
            public Ruling judge(Question question) {
                // Alone, its only way to tell of a doubt is to return it.
                Carry carry = new Carry();
                Ruling ruling = judge(question, carry);
                if (ruling instanceof Ruling.Refuse) {
                    return ruling;
                }
                if (carry.deferIfPermit.isPresent()) {
                    return new Ruling.DeferIfPermit(carry.deferIfPermit.get().reply());
                }
                return carry.effects.isEmpty() ? ruling : new Ruling.Mark(carry.effects.getFirst());
            }

            @Override
            public Ruling judge(Question question, Carry carry) {
                return ruling(question, carry).ruling;
            }
        };
    }

    private Named ruling(Question question, Carry carry) {
        for (Rule rule : rules) {
            switch (rule.check.judge(question, carry)) {
                case Ruling.Dunno _ -> {}
                case Ruling.Permit permit -> {
                    carry.specific |= permit.specific();
                    return new Named(rule.name, permit);
                }
                case Ruling.Refuse refuse -> {
                    if (!rule.warnOnly) {
                        return new Named(rule.name, refuse);
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
        return new Named(name, Ruling.DUNNO);
    }

    private static Reply softened(Reply reply, Carry carry) {
        return reply.isPermanent() && carry.deferIfReject.isPresent() ? carry.deferIfReject.get() : reply;
    }

    boolean has(List<String> names) {
        return rules.stream().anyMatch(r -> names.contains(r.name));
    }
}
