package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.text.BadSyntax;

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
                .with(AddressPart::tags)
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
            if (part != AddressPart.DETAIL) {
                values.add("");
            }
            return;
        }
        // A path that cannot be read matches nothing (RFC 5228 §5.4).
        String bare = text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
        int colon = bare.startsWith("@") ? bare.indexOf(':') : -1;
        if (colon > 0) {
            bare = bare.substring(colon + 1); // a source route (RFC 5321 appendix F.2)
        }
        try {
            Address address = Address.of(bare);
            part.of(run, address.localPart(), address.domain().name()).ifPresent(values::add);
        } catch (BadSyntax e) {
            run.trace(tamanoir.mail.sieve.Place.START, "'" + text + "' is no address");
        }
    }
}
