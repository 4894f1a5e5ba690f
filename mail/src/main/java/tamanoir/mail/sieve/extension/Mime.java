package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.message.ContentType;
import tamanoir.mail.message.Disposition;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.Part;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Script;
import tamanoir.mail.sieve.Step;

/// MIME parts: `foreverypart`, `break`, `extracttext` and the tags `:mime`, `:anychild` of tests (RFC 5703).
public final class Mime implements Language.Extension {
    private static final String LOOPS = "foreverypart";

    @Override
    public void addTo(Language language) {
        language.capability("mime");
        language.capability("foreverypart");
        language.capability("extracttext");
        loop(language);
        extract(language);
    }

    // ---- which fields a test looks at ------------------------------------------------------------------------------

    /// The message, or a part of it.
    interface Where {
        List<Letter.Line> lines(Run run, String name);
    }

    static Where where(Arguments arguments) {
        boolean children = arguments.has("anychild");
        if (!arguments.has("mime")) {
            if (children) {
                throw arguments.wrong("the :anychild argument of the " + arguments.named() + " needs :mime");
            }
            return (run, name) -> run.letter().all(name);
        }
        return (run, name) -> {
            Part part = run.part().orElse(run.letter().root());
            List<Letter.Line> lines = new ArrayList<>();
            for (Part one : children ? part.all() : List.of(part)) {
                for (HeaderField field : one.fields().all(name)) {
                    lines.add(new Letter.Line(field.name(), field.octets()));
                }
            }
            return lines;
        };
    }

    /// What of a field is compared (RFC 5703 §4.2).
    interface Aspect {
        List<String> of(Run run, Letter.Line line);
    }

    static Aspect aspect(Arguments arguments) {
        Optional<String> option = arguments.chosen("mime option");
        if (option.isEmpty()) {
            return (run, line) -> List.of(line.value());
        }
        if (!arguments.has("mime")) {
            throw arguments.wrong("the :" + option.get() + " argument of the " + arguments.named() + " needs :mime");
        }
        Optional<List<Phrase>> parameters = arguments.texts("param");
        return (run, line) -> {
            boolean disposition = line.name().equalsIgnoreCase("content-disposition");
            if (!disposition && !line.name().equalsIgnoreCase("content-type")) {
                return List.of();
            }
            String value = line.rawValue();
            ContentType type = ContentType.parse(value);
            return switch (option.get()) {
                case "type" -> List.of(disposition ? Disposition.parse(value).type() : type.type());
                case "subtype" -> disposition ? List.of() : List.of(type.subtype());
                case "contenttype" ->
                    List.of(disposition ? Disposition.parse(value).type() : type.mediaType());
                default -> {
                    List<String> values = new ArrayList<>();
                    for (String name : Phrase.all(parameters.orElse(List.of()), run)) {
                        (disposition ? Disposition.parse(value).parameters() : type.parameters())
                                .get(name.toLowerCase(Locale.ROOT))
                                .ifPresent(values::add);
                    }
                    yield values;
                }
            };
        };
    }

    // ---- loops ---------------------------------------------------------------------------------------------------

    @SuppressWarnings("unchecked")
    private static List<String> loops(tamanoir.mail.sieve.Compiler compiler) {
        return (List<String>) compiler.notes().computeIfAbsent(LOOPS, _ -> new ArrayList<String>());
    }

    private static void loop(Language language) {
        language.command("foreverypart", "foreverypart")
                .tag("name", Kind.TEXT)
                .block()
                .does((arguments, compiler) -> {
                    String name =
                            arguments.text("name").flatMap(Phrase::constant).orElse("");
                    List<String> open = loops(compiler);
                    if (open.size() >= 4) {
                        throw arguments.wrong("the nested foreverypart loop exceeds the nesting limit (<= 4 levels)");
                    }
                    if (!name.isEmpty() && open.contains(name)) {
                        throw arguments.wrong("duplicate foreverypart loop name '" + name + "' specified");
                    }
                    open.add(name);
                    List<Step> block = arguments.block();
                    open.removeLast();
                    return run -> {
                        // RFC 5703 §3.1: all parts below this one, depth first; at the top the message itself too.
                        List<Part> parts = new ArrayList<>(
                                run.part().orElse(run.letter().root()).all());
                        if (run.part().isPresent()) {
                            parts.removeFirst();
                        }
                        for (Part part : parts) {
                            run.spend(arguments.place(), 1);
                            run.enter(part);
                            Step.Flow flow = Script.block(block, run);
                            run.leave();
                            switch (flow) {
                                case Step.Flow.On _ -> {}
                                case Step.Flow.Break(String to)
                                when to.isEmpty() || to.equals(name) -> {
                                    return Step.Flow.ON;
                                }
                                case Step.Flow.Break _, Step.Flow.Stop _, Step.Flow.Return _ -> {
                                    return flow;
                                }
                            }
                        }
                        return Step.Flow.ON;
                    };
                });
        language.command("break", "foreverypart").tag("name", Kind.TEXT).does((arguments, compiler) -> {
            String name = arguments.text("name").flatMap(Phrase::constant).orElse("");
            List<String> open = loops(compiler);
            if (open.isEmpty()) {
                throw arguments.wrong("the break command is not placed inside of a foreverypart loop");
            }
            if (!name.isEmpty() && !open.contains(name)) {
                throw arguments.wrong(
                        "the break command is not placed inside of a foreverypart loop named '" + name + "'");
            }
            return run -> new Step.Flow.Break(name);
        });
    }

    /// RFC 5703 §7.
    private static void extract(Language language) {
        Language.Word word = language.command("extracttext", "extracttext")
                .positional("variable name", Kind.TEXT)
                .tag("first", Kind.NUMBER);
        Variables.modifiers(word);
        word.does((arguments, compiler) -> {
            if (!compiler.has("variables")) {
                throw arguments.wrong("the extracttext command needs require \"variables\"");
            }
            if (loops(compiler).isEmpty() && !compiler.isIncluded()) {
                throw arguments.wrong("the extracttext command is not placed inside of a foreverypart loop");
            }
            String name = arguments.text(0).constant().orElse("");
            if (!Variables.isName(name)) {
                throw arguments.wrong("invalid variable name '" + name + "'");
            }
            Optional<Long> first = arguments.number("first");
            List<String> modifiers = Variables.modifiers(arguments);
            return run -> {
                Part part = run.part().orElse(run.letter().root());
                String text = part.contentType().isText() ? Texts.of(part) : "";
                if (first.isPresent()) {
                    int characters = (int) Math.min(first.get(), text.codePointCount(0, text.length()));
                    text = text.substring(0, text.offsetByCodePoints(0, characters));
                }
                run.variable(
                        arguments.place(),
                        name,
                        Variables.modified(modifiers, text, run.limits().variable()));
                return Step.Flow.ON;
            };
        });
    }
}
