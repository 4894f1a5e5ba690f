package tamanoir.server.config;

/// Something the administrator should know about the configuration: where it stands, what is wrong, what to do.
///
/// `file` is empty and `line` 0 where no line is to blame (a default, the machine itself).
public record Problem(Severity severity, String file, int line, String message) {
    /// How bad it is. With one *error* a reload keeps the old configuration and a start does not happen.
    public enum Severity {
        ERROR,
        WARNING,
        NOTE
    }

    static Problem error(Setting.Place place, String message) {
        return new Problem(Severity.ERROR, place.file(), place.line(), message);
    }

    static Problem warning(Setting.Place place, String message) {
        return new Problem(Severity.WARNING, place.file(), place.line(), message);
    }

    static Problem note(Setting.Place place, String message) {
        return new Problem(Severity.NOTE, place.file(), place.line(), message);
    }

    /// `main.cf:12: error: …`, as compilers and editors read it.
    @Override
    public String toString() {
        String word = switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
        String place = file.isEmpty() ? "" : line > 0 ? file + ":" + line + ": " : file + ": ";
        return place + word + ": " + message;
    }
}
