package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Collation;
import tamanoir.mail.sieve.Condition;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Language.Tests;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.BadSyntax;

/// The language itself (RFC 5228) but for `require`, `if` and their like, which the compiler knows.
public final class Base implements Language.Extension {
    @Override
    public void addTo(Language language) {
        for (Collation collation : Collation.values()) {
            language.capability("comparator-" + collation.word());
        }
        control(language);
        actions(language);
        logic(language);
        tests(language);
    }

    private static void control(Language language) {
        language.command("stop", "").does((arguments, compiler) -> run -> Step.Flow.STOP);
    }

    // ---- actions (RFC 5228 §4) -----------------------------------------------------------------------------------

    private static void actions(Language language) {
        language.command("keep", "").tag("flags", Kind.TEXTS, "", "imap4flags").does((arguments, compiler) -> {
            Flags.Given flags = Flags.given(arguments);
            return run -> {
                run.act(new Action.Keep(arguments.place(), flags.in(run), run.message()));
                run.cancelKeep();
                return Step.Flow.ON;
            };
        });
        language.command("discard", "").does((arguments, compiler) -> run -> {
            run.act(new Action.Discard(arguments.place()));
            run.cancelKeep();
            return Step.Flow.ON;
        });
        language.command("redirect", "")
                .positional("address", Kind.TEXT)
                .tag("copy", Kind.NONE, "", "copy")
                .tag("list", Kind.NONE, "", "extlists")
                .tag("notify", Kind.TEXT, "", "redirect-dsn")
                .tag("ret", Kind.TEXT, "", "redirect-dsn")
                .does((arguments, compiler) -> {
                    Phrase address = arguments.text(0);
                    boolean list = arguments.has("list");
                    if (!list && address.constant().isPresent()) {
                        try {
                            address(address.constant().get());
                        } catch (BadSyntax e) {
                            throw arguments.wrong("specified redirect address '"
                                    + address.constant().get() + "' is invalid: " + e.getMessage());
                        }
                    }
                    Phrase notify = arguments.text("notify").orElse(Phrase.of(""));
                    Phrase ret = arguments.text("ret").orElse(Phrase.of(""));
                    boolean copy = arguments.has("copy");
                    return run -> {
                        String to = address.in(run);
                        if (!list) {
                            try {
                                to = address(to);
                            } catch (BadSyntax e) {
                                throw new ScriptFailed(
                                        arguments.place(), "specified redirect address '" + to + "' is invalid");
                            }
                        }
                        run.act(new Action.Redirect(
                                arguments.place(), to, list, notify.in(run), ret.in(run), run.message()));
                        if (!copy) {
                            run.cancelKeep();
                        }
                        return Step.Flow.ON;
                    };
                });
    }

    /// An address with or without a name before it.
    ///
    /// @throws BadSyntax when it is none
    static String address(String text) {
        List<AddressList.Mailbox> read = AddressList.parse(text).mailboxes();
        if (read.size() != 1) {
            throw new BadSyntax(read.isEmpty() ? "it is empty" : "it is more than one address");
        }
        // What the reader of header fields forgives, an address of a script must not need.
        if (read.getFirst().localPart().isEmpty() || read.getFirst().domain().isEmpty()) {
            throw new BadSyntax("it is not of the form user@domain");
        }
        return new Address(
                        read.getFirst().localPart(), Domain.of(read.getFirst().domain()))
                .toString();
    }

    // ---- tests (RFC 5228 §5) -------------------------------------------------------------------------------------

    private static void logic(Language language) {
        language.test("true", "").holds((arguments, compiler) -> Condition.TRUE);
        language.test("false", "").holds((arguments, compiler) -> Condition.FALSE);
        language.test("not", "").tests(Tests.ONE).holds((arguments, compiler) -> {
            Condition inner = arguments.test();
            return inner instanceof Condition.Known(boolean value)
                    ? value ? Condition.FALSE : Condition.TRUE
                    : run -> !inner.holds(run);
        });
        language.test("allof", "").tests(Tests.MANY).holds((arguments, compiler) -> {
            List<Condition> all = arguments.tests(false);
            if (all.stream().anyMatch(one -> one instanceof Condition.Known(boolean value) && !value)) {
                return Condition.FALSE;
            }
            return all.stream().allMatch(one -> one instanceof Condition.Known)
                    ? Condition.TRUE
                    : run -> all.stream().allMatch(one -> one.holds(run));
        });
        language.test("anyof", "").tests(Tests.MANY).holds((arguments, compiler) -> {
            List<Condition> all = arguments.tests(true);
            if (all.stream().anyMatch(one -> one instanceof Condition.Known(boolean value) && value)) {
                return Condition.TRUE;
            }
            return all.stream().allMatch(one -> one instanceof Condition.Known)
                    ? Condition.FALSE
                    : run -> all.stream().anyMatch(one -> one.holds(run));
        });
    }

    private static void tests(Language language) {
        language.test("size", "")
                .positional("limit", Kind.NUMBER)
                .tag("over", Kind.NONE, "size", "")
                .tag("under", Kind.NONE, "size", "")
                .holds((arguments, compiler) -> {
                    String way = arguments
                            .chosen("size")
                            .orElseThrow(() -> arguments.wrong(
                                    "the size test requires either the :under or the :over tag to be specified"));
                    long limit = arguments.number(0);
                    return run -> way.equals("over")
                            ? run.letter().size() > limit
                            : run.letter().size() < limit;
                });
        language.test("exists", "")
                .positional("header names", Kind.TEXTS)
                .tag("mime", Kind.NONE, "", "mime")
                .tag("anychild", Kind.NONE, "", "mime")
                .holds((arguments, compiler) -> {
                    Mime.Where where = Mime.where(arguments);
                    List<Phrase> names = arguments.texts(0);
                    return run -> names.stream()
                            .allMatch(name -> !where.lines(run, name.in(run)).isEmpty());
                });
        language.test("header", "")
                .positional("header names", Kind.TEXTS)
                .positional("key list", Kind.TEXTS)
                .matching()
                .with(Fields::tags)
                .tag("type", Kind.NONE, "mime option", "mime")
                .tag("subtype", Kind.NONE, "mime option", "mime")
                .tag("contenttype", Kind.NONE, "mime option", "mime")
                .tag("param", Kind.TEXTS, "mime option", "mime")
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Fields fields = Fields.of(arguments);
                    List<Phrase> names = arguments.texts(0);
                    List<Phrase> keys = arguments.texts(1);
                    Mime.Aspect aspect = Mime.aspect(arguments);
                    return run -> {
                        List<String> values = new ArrayList<>();
                        for (Letter.Line line : fields.lines(run, names)) {
                            values.addAll(aspect.of(run, line));
                        }
                        return matching.test(run, values, keys);
                    };
                });
        language.test("address", "")
                .positional("header list", Kind.TEXTS)
                .positional("key list", Kind.TEXTS)
                .matching()
                .with(AddressPart::tags)
                .with(Fields::tags)
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Fields fields = Fields.of(arguments);
                    List<Phrase> names = arguments.texts(0);
                    Addresses.check(arguments, names);
                    List<Phrase> keys = arguments.texts(1);
                    AddressPart part = AddressPart.of(arguments);
                    return run -> {
                        List<String> values = new ArrayList<>();
                        for (Letter.Line line : fields.lines(run, names)) {
                            Addresses.in(line).forEach(one -> part.of(run, one).ifPresent(values::add));
                        }
                        return matching.test(run, values, keys);
                    };
                });
    }
}
