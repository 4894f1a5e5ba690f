package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;

/// Which fields a test is about: of the message or of a MIME part (RFC 5703 §4), all or only the n-th (RFC 5260 §6).
record Fields(Mime.Where where, OptionalInt index, boolean last) {
    /// The tags that [#of] reads.
    static void tags(Language.Word word) {
        word.tag("index", Kind.NUMBER, "", "index")
                .tag("last", Kind.NONE, "", "index")
                .tag("mime", Kind.NONE, "", "mime")
                .tag("anychild", Kind.NONE, "", "mime");
    }

    static Fields of(Arguments arguments) {
        OptionalInt index = OptionalInt.empty();
        if (arguments.number("index").isPresent()) {
            long number = arguments.number("index").get();
            if (number < 1) {
                throw arguments.wrong("the :index argument of the " + arguments.named() + " counts from 1");
            }
            index = OptionalInt.of((int) Math.min(number, Integer.MAX_VALUE));
        }
        if (arguments.has("last") && index.isEmpty()) {
            throw arguments.wrong(
                    "the :last tag of the " + arguments.named() + " cannot be specified without the :index tag");
        }
        return new Fields(Mime.where(arguments), index, arguments.has("last"));
    }

    /// RFC 5322 §3.6.8: printable, no colon.
    static void check(Arguments arguments, List<Phrase> names) {
        for (Phrase name : names) {
            name.constant().filter(text -> !isName(text)).ifPresent(text -> {
                throw arguments.wrong("specified header field name '" + text + "' is invalid");
            });
        }
    }

    static boolean isName(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }

    List<Letter.Line> lines(Run run, List<Phrase> names) {
        List<Letter.Line> all = new ArrayList<>();
        for (Phrase name : names) {
            List<Letter.Line> here = where.lines(run, name.in(run));
            if (index.isEmpty()) {
                all.addAll(here);
            } else if (index.getAsInt() <= here.size()) {
                all.add(here.get(last ? here.size() - index.getAsInt() : index.getAsInt() - 1));
            }
        }
        return all;
    }
}
