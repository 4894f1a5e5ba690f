package tamanoir.server.filter.junk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeFilter.FilterResult;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.Limits;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.message.TransferEncoding;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// What of a message is judged, read once: header, visible text, links, names of files. Immutable once made.
///
/// Bounded whatever comes, as strangers write it: the first [#MOST_OCTETS] of the message, [#MOST_CHARS] of its text,
/// [#MOST_PARTS] parts.
final class Contents {
    static final int MOST_OCTETS = 1 << 20;
    static final int MOST_CHARS = 256 << 10;
    static final int MOST_PARTS = 200;
    private static final int MOST_LINKS = 200;
    private static final int MOST_NAMES = 200;
    private static final int DEEPEST_HTML = 200;
    private static final Limits LIMITS = new Limits(MOST_PARTS, 30, 500, 256 << 10, 100);

    /// A link: where it leads, and what the reader sees of it.
    record Link(String target, String shown) {}

    private final HeaderFields header;
    private final StringBuilder text = new StringBuilder(8 << 10);
    private final List<Link> links = new ArrayList<>();
    private final List<String> fileNames = new ArrayList<>();
    private final List<String> archived = new ArrayList<>();
    private final List<String> shapes = new ArrayList<>();
    private int plainChars;
    private int htmlChars;
    private int pictures;
    private boolean hidden;
    private boolean form;
    private boolean script;
    private boolean oddCharset;
    private boolean needlessBase64;
    private boolean broken;
    private boolean locked;

    private Contents(Part root) {
        this.header = root.fields();
        int parts = 0;
        for (Part part : root.all()) {
            if (++parts > MOST_PARTS) {
                break;
            }
            take(part);
        }
        linksInText();
    }

    static Contents of(Octets message) {
        return new Contents(MessageParser.parse(message.slice(0, Math.min(message.length(), MOST_OCTETS)), LIMITS));
    }

    /// @throws Unavailable when the body cannot be read now
    static Contents of(Body body, Blobs blobs) {
        return switch (body) {
            case Body.Small small -> of(small.octets());
            case Body.Large large -> {
                try (InputStream stream = large.stream(blobs)) {
                    yield of(Octets.of(stream.readNBytes(MOST_OCTETS)));
                } catch (IOException e) {
                    throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
                }
            }
        };
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    private void take(Part part) {
        String type = part.contentType().mediaType().toLowerCase(Locale.ROOT);
        shapes.add(type);
        // A multipart in which no part begins was not taken apart (RFC 2046 §5.1.1 asks for one).
        broken |= part.declaredType().isMultipart() && part.kind() != Located.Kind.MULTIPART;
        Optional<String> name = part.fileName();
        name.filter(_ -> fileNames.size() < MOST_NAMES)
                .ifPresent(given -> fileNames.add(given.toLowerCase(Locale.ROOT)));
        if (part.kind() != Located.Kind.LEAF) {
            return;
        }
        if (part.contentType().isText()) {
            text(part, type);
        } else if (type.startsWith("image/")) {
            pictures++;
        } else if (type.contains("zip")
                || name.filter(given -> given.endsWith(".zip")).isPresent()) {
            archive(part.decoded().octets());
        }
    }

    private void text(Part part, String type) {
        String charset = part.charset();
        oddCharset |= !charset.isEmpty() && !Charsets.isKnown(charset);
        if (text.length() >= MOST_CHARS) {
            return;
        }
        String read = part.text().text();
        if (read.length() > MOST_CHARS) {
            read = read.substring(0, MOST_CHARS);
        }
        needlessBase64 |= part.encoding() == TransferEncoding.BASE64
                && type.equals("text/plain")
                && !read.isBlank()
                && StandardCharsets.US_ASCII.newEncoder().canEncode(read);
        if (type.equals("text/html")) {
            html(read);
        } else {
            plainChars += read.strip().length();
            append(read);
        }
    }

    private void append(String more) {
        int room = MOST_CHARS - text.length();
        if (room > 0) {
            text.append(more, 0, Math.min(more.length(), room)).append('\n');
        }
    }

    private void html(String html) {
        Document document = Parser.htmlParser().setMaxDepth(DEEPEST_HTML).parseInput(html, "");
        StringBuilder seen = new StringBuilder(html.length() / 3);
        document.filter(new NodeFilter() {
            @Override
            public FilterResult head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    seen.append(words.getWholeText());
                } else if (node instanceof Element element) {
                    return element(element, seen);
                }
                return FilterResult.CONTINUE;
            }
        });
        htmlChars += seen.toString().strip().length();
        append(seen.toString());
    }

    private FilterResult element(Element element, StringBuilder seen) {
        switch (element.normalName()) {
            case "script" -> {
                script = true;
                return FilterResult.SKIP_ENTIRELY;
            }
            case "style", "noscript", "template", "title" -> {
                return FilterResult.SKIP_ENTIRELY;
            }
            case "img" -> {
                pictures++;
                link(element.attr("src"), "");
                seen.append(' ').append(element.attr("alt")).append(' ');
            }
            case "form", "input" -> form = true;
            case "a", "area" -> link(element.attr("href"), element.text());
            case "br" -> seen.append('\n');
            default -> {
                if (element.isBlock() || element.normalName().equals("td")) {
                    seen.append('\n');
                }
            }
        }
        hidden |= isHidden(element.attr("style"));
        return FilterResult.CONTINUE;
    }

    /// Letters without size or without colour of their own. `display:none` alone is how newsletters write their
    /// preview line.
    private static boolean isHidden(String style) {
        if (style.isEmpty()) {
            return false;
        }
        String low = style.toLowerCase(Locale.ROOT).replace(" ", "");
        return (low.contains("font-size:0")
                        && !low.contains("font-size:0.")
                        && !low.contains("display:none")
                        && !low.contains("line-height:0"))
                || low.contains("font-size:1px")
                || (low.contains("visibility:hidden") && !low.contains("display:none"));
    }

    private void link(String target, String shown) {
        String trimmed = target.strip();
        if (links.size() < MOST_LINKS && trimmed.length() < 4096 && isWeb(trimmed)) {
            links.add(new Link(trimmed, shown.strip()));
        }
    }

    private static boolean isWeb(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
    }

    private void linksInText() {
        for (int at = text.indexOf("http"); at >= 0 && links.size() < MOST_LINKS; at = text.indexOf("http", at + 4)) {
            int end = at;
            while (end < text.length() && end - at < 2048 && !endsLink(text.charAt(end))) {
                end++;
            }
            link(text.substring(at, end), "");
        }
    }

    private static boolean endsLink(char c) {
        return c <= ' ' || c == '<' || c == '>' || c == '"' || c == ')' || c == ']' || c == '\u00A0';
    }

    /// The names of files in a ZIP archive by their local headers (APPNOTE 4.3.7): nothing is unpacked.
    private void archive(Octets zip) {
        byte[] octets = zip.array();
        int end = zip.arrayOffset() + zip.length();
        for (int i = zip.arrayOffset(); i + 30 < end && archived.size() < MOST_NAMES; i++) {
            if (octets[i] == 'P' && octets[i + 1] == 'K' && octets[i + 2] == 3 && octets[i + 3] == 4) {
                int length = (octets[i + 26] & 0xFF) | ((octets[i + 27] & 0xFF) << 8);
                locked |= (octets[i + 6] & 1) != 0;
                if (length > 0 && length < 1024 && i + 30 + length <= end) {
                    archived.add(new String(octets, i + 30, length, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
                    i += 29 + length;
                }
            }
        }
    }

    // ---- what was read ---------------------------------------------------------------------------------------------

    HeaderFields header() {
        return header;
    }

    String subject() {
        return header.text("Subject").orElse("");
    }

    /// The address that the reader is shown as author, in lower case; empty when there is none.
    String author() {
        List<AddressList.Mailbox> from = header.addresses("From").mailboxes();
        return from.isEmpty() ? "" : from.getFirst().address().toLowerCase(Locale.ROOT);
    }

    CharSequence text() {
        return text;
    }

    List<Link> links() {
        return links;
    }

    List<String> fileNames() {
        return fileNames;
    }

    /// Of files inside archives.
    List<String> archived() {
        return archived;
    }

    /// The media types of all parts.
    List<String> shapes() {
        return shapes;
    }

    int pictures() {
        return pictures;
    }

    int htmlChars() {
        return htmlChars;
    }

    boolean isHtmlOnly() {
        return plainChars == 0 && shapes.contains("text/html");
    }

    boolean hasHiddenText() {
        return hidden;
    }

    boolean hasForm() {
        return form;
    }

    boolean hasScript() {
        return script;
    }

    boolean hasOddCharset() {
        return oddCharset;
    }

    boolean hasNeedlessBase64() {
        return needlessBase64;
    }

    boolean isBroken() {
        return broken;
    }

    boolean hasLockedArchive() {
        return locked;
    }
}
