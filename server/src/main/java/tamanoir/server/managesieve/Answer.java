package tamanoir.server.managesieve;

import tamanoir.mail.managesieve.Command;
import tamanoir.mail.text.Octets;

/// The line that ends a command (RFC 5804 §1.2): OK, NO or BYE, a response code or none, a text or none.
record Answer(Kind kind, String code, String text) {
    enum Kind {
        OK,
        NO,
        BYE
    }

    static Answer ok(String text) {
        return new Answer(Kind.OK, "", text);
    }

    static Answer ok(String code, String text) {
        return new Answer(Kind.OK, code, text);
    }

    static Answer no(String text) {
        return new Answer(Kind.NO, "", text);
    }

    static Answer no(String code, String text) {
        return new Answer(Kind.NO, code, text);
    }

    static Answer bye(String code, String text) {
        return new Answer(Kind.BYE, code, text);
    }

    boolean isOk() {
        return kind == Kind.OK;
    }

    Octets octets() {
        Octets head = Octets.of(kind + (code.isEmpty() ? "" : " (" + code + ")"));
        Octets tail = text.isEmpty() ? Octets.EMPTY : Octets.join(Octets.of(" "), Command.written(text));
        return Octets.join(head, tail, Octets.of("\r\n"));
    }
}
