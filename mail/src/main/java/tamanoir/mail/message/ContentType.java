package tamanoir.mail.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A media type with its parameters (RFC 2045 §5). Type and subtype are in lower case.
public record ContentType(String type, String subtype, Parameters parameters) {
    /// RFC 2045 §5.2: also what stands in for a type that makes no sense.
    public static final ContentType TEXT_PLAIN = new ContentType("text", "plain", Parameters.NONE);

    /// RFC 2046 §5.1.5: the default inside `multipart/digest`.
    public static final ContentType MESSAGE = new ContentType("message", "rfc822", Parameters.NONE);

    public static final ContentType OCTET_STREAM = new ContentType("application", "octet-stream", Parameters.NONE);

    public static ContentType parse(String value) {
        return parse(value, TEXT_PLAIN, Limits.DEFAULT);
    }

    /// The type in the unfolded value of a field; `implied` when that is empty.
    static ContentType parse(String value, ContentType implied, Limits limits) {
        Words words = new Words(value);
        words.skipBlanksAndComments();
        if (words.atEnd()) {
            return implied;
        }
        words.skip('"');
        String type = words.until("/;(\"=,").toLowerCase(Locale.ROOT);
        words.skipBlanksAndComments();
        String subtype = "";
        if (words.skip('/')) {
            words.skipBlanksAndComments();
            subtype = words.until("/;(\"=,").toLowerCase(Locale.ROOT);
        }
        words.skip('"');
        Parameters parameters = Parameters.parse(words, limits.parameters());
        if (!isToken(type) || !isToken(subtype)) {
            // RFC 2045 §5.2: an invalid type is plain text, unless it can only have been data.
            return isToken(type) && !type.equals("text") && !type.equals("multipart") && !type.equals("message")
                    ? new ContentType("application", "octet-stream", parameters)
                    : new ContentType("text", "plain", parameters);
        }
        return new ContentType(type, subtype, parameters);
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || "()<>@,;:\\\"/[]?=".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 127;
    }

    public boolean is(String otherType, String otherSubtype) {
        return type.equals(otherType) && subtype.equals(otherSubtype);
    }

    public boolean isText() {
        return type.equals("text");
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    /// The types with a message inside (RFC 2046 §5.2.1, RFC 6532 §3.7; RFC 9051 §7.5.2 treats them alike).
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    public boolean isDigest() {
        return is("multipart", "digest");
    }

    public String mediaType() {
        return type + "/" + subtype;
    }

    /// The octets of the boundary, none when it is missing. RFC 2046 §5.1.1 allows 70, longer ones occur; white
    /// space at its end cannot be part of it.
    byte[] boundary() {
        return parameters
                .plain("boundary")
                .or(() -> parameters.get("boundary"))
                .orElse("")
                .stripTrailing()
                .getBytes(StandardCharsets.UTF_8);
    }

    /// What a part is treated as that cannot be what its header says. Its name stays, a boundary would mislead.
    ContentType standIn(String otherType, String otherSubtype) {
        List<Parameter> kept = new ArrayList<>();
        for (Parameter parameter : parameters.list()) {
            if (!parameter.name().equals("boundary") && !parameter.name().equals("boundary*")) {
                kept.add(parameter);
            }
        }
        return new ContentType(otherType, otherSubtype, kept.isEmpty() ? Parameters.NONE : new Parameters(kept));
    }

    /// As in a header field.
    @Override
    public String toString() {
        return mediaType() + parameters;
    }
}
