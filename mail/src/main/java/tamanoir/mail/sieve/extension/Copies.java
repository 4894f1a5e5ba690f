package tamanoir.mail.sieve.extension;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;

/// `:fcc`: a copy of what a script writes goes into a mailbox (RFC 8580).
final class Copies {
    /// How the copy is asked for, its variables not filled in.
    record Wanted(Phrase mailbox, boolean create, Optional<List<Phrase>> flags, Optional<Phrase> specialUse) {
        Action.Copy in(Run run) {
            return new Action.Copy(
                    mailbox.in(run),
                    create,
                    flags.map(list -> Flags.split(Phrase.all(list, run))).orElse(List.of()),
                    specialUse.map(use -> use.in(run)));
        }
    }

    private Copies() {}

    static void tags(Language.Word word) {
        word.tag("fcc", Kind.TEXT, "", "fcc")
                .tag("create", Kind.NONE, "", "mailbox")
                .tag("flags", Kind.TEXTS, "", "imap4flags")
                .tag("specialuse", Kind.TEXT, "", "special-use");
    }

    static Optional<Wanted> wanted(Arguments arguments) {
        Optional<Phrase> mailbox = arguments.text("fcc");
        if (mailbox.isEmpty()) {
            for (String tag : List.of("create", "flags", "specialuse")) {
                if (arguments.has(tag)) {
                    throw arguments.wrong("the :" + tag + " argument of the " + arguments.named() + " needs :fcc");
                }
            }
            return Optional.empty();
        }
        Mailbox.checkName(arguments, mailbox.get());
        return Optional.of(new Wanted(
                mailbox.get(), arguments.has("create"), arguments.texts("flags"), arguments.text("specialuse")));
    }
}
