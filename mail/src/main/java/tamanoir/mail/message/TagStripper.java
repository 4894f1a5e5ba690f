package tamanoir.mail.message;

import java.util.Locale;
import java.util.Map;

/// The words of an HTML text without its tags, good enough for a preview and for nothing else: it makes no tree,
/// and what comes out is text, never to be shown as HTML.
public final class TagStripper {
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("ensp", " "),
            Map.entry("emsp", " "),
            Map.entry("thinsp", " "),
            Map.entry("zwnj", ""),
            Map.entry("zwj", ""),
            Map.entry("shy", ""),
            Map.entry("copy", "\u00A9"),
            Map.entry("reg", "\u00AE"),
            Map.entry("trade", "\u2122"),
            Map.entry("euro", "\u20AC"),
            Map.entry("hellip", "\u2026"),
            Map.entry("ndash", "\u2013"),
            Map.entry("mdash", "\u2014"),
            Map.entry("lsquo", "\u2018"),
            Map.entry("rsquo", "\u2019"),
            Map.entry("ldquo", "\u201C"),
            Map.entry("rdquo", "\u201D"),
            Map.entry("bull", "\u2022"),
            Map.entry("middot", "\u00B7"),
            Map.entry("auml", "\u00E4"),
            Map.entry("ouml", "\u00F6"),
            Map.entry("uuml", "\u00FC"),
            Map.entry("Auml", "\u00C4"),
            Map.entry("Ouml", "\u00D6"),
            Map.entry("Uuml", "\u00DC"),
            Map.entry("szlig", "\u00DF"),
            Map.entry("eacute", "\u00E9"),
            Map.entry("egrave", "\u00E8"),
            Map.entry("agrave", "\u00E0"),
            Map.entry("ccedil", "\u00E7"));

    private static final int LONGEST_ENTITY = 10;

    private final String html;
    private final StringBuilder text;
    private int at;

    private TagStripper(String html) {
        this.html = html;
        this.text = new StringBuilder(html.length());
    }

    public static String strip(String html) {
        return new TagStripper(html).strip();
    }

    private String strip() {
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<') {
                tag();
            } else if (c == '&') {
                entity();
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    private void tag() {
        if (html.startsWith("<!--", at)) {
            at = behind("-->", at + 4);
            return;
        }
        int from = at + 1;
        boolean closing = from < html.length() && html.charAt(from) == '/';
        int name = closing ? from + 1 : from;
        int nameEnd = name;
        while (nameEnd < html.length() && Character.isLetterOrDigit(html.charAt(nameEnd))) {
            nameEnd++;
        }
        // `1 <2` is text: names begin with a letter.
        boolean isTag = (nameEnd > name && (closing || Character.isLetter(html.charAt(name))))
                || (from < html.length() && "!?".indexOf(html.charAt(from)) >= 0);
        if (!isTag) {
            text.append('<');
            at++;
            return;
        }
        String element =
                nameEnd - name > 10 ? "" : html.substring(name, nameEnd).toLowerCase(Locale.ROOT);
        at = tagEnd(nameEnd);
        switch (element) {
            case "b", "i", "u", "em", "strong", "span", "a", "font", "small", "big", "sup", "sub", "code", "wbr" -> {}
            case "style", "script", "title", "textarea", "noscript", "template" -> {
                if (!closing) {
                    at = element(element);
                }
                text.append(' ');
            }
            default -> text.append(' ');
        }
    }

    /// Behind the `>` that is not in quotes; an unclosed tag goes to the end.
    private int tagEnd(int from) {
        char quote = 0;
        char before = 0;
        for (int i = from; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '>') {
                return i + 1;
            } else if ((c == '"' || c == '\'') && before == '=') {
                quote = c;
            }
            before = c > ' ' ? c : before;
        }
        return html.length();
    }

    /// Behind the end tag of the element whose text is not shown; one that is never closed ends the text.
    private int element(String name) {
        int i = at;
        while (true) {
            i = html.indexOf("</", i);
            if (i < 0) {
                return html.length();
            }
            if (html.regionMatches(true, i + 2, name, 0, name.length())) {
                return tagEnd(i + 2 + name.length());
            }
            i += 2;
        }
    }

    private int behind(String mark, int from) {
        int found = html.indexOf(mark, from);
        return found < 0 ? html.length() : found + mark.length();
    }

    private void entity() {
        int end = at + 1;
        int limit = Math.min(html.length(), at + 1 + LONGEST_ENTITY);
        while (end < limit && (Character.isLetterOrDigit(html.charAt(end)) || html.charAt(end) == '#')) {
            end++;
        }
        String name = html.substring(at + 1, end);
        String plain = name.startsWith("#") ? numeric(name) : ENTITIES.getOrDefault(name, "");
        boolean known = name.startsWith("#") ? !plain.isEmpty() : ENTITIES.containsKey(name);
        if (!known) {
            text.append('&');
            at++;
            return;
        }
        text.append(plain);
        at = end < html.length() && html.charAt(end) == ';' ? end + 1 : end;
    }

    private static String numeric(String name) {
        boolean hex = name.length() > 2 && (name.charAt(1) | 32) == 'x';
        int number = 0;
        for (int i = hex ? 2 : 1; i < name.length(); i++) {
            int digit = Character.digit(name.charAt(i), hex ? 16 : 10);
            if (digit < 0 || number > 0x10FFFF) {
                return "";
            }
            number = number * (hex ? 16 : 10) + digit;
        }
        boolean isCharacter = number > 0 && number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
        return isCharacter ? Character.toString(number) : "";
    }
}
