package tamanoir.mail.sasl;

import tamanoir.mail.text.Octets;

/// What the server does after a response of the client.
public sealed interface Step {
    /// Send this (may be empty) and wait for the next response.
    record Challenge(Octets octets) implements Step {}

    /// Signed in. `identity` is what the credentials named (the account's canonical name); `authzid` is whom the client
    /// wants to act as, empty for itself.
    record Success(String identity, String authzid) implements Step {
        /// The name whose mail this is about.
        public String effective() {
            return authzid.isEmpty() ? identity : authzid;
        }
    }

    /// Not signed in. `name` is who it was about as far as known, `detail` is for the log; the client learns no more
    /// than
    /// what the reason implies.
    record Failed(Reason reason, String name, String detail) implements Step {}

    enum Reason {
        /// The response breaks the mechanism's grammar: `501`, `BAD`, `-ERR`.
        MALFORMED,
        /// Unknown name or wrong secret: `535`, `NO [AUTHENTICATIONFAILED]`, `-ERR [AUTH]`.
        WRONG_CREDENTIALS,
        /// The secret is right, but this identity may not act as the one asked for: `535`, `NO [AUTHORIZATIONFAILED]`.
        NOT_AUTHORIZED,
        /// The TLS channel is another one than the client's, or someone took mechanisms out of our list.
        CHANNEL_BINDING
    }
}
