package tamanoir.mail.message;

import java.util.Locale;

/// How a part is to be shown (RFC 2183). The type is in lower case.
public record Disposition(String type, Parameters parameters) {
    public static Disposition parse(String value) {
        return parse(value, Limits.DEFAULT);
    }

    static Disposition parse(String value, Limits limits) {
        Words words = new Words(value);
        words.skipBlanksAndComments();
        String type = words.until(";(\"=,").toLowerCase(Locale.ROOT);
        words.skipBlanksAndComments();
        if (words.peek() == '=') {
            // `filename=x` and no type at all: the parameter was what mattered.
            words.at = 0;
            type = "attachment";
        }
        Parameters parameters = Parameters.parse(words, limits.parameters());
        return new Disposition(type.isEmpty() ? "attachment" : type, parameters);
    }

    public boolean isInline() {
        return type.equals("inline");
    }

    /// RFC 2183 §2.8: an unknown type is an attachment.
    public boolean isAttachment() {
        return !isInline();
    }
}
