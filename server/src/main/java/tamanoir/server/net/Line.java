package tamanoir.server.net;

import tamanoir.mail.text.Octets;

/// One line of input without its ending.
public record Line(Octets octets, Ending ending) {
    public enum Ending {
        CRLF,
        /// A bare LF: what to make of it is the door's decision (RFC 5321 §2.3.8).
        LF
    }
}
