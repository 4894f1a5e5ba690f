package tamanoir.mail.vcard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One content line (RFC 6350 §3.3). Immutable.
///
/// @param group in lower case; empty for none
/// @param name in capitals
/// @param parameters by name in capitals
/// @param value in Unicode, with its backslashes
public record Property(String group, String name, Map<String, List<String>> parameters, String value) {
    public Property {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        parameters.forEach((parameter, values) -> copy.put(parameter, List.copyOf(values)));
        parameters = java.util.Collections.unmodifiableMap(copy);
    }

    /// With a text that needs escaping.
    static Property text(String name, String text) {
        return new Property("", name, Map.of(), escaped(text));
    }

    Property with(String parameter, String... values) {
        Map<String, List<String>> more = new LinkedHashMap<>(parameters);
        more.put(parameter, List.of(values));
        return new Property(group, name, more, value);
    }

    Property inGroup(String other) {
        return new Property(other, name, parameters, value);
    }

    public Optional<String> parameter(String parameter) {
        List<String> values = parameters.getOrDefault(parameter, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// The values of TYPE, in lower case; `TYPE=home,work` and `TYPE="home,work"` say the same.
    public Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        for (String value : parameters.getOrDefault("TYPE", List.of())) {
            for (String type : value.split(",", -1)) {
                types.add(type.strip().toLowerCase(Locale.ROOT));
            }
        }
        return types;
    }

    /// The value as one text (RFC 6350 §3.4).
    public String text() {
        return unescaped(value);
    }

    /// The value in parts, divided where the separator stands without a backslash.
    public List<String> parts(char separator) {
        return split(value, separator).stream().map(Property::unescaped).toList();
    }

    static List<String> split(String value, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                part.append(c).append(value.charAt(++i));
            } else if (c == separator) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    static String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\\' || i + 1 == value.length()) {
                text.append(c);
                continue;
            }
            char next = value.charAt(++i);
            switch (next) {
                case 'n', 'N' -> text.append('\n');
                case '\\', ',', ';', ':' -> text.append(next);
                // Nothing that needs it: a path of Windows, perhaps.
                default -> text.append('\\').append(next);
            }
        }
        return text.toString();
    }

    static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\r\n", "\n")
                .replace("\n", "\\n")
                .replace(",", "\\,")
                .replace(";", "\\;");
    }
}
