package tamanoir.mail.sieve.extension;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tamanoir.mail.message.Part;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.text.Octets;

/// `body` (RFC 5173).
public final class BodyTest implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("body");
        language.test("body", "body")
                .positional("key list", Kind.TEXTS)
                .matching()
                .tag("raw", Kind.NONE, "body transform", "")
                .tag("content", Kind.TEXTS, "body transform", "")
                .tag("text", Kind.NONE, "body transform", "")
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> keys = arguments.texts(0);
                    String way = arguments.chosen("body transform").orElse("text");
                    Optional<List<Phrase>> types = arguments.texts("content");
                    return run -> {
                        List<String> values = switch (way) {
                            case "raw" -> raw(run);
                            case "content" -> content(run, Phrase.all(types.orElse(List.of()), run));
                            default -> text(run);
                        };
                        return matching.testQuietly(run, values, keys);
                    };
                });
    }

    /// RFC 5173 §5.1: the octets behind the header, undecoded.
    private static List<String> raw(Run run) {
        String body = run.letter().root().body().utf8();
        return body.isEmpty() ? List.of() : List.of(body);
    }

    /// RFC 5173 §5.3: what a person reads.
    private static List<String> text(Run run) {
        List<String> all = new ArrayList<>();
        for (Part part : run.letter().root().all()) {
            if (part.children().isEmpty() && isText(part)) {
                all.add(Texts.of(part));
            }
        }
        return all;
    }

    private static boolean isText(Part part) {
        return part.contentType().isText() || part.contentType().is("application", "xhtml+xml");
    }

    /// RFC 5173 §5.2: the parts of some types, decoded. An empty type is all of them; of a multipart it is what stands
    /// around its parts, of a message its header.
    private static List<String> content(Run run, List<String> types) {
        List<String> all = new ArrayList<>();
        for (Part part : run.letter().root().all()) {
            if (types.stream().noneMatch(type -> isOf(part, type.toLowerCase(Locale.ROOT)))) {
                continue;
            }
            if (part.contentType().isMultipart()) {
                around(part, all);
            } else if (part.contentType().isMessage() && !part.children().isEmpty()) {
                String header = part.children().getFirst().header().utf8();
                // Up to the empty line, which belongs to neither.
                all.add(header.endsWith("\r\n\r\n") ? header.substring(0, header.length() - 2) : header);
            } else if (part.contentType().isText()) {
                all.add(part.text().text());
            } else {
                all.add(new String(part.decoded().octets().toByteArray(), StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static boolean isOf(Part part, String type) {
        String own = part.contentType().mediaType().toLowerCase(Locale.ROOT);
        if (type.isEmpty()) {
            return true;
        }
        int slash = type.indexOf('/');
        if (slash < 0) {
            return own.startsWith(type + "/");
        }
        // RFC 5173 §5.2: a type that begins or ends with a slash, or has two, matches nothing.
        return slash > 0 && slash < type.length() - 1 && type.indexOf('/', slash + 1) < 0 && own.equals(type);
    }

    /// What stands before the first part and behind the last one, without the boundaries.
    private static void around(Part part, List<String> into) {
        Octets whole = part.octets();
        String boundary = "--" + part.contentType().parameters().get("boundary").orElse("");
        int at = part.bodyStart();
        for (int i = 0; i <= part.children().size(); i++) {
            int end = i < part.children().size() ? part.children().get(i).start() : part.end();
            String between = whole.slice(Math.min(at, end) - part.start(), end - part.start())
                    .utf8();
            into.add(between.lines().filter(line -> !line.startsWith(boundary)).collect(Collectors.joining("\r\n")));
            at = i < part.children().size() ? part.children().get(i).end() : end;
        }
    }
}
