package tamanoir.server.imap;

import tamanoir.mail.imap.ResponseCode;

/// The tagged end of a command (RFC 9051 §7.1).
record Answer(Status status, ResponseCode code, String text) {
    enum Status {
        OK,
        NO,
        BAD
    }

    static Answer ok(String text) {
        return new Answer(Status.OK, ResponseCode.NONE, text);
    }

    static Answer ok(ResponseCode code, String text) {
        return new Answer(Status.OK, code, text);
    }

    static Answer no(String text) {
        return new Answer(Status.NO, ResponseCode.NONE, text);
    }

    static Answer no(ResponseCode code, String text) {
        return new Answer(Status.NO, code, text);
    }

    static Answer bad(String text) {
        return new Answer(Status.BAD, ResponseCode.NONE, text);
    }

    /// `OK [CODE] text`, without tag and line ending.
    String line() {
        String bracket = code.text();
        return bracket.isEmpty() ? status + " " + printable(text) : status + " [" + bracket + "] " + printable(text);
    }

    /// RFC 9051 §9, text: no CR, LF or NUL; ours is ASCII.
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(c < ' ' || c > '~' ? '?' : c);
        }
        // A text that begins with a bracket would be read as a code
        return safe.isEmpty() || safe.charAt(0) == '[' ? "." + safe : safe.toString();
    }
}
