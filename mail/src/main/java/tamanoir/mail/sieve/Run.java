package tamanoir.mail.sieve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// One run of a script over one message: what it knows so far and what it has decided. Used by one thread.
public final class Run {
    /// Patterns out of variables may be many and large: those beyond are read again.
    private static final int MOST_PATTERNS = 100;

    private final Host host;
    private final Limits limits;
    private final Trace trace;
    private Letter letter;
    private Sent sent;
    private long steps;

    private final List<Action> actions = new ArrayList<>();
    private boolean implicitKeep = true;
    private List<String> flags = List.of();
    private int redirects;

    private Map<String, String> variables = new HashMap<>();
    private final Map<String, String> globals = new HashMap<>();
    private Set<String> globalNames = new HashSet<>();
    private List<String> matched = List.of();
    private final Set<String> includedOnce = new HashSet<>();
    private final List<String> including = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final List<Problem> complaints = new ArrayList<>();
    private final Map<String, Patterns.Pattern> patterns = new HashMap<>();

    /// What is told of each step, for whoever wants to see why a script did what it did.
    @FunctionalInterface
    public interface Trace {
        void step(Place place, String what);

        Trace NONE = (place, what) -> {};
    }

    public Run(Host host, Limits limits, Letter letter, Sent sent, Trace trace) {
        this.host = host;
        this.limits = limits;
        this.letter = letter;
        this.sent = sent;
        this.trace = trace;
    }

    public Host host() {
        return host;
    }

    public Limits limits() {
        return limits;
    }

    public Letter letter() {
        return letter;
    }

    public void letter(Letter other) {
        letter = other;
    }

    public Sent sent() {
        return sent;
    }

    public void sent(Sent other) {
        sent = other;
    }

    public void trace(Place place, String what) {
        trace.step(place, what);
    }

    /// Pays for work; a script that costs too much ends.
    ///
    /// @throws ScriptFailed when the budget is used up
    public void spend(Place place, long cost) {
        steps += cost;
        if (steps > limits.steps()) {
            throw new ScriptFailed(place, "this script does too much: it was stopped");
        }
    }

    /// Something that is wrong, but no reason to stop.
    public void complain(Problem problem) {
        if (complaints.size() < 20) {
            complaints.add(problem);
        }
    }

    /// A pattern, read once in a run.
    Patterns.Pattern pattern(Place place, String text, boolean ignoreCase, Patterns engine) {
        String key = (ignoreCase ? "i" : "c") + text;
        Patterns.Pattern known = patterns.get(key);
        if (known == null) {
            spend(place, 1 + text.length() / 4);
            known = engine.compile(text, ignoreCase);
            if (patterns.size() < MOST_PATTERNS) {
                patterns.put(key, known);
            }
        }
        return known;
    }

    // ---- what was decided --------------------------------------------------------------------------------------

    /// Decides something. One copy a mailbox and one an address: whoever says it again changes its flags (RFC 5228
    /// §2.10.3, RFC 5232 §2).
    ///
    /// @throws ScriptFailed when there are too many, or they exclude each other
    public void act(Action action) {
        for (int i = 0; i < actions.size(); i++) {
            Action other = actions.get(i);
            if (excludes(action, other) || excludes(other, action)) {
                throw new ScriptFailed(
                        action.place(),
                        name(action) + " action conflicts with the " + name(other) + " action of line "
                                + other.place().line());
            }
            if (isSame(action, other)) {
                actions.set(i, merged(other, action));
                return;
            }
        }
        if (actions.size() >= limits.actions()) {
            throw new ScriptFailed(
                    action.place(), "total number of actions exceeds policy limit of " + limits.actions());
        }
        if (action instanceof Action.Redirect && ++redirects > limits.redirects()) {
            throw new ScriptFailed(
                    action.place(), "number of redirect actions exceeds policy limit of " + limits.redirects());
        }
        actions.add(action);
    }

    /// RFC 5429 §2.1, §2.2.1: who refuses a message does nothing else with it; RFC 5230 §4.7.
    private static boolean excludes(Action one, Action other) {
        return one instanceof Action.Reject
                && (other instanceof Action.Keep
                        || other instanceof Action.FileInto
                        || other instanceof Action.Redirect
                        || other instanceof Action.Vacation
                        || other instanceof Action.Reject);
    }

    private static boolean isSame(Action one, Action other) {
        return switch (one) {
            case Action.Keep _ -> mailbox(other).equals("INBOX");
            case Action.FileInto into -> mailbox(other).equals(mailbox(into));
            case Action.Redirect redirect ->
                other instanceof Action.Redirect before && before.address().equalsIgnoreCase(redirect.address());
            case Action.Discard _ -> other instanceof Action.Discard;
            case Action.Reject _, Action.Vacation _, Action.Notify _, Action.Report _ -> false;
        };
    }

    /// Where it goes, as far as the script says; empty when nowhere.
    private static String mailbox(Action action) {
        return switch (action) {
            case Action.Keep _ -> "INBOX";
            case Action.FileInto into ->
                into.mailbox().equalsIgnoreCase("INBOX")
                                && into.mailboxId().isEmpty()
                                && into.specialUse().isEmpty()
                        ? "INBOX"
                        : into.mailbox() + "\0" + into.mailboxId().orElse("") + "\0"
                                + into.specialUse().orElse("");
            case Action.Redirect _,
                    Action.Discard _,
                    Action.Reject _,
                    Action.Vacation _,
                    Action.Notify _,
                    Action.Report _ -> "";
        };
    }

    private static Action merged(Action before, Action now) {
        return switch (before) {
            case Action.Keep keep -> new Action.Keep(keep.place(), flagsOf(now), keep.message());
            case Action.FileInto into ->
                new Action.FileInto(
                        into.place(),
                        into.mailbox(),
                        into.mailboxId(),
                        into.specialUse(),
                        into.create() || (now instanceof Action.FileInto later && later.create()),
                        flagsOf(now),
                        into.message());
            case Action.Redirect _,
                    Action.Discard _,
                    Action.Reject _,
                    Action.Vacation _,
                    Action.Notify _,
                    Action.Report _ -> before;
        };
    }

    private static List<String> flagsOf(Action action) {
        return switch (action) {
            case Action.Keep keep -> keep.flags();
            case Action.FileInto into -> into.flags();
            case Action.Redirect _,
                    Action.Discard _,
                    Action.Reject _,
                    Action.Vacation _,
                    Action.Notify _,
                    Action.Report _ -> List.of();
        };
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.Keep _ -> "keep";
            case Action.FileInto _ -> "fileinto";
            case Action.Redirect _ -> "redirect";
            case Action.Discard _ -> "discard";
            case Action.Reject reject -> reject.extended() ? "ereject" : "reject";
            case Action.Vacation _ -> "vacation";
            case Action.Notify _ -> "notify";
            case Action.Report _ -> "report";
        };
    }

    public List<Action> actions() {
        return Collections.unmodifiableList(actions);
    }

    public void cancelKeep() {
        implicitKeep = false;
    }

    public boolean keepsImplicitly() {
        return implicitKeep;
    }

    /// Nothing was decided yet: for a script that runs after another one.
    public void forget() {
        actions.clear();
        implicitKeep = true;
        redirects = 0;
    }

    /// Another script runs after this one: a message that was to be kept waits for what that one says, all other
    /// decisions stand. Budgets and flags go on; variables are its own.
    public void next() {
        actions.removeIf(action -> action instanceof Action.Keep);
        implicitKeep = true;
        variables = new HashMap<>();
        globals.clear();
        globalNames = new HashSet<>();
        matched = List.of();
        includedOnce.clear();
    }

    /// Whether the message is still to be kept where mail goes that nobody sorts.
    public boolean keeps() {
        return implicitKeep || actions.stream().anyMatch(action -> action instanceof Action.Keep);
    }

    /// The flags that `keep` and `fileinto` give (RFC 5232 §2, the internal variable).
    public List<String> flags() {
        return flags;
    }

    public void flags(List<String> others) {
        flags = List.copyOf(new LinkedHashSet<>(others));
    }

    // ---- variables (RFC 5229) ------------------------------------------------------------------------------------

    public String variable(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        return (globalNames.contains(key) ? globals : variables).getOrDefault(key, "");
    }

    public void variable(Place place, String name, String value) {
        String key = name.toLowerCase(Locale.ROOT);
        String kept = value;
        if (kept.length() > limits.variable()) {
            int end = limits.variable();
            // RFC 5229 §3: what is too long is cut, but never in the middle of a character.
            kept = kept.substring(0, Character.isHighSurrogate(kept.charAt(end - 1)) ? end - 1 : end);
        }
        Map<String, String> where = globalNames.contains(key) ? globals : variables;
        if (!where.containsKey(key) && where.size() >= limits.variables()) {
            throw new ScriptFailed(place, "there are more than " + limits.variables() + " variables");
        }
        where.put(key, kept);
    }

    public String global(String name) {
        return globals.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /// RFC 6609 §3.4: from here on the name means the variable that all scripts share.
    public void shareVariable(String name) {
        globalNames.add(name.toLowerCase(Locale.ROOT));
    }

    public void matched(List<String> groups) {
        matched = groups.size() > 100 ? List.copyOf(groups.subList(0, 100)) : List.copyOf(groups);
    }

    public String matched(int group) {
        return group < matched.size() ? matched.get(group) : "";
    }

    // ---- included scripts (RFC 6609) -----------------------------------------------------------------------------

    /// Runs an included script: its variables are its own, the match values too.
    public Step.Flow included(Place place, String key, boolean once, boolean global, Script script) {
        String name = (global ? "global/" : "personal/") + key;
        if (including.contains(name)) {
            if (once) {
                return Step.Flow.ON;
            }
            throw new ScriptFailed(place, "the script '" + key + "' includes itself");
        }
        if (including.size() >= limits.includes()) {
            throw new ScriptFailed(place, "scripts include each other more than " + limits.includes() + " times");
        }
        if (!includedOnce.add(name) && once) {
            return Step.Flow.ON;
        }
        Map<String, String> outer = variables;
        Set<String> outerGlobals = globalNames;
        List<String> outerMatched = matched;
        variables = new HashMap<>();
        globalNames = new HashSet<>();
        matched = List.of();
        including.add(name);
        try {
            Step.Flow flow = script.steps(this);
            return flow instanceof Step.Flow.Stop ? flow : Step.Flow.ON;
        } finally {
            including.removeLast();
            variables = outer;
            globalNames = outerGlobals;
            matched = outerMatched;
        }
    }

    // ---- MIME parts (RFC 5703) -----------------------------------------------------------------------------------

    /// The part that a loop is at; empty outside of one.
    public Optional<Part> part() {
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts.getLast());
    }

    public void enter(Part part) {
        parts.add(part);
    }

    public void leave() {
        parts.removeLast();
    }

    /// As it is now, for an action.
    public Octets message() {
        return letter.octets();
    }

    Outcome outcome(Optional<Problem> failure, boolean stopped) {
        return new Outcome(actions, implicitKeep, flags, failure, complaints, stopped);
    }
}
