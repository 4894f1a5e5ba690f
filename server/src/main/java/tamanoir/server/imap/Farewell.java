package tamanoir.server.imap;

import tamanoir.mail.imap.ResponseCode;

/// The session cannot go on: `* BYE` with this text, then the connection is closed (RFC 9051 §7.1.5).
final class Farewell extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ResponseCode code;

    Farewell(ResponseCode code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    String line() {
        String bracket = code.text();
        return "* BYE " + (bracket.isEmpty() ? "" : "[" + bracket + "] ") + getMessage() + "\r\n";
    }
}
