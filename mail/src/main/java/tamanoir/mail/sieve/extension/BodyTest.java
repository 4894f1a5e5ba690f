package tamanoir.mail.sieve.extension;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.message.Part;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;

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
            if (part.children().isEmpty() && part.contentType().isText()) {
                all.add(Texts.of(part));
            }
        }
        return all;
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
                all.add(around(part));
            } else if (part.contentType().isMessage() && !part.children().isEmpty()) {
                all.add(part.children().getFirst().header().utf8());
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

    private static String around(Part part) {
        StringBuilder text = new StringBuilder();
        int at = part.bodyStart();
        tamanoir.mail.text.Octets whole = part.octets();
        for (Part child : part.children()) {
            text.append(whole.slice(at - part.start(), Math.max(at, child.start()) - part.start())
                    .utf8());
            at = child.end();
        }
        return text.append(whole.slice(Math.min(at, part.end()) - part.start(), part.end() - part.start())
                        .utf8())
                .toString();
    }
}
