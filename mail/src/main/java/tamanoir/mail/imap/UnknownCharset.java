package tamanoir.mail.imap;

import tamanoir.mail.text.BadSyntax;

/// SEARCH named a charset that nobody here can decode: `NO [BADCHARSET]` (RFC 9051 §7.1).
public final class UnknownCharset extends BadSyntax {
    private static final long serialVersionUID = 1L;

    public UnknownCharset() {
        super("this charset is not supported");
    }
}
