package tamanoir.mail.authresults.spf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As much of YAML 1.1 as the public SPF test suite is written in: mappings, sequences, both flow forms of them, plain
/// and quoted scalars, block scalars. A scalar is a [String] with one character an octet; anything else is refused.
final class Yaml {
    private record Line(int indent, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private int at;

    private Yaml(List<String> text) {
        for (String line : text) {
            String stripped = line.stripTrailing();
            lines.add(new Line(stripped.length() - stripped.stripLeading().length(), stripped.stripLeading()));
        }
    }

    /// The documents of a stream.
    static List<Map<String, Object>> documents(String text) {
        List<Map<String, Object>> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("---")) {
                add(documents, lines);
                lines.clear();
            } else {
                lines.add(line);
            }
        }
        add(documents, lines);
        return documents;
    }

    private static void add(List<Map<String, Object>> documents, List<String> lines) {
        Yaml yaml = new Yaml(lines);
        yaml.skip();
        if (yaml.at < yaml.lines.size()) {
            documents.add(yaml.mapping(0));
        }
    }

    private void skip() {
        while (at < lines.size()
                && (lines.get(at).text.isEmpty() || lines.get(at).text.startsWith("#"))) {
            at++;
        }
    }

    private Map<String, Object> mapping(int indent) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        skip();
        while (at < lines.size()
                && lines.get(at).indent == indent
                && !lines.get(at).text.startsWith("- ")) {
            String text = lines.get(at).text;
            int colon = keyEnd(text);
            String key = (String) flow(text.substring(0, colon));
            String rest = text.substring(colon + 1).strip();
            at++;
            mapping.put(key, value(rest, indent));
            skip();
        }
        return mapping;
    }

    private static int keyEnd(String text) {
        int from = text.startsWith("\"") ? text.indexOf('"', 1) : 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                return i;
            }
        }
        throw new IllegalArgumentException("no mapping: " + text);
    }

    private Object value(String rest, int indent) {
        if (rest.startsWith(">") || rest.startsWith("|")) {
            StringBuilder text = new StringBuilder();
            while (at < lines.size() && (lines.get(at).text.isEmpty() || lines.get(at).indent > indent)) {
                text.append(text.isEmpty() ? "" : " ").append(lines.get(at).text);
                at++;
            }
            return text.toString().strip();
        }
        if (rest.isEmpty()) {
            skip();
            if (at < lines.size() && lines.get(at).text.startsWith("- ") && lines.get(at).indent >= indent) {
                return sequence(lines.get(at).indent);
            }
            return at < lines.size() && lines.get(at).indent > indent ? mapping(lines.get(at).indent) : "";
        }
        StringBuilder text = new StringBuilder(rest);
        while (at < lines.size()
                && lines.get(at).indent > indent
                && !lines.get(at).text.isEmpty()) {
            text.append(' ').append(lines.get(at).text);
            at++;
        }
        return flow(text.toString());
    }

    private List<Object> sequence(int indent) {
        List<Object> sequence = new ArrayList<>();
        while (at < lines.size()
                && lines.get(at).indent == indent
                && lines.get(at).text.startsWith("- ")) {
            String text = lines.get(at).text.substring(2).strip();
            at++;
            boolean pair = text.matches("[A-Z]+: .*");
            sequence.add(
                    pair
                            ? Map.of(
                                    text.substring(0, text.indexOf(':')),
                                    value(text.substring(text.indexOf(':') + 1).strip(), indent))
                            : flow(text));
            skip();
        }
        return sequence;
    }

    private static Object flow(String text) {
        if (!text.startsWith("[")) {
            return scalar(text);
        }
        List<Object> items = new ArrayList<>();
        String inner = text.substring(1, text.lastIndexOf(']')).strip();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i <= inner.length(); i++) {
            if (i == inner.length() || (inner.charAt(i) == ',' && !quoted)) {
                String item = inner.substring(from, i).strip();
                if (!item.isEmpty()) {
                    items.add(scalar(item));
                }
                from = i + 1;
            } else if (inner.charAt(i) == '"' || inner.charAt(i) == '\'') {
                quoted = !quoted;
            }
        }
        return items;
    }

    private static String scalar(String text) {
        if (text.startsWith("'")) {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        if (!text.startsWith("\"")) {
            int comment = text.indexOf(" #");
            return comment < 0 ? text : text.substring(0, comment).strip();
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 1;
        while (i < text.length() - 1) {
            char c = text.charAt(i++);
            if (c != '\\') {
                octets.write(c);
                continue;
            }
            char escaped = text.charAt(i++);
            switch (escaped) {
                case 'x' -> {
                    octets.write(Integer.parseInt(text.substring(i, i + 2), 16));
                    i += 2;
                }
                case '0' -> octets.write(0);
                case '\\', '"' -> octets.write(escaped);
                default -> throw new IllegalArgumentException("escape in " + text);
            }
        }
        return octets.toString(StandardCharsets.ISO_8859_1);
    }
}
