package tamanoir.mail.sieve.extension;

import java.util.List;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Condition;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;

/// `mailboxexists`, annotations and ids of mailboxes (RFC 5490, RFC 9042).
public final class Mailbox implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("mailbox");
        language.capability("mailboxid");
        language.capability("mboxmetadata");
        language.capability("servermetadata");
        language.test("mailboxexists", "mailbox")
                .positional("mailbox names", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    List<Phrase> names = arguments.texts(0);
                    names.forEach(name -> checkName(arguments, name));
                    return run -> names.stream().allMatch(name -> run.host().hasMailbox(name.in(run)));
                });
        language.test("mailboxidexists", "mailboxid")
                .positional("mailbox ids", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    List<Phrase> ids = arguments.texts(0);
                    return run -> ids.stream()
                            .allMatch(id -> run.host().mailboxOf(id.in(run)).isPresent());
                });
        language.test("metadata", "mboxmetadata")
                .positional("mailbox", Kind.TEXT)
                .positional("annotation-name", Kind.TEXT)
                .positional("key list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) -> {
                    checkName(arguments, arguments.text(0));
                    return metadata(arguments, arguments.text(0), arguments.text(1), arguments.texts(2));
                });
        language.test("servermetadata", "servermetadata")
                .positional("annotation-name", Kind.TEXT)
                .positional("key list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) ->
                        metadata(arguments, Phrase.of(""), arguments.text(0), arguments.texts(1)));
        language.test("metadataexists", "mboxmetadata")
                .positional("mailbox", Kind.TEXT)
                .positional("annotation-names", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    checkName(arguments, arguments.text(0));
                    return exists(arguments, arguments.text(0), arguments.texts(1));
                });
        language.test("servermetadataexists", "servermetadata")
                .positional("annotation-names", Kind.TEXTS)
                .holds((arguments, compiler) -> exists(arguments, Phrase.of(""), arguments.texts(0)));
    }

    private static Condition metadata(Arguments arguments, Phrase mailbox, Phrase annotation, List<Phrase> keys) {
        Matching matching = arguments.matching();
        checkAnnotation(arguments, annotation);
        return run -> {
            // RFC 5490 §3.3: a missing annotation is false, whatever is asked.
            return run.host()
                    .metadata(mailbox.in(run), annotation.in(run))
                    .filter(value -> matching.test(run, List.of(value), keys))
                    .isPresent();
        };
    }

    private static Condition exists(Arguments arguments, Phrase mailbox, List<Phrase> annotations) {
        annotations.forEach(annotation -> checkAnnotation(arguments, annotation));
        return run -> annotations.stream()
                .allMatch(annotation ->
                        run.host().metadata(mailbox.in(run), annotation.in(run)).isPresent());
    }

    /// RFC 5464 §3.2.
    private static void checkAnnotation(Arguments arguments, Phrase annotation) {
        annotation.constant().ifPresent(name -> {
            if (!name.startsWith("/private/") && !name.startsWith("/shared/")) {
                throw arguments.wrong(
                        "specified annotation name '" + name + "' is invalid: it begins with /private/ or /shared/");
            }
            if (name.endsWith("/")
                    || name.contains("//")
                    || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != '*' && c != '%')) {
                throw arguments.wrong("specified annotation name '" + name + "' is invalid");
            }
        });
    }

    static void checkName(Arguments arguments, Phrase name) {
        name.constant().filter(text -> !isName(text)).ifPresent(text -> {
            throw arguments.wrong("invalid mailbox name '" + text + "' specified for the " + arguments.named());
        });
    }

    /// Not empty, no control characters, and what was UTF-8 in the script.
    static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= 1000
                && text.chars().noneMatch(c -> c < ' ' || c == 127 || c == 0xFFFD);
    }
}
