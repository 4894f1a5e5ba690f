package tamanoir.mail.sieve;

import tamanoir.mail.text.BadSyntax;

/// One place of a script cannot be compiled; caught where the next statement begins, so that all mistakes are told.
public final class Wrong extends BadSyntax {
    private static final long serialVersionUID = 1L;
    private final transient Place place;

    public Wrong(Place place, String text) {
        super(text);
        this.place = place;
    }

    public Problem problem() {
        return new Problem(place, String.valueOf(getMessage()));
    }
}
