package tamanoir.mail.authresults;

import java.util.Locale;

/// The outcome of one check, in the words of Authentication-Results (RFC 8601 §2.7). Not every check knows every word.
public enum Result {
    /// There was nothing to check.
    NONE,
    PASS,
    FAIL,
    SOFTFAIL,
    NEUTRAL,
    /// Sound, but not taken because of a local rule.
    POLICY,
    /// Could not be found out now; proves nothing.
    TEMPERROR,
    /// Cannot be read, and will not be readable later.
    PERMERROR;

    /// The word on the wire, in lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isPass() {
        return this == PASS;
    }
}
