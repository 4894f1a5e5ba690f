package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;

/// The `envelope` test (RFC 5228 §5.4), with the parts of RFC 6009.
public final class Envelope implements Language.Extension {
    private static final Set<String> DSN = Set.of("notify", "orcpt", "ret", "envid");
    private static final Set<String> DELIVERY_BY = Set.of("bytimeabsolute", "bytimerelative", "bymode", "bytrace");

    @Override
    public void addTo(Language language) {
        language.capability("envelope");
        language.capability("envelope-dsn");
        language.capability("envelope-deliverby");
        language.test("envelope", "envelope")
                .positional("envelope part", Kind.TEXTS)
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("localpart", Kind.NONE, "address part", "")
                .tag("domain", Kind.NONE, "address part", "")
                .tag("all", Kind.NONE, "address part", "")
                .tag("user", Kind.NONE, "address part", "subaddress")
                .tag("detail", Kind.NONE, "address part", "subaddress")
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> names = arguments.texts(0);
                    for (Phrase name : names) {
                        name.constant()
                                .map(text -> text.toLowerCase(Locale.ROOT))
                                .ifPresent(text -> {
                                    boolean known = List.of("from", "to", "orig_to", "auth")
                                                    .contains(text)
                                            || (DSN.contains(text) && compiler.has("envelope-dsn"))
                                            || (DELIVERY_BY.contains(text) && compiler.has("envelope-deliverby"));
                                    if (!known) {
                                        throw arguments.wrong("specified envelope part '" + text
                                                + "' is not supported by the envelope test");
                                    }
                                    if (arguments.chosen("address part").isPresent()
                                            && !List.of("from", "to", "orig_to").contains(text)
                                            && !text.equals("auth")) {
                                        throw arguments.wrong("address part ':"
                                                + arguments
                                                        .chosen("address part")
                                                        .get() + "' specified for non-address envelope part '" + text
                                                + "'");
                                    }
                                });
                    }
                    AddressPart part = AddressPart.of(arguments);
                    List<Phrase> keys = arguments.texts(1);
                    return run -> {
                        List<String> values = new ArrayList<>();
                        for (String name : Phrase.all(names, run)) {
                            values(run, name.toLowerCase(Locale.ROOT), part, values);
                        }
                        return matching.test(run, values, keys);
                    };
                });
    }

    private static void values(Run run, String name, AddressPart part, List<String> values) {
        switch (name) {
            case "from" -> address(run, run.sent().from(), part, values);
            case "to" -> address(run, run.sent().to(), part, values);
            case "orig_to" -> address(run, run.sent().originalTo(), part, values);
            case "auth" -> {
                if (!run.sent().auth().isEmpty()) {
                    values.add(run.sent().auth());
                }
            }
            default -> {
                String value = run.sent().parameters().get(name);
                if (value != null) {
                    values.add(value);
                }
            }
        }
    }

    /// The null sender is the empty string in all its parts (RFC 5228 §5.4).
    private static void address(Run run, String text, AddressPart part, List<String> values) {
        if (text.isEmpty() || text.equals("<>")) {
            if (part == AddressPart.ALL || part == AddressPart.LOCALPART || part == AddressPart.USER) {
                values.add("");
            }
            return;
        }
        List<AddressList.Mailbox> parsed = AddressList.parse(text).mailboxes();
        if (parsed.size() == 1 && !parsed.getFirst().localPart().isEmpty()) {
            part.of(run, parsed.getFirst()).ifPresent(values::add);
        } else {
            int at = text.lastIndexOf('@');
            part.of(run, at < 0 ? text : text.substring(0, at), at < 0 ? "" : text.substring(at + 1))
                    .ifPresent(values::add);
        }
    }
}
