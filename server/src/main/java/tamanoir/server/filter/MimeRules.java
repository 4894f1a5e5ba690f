package tamanoir.server.filter;

/// How the MIME structure of mail is read, and what is wrong enough to refuse it. Immutable.
///
/// `off`: only the header of the message is a header (`disable_mime_input_processing`). `nesting` and `boundary` are
/// the limits of parts within parts and of a boundary's length. The others are `strict_7bit_headers`,
/// `strict_8bitmime_body` and `strict_mime_encoding_domain`; `limited` refuses what nests deeper.
public record MimeRules(
        boolean off,
        int nesting,
        int boundary,
        boolean limited,
        boolean plainHeaders,
        boolean declaredBodies,
        boolean plainEncodings) {
    public static final MimeRules DEFAULT = new MimeRules(false, 100, 2048, false, false, false, false);

    boolean isStrict() {
        return limited || plainHeaders || declaredBodies || plainEncodings;
    }
}
