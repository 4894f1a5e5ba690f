package tamanoir.server.search;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which messages an index has taken in: those with ids in a range, which grows at its upper end as mail arrives and,
/// while it is being built, at its lower end, for the newest mail is searched most. Ids grow with time, and no message
/// comes later with an id between others.
///
/// @param lowest everything from here on is in it
/// @param highest up to here; below 0 when nothing ever was
/// @param whole nothing below `lowest` is left to take in
/// @param modseq removals up to here are carried out
record Coverage(long lowest, long highest, boolean whole, long modseq) {
    /// How messages are turned into terms. To be raised with every change of [Tokens], [Folding], [Languages],
    /// [Extract] or the fields: older indexes are thrown away and made again.
    static final int DERIVATION = 1;

    static final Coverage NONE = new Coverage(Long.MAX_VALUE, -1, false, 0);

    boolean has(long message) {
        return message <= highest && (whole || message >= lowest);
    }

    /// Whether nothing is left to take in when that is the newest message.
    boolean isUpTo(long newest) {
        return whole && highest >= newest;
    }

    Map<String, String> asUserData(int derivation) {
        Map<String, String> data = new HashMap<>();
        data.put("derivation", Integer.toString(derivation));
        data.put("lowest", Long.toString(lowest));
        data.put("highest", Long.toString(highest));
        data.put("whole", Boolean.toString(whole));
        data.put("modseq", Long.toString(modseq));
        return data;
    }

    /// Empty when it is another derivation's, or nobody's.
    static Optional<Coverage> of(Map<String, String> data, int derivation) {
        try {
            if (!Integer.toString(derivation).equals(data.get("derivation"))) {
                return Optional.empty();
            }
            return Optional.of(new Coverage(
                    Long.parseLong(data.getOrDefault("lowest", "")),
                    Long.parseLong(data.getOrDefault("highest", "")),
                    Boolean.parseBoolean(data.getOrDefault("whole", "")),
                    Long.parseLong(data.getOrDefault("modseq", ""))));
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }
}
