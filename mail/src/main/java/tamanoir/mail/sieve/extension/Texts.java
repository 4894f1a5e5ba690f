package tamanoir.mail.sieve.extension;

import tamanoir.mail.message.Part;
import tamanoir.mail.message.TagStripper;

/// The text of a MIME part as a reader sees it: decoded, HTML without its tags.
final class Texts {
    private Texts() {}

    static String of(Part part) {
        String text = part.text().text();
        return part.contentType().is("text", "html") || part.contentType().is("application", "xhtml+xml")
                ? TagStripper.strip(text)
                : text;
    }
}
