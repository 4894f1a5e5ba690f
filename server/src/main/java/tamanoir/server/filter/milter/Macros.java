package tamanoir.server.filter.milter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.milter.Negotiation;

/// Which macros go to a milter before which command, and the values for those that have none else. Immutable.
///
/// The stages are those of [Negotiation]; `unknown` is for commands that are not known, which milters cannot choose.
public record Macros(Map<Integer, List<String>> lists, List<String> unknown, Map<String, String> defaults) {
    public Macros {
        lists = Map.copyOf(lists);
        unknown = List.copyOf(unknown);
        defaults = Map.copyOf(defaults);
    }

    /// The same, with what a milter has asked for in its negotiation.
    Macros chosenBy(Negotiation negotiation) {
        if (negotiation.macros().isEmpty()) {
            return this;
        }
        Map<Integer, List<String>> other = new HashMap<>(lists);
        other.putAll(negotiation.macros());
        return new Macros(other, unknown, defaults);
    }

    List<String> names(char command) {
        return switch (command) {
            case 'C' -> list(Negotiation.CONNECT_MACROS);
            case 'H' -> list(Negotiation.HELO_MACROS);
            case 'M' -> list(Negotiation.MAIL_MACROS);
            case 'R' -> list(Negotiation.RECIPIENT_MACROS);
            case 'T' -> list(Negotiation.DATA_MACROS);
            case 'N' -> list(Negotiation.END_OF_HEADER_MACROS);
            case 'E' -> list(Negotiation.END_OF_DATA_MACROS);
            case 'U' -> unknown;
            default -> List.of();
        };
    }

    private List<String> list(int stage) {
        return lists.getOrDefault(stage, List.of());
    }

    /// Those of `values` that belong before `command`. A name of more than one letter goes in braces.
    Map<String, String> before(char command, Map<String, String> values) {
        Map<String, String> sent = new LinkedHashMap<>();
        for (String written : names(command)) {
            String name = plain(written);
            String value = values.getOrDefault(name, defaults.getOrDefault(name, ""));
            if (!value.isEmpty()) {
                sent.put(name.length() == 1 ? name : "{" + name + "}", value);
            }
        }
        return sent;
    }

    static String plain(String name) {
        return name.startsWith("{") && name.endsWith("}") ? name.substring(1, name.length() - 1) : name;
    }
}
