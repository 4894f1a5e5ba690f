package tamanoir.server.net;

import tamanoir.mail.text.BadSyntax;

/// The line passed its limit; its octets were read and thrown away up to and including the line's end.
public final class LineTooLong extends BadSyntax {
    private static final long serialVersionUID = 1L;

    public LineTooLong() {
        super("the line is too long");
    }
}
