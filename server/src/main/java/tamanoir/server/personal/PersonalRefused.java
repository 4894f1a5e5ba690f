package tamanoir.server.personal;

import tamanoir.server.observe.Refused;

/// A change that cannot be made, with the reason a protocol can name.
public final class PersonalRefused extends Refused {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public PersonalRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    public enum Reason {
        /// There is no such account any more.
        NO_ACCOUNT,
        /// The account has as many objects of this kind as it may have.
        TOO_MANY,
        /// The object is larger than one of its kind may be.
        TOO_LARGE
    }
}
