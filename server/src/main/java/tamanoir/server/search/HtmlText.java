package tamanoir.server.search;

import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;

/// The text of an HTML document as a reader sees it, without scripts, styles and the head.
public final class HtmlText {
    private static final int DEEPEST = 256;

    private HtmlText() {}

    public static String of(String html) {
        Document document = Parser.htmlParser().setMaxDepth(DEEPEST).parseInput(html, "");
        StringBuilder text = new StringBuilder(html.length() / 4);
        document.body().filter(new NodeFilter() {
            @Override
            public FilterResult head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    text.append(words.getWholeText());
                    return FilterResult.CONTINUE;
                }
                if (node instanceof Element element) {
                    switch (element.normalName()) {
                        case "script", "style", "noscript", "template", "head", "title", "object", "svg" -> {
                            return FilterResult.SKIP_ENTIRELY;
                        }
                        case "img" ->
                            text.append(' ').append(element.attr("alt")).append(' ');
                        case "br" -> text.append('\n');
                        default -> part(element);
                    }
                }
                return FilterResult.CONTINUE;
            }

            @Override
            public FilterResult tail(Node node, int depth) {
                if (node instanceof Element element) {
                    part(element);
                }
                return FilterResult.CONTINUE;
            }

            private void part(Element element) {
                if (element.isBlock()
                        || element.normalName().equals("td")
                        || element.normalName().equals("th")) {
                    text.append('\n');
                }
            }
        });
        return text.toString();
    }
}
