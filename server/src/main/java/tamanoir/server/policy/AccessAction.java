package tamanoir.server.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Restriction;
import tamanoir.server.policy.AccessTables.Spot;
import tamanoir.server.policy.Verdict.Effect;

/// What the answer of an access table or of a policy service means (access(5)). Immutable.
final class AccessAction {
    /// They say what becomes of a message, so there must be one.
    private static final Set<String> OF_A_MESSAGE = Set.of("DISCARD", "HOLD", "PREPEND", "REDIRECT", "BCC", "FILTER");

    /// RFC 5322 §2.1.1.
    private static final int LONGEST_FIELD = 998;

    private final PolicySettings settings;
    private final Compiler compiler;

    /// Makes a list of an answer that names restrictions.
    @FunctionalInterface
    interface Compiler {
        /// @throws BadSyntax when a restriction is not there
        RestrictionList list(String name, Spot spot, List<Restriction> steps);
    }

    AccessAction(PolicySettings settings, Compiler compiler) {
        this.settings = settings;
        this.compiler = compiler;
    }

    /// An answer: `about` is what was asked about, `entry` where the answer stands.
    record Result(Spot spot, About about, String text, String entry) {}

    Ruling ruling(Result result, Question q, Carry carry) {
        String text = result.text.strip();
        int blank = 0;
        while (blank < text.length() && !Character.isWhitespace(text.charAt(blank))) {
            blank++;
        }
        String word = text.substring(0, blank).toUpperCase(Locale.ROOT);
        String rest = text.substring(blank).strip();
        About about = result.about;
        String why = result.entry + " says " + text;
        PolicySettings.Codes codes = settings.codes();
        if (OF_A_MESSAGE.contains(word) && carry.isBeforeMail()) {
            return ignored(why + ", but with smtpd_delay_reject = no there is no message yet");
        }
        return switch (word) {
            case "OK", "RELAY", "PERMIT" -> new Ruling.Permit(true, why);
            case "DUNNO" -> new Ruling.Dunno(why);
            case "REJECT" -> new Ruling.Refuse(told(codes.accessReject(), about, q, rest, "Access denied"), why);
            case "DEFER" -> new Ruling.Refuse(told(codes.accessDefer(), about, q, rest, "Access denied"), why);
            case "DEFER_IF_PERMIT" ->
                new Ruling.DeferIfPermit(told(codes.accessDefer(), about, q, rest, "Service unavailable"), why);
            case "DEFER_IF_REJECT" ->
                new Ruling.DeferIfReject(told(codes.accessDefer(), about, q, rest, "Service unavailable"), why);
            case "DISCARD" -> new Ruling.Discard(subject(result, q, rest, "triggers DISCARD action"), why);
            case "HOLD" -> new Ruling.Mark(new Effect.Hold(subject(result, q, rest, "triggers HOLD action")), why);
            case "PREPEND" -> prepend(rest, carry, why);
            case "REDIRECT" -> toAddress(rest, why, Effect.Redirect::new);
            case "BCC" -> toAddress(rest, why, Effect.BlindCopy::new);
            case "WARN" -> new Ruling.Mark(new Effect.Note(true, subject(result, q, rest, "")), why);
            case "INFO" -> new Ruling.Mark(new Effect.Note(false, subject(result, q, rest, "")), why);
            case "FILTER" ->
                rest.indexOf(':') > 0
                        ? new Ruling.Mark(new Effect.Filter(rest), why)
                        : ignored(why + ", but FILTER needs transport:destination");
            default -> other(result, text, word, rest, q, carry, why);
        };
    }

    private static String subject(Result result, Question q, String text, String otherwise) {
        return "<" + result.about.subject(q) + ">: " + result.about.what + " " + (text.isEmpty() ? otherwise : text);
    }

    private static Reply told(int code, About about, Question q, String text, String otherwise) {
        return Refusals.told(code, about, q, text, otherwise);
    }

    /// `550 5.7.1 text`; digits alone are OK, whatever they are; else names of restrictions.
    private Ruling other(Result result, String text, String word, String rest, Question q, Carry carry, String why) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new Ruling.Permit(true, why);
        }
        if (word.length() == 3 && word.matches("[45][0-9][0-9]")) {
            return new Ruling.Refuse(told(Integer.parseInt(word), result.about, q, rest, "Access denied"), why);
        }
        if (text.isEmpty()) {
            return new Ruling.Permit(true, why);
        }
        if (text.indexOf(':') >= 0) {
            return misconfigured(why + "; a table inside an access table cannot be opened, name a restriction class");
        }
        RestrictionList list;
        try {
            list = compiler.list(
                    "access table",
                    new Spot(result.spot.list(), result.spot.depth() + 1),
                    Restriction.of(List.of(text.split("[,\\s]+"))));
        } catch (BadSyntax e) {
            return misconfigured(why + ": " + e.getMessage());
        }
        Ruling ruling = new RestrictionList.Inner(list).judge(q, carry);
        return switch (ruling) {
            case Ruling.Refuse refuse -> new Ruling.Refuse(refuse.reply(), why + ": " + refuse.why());
            case Ruling.Permit permit -> new Ruling.Permit(permit.specific(), why + ": " + permit.why());
            case Ruling.Dunno _ -> new Ruling.Dunno(why);
            case Ruling.DeferIfPermit _, Ruling.DeferIfReject _, Ruling.Mark _, Ruling.Discard _, Ruling.Trouble _ ->
                ruling;
        };
    }

    /// A header field, which must come before the message does.
    private static Ruling prepend(String field, Carry carry, String why) {
        int colon = field.indexOf(':');
        boolean isField = colon > 0 && field.substring(0, colon).chars().allMatch(c -> c > 32 && c < 127);
        if (!isField) {
            return ignored(why + ", but PREPEND needs Header: text");
        }
        if (carry.where == Carry.Where.END_OF_MESSAGE) {
            return ignored(why + ", but PREPEND must come before smtpd_end_of_data_restrictions");
        }
        return new Ruling.Mark(new Effect.Prepend(Refusals.printable(field, LONGEST_FIELD)), why);
    }

    private static Ruling toAddress(String text, String why, java.util.function.Function<Address, Effect> effect) {
        try {
            return new Ruling.Mark(effect.apply(Address.of(text)), why);
        } catch (BadSyntax e) {
            return ignored(why + ", but an address is needed: " + e.getMessage());
        }
    }

    /// access(5): what cannot be done is passed over and said in the log.
    private static Ruling ignored(String why) {
        return new Ruling.Mark(new Effect.Note(true, why + "; passed over"), why);
    }

    /// The set-up is broken: nobody is let in or turned away for good because of it.
    static Ruling misconfigured(String why) {
        return new Ruling.Trouble(Reply.of(451, "4.3.5", "Server configuration error"), why);
    }
}
