package tamanoir.mail.message;

import java.util.List;

/// Where a part lies in the octets of its message: header, then body.
///
/// @see Part the part with its octets at hand
/// @see BodyStructure what can be known of it without them
public sealed interface Located permits Part, BodyStructure {
    enum Kind {
        /// Anything that has no parts below it, also a multipart that could not be taken apart.
        LEAF,
        /// One or more parts below it (RFC 2046 §5.1).
        MULTIPART,
        /// `message/rfc822` or `message/global`: exactly one part below it, the message (RFC 2046 §5.2.1).
        MESSAGE
    }

    Kind kind();

    /// Where its header begins.
    int start();

    /// Where its header, with the empty line, ends and its body begins.
    int bodyStart();

    /// Where its body ends.
    int end();

    List<? extends Located> children();
}
