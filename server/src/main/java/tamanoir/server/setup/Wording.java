package tamanoir.server.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/// The sentences of the set-up in one language. `{name}` in them is a value. Immutable.
public final class Wording {
    /// The first is whole; another may lack sentences only by mistake, which a test finds.
    static final List<String> LANGUAGES = List.of("en", "fr");

    private final Map<String, String> sentences;

    private Wording(Map<String, String> sentences) {
        this.sentences = sentences;
    }

    /// The wording of a language tag, English where there is none.
    public static Wording of(String language) {
        String base = language.length() >= 2 ? language.substring(0, 2) : "en";
        return new Wording(read(LANGUAGES.contains(base) ? base : "en"));
    }

    static Map<String, String> read(String language) {
        Properties properties = new Properties();
        String name = "texts_" + language + ".properties";
        try (InputStream in = Objects.requireNonNull(Wording.class.getResourceAsStream(name), name);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> sentences = new HashMap<>();
        properties.forEach((key, text) -> sentences.put(key.toString(), text.toString()));
        return sentences;
    }

    /// What a check is called.
    public String title(Finding finding) {
        return sentence(finding.check() + ".title", Map.of());
    }

    /// What was found.
    public String text(Finding finding) {
        return sentence(finding.saying(), finding.values());
    }

    /// What to do about it; empty when there is nothing to do.
    public String advice(Finding finding) {
        String key = finding.saying() + ".do";
        return sentences.containsKey(key) ? sentence(key, finding.values()) : "";
    }

    /// A sentence with its values; without one its key, which a test would have found.
    public String sentence(String key, Map<String, String> values) {
        String text = Optional.ofNullable(sentences.get(key)).orElse(key);
        StringBuilder filled = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf('{', at);
            int close = text.indexOf('}', open + 1);
            if (open < 0 || close < 0) {
                return filled.append(text, at, text.length()).toString();
            }
            String name = text.substring(open + 1, close);
            filled.append(text, at, open).append(values.getOrDefault(name, "{" + name + "}"));
            at = close + 1;
        }
    }
}
