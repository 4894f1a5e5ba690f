package tamanoir.mail.message;

import java.util.Locale;
import tamanoir.mail.text.Octets;

/// How the octets of a body were made fit for the way (RFC 2045 §6), and uuencode, which came before.
public enum TransferEncoding {
    /// `7bit`, `8bit`, `binary`: the octets are themselves.
    IDENTITY,
    BASE64,
    QUOTED_PRINTABLE,
    UUENCODE,
    /// A name that nobody knows: RFC 2045 §6.4 has the body treated as `application/octet-stream`.
    UNKNOWN;

    /// `isDamaged`: octets were passed over or missing, or the encoding is unknown. IMAP says UNKNOWN-CTE then (RFC
    /// 3516 §4.3), JMAP sets isEncodingProblem.
    public record Decoded(Octets octets, boolean isDamaged) {}

    public static TransferEncoding of(String fieldValue) {
        return switch (nameIn(fieldValue)) {
            case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none" -> IDENTITY;
            case "base64" -> BASE64;
            case "quoted-printable", "quotedprintable" -> QUOTED_PRINTABLE;
            case "uuencode", "x-uuencode", "x-uue", "uue" -> UUENCODE;
            default -> UNKNOWN;
        };
    }

    /// The bare name in the value of a field.
    static String nameIn(String fieldValue) {
        Words words = new Words(fieldValue);
        words.skipBlanksAndComments();
        words.skip('"');
        return words.until(";(\",").toLowerCase(Locale.ROOT);
    }

    public boolean changesOctets() {
        return this == BASE64 || this == QUOTED_PRINTABLE || this == UUENCODE;
    }

    /// A decoder to be fed with pieces.
    public TransferDecoder decoder() {
        return switch (this) {
            case IDENTITY -> new TransferDecoder.Identity(false);
            case BASE64 -> new TransferDecoder.Base64();
            case QUOTED_PRINTABLE -> new TransferDecoder.QuotedPrintable();
            case UUENCODE -> new TransferDecoder.Uuencode();
            case UNKNOWN -> new TransferDecoder.Identity(true);
        };
    }

    public Decoded decode(Octets body) {
        if (!changesOctets()) {
            return new Decoded(body, this == UNKNOWN);
        }
        TransferDecoder decoder = decoder();
        decoder.feed(body);
        decoder.finish();
        return new Decoded(decoder.take(), decoder.isDamaged());
    }
}
