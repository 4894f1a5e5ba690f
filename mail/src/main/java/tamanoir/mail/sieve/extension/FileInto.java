package tamanoir.mail.sieve.extension;

import java.util.Optional;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;

/// `fileinto` (RFC 5228 §4.1) with `:copy` (RFC 3894), `:create` (RFC 5490), `:flags` (RFC 5232), `:specialuse`
/// (RFC 8579) and `:mailboxid` (RFC 9042).
public final class FileInto implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("fileinto");
        language.capability("copy");
        language.command("fileinto", "fileinto")
                .positional("folder", Kind.TEXT)
                .tag("copy", Kind.NONE, "", "copy")
                .tag("create", Kind.NONE, "", "mailbox")
                .tag("flags", Kind.TEXTS, "", "imap4flags")
                .tag("specialuse", Kind.TEXT, "", "special-use")
                .tag("mailboxid", Kind.TEXT, "", "mailboxid")
                .does((arguments, compiler) -> {
                    Phrase mailbox = arguments.text(0);
                    Mailbox.checkName(arguments, mailbox);
                    Optional<Phrase> use = arguments.text("specialuse");
                    use.ifPresent(phrase -> SpecialUse.check(arguments, phrase));
                    Optional<Phrase> id = arguments.text("mailboxid");
                    if (use.isPresent() && id.isPresent()) {
                        // RFC 9042 §4.2
                        throw arguments.wrong("the fileinto command takes :mailboxid or :specialuse, not both");
                    }
                    boolean copy = arguments.has("copy");
                    boolean create = arguments.has("create");
                    Flags.Given flags = Flags.given(arguments);
                    return run -> {
                        String name = mailbox.in(run);
                        if (!Mailbox.isName(name)) {
                            throw new ScriptFailed(arguments.place(), "invalid folder name '" + name + "'");
                        }
                        run.act(new Action.FileInto(
                                arguments.place(),
                                name,
                                id.map(phrase -> phrase.in(run)),
                                use.map(phrase -> phrase.in(run)),
                                create,
                                flags.in(run),
                                run.message()));
                        if (!copy) {
                            run.cancelKeep();
                        }
                        return Step.Flow.ON;
                    };
                });
    }
}
