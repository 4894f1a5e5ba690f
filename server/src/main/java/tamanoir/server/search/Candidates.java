package tamanoir.server.search;

import java.util.Locale;

/// Rules out messages that cannot contain a substring, as IMAP's SEARCH means it: whoever is not ruled out must still
/// be
/// looked at. Used by one thread, which closes it.
public final class Candidates implements AutoCloseable {
    private final TextEvidence evidence;

    Candidates(TextEvidence evidence) {
        this.evidence = evidence;
    }

    /// Says of a message, by its number, that it need not be looked at.
    @FunctionalInterface
    public interface Exclusion {
        boolean excludes(long message);
    }

    /// `wanted` in the form of [MessageText#caseless], not empty.
    public Exclusion inField(String name, String wanted) {
        return exclusion(new SubstringQuery(wanted, SubstringQuery.Where.FIELD, name.toLowerCase(Locale.ROOT)));
    }

    public Exclusion inBody(String wanted) {
        return exclusion(new SubstringQuery(wanted, SubstringQuery.Where.BODY, ""));
    }

    public Exclusion inHeaderOrBody(String wanted) {
        return exclusion(new SubstringQuery(wanted, SubstringQuery.Where.HEADER_OR_BODY, ""));
    }

    private Exclusion exclusion(SubstringQuery query) {
        LongTable candidates = evidence.candidates(query);
        return message -> evidence.covers(message) && !candidates.contains(message);
    }

    @Override
    public void close() {
        evidence.close();
    }
}
