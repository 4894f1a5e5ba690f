package tamanoir.server.filter.junk;

public enum Verdict {
    HAM,
    /// More than half of what makes it junk. It goes where ham goes.
    UNSURE,
    JUNK
}
