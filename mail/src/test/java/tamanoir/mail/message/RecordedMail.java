package tamanoir.mail.message;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What somebody wrote down of a message, in the few elements that mime4j has for it.
final class RecordedMail {
    private static final Pattern ELEMENT = Pattern.compile(
            "<(field|body|text-body|binary-body|(?:/?)(?:message|body-part|multipart))(?: name=\"([^\"]*)\"/)?>\n?");

    private final Path file;
    private final String text;
    private final List<String> lines = new ArrayList<>();

    RecordedMail(Path file) {
        this.file = file;
        this.text = MimeCorpusTest.bare(Corpus.read(file).latin1());
    }

    List<String> lines() {
        List<Integer> numbers = new ArrayList<>(List.of(1));
        int depth = 0;
        Matcher matcher = ELEMENT.matcher(text);
        for (int at = 0; matcher.find(at); at = matcher.end()) {
            String path = numbers.stream().limit(depth).map(String::valueOf).collect(Collectors.joining("."));
            switch (matcher.group(1)) {
                case "message", "body-part" -> {
                    depth++;
                    if (numbers.size() < depth) {
                        numbers.add(1);
                    }
                }
                case "/message", "/body-part" -> {
                    while (numbers.size() > depth) {
                        numbers.removeLast();
                    }
                    depth--;
                    numbers.set(depth, numbers.get(depth) + 1);
                }
                case "field" -> {
                    lines.add(path + " " + inside(matcher.end(), "</field>").stripTrailing());
                }
                case "body" -> {
                    lines.add(path + " body " + inside(matcher.end(), "</body>"));
                }
                case "text-body", "binary-body" -> {
                    Path body = file.resolveSibling(matcher.group(2));
                    lines.add(path + " body "
                            + MimeCorpusTest.bare(Corpus.read(body).latin1()));
                }
                default -> {}
            }
        }
        return lines;
    }

    private String inside(int from, String close) {
        return text.substring(from, text.indexOf(close, from))
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }
}
