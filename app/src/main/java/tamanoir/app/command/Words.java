package tamanoir.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// The words of a command line, with `--home DIR` and `-o name=value` taken out of them wherever they stood.
///
/// After the word `sendmail`, `-o` belongs to sendmail (`-oi`), and only `--home` is ours.
public record Words(Optional<Path> home, Map<String, String> overrides, List<String> rest) {
    public Words {
        overrides = Map.copyOf(overrides);
        rest = List.copyOf(rest);
    }

    /// @throws BadSyntax when `--home` or `-o` has no value
    public static Words of(List<String> line) {
        Optional<Path> home = Optional.empty();
        Map<String, String> overrides = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            boolean sendmail = !rest.isEmpty() && rest.getFirst().equals("sendmail");
            if (word.equals("--")) {
                rest.addAll(line.subList(i, line.size()));
                break;
            } else if (word.equals("--home")) {
                home = Optional.of(Path.of(next(line, ++i, "--home needs a folder: --home DIR")));
            } else if (word.startsWith("--home=")) {
                home = Optional.of(Path.of(word.substring("--home=".length())));
            } else if (word.equals("-o") && !sendmail) {
                put(overrides, next(line, ++i, "-o needs a setting: -o name=value"));
            } else if (word.startsWith("-o") && word.indexOf('=') > 0 && !sendmail) {
                put(overrides, word.substring(2));
            } else {
                rest.add(word);
            }
        }
        return new Words(home, overrides, rest);
    }

    private static String next(List<String> line, int index, String otherwise) {
        if (index >= line.size()) {
            throw new BadSyntax(otherwise);
        }
        return line.get(index);
    }

    private static void put(Map<String, String> overrides, String setting) {
        int equals = setting.indexOf('=');
        if (equals <= 0) {
            throw new BadSyntax("-o needs a setting, not '" + setting + "': -o name=value");
        }
        overrides.put(
                setting.substring(0, equals).strip(),
                setting.substring(equals + 1).strip());
    }
}
