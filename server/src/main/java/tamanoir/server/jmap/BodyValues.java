package tamanoir.server.jmap;

import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.Part;
import tamanoir.mail.message.TransferDecoder;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.DecodedText;
import tamanoir.mail.text.Octets;

/// The text of body parts (RFC 8621 §4.1.4 EmailBodyValue). Whatever their length, no more is decoded than is shown.
final class BodyValues {
    /// Octets that a character of the answer may have taken before: UTF-32 has four for one.
    private static final int WIDEST = 4;

    private static final int SPARE = 256;
    private static final int PIECE = 16 * 1024;

    /// A tag longer than this is cut in two after all.
    private static final int LONGEST_TAG = 4 * 1024;

    private static final int LONGEST_ENTITY = 32;

    private BodyValues() {}

    /// Octets of the part without its transfer encoding.
    static long size(Part part) {
        if (!part.encoding().changesOctets()) {
            return part.body().length();
        }
        TransferDecoder decoder = part.encoding().decoder();
        Octets body = part.body();
        long size = 0;
        for (int at = 0; at < body.length(); at += PIECE) {
            decoder.feed(body.slice(at, Math.min(body.length(), at + PIECE)));
            size += decoder.take().length();
        }
        decoder.finish();
        return size + decoder.take().length();
    }

    /// @param most octets of the value in UTF-8 at most, 0 for no limit
    static Json value(Part part, long most) {
        if (most == 0) {
            return value(part.text(), false);
        }
        Octets body = part.body();
        TransferDecoder decoder = part.encoding().decoder();
        long enough = most * WIDEST + SPARE;
        Octets octets = Octets.EMPTY;
        int at = 0;
        while (at < body.length() && octets.length() < enough) {
            int end = (int) Math.min(body.length(), at + Math.max(PIECE, Math.min(enough, 1 << 20)));
            decoder.feed(body.slice(at, end));
            at = end;
            octets = Octets.join(octets, decoder.take());
        }
        boolean isWhole = at == body.length();
        if (isWhole) {
            decoder.finish();
            octets = Octets.join(octets, decoder.take());
        }
        DecodedText decoded = decode(octets, part.charset(), isWhole);
        String text = lines(decoded.text());
        Optional<String> cut = cut(text, most, part.contentType().subtype().equals("html"));
        return value(
                new DecodedText(cut.orElse(text), decoded.isEncodingProblem() || decoder.isDamaged()),
                cut.isPresent() || !isWhole);
    }

    private static Json value(DecodedText text, boolean isTruncated) {
        return Json.object()
                .put("value", lines(text.text()))
                .put("isEncodingProblem", text.isEncodingProblem())
                .put("isTruncated", isTruncated)
                .build();
    }

    /// Octets that end anywhere may end in the middle of a character, which is no fault of the sender's.
    private static DecodedText decode(Octets octets, String charset, boolean isWhole) {
        DecodedText text = Charsets.decode(octets, charset);
        for (int less = 1; less <= 3 && !isWhole && text.isEncodingProblem() && less < octets.length(); less++) {
            DecodedText shorter = Charsets.decode(octets.slice(0, octets.length() - less), charset);
            if (!shorter.isEncodingProblem()) {
                return shorter;
            }
        }
        return text;
    }

    /// RFC 8621 §4.1.4: CRLF becomes LF.
    private static String lines(String text) {
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n");
    }

    /// The beginning of at most `most` octets, between two characters and, of HTML, outside tags and entities; empty
    /// when the text is not longer.
    static Optional<String> cut(String text, long most, boolean isHtml) {
        int end = 0;
        long octets = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets > most) {
                return Optional.of(isHtml ? outsideMarkup(text.substring(0, end)) : text.substring(0, end));
            }
            end += Character.charCount(c);
        }
        return Optional.empty();
    }

    private static String outsideMarkup(String html) {
        int open = html.lastIndexOf('<');
        if (open > html.lastIndexOf('>') && html.length() - open <= LONGEST_TAG) {
            return html.substring(0, open);
        }
        int entity = html.lastIndexOf('&');
        if (entity > html.lastIndexOf(';') && html.length() - entity <= LONGEST_ENTITY) {
            return html.substring(0, entity);
        }
        return html;
    }
}
