package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.message.Located.Kind;

/// What a reader shows as text, what as HTML, and what it lists as attachments: the algorithm of RFC 8621 §4.1.4.
///
/// A part may be in several lists. Messages inside a message are attachments and not looked into.
public record MessageBodies(List<Part> text, List<Part> html, List<Part> attachments) {
    public MessageBodies {
        text = List.copyOf(text);
        html = List.copyOf(html);
        attachments = List.copyOf(attachments);
    }

    public static MessageBodies of(Part root) {
        List<Part> text = new ArrayList<>();
        List<Part> html = new ArrayList<>();
        List<Part> attachments = new ArrayList<>();
        sort(List.of(root), "mixed", false, text, html, attachments);
        return new MessageBodies(text, html, attachments);
    }

    /// RFC 8621 §4.1.4: attachments that are not inline.
    public boolean hasAttachment() {
        return attachments.stream()
                .anyMatch(part ->
                        part.disposition().map(Disposition::isAttachment).orElse(true));
    }

    /// The depth of the recursion is at most [Limits#depth]. A list is null where the alternative to it has been
    /// taken.
    private static void sort(
            List<Part> parts,
            String multipart,
            boolean inAlternative,
            @Nullable List<Part> textBody,
            @Nullable List<Part> htmlBody,
            List<Part> attachments) {
        List<Part> text = textBody;
        List<Part> html = htmlBody;
        int textBefore = text == null ? -1 : text.size();
        int htmlBefore = html == null ? -1 : html.size();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.kind() == Kind.MULTIPART) {
                String subtype = part.contentType().subtype();
                boolean alternative = inAlternative || subtype.equals("alternative");
                sort(part.children(), subtype, alternative, text, html, attachments);
                continue;
            }
            boolean isPlain = part.contentType().is("text", "plain");
            boolean isHtml = part.contentType().is("text", "html");
            boolean isMedia = isMedia(part.contentType());
            if (!isShown(part, i, multipart)) {
                attachments.add(part);
                continue;
            }
            if (multipart.equals("alternative")) {
                List<Part> list = isPlain ? text : isHtml ? html : attachments;
                if (list != null) {
                    list.add(part);
                }
                continue;
            }
            if (inAlternative) {
                html = isPlain ? null : html;
                text = isHtml ? null : text;
            }
            if (text != null) {
                text.add(part);
            }
            if (html != null) {
                html.add(part);
            }
            if ((text == null || html == null) && isMedia) {
                attachments.add(part);
            }
        }
        if (multipart.equals("alternative") && text != null && html != null) {
            if (text.size() == textBefore && html.size() > htmlBefore) {
                text.addAll(List.copyOf(html.subList(htmlBefore, html.size())));
            } else if (html.size() == htmlBefore && text.size() > textBefore) {
                html.addAll(List.copyOf(text.subList(textBefore, text.size())));
            }
        }
    }

    /// Whether the part is body rather than attachment.
    private static boolean isShown(Part part, int index, String multipart) {
        ContentType type = part.contentType();
        boolean isMedia = isMedia(type);
        if (!isMedia && !type.is("text", "plain") && !type.is("text", "html")) {
            return false;
        }
        if (part.disposition().map(Disposition::isAttachment).orElse(false)) {
            return false;
        }
        return index == 0
                || (!multipart.equals("related") && (isMedia || part.fileName().isEmpty()));
    }

    private static boolean isMedia(ContentType type) {
        return switch (type.type()) {
            case "image", "audio", "video" -> true;
            default -> false;
        };
    }
}
