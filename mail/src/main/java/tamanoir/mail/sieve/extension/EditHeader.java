package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.message.Field;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.Octets;

/// `addheader` and `deleteheader` (RFC 5293). Fields that tell the way of a message stay as they are.
///
/// `protectedFields` are neither added nor deleted, beside Received and Auto-Submitted, which are never deleted (§6).
public record EditHeader(Set<String> protectedAdd, Set<String> protectedDelete, int longestValue)
        implements Language.Extension {
    private static final Set<String> NEVER_DELETED = Set.of("received", "auto-submitted");

    public EditHeader {
        protectedAdd = Set.copyOf(protectedAdd);
        protectedDelete = Set.copyOf(protectedDelete);
    }

    public EditHeader() {
        this(Set.of(), Set.of(), 2048);
    }

    @Override
    public void addTo(Language language) {
        language.capability("editheader");
        language.command("addheader", "editheader")
                .positional("field-name", Kind.TEXT)
                .positional("value", Kind.TEXT)
                .tag("last", Kind.NONE)
                .does((arguments, compiler) -> {
                    Phrase name = arguments.text(0);
                    checkName(arguments, name);
                    Phrase value = arguments.text(1);
                    value.constant().ifPresent(text -> {
                        if (text.indexOf('\0') >= 0) {
                            throw arguments.wrong("specified value '" + text.replace("\0", "")
                                    + "' is invalid: it has characters that cannot stand in a header");
                        }
                        if (text.length() > longestValue) {
                            throw arguments.wrong("specified value is longer than " + longestValue + " characters");
                        }
                    });
                    boolean last = arguments.has("last");
                    return run -> {
                        String field = name.in(run);
                        String text = value.in(run).strip();
                        if (!Fields.isName(field)) {
                            throw new ScriptFailed(
                                    arguments.place(), "specified field name '" + field + "' is invalid");
                        }
                        if (text.indexOf('\0') >= 0 || text.length() > longestValue) {
                            throw new ScriptFailed(
                                    arguments.place(), "specified value is too long or contains invalid characters");
                        }
                        if (!protectedAdd.contains(field.toLowerCase(Locale.ROOT))) {
                            String plain = text.replaceAll("[\\r\\n]+[ \\t]*", " ");
                            run.letter()
                                    .add(
                                            new Letter.Line(
                                                    field,
                                                    Octets.of(Field.text(field, plain)
                                                            .write(false))),
                                            last);
                        }
                        return Step.Flow.ON;
                    };
                });
        language.command("deleteheader", "editheader")
                .positional("field-name", Kind.TEXT)
                .optionalLast("value-patterns", Kind.TEXTS)
                .matching()
                .tag("index", Kind.NUMBER)
                .tag("last", Kind.NONE)
                .does((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Fields fields = Fields.of(arguments);
                    Phrase name = arguments.text(0);
                    checkName(arguments, name);
                    Optional<List<Phrase>> patterns =
                            arguments.isGiven(1) ? Optional.of(arguments.texts(1)) : Optional.empty();
                    return run -> {
                        String field = name.in(run);
                        String low = field.toLowerCase(Locale.ROOT);
                        if (!Fields.isName(field)) {
                            throw new ScriptFailed(
                                    arguments.place(), "specified field name '" + field + "' is invalid");
                        }
                        if (NEVER_DELETED.contains(low) || protectedDelete.contains(low)) {
                            return Step.Flow.ON;
                        }
                        List<Letter.Line> gone = new ArrayList<>();
                        for (Letter.Line line : fields.lines(run, List.of(name))) {
                            if (patterns.isEmpty() || matching.test(run, List.of(line.value()), patterns.get())) {
                                gone.add(line);
                            }
                        }
                        if (!gone.isEmpty()) {
                            run.letter().remove(gone);
                        }
                        return Step.Flow.ON;
                    };
                });
    }

    private static void checkName(Arguments arguments, Phrase name) {
        name.constant().filter(text -> !Fields.isName(text)).ifPresent(text -> {
            throw arguments.wrong("specified field name '" + text + "' is invalid");
        });
    }
}
