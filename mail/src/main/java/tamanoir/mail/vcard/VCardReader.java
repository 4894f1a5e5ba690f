package tamanoir.mail.vcard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;

/// Reads vCards of all versions. What is no content line is passed over: address books have written much,
/// and the rest of the card is still worth having.
///
/// Octets stay octets (as characters up to 255) until a value's own charset is known, because vCard 2.1
/// says it with each property. Stateless.
public final class VCardReader {
    private static final int MOST_CARDS = 50_000;
    private static final int MOST_PROPERTIES = 2_000;
    private static final Set<String> ENCODINGS = Set.of("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q");

    private VCardReader() {}

    /// Every card of a file.
    ///
    /// @throws BadSyntax when there is none in it, or more than anybody has
    public static List<VCard> read(Octets file) {
        Octets octets = utf8(file);
        String charset = Charsets.isUtf8(octets) ? "utf-8" : Charsets.guess(octets);
        List<VCard> cards = new ArrayList<>();
        List<Property> properties = new ArrayList<>();
        String version = "";
        int depth = 0;
        for (String line : unfolded(octets.latin1())) {
            Property property = property(line, charset);
            if (property == null) {
                continue;
            }
            boolean ofCard = property.value().strip().equalsIgnoreCase("VCARD");
            if (property.name().equals("BEGIN") && ofCard) {
                depth++;
            } else if (property.name().equals("END") && ofCard && depth > 0) {
                depth--;
                if (depth == 0) {
                    cards.add(new VCard(version, properties));
                    properties.clear();
                    version = "";
                    if (cards.size() > MOST_CARDS) {
                        throw new BadSyntax("a file has at most " + MOST_CARDS + " vCards");
                    }
                }
            } else if (depth == 1 && property.name().equals("VERSION")) {
                version = property.value().strip();
            } else if (depth == 1 && properties.size() < MOST_PROPERTIES) {
                // What stands in a card inside the card (AGENT of vCard 2.1) is not this person's.
                properties.add(property);
            }
        }
        if (cards.isEmpty()) {
            throw new BadSyntax("there is no vCard in this file");
        }
        return cards;
    }

    /// A byte order mark says what it is.
    private static Octets utf8(Octets file) {
        int first = file.length() > 1 ? file.at(0) : 0;
        int second = file.length() > 1 ? file.at(1) : 0;
        if (first == 0xFE && second == 0xFF) {
            return Octets.of(new String(file.toByteArray(), StandardCharsets.UTF_16));
        }
        if (first == 0xFF && second == 0xFE) {
            return Octets.of(new String(file.toByteArray(), StandardCharsets.UTF_16));
        }
        boolean mark = first == 0xEF && second == 0xBB && file.length() > 2 && file.at(2) == 0xBF;
        return mark ? file.slice(3, file.length()) : file;
    }

    // ---- lines -----------------------------------------------------------------------------------------------

    /// Content lines without their folds (RFC 6350 §3.2), and without the soft breaks of quoted-printable.
    private static List<String> unfolded(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        boolean soft = false;
        for (String physical : text.split("\r\n|\n|\r", -1)) {
            if (soft) {
                line.setLength(line.length() - 1);
                line.append(physical);
            } else if (physical.startsWith(" ") || physical.startsWith("\t")) {
                line.append(physical, 1, physical.length());
            } else {
                lines.add(line.toString());
                line.setLength(0);
                line.append(physical);
            }
            soft = line.length() > 0 && line.charAt(line.length() - 1) == '=' && isQuotedPrintable(line);
        }
        lines.add(line.toString());
        return lines;
    }

    private static boolean isQuotedPrintable(StringBuilder line) {
        int colon = line.indexOf(":");
        return colon > 0 && line.substring(0, colon).toUpperCase(Locale.ROOT).contains("QUOTED-PRINTABLE");
    }

    // ---- one line --------------------------------------------------------------------------------------------

    private static @org.jspecify.annotations.Nullable Property property(String line, String charset) {
        int colon = colon(line);
        if (colon <= 0) {
            return null;
        }
        List<String> words = words(line.substring(0, colon), ';');
        String name = words.getFirst().strip();
        int dot = name.lastIndexOf('.');
        String group = dot > 0 ? name.substring(0, dot).toLowerCase(Locale.ROOT) : "";
        name = name.substring(dot + 1).toUpperCase(Locale.ROOT);
        if (name.isEmpty()
                || !name.chars().allMatch(c -> c == '-' || c == '_' || (c < 128 && Character.isLetterOrDigit(c)))) {
            return null;
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String word : words.subList(1, words.size())) {
            parameter(word, charset, parameters);
        }
        String own =
                parameters.containsKey("CHARSET") ? parameters.get("CHARSET").getFirst() : charset;
        String encoding = parameters.containsKey("ENCODING")
                ? parameters.get("ENCODING").getFirst().toUpperCase(Locale.ROOT)
                : "";
        String raw = line.substring(colon + 1);
        Octets octets = encoding.startsWith("Q") ? quotedPrintable(raw) : Octets.latin1(raw);
        parameters.remove("CHARSET");
        if (!encoding.startsWith("B")) {
            parameters.remove("ENCODING");
        }
        String value =
                Charsets.decode(octets, Charsets.isKnown(own) ? own : charset).text();
        if (encoding.startsWith("Q")) {
            // Real line breaks, where the others have \n.
            value = value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n");
        }
        return new Property(group, name, parameters, value);
    }

    /// The colon that ends the parameters: none inside quotes.
    private static int colon(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                return i;
            }
        }
        // A quote that nobody closed: take the first.
        return line.indexOf(':');
    }

    private static List<String> words(String text, char separator) {
        List<String> words = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                words.add(text.substring(from, i));
                from = i + 1;
            }
        }
        words.add(text.substring(from));
        return words;
    }

    private static void parameter(String word, String charset, Map<String, List<String>> parameters) {
        int equals = word.indexOf('=');
        if (equals <= 0) {
            // vCard 2.1: the value alone.
            String value = word.strip();
            if (!value.isEmpty()) {
                boolean encoding = ENCODINGS.contains(value.toUpperCase(Locale.ROOT));
                parameters
                        .computeIfAbsent(encoding ? "ENCODING" : "TYPE", _ -> new ArrayList<>())
                        .add(value);
            }
            return;
        }
        String name = word.substring(0, equals).strip().toUpperCase(Locale.ROOT);
        for (String value : words(word.substring(equals + 1), ',')) {
            String plain = value.strip();
            if (plain.length() > 1 && plain.startsWith("\"") && plain.endsWith("\"")) {
                plain = plain.substring(1, plain.length() - 1);
            }
            String text = Charsets.decode(Octets.latin1(plain), charset).text();
            parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(caretDecoded(text));
        }
    }

    /// RFC 6868.
    private static String caretDecoded(String value) {
        if (value.indexOf('^') < 0) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            char next = i + 1 < value.length() ? value.charAt(i + 1) : ' ';
            if (c == '^' && (next == 'n' || next == '^' || next == '\'')) {
                text.append(next == 'n' ? '\n' : next == '^' ? '^' : '"');
                i++;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static Octets quotedPrintable(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                octets.write(high << 4 | low);
                i += 2;
            } else {
                octets.write(c);
            }
        }
        return Octets.of(octets.toByteArray());
    }
}
