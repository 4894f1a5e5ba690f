package tamanoir.mail.smtp;

import tamanoir.mail.text.BadSyntax;

/// A command that is not one, with the reply it deserves.
public final class BadCommand extends BadSyntax {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    public BadCommand(int code, String status, String text) {
        super(text);
        this.reply = Reply.of(code, status, text);
    }

    public Reply reply() {
        return reply;
    }
}
