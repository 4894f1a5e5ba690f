package tamanoir.mail.sieve;

/// A script cannot go on: what it would have done is not done, and the message is kept (RFC 5228 §2.10.6).
public final class ScriptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Place place;

    public ScriptFailed(Place place, String text) {
        super(text, null, false, false);
        this.place = place;
    }

    public Problem problem() {
        return new Problem(place, String.valueOf(getMessage()));
    }
}
