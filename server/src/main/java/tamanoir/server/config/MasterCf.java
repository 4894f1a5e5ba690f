package tamanoir.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// A `master.cf` that came along with a Postfix set-up. It is not read for a configuration: services are ports here,
/// and
/// their own values stand in main.cf as `service/name = value`. What its `-o` options say is translated into such
/// lines,
/// as a suggestion.
public final class MasterCf {
    /// Postfix's names of the services, by name and by port.
    private static final Map<String, String> SERVICES = Map.of(
            "smtp", "smtp",
            "25", "smtp",
            "smtpd", "smtp",
            "submission", "submission",
            "587", "submission",
            "submissions", "submissions",
            "smtps", "submissions",
            "465", "submissions",
            "lmtp", "lmtp",
            "24", "lmtp");

    private MasterCf() {}

    /// Notes about the file beside main.cf; none when there is no file.
    public static List<Problem> notes(Path home) {
        Path file = home.resolve("master.cf");
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Problem> notes = new ArrayList<>();
        notes.add(Problem.note(
                new Place(file.toString(), 0),
                "master.cf is not read; services are the ports of main.cf, their own values are written there as"
                        + " service/name = value"));
        try {
            for (MainCf.Logical line :
                    MainCf.logicalLines(file.toString(), Files.readString(file, StandardCharsets.UTF_8), notes)) {
                note(line).ifPresent(text -> notes.add(Problem.note(new Place(file.toString(), line.number()), text)));
            }
        } catch (IOException e) {
            notes.add(Problem.note(
                    new Place(file.toString(), 0), "it cannot be read to suggest lines: " + Reading.reason(e)));
        } catch (BadSyntax e) {
            notes.add(Problem.note(
                    new Place(file.toString(), 0), "it cannot be read to suggest lines: " + e.getMessage()));
        }
        return notes;
    }

    /// `name type private unpriv chroot wakeup maxproc command -o name=value …`.
    private static Optional<String> note(MainCf.Logical line) {
        List<String> words = fields(line.text());
        if (words.size() < 8) {
            return Optional.empty();
        }
        List<String> options = options(words.subList(8, words.size()));
        if (options.isEmpty()) {
            return Optional.empty();
        }
        String name = words.getFirst();
        String bare = name.substring(name.lastIndexOf(':') + 1); // 192.0.2.1:smtp
        boolean server = words.get(1).equals("inet") || words.get(1).equals("pass");
        String service = server ? SERVICES.getOrDefault(bare, "") : "";
        if (service.isEmpty()) {
            return Optional.of(
                    "the options of the service \"" + name + "\" have no counterpart: " + String.join(", ", options));
        }
        List<String> lines = new ArrayList<>();
        for (String option : options) {
            String[] parts = option.split("=", 2);
            String parameter = parts[0].strip();
            boolean matters = Parameters.named(parameter)
                    .map(p -> p.standing() != Parameter.Standing.WITHOUT_EFFECT)
                    .orElse(true);
            if (matters) {
                lines.add(service + "/" + parameter + " = " + (parts.length > 1 ? parts[1].strip() : ""));
            }
        }
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of("to keep the options of \"" + name + "\", write into main.cf:\n    "
                        + String.join("\n    ", lines));
    }

    /// Words between blanks; what stands in braces is one word without them.
    private static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int level = 0;
            int end = at;
            while (end < text.length() && (level > 0 || !Character.isWhitespace(text.charAt(end)))) {
                level += text.charAt(end) == '{' ? 1 : text.charAt(end) == '}' ? -1 : 0;
                end++;
            }
            String field = text.substring(at, end);
            fields.add(
                    field.startsWith("{") && field.endsWith("}")
                            ? field.substring(1, field.length() - 1).strip()
                            : field);
            at = end;
        }
        return fields;
    }

    /// `-o name=value`, `-oname=value`.
    private static List<String> options(List<String> arguments) {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("-o") && i + 1 < arguments.size()) {
                options.add(arguments.get(++i));
            } else if (word.startsWith("-o") && word.length() > 2) {
                options.add(word.substring(2));
            }
        }
        return options;
    }
}
