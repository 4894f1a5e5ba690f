package tamanoir.server.sieve;

import java.util.List;
import tamanoir.mail.sieve.Problem;
import tamanoir.server.observe.Refused;

/// A change of scripts that cannot be made, with the reason a protocol can name.
public final class ScriptRefused extends Refused {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<Problem> problems;

    ScriptRefused(Reason reason, String message) {
        this(reason, message, List.of());
    }

    ScriptRefused(Reason reason, String message, List<Problem> problems) {
        super(message);
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    public Reason reason() {
        return reason;
    }

    /// What is wrong with the text; empty for other reasons.
    public List<Problem> problems() {
        return problems;
    }

    public enum Reason {
        /// The text does not compile (JMAP `invalidSieve`).
        INVALID,
        /// ManageSieve `QUOTA/MAXSIZE`, JMAP `tooLarge`.
        TOO_LARGE,
        /// ManageSieve `QUOTA/MAXSCRIPTS`, JMAP `overQuota`.
        TOO_MANY,
        /// ManageSieve `NONEXISTENT`, JMAP `notFound`.
        NONEXISTENT,
        /// ManageSieve `ALREADYEXISTS`, JMAP `alreadyExists`.
        ALREADY_EXISTS,
        /// ManageSieve `ACTIVE`, JMAP `sieveIsActive`: an active script is not deleted.
        ACTIVE,
        /// A name that no script may have.
        NAME
    }
}
