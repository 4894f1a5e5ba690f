package tamanoir.app.command;

/// Exit codes, those of `sysexits.h` that scripts around mail servers know.
final class Exit {
    static final int OK = 0;

    /// `check` and `verify`: something was found.
    static final int FOUND = 1;

    static final int USAGE = 64;
    static final int DATA = 65;
    static final int NO_USER = 67;
    static final int UNAVAILABLE = 69;
    static final int SOFTWARE = 70;
    static final int CANNOT_CREATE = 73;
    static final int TEMPORARY = 75;
    static final int NO_PERMISSION = 77;
    static final int CONFIGURATION = 78;

    private Exit() {}
}
