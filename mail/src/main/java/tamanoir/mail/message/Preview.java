package tamanoir.mail.message;

import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;

/// The beginning of the text of a message, for lists (RFC 8970 §3, RFC 8621 §4.1.4).
///
/// Only the first octets of a body are ever read: a preview must not cost what the whole message would.
final class Preview {
    /// RFC 8970 §3.1: at most 256 characters, and half of that is what fits a list.
    static final int LONGEST = 256;

    /// Octets of a body that are read at first, and when those held too little text (style sheets at the top).
    private static final int FIRST_READ = 4 * 1024;

    private static final int SECOND_READ = 64 * 1024;
    private static final int MOST_PARTS = 4;

    private Preview() {}

    static String of(MessageBodies bodies) {
        int parts = 0;
        for (Part part : bodies.text()) {
            if (part.contentType().isText() && parts++ < MOST_PARTS) {
                String preview = of(part);
                if (!preview.isEmpty()) {
                    return preview;
                }
            }
        }
        return "";
    }

    private static String of(Part part) {
        String preview = of(part, FIRST_READ);
        return preview.length() < LONGEST / 2 && part.body().length() > FIRST_READ ? of(part, SECOND_READ) : preview;
    }

    private static String of(Part part, int octets) {
        Octets body = part.body();
        boolean isWhole = body.length() <= octets;
        TransferDecoder decoder = part.encoding().decoder();
        decoder.feed(isWhole ? body : body.slice(0, octets));
        if (isWhole) {
            decoder.finish();
        }
        Octets plain = isWhole ? decoder.take() : withoutCutCharacter(decoder.take());
        String text = Charsets.decode(plain, part.charset()).text();
        if (part.contentType().subtype().equals("html")) {
            return oneLine(TagStripper.strip(text), false);
        }
        String fresh = oneLine(text, true);
        return fresh.isEmpty() ? oneLine(text, false) : fresh;
    }

    /// A UTF-8 character cut in two at the end would make the guess at the charset go wrong for all of the text.
    private static Octets withoutCutCharacter(Octets octets) {
        int end = octets.length();
        for (int back = 1; back <= 3 && back <= end; back++) {
            int c = octets.at(end - back);
            if (c >= 0xC0) {
                int length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
                return length > back ? octets.slice(0, end - back) : octets;
            }
            if (c < 0x80) {
                break;
            }
        }
        return octets;
    }

    /// White space runs become one space; with `skipQuotes`, lines that quote another message are left out.
    private static String oneLine(String text, boolean skipQuotes) {
        StringBuilder line = new StringBuilder(LONGEST);
        boolean lineStart = true;
        boolean blank = false;
        int characters = 0;
        int at = 0;
        while (at < text.length() && characters < LONGEST) {
            int c = text.codePointAt(at);
            if (lineStart && skipQuotes && c == '>') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end + 1;
                continue;
            }
            at += Character.charCount(c);
            if (c == '\n') {
                lineStart = true;
                blank = true;
            } else if (isBlank(c)) {
                blank = true;
            } else {
                if (blank && !line.isEmpty()) {
                    line.append(' ');
                    characters++;
                }
                blank = false;
                lineStart = false;
                if (characters < LONGEST) {
                    line.appendCodePoint(c);
                    characters++;
                }
            }
        }
        return line.toString().strip();
    }

    /// Also what shows as nothing: zero-width characters, with which senders fill previews.
    private static boolean isBlank(int c) {
        return c <= ' '
                || (c >= 0x7F && c <= 0xA0)
                || c == 0xAD
                || c == 0x34F
                || (c >= 0x2000 && c <= 0x200F)
                || (c >= 0x2028 && c <= 0x202F)
                || (c >= 0x205F && c <= 0x206F)
                || c == 0x3000
                || c == 0xFEFF
                || c == 0xFFFD
                || (c >= 0xD800 && c <= 0xDFFF);
    }
}
