package tamanoir.server.tables;

import tamanoir.mail.text.BadSyntax;

/// A table file has a line that cannot be understood. The table as a whole is broken then.
final class WrongTable extends BadSyntax {
    private static final long serialVersionUID = 1L;

    private final int line;

    /// `line` is 0 where the whole file is meant.
    WrongTable(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
