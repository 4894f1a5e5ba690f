package tamanoir.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Setting.Place;

/// What a value needs to be read: the home folder, the other values, and where to complain.
final class Reading {
    /// Files that lists name, inside each other at most.
    private static final int DEEPEST = 10;

    private final Path home;
    private final Expansion expansion;
    private final Place place;
    private final List<Problem> problems;
    private final Set<String> restrictionClasses;

    Reading(Path home, Expansion expansion, Place place, List<Problem> problems, Set<String> restrictionClasses) {
        this.home = home;
        this.expansion = expansion;
        this.place = place;
        this.problems = problems;
        this.restrictionClasses = restrictionClasses;
    }

    Path home() {
        return home;
    }

    String expand(String text) {
        return expansion.expand(text);
    }

    /// Names of `smtpd_restriction_classes`.
    Set<String> restrictionClasses() {
        return restrictionClasses;
    }

    void warn(String message) {
        problems.add(Problem.warning(place, message));
    }

    void note(String message) {
        problems.add(Problem.note(place, message));
    }

    List<String> list(String text) {
        List<String> words = new ArrayList<>();
        collect(text, false, words, 0);
        return List.copyOf(words);
    }

    /// A `!` before a file turns each entry of the file round.
    private void collect(String text, boolean negated, List<String> words, int depth) {
        for (String word : Words.of(text)) {
            boolean not = negated;
            String plain = word;
            while (plain.startsWith("!")) {
                not = !not;
                plain = plain.substring(1);
            }
            if (plain.startsWith("/") && plain.length() > 1) {
                if (depth >= DEEPEST) {
                    throw new BadSyntax("files name each other more than " + DEEPEST + " deep at \"" + plain + "\"");
                }
                String content;
                try {
                    content = Files.readString(Path.of(plain), StandardCharsets.UTF_8);
                } catch (IOException | InvalidPathException e) {
                    throw new BadSyntax("the file \"" + plain + "\" cannot be read: " + reason(e));
                }
                for (MainCf.Logical line : MainCf.logicalLines(plain, content, problems)) {
                    collect(expand(line.text()), not, words, depth + 1);
                }
            } else if (!plain.isEmpty()) {
                words.add(not ? "!" + plain : plain);
            }
        }
    }

    static String reason(Exception e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "no such file";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.charset.CharacterCodingException bad -> "it is not UTF-8 text";
            default -> String.valueOf(e.getMessage());
        };
    }

    List<String> tables(String text) {
        List<String> tables = new ArrayList<>();
        for (String word : Words.of(text)) {
            tables.add(TableNames.checked(word, expansion.value("default_database_type"), this));
        }
        return List.copyOf(tables);
    }
}
