package tamanoir.server.sieve;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.sieve.Compiler;
import tamanoir.server.config.Config;
import tamanoir.server.directory.AccountId;
import tamanoir.server.personal.Changes;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.Reading;
import tamanoir.server.personal.Stored;
import tamanoir.server.sieve.Dialect.Verdict;
import tamanoir.server.sieve.ScriptRefused.Reason;

/// The scripts of all accounts: by name, at most one of them active (RFC 5804 §2). Used by any number of threads; what
/// it answers is durable.
///
/// They are objects of room `personal`, so they share its change log: the state of JMAP, its changes and its push come
/// from there (RFC 9661 §2). No text is kept that does not compile.
public final class Scripts {
    /// Octets of a name; RFC 5804 §1.6 wants 128 characters at least.
    public static final int LONGEST_NAME = 512;

    private final Personal personal;
    private final Supplier<Dialect> dialect;

    /// `dialect` answers the one of the present configuration.
    public Scripts(Personal personal, Supplier<Dialect> dialect) {
        this.personal = personal;
        this.dialect = dialect;
    }

    /// In the language of one configuration.
    public static Scripts of(Config config, Personal personal) {
        Dialect dialect = new Dialect(SieveSettings.from(config));
        return new Scripts(personal, () -> dialect);
    }

    // ---- what is there -------------------------------------------------------------------------------------------

    /// By name.
    public List<StoredScript> list(AccountId account) {
        return personal.open(account).read(Scripts::all);
    }

    public Optional<StoredScript> named(AccountId account, String name) {
        return list(account).stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<StoredScript> byId(AccountId account, String id) {
        return personal.open(account).find(Kind.SIEVE_SCRIPT, id).map(Scripts::script);
    }

    /// What runs when mail comes: the active script, with the answer of somebody who is away around it ([Away]).
    public Optional<StoredScript> active(AccountId account) {
        return personal.open(account).read(reading -> {
            Optional<StoredScript> own =
                    all(reading).stream().filter(StoredScript::active).findFirst();
            Optional<Away> away = reading.find(Kind.VACATION_RESPONSE, Away.ID)
                    .map(stored -> Away.of(stored.value()))
                    .filter(Away::enabled);
            if (away.isEmpty() || !dialect.get().hasVacation()) {
                return own;
            }
            return Optional.of(own.map(away.get()::around)
                    .orElseGet(() -> away.get().alone(dialect.get().standard().isPresent())));
        });
    }

    /// JMAP's state of the scripts of an account.
    public long state(AccountId account) {
        return personal.open(account).state(Kind.SIEVE_SCRIPT);
    }

    /// Empty when the log does not reach back that far (RFC 8620 §5.2).
    public Optional<Changes> changesSince(AccountId account, long since, int most) {
        return personal.open(account).read(reading -> reading.changesSince(Kind.SIEVE_SCRIPT, since, most));
    }

    // ---- what is right -------------------------------------------------------------------------------------------

    /// Says all that is wrong with a text, as [#put] would, and keeps nothing (RFC 5804 §2.12, RFC 9661 §2.4).
    public Verdict check(AccountId account, String text) {
        return dialect.get().check(text, library(account));
    }

    /// What a script of the account may include: the account's own by name, the administrator's from their folder.
    public Compiler.Library library(AccountId account) {
        return (name, global) -> {
            if (global) {
                return name.equals(Away.STANDARD)
                        ? dialect.get().standard()
                        : dialect.get().global(name);
            }
            return named(account, name).map(StoredScript::text);
        };
    }

    public Dialect dialect() {
        return dialect.get();
    }

    /// Whether a script of that many octets could be kept under that name (RFC 5804 §2.5); throws what [#put] would.
    public void haveSpace(AccountId account, String name, long octets) {
        checkName(name);
        checkSize(octets);
        personal.open(account).read(reading -> {
            if (find(reading, name).isEmpty()) {
                checkCount(reading);
            }
            return reading;
        });
    }

    // ---- changes -------------------------------------------------------------------------------------------------

    /// Keeps a text under a name: a new script, or a new text of the one that has that name (RFC 5804 §2.6).
    ///
    /// @throws ScriptRefused when it does not compile, is too large, or there are too many
    public StoredScript put(AccountId account, String name, String text) {
        checkName(name);
        checkText(account, text);
        return change(account, edit -> {
            Optional<StoredScript> there = find(edit, name);
            if (there.isEmpty()) {
                return add(edit, name, text);
            }
            edit.update(
                    Kind.SIEVE_SCRIPT,
                    there.get().id(),
                    json(name, text, there.get().active()));
            return there.get().id();
        });
    }

    /// A new script (JMAP).
    ///
    /// @throws ScriptRefused also when the name is taken
    public StoredScript create(AccountId account, String name, String text) {
        checkName(name);
        checkText(account, text);
        return change(account, edit -> {
            checkFree(edit, name);
            return add(edit, name, text);
        });
    }

    /// Another name and another text for the script with this id; what is empty stays (JMAP).
    public StoredScript update(AccountId account, String id, Optional<String> name, Optional<String> text) {
        name.ifPresent(Scripts::checkName);
        text.ifPresent(one -> checkText(account, one));
        return change(account, edit -> {
            StoredScript there = edit.find(Kind.SIEVE_SCRIPT, id)
                    .map(Scripts::script)
                    .orElseThrow(() -> nonexistent("there is no such script"));
            String called = name.orElse(there.name());
            if (!called.equals(there.name())) {
                checkFree(edit, called);
            }
            edit.update(Kind.SIEVE_SCRIPT, id, json(called, text.orElse(there.text()), there.active()));
            return id;
        });
    }

    /// RFC 5804 §2.11.1; an active script stays active.
    public StoredScript rename(AccountId account, String from, String to) {
        StoredScript there = named(account, from).orElseThrow(() -> nonexistent("there is no script '" + from + "'"));
        return update(account, there.id(), Optional.of(to), Optional.empty());
    }

    /// Makes the script with this name the active one; the empty name is for none (RFC 5804 §2.8).
    public void activate(AccountId account, String name) {
        personal.open(account).change(edit -> {
            if (!name.isEmpty() && find(edit, name).isEmpty()) {
                throw nonexistent("there is no script '" + name + "'");
            }
            for (StoredScript one : all(edit)) {
                boolean active = one.name().equals(name);
                if (one.active() != active) {
                    edit.update(Kind.SIEVE_SCRIPT, one.id(), json(one.name(), one.text(), active));
                }
            }
            return edit;
        });
    }

    /// RFC 5804 §2.10: never the active one.
    public void delete(AccountId account, String name) {
        personal.open(account).change(edit -> {
            StoredScript there = find(edit, name).orElseThrow(() -> nonexistent("there is no script '" + name + "'"));
            if (there.active()) {
                throw new ScriptRefused(
                        Reason.ACTIVE, "the script '" + name + "' is active; activate another one, or none");
            }
            edit.destroy(Kind.SIEVE_SCRIPT, there.id());
            return edit;
        });
    }

    private StoredScript change(AccountId account, Function<Edit, String> work) {
        return personal.open(account).change(edit -> {
            String id = work.apply(edit);
            return edit.find(Kind.SIEVE_SCRIPT, id).map(Scripts::script).orElseThrow();
        });
    }

    private String add(Edit edit, String name, String text) {
        checkCount(edit);
        return edit.create(Kind.SIEVE_SCRIPT, json(name, text, false));
    }

    // ---- details -------------------------------------------------------------------------------------------------

    private static List<StoredScript> all(Reading reading) {
        return reading.all(Kind.SIEVE_SCRIPT).stream()
                .map(Scripts::script)
                .sorted(Comparator.comparing(StoredScript::name))
                .toList();
    }

    private static Optional<StoredScript> find(Reading reading, String name) {
        return all(reading).stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private static StoredScript script(Stored stored) {
        Json.Obj value = stored.value();
        return new StoredScript(
                stored.id(),
                text(value, "name"),
                text(value, "text"),
                value.get("active").filter(new Json.Bool(true)::equals).isPresent(),
                stored.changed());
    }

    private static String text(Json.Obj value, String member) {
        return value.get(member).orElse(Json.of("")) instanceof Json.Text(String text) ? text : "";
    }

    private static Json.Obj json(String name, String text, boolean active) {
        return Json.object()
                .put("name", name)
                .put("text", text)
                .put("active", active)
                .build();
    }

    /// RFC 5804 §1.6: no control characters, no line separators.
    private static void checkName(String name) {
        int octets = name.getBytes(StandardCharsets.UTF_8).length;
        if (octets == 0 || octets > LONGEST_NAME) {
            throw new ScriptRefused(Reason.NAME, "a script name has 1 to " + LONGEST_NAME + " octets");
        }
        if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xFFFD)) {
            throw new ScriptRefused(Reason.NAME, "a script name has no control characters");
        }
    }

    private void checkText(AccountId account, String text) {
        checkSize(text.getBytes(StandardCharsets.UTF_8).length);
        Verdict verdict = check(account, text);
        if (!verdict.isGood()) {
            throw new ScriptRefused(Reason.INVALID, verdict.text(), verdict.problems());
        }
    }

    private void checkSize(long octets) {
        int most = dialect.get().settings().size();
        if (octets > most) {
            throw new ScriptRefused(
                    Reason.TOO_LARGE, "the script has " + octets + " octets; at most " + most + " are kept");
        }
    }

    private void checkCount(Reading reading) {
        int most = dialect.get().settings().mostScripts();
        if (reading.count(Kind.SIEVE_SCRIPT) >= most) {
            throw new ScriptRefused(
                    Reason.TOO_MANY, "there are " + most + " scripts already, which is the most; delete one first");
        }
    }

    private static void checkFree(Reading reading, String name) {
        if (find(reading, name).isPresent()) {
            throw new ScriptRefused(Reason.ALREADY_EXISTS, "there is a script '" + name + "' already");
        }
    }

    private static ScriptRefused nonexistent(String message) {
        return new ScriptRefused(Reason.NONEXISTENT, message);
    }
}
