package tamanoir.server.tables;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Unavailable;

/// Reads the right side of an alias, and the files that `:include:` names.
///
/// Targets stand between commas or blanks; one with blanks or commas is quoted, either whole or in parts. Comments in
/// parentheses count for nothing, and of `Name <address>` the address counts, as in a header.
public final class AliasTargets {
    private static final String INCLUDE = ":include:";

    private AliasTargets() {}

    /// The targets of an alias. `$config_directory` in a file name means `home`; relative files are meant from there.
    ///
    /// @throws BadSyntax when a quote, bracket or comment is not closed, or nothing is left
    public static List<AliasTarget> parse(String text, Path home) {
        List<AliasTarget> targets = new ArrayList<>();
        for (String item : items(text)) {
            targets.add(target(item, home));
        }
        return List.copyOf(targets);
    }

    /// What an included file lists. Lines that begin with `#` are comments.
    ///
    /// @throws Unavailable when the file is missing, unreadable or wrong: mail to the list waits until it is mended
    public static List<AliasTarget> include(Path file, Path home) {
        try {
            List<AliasTarget> targets = new ArrayList<>();
            for (TableLines.Line line : TableLines.of(Files.readString(file, StandardCharsets.UTF_8))) {
                try {
                    targets.addAll(parse(line.text(), home));
                } catch (BadSyntax e) {
                    throw new WrongTable(line.number(), String.valueOf(e.getMessage()));
                }
            }
            return List.copyOf(targets);
        } catch (WrongTable e) {
            throw unavailable(file + ":" + e.line() + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw unavailable(file + ": no such file");
        } catch (CharacterCodingException e) {
            throw unavailable(file + ": the file is not UTF-8 text");
        } catch (IOException e) {
            throw unavailable(file + ": the file cannot be read: " + e.getMessage());
        }
    }

    private static Unavailable unavailable(String detail) {
        return new Unavailable("4.3.0 The list of recipients is being mended", detail);
    }

    private static AliasTarget target(String item, Path home) {
        String plain = unquoted(item);
        if (plain.regionMatches(true, 0, INCLUDE, 0, INCLUDE.length())) {
            String name = expanded(plain.substring(INCLUDE.length()).strip(), home);
            try {
                return new AliasTarget.Include(home.resolve(name).normalize());
            } catch (InvalidPathException e) {
                throw new BadSyntax("\"" + name + "\" is no file name");
            }
        }
        if (plain.startsWith("|")) {
            String command = plain.substring(1).strip();
            if (command.isEmpty()) {
                throw new BadSyntax("a command is missing behind \"|\"");
            }
            return new AliasTarget.Command(command);
        }
        if (plain.startsWith("/")) {
            return new AliasTarget.File(plain);
        }
        if (plain.startsWith("$")) {
            return new AliasTarget.File(expanded(plain, home));
        }
        if (plain.isBlank()) {
            throw new BadSyntax("a target is empty");
        }
        // A backslash said "do not look further" once; a name found in its own expansion does that by itself.
        return new AliasTarget.Mail(item.startsWith("\\") ? item.substring(1) : item);
    }

    private static String expanded(String name, Path home) {
        return name.replace("$config_directory", home.toString())
                .replace("${config_directory}", home.toString())
                .replace("$(config_directory)", home.toString());
    }

    /// Splits at commas and blanks outside quotes, brackets and comments.
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int firstOfGroup = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                int end = quoteEnd(text, at);
                item.append(text, at, end);
                at = end;
            } else if (c == '\\' && at + 1 < text.length()) {
                item.append(c).append(text.charAt(at + 1));
                at += 2;
            } else if (c == '(') {
                at = commentEnd(text, at);
            } else if (c == '<') {
                // What stood before it since the last comma is a name for people.
                int end = text.indexOf('>', at);
                if (end < 0) {
                    throw new BadSyntax("a \"<\" is not closed");
                }
                items.subList(firstOfGroup, items.size()).clear();
                item.setLength(0);
                String address = text.substring(at + 1, end).strip();
                if (!address.isEmpty()) {
                    items.add(address);
                }
                at = end + 1;
            } else if (c == ',' || TableLines.isBlank(c)) {
                if (!item.isEmpty()) {
                    items.add(item.toString());
                    item.setLength(0);
                }
                if (c == ',') {
                    firstOfGroup = items.size();
                }
                at++;
            } else {
                item.append(c);
                at++;
            }
        }
        if (!item.isEmpty()) {
            items.add(item.toString());
        }
        if (items.isEmpty()) {
            throw new BadSyntax("there is no target in \"" + text + "\"");
        }
        return items;
    }

    private static int quoteEnd(String text, int at) {
        for (int i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        throw new BadSyntax("a quote is not closed in \"" + text + "\"");
    }

    private static int commentEnd(String text, int at) {
        int level = 0;
        for (int i = at; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '(' -> level++;
                case ')' -> {
                    if (--level == 0) {
                        return i + 1;
                    }
                }
                default -> {}
            }
        }
        throw new BadSyntax("a comment is not closed in \"" + text + "\"");
    }

    private static String unquoted(String item) {
        if (item.indexOf('"') < 0) {
            return item;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < item.length(); i++) {
            char c = item.charAt(i);
            if (c == '\\' && i + 1 < item.length()) {
                plain.append(item.charAt(++i));
            } else if (c != '"') {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
