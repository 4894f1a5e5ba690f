package tamanoir.server.postscreen;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// `postscreen_access_list`: the first rule that says something decides. Immutable.
final class AccessList {
    /// What a rule says, and which.
    record Decision(boolean permit, String rule) {}

    private record Rule(String text, Predicate<InetAddress> permits, List<LookupTable> tables, boolean rejectsAll) {}

    private final List<Rule> rules;

    private AccessList(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /// @throws BadSyntax when a rule is neither a word of postscreen(8) nor a table
    static AccessList of(List<String> words, Tables tables, Predicate<InetAddress> mynetworks) {
        List<Rule> rules = new ArrayList<>();
        for (String word : words) {
            rules.add(
                    switch (word.toLowerCase(Locale.ROOT)) {
                        case "permit_mynetworks" -> new Rule(word, mynetworks, List.of(), false);
                        case "permit" -> new Rule(word, _ -> true, List.of(), false);
                        case "reject" -> new Rule(word, _ -> false, List.of(), true);
                        default -> {
                            if (word.indexOf(':') < 0) {
                                throw new BadSyntax(
                                        "postscreen_access_list: \"" + word
                                                + "\" is none of permit_mynetworks, permit, reject and no table such as cidr:file");
                            }
                            yield new Rule(word, _ -> false, List.of(tables.open(word)), false);
                        }
                    });
        }
        return new AccessList(rules);
    }

    /// Empty when no rule says anything.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table cannot be asked
    Optional<Decision> judge(InetAddress client) {
        for (Rule rule : rules) {
            if (rule.permits.test(client)) {
                return Optional.of(new Decision(true, rule.text));
            }
            if (rule.rejectsAll) {
                return Optional.of(new Decision(false, rule.text));
            }
            Optional<Found> found = AddressLookup.addressAccess(rule.tables, client);
            if (found.isPresent()) {
                String text = found.get().text().strip().split("[ \\t]", 2)[0].toLowerCase(Locale.ROOT);
                switch (text) {
                    case "permit", "ok" -> {
                        return Optional.of(new Decision(true, rule.text));
                    }
                    case "reject" -> {
                        return Optional.of(new Decision(false, rule.text));
                    }
                    case "dunno" -> {}
                    default ->
                        throw new tamanoir.server.observe.Unavailable(
                                "try again later", rule.text + ": \"" + text + "\" is none of permit, reject, dunno");
                }
            }
        }
        return Optional.empty();
    }
}
