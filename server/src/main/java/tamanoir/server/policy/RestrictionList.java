package tamanoir.server.policy;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Verdict.Effect;
import tamanoir.server.policy.Verdict.Refuse;

/// One list such as `smtpd_recipient_restrictions`, ready to run: left to right, until somebody says yes or
/// no. Immutable.
record RestrictionList(String name, List<Rule> rules) {
    private static final String LOOKUP_FAILED = "Temporary lookup failure";

    RestrictionList {
        rules = List.copyOf(rules);
    }

    @FunctionalInterface
    interface Check {
        /// @throws Unavailable when a table cannot tell
        Ruling judge(Question question, Carry carry);
    }

    /// A restriction as it is written. `place` is `file:line`; `warnOnly`: `warn_if_reject` stood before
    /// it.
    record Rule(String name, String place, Check check, boolean warnOnly) {
        boolean isList() {
            return check instanceof Inner;
        }
    }

    /// A list as one step of another: its yes and no are that list's.
    record Inner(RestrictionList list) implements Check {
        @Override
        public Ruling judge(Question question, Carry carry) {
            carry.depth++;
            Named end = list.ruling(question, carry);
            carry.depth--;
            return switch (end.ruling) {
                case Ruling.Refuse refuse -> new Ruling.Refuse(refuse.reply(), end.reason());
                case Ruling.Trouble trouble -> new Ruling.Trouble(trouble.reply(), end.reason());
                case Ruling.Permit permit -> new Ruling.Permit(permit.specific(), end.reason());
                case Ruling other -> other;
            };
        }
    }

    /// The ruling that ended the list, and the rule that gave it; `place` is `file:line`.
    private record Named(String rule, String place, Ruling ruling) {
        /// For the log: `reject_rbl_client zen.example (main.cf:12): listed as 127.0.0.2`.
        String reason() {
            String where = place.isEmpty() ? "" : " (" + place + ")";
            return rule + where + (ruling.why().isEmpty() ? "" : ": " + ruling.why());
        }
    }

    /// A refusal, or nothing: then later lists decide.
    Optional<Refuse> run(Question question, Carry carry) {
        if (carry.discarded) {
            return Optional.empty();
        }
        Named end = ruling(question, carry);
        return switch (end.ruling) {
            case Ruling.Refuse refuse -> Optional.of(new Refuse(carry.softened(refuse.reply()), end.reason()));
            case Ruling.Trouble trouble -> Optional.of(new Refuse(trouble.reply(), end.reason()));
            case Ruling.Dunno _,
                    Ruling.Permit _,
                    Ruling.DeferIfPermit _,
                    Ruling.DeferIfReject _,
                    Ruling.Mark _,
                    Ruling.Discard _ -> Optional.empty();
        };
    }

    private Named ruling(Question question, Carry carry) {
        for (Rule rule : rules) {
            if (rule.warnOnly) {
                carry.warning++;
            }
            Ruling ruling = judged(rule, question, carry);
            carry.step(name, rule, ruling);
            boolean ends = ends(rule, ruling, carry);
            if (rule.warnOnly) {
                carry.warning--;
            }
            if (ends) {
                return new Named(rule.name, rule.place, ruling);
            }
            if (carry.isSettled()) {
                break;
            }
        }
        return new Named(name, "", Ruling.DUNNO);
    }

    /// A table that cannot tell is trouble of ours: the client must come again, whatever the other lists
    /// say.
    private static Ruling judged(Rule rule, Question question, Carry carry) {
        try {
            return rule.check.judge(question, carry);
        } catch (Unavailable e) {
            return new Ruling.Trouble(Reply.of(451, "4.3.0", LOOKUP_FAILED), e.detail());
        }
    }

    private static boolean ends(Rule rule, Ruling ruling, Carry carry) {
        return switch (ruling) {
            case Ruling.Dunno _ -> false;
            case Ruling.Permit permit -> {
                carry.specific |= permit.specific();
                yield true;
            }
            case Ruling.Refuse refuse -> {
                if (carry.warning == 0) {
                    yield true;
                }
                carry.effects.add(warning(rule, refuse.reply(), refuse.why()));
                yield false;
            }
            case Ruling.DeferIfPermit defer -> {
                if (carry.warning > 0) {
                    carry.effects.add(warning(rule, defer.reply(), defer.why()));
                } else {
                    carry.doubt(new Refuse(defer.reply(), new Named(rule.name, rule.place, defer).reason()));
                }
                yield false;
            }
            case Ruling.DeferIfReject defer -> {
                carry.mercy(defer.reply());
                yield false;
            }
            case Ruling.Mark mark -> {
                carry.effects.add(mark.effect());
                yield false;
            }
            case Ruling.Discard discard -> {
                carry.effects.add(new Effect.Discard(discard.text()));
                carry.discarded = true;
                carry.specific = true;
                yield true;
            }
            case Ruling.Trouble _ -> true;
        };
    }

    private static Effect warning(Rule rule, Reply reply, String why) {
        String where = rule.place.isEmpty() ? "" : " (" + rule.place + ")";
        return new Effect.Note(
                true, "reject_warning: " + reply + "; " + rule.name + where + (why.isEmpty() ? "" : ": " + why));
    }

    boolean has(List<String> names) {
        return rules.stream().anyMatch(r -> names.contains(r.name));
    }
}
