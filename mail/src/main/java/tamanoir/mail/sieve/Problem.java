package tamanoir.mail.sieve;

/// Something that is wrong with a script, in words for whoever wrote it.
public record Problem(Place place, String text) {
    @Override
    public String toString() {
        return "line " + place.line() + ", column " + place.column() + ": " + text;
    }
}
