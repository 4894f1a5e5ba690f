package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Whereabouts;
import tamanoir.server.mailbox.Whereabouts.Place;

/// What JMAP shows of IMAP's flags (RFC 8621 §4.1.1): a message with \Deleted is not there, the other system flags are
/// keywords like any.
final class Visible {
    private static final Map<String, Integer> SYSTEM =
            Map.of("$seen", Flags.SEEN, "$flagged", Flags.FLAGGED, "$answered", Flags.ANSWERED, "$draft", Flags.DRAFT);

    private Visible() {}

    static List<Place> places(Whereabouts where) {
        List<Place> places = new ArrayList<>(where.places().size());
        for (Place place : where.places()) {
            if (!place.flags().has(Flags.DELETED)) {
                places.add(place);
            }
        }
        return places;
    }

    static boolean is(Whereabouts where) {
        return where.places().stream().anyMatch(place -> !place.flags().has(Flags.DELETED));
    }

    /// Of a message in several mailboxes: what it has in any, but it is seen only when it is so in all (RFC 8621
    /// §4.1.1).
    static Flags flags(Whereabouts where) {
        List<Place> places = places(where);
        if (places.size() == 1) {
            return places.getFirst().flags();
        }
        Flags all = Flags.NONE;
        boolean seen = !places.isEmpty();
        for (Place place : places) {
            all = all.plus(place.flags());
            seen &= place.flags().has(Flags.SEEN);
        }
        return seen ? all : all.minus(new Flags(Flags.SEEN, Set.of()));
    }

    /// In lower case.
    static Set<String> keywords(Flags flags) {
        Set<String> keywords = new TreeSet<>();
        SYSTEM.forEach((keyword, bit) -> {
            if (flags.has(bit)) {
                keywords.add(keyword);
            }
        });
        flags.keywords().forEach(keyword -> keywords.add(keyword.toLowerCase(Locale.ROOT)));
        return keywords;
    }

    /// Of keywords that [#isKeyword] allows.
    static Flags flags(Set<String> keywords) {
        int system = 0;
        Set<String> others = new TreeSet<>();
        for (String keyword : keywords) {
            String lower = keyword.toLowerCase(Locale.ROOT);
            Integer bit = SYSTEM.get(lower);
            if (bit != null) {
                system |= bit;
            } else {
                others.add(lower);
            }
        }
        return new Flags(system, others);
    }

    /// RFC 8621 §4.1.1: 1 to 255 printable characters of ASCII without those that IMAP's grammar forbids.
    static boolean isKeyword(String text) {
        return !text.isEmpty()
                && text.length() <= 255
                && text.chars().allMatch(c -> c > ' ' && c < 127 && "(){]%*\"\\".indexOf(c) < 0);
    }
}
