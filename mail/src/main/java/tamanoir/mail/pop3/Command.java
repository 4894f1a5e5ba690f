package tamanoir.mail.pop3;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// What a client may say, in the order of RFC 1939, then its extensions.
public sealed interface Command {
    /// Octets of a command line at most, without its ending. RFC 2449 §4 says 255; an initial response of AUTH may be
    /// longer
    /// (RFC 5034 §4).
    int LONGEST_LINE = 12_288;

    record Quit() implements Command {}

    record Stat() implements Command {}

    record List(OptionalInt message) implements Command {}

    record Retr(int message) implements Command {}

    record Dele(int message) implements Command {}

    record Noop() implements Command {}

    record Rset() implements Command {}

    record Top(int message, int lines) implements Command {}

    record Uidl(OptionalInt message) implements Command {}

    record User(String name) implements Command {}

    /// The password is all that follows the first blank, blanks included (RFC 1939 §7).
    record Pass(String password) implements Command {
        @Override
        public String toString() {
            return "Pass[]";
        }
    }

    record Capa() implements Command {}

    record Stls() implements Command {}

    /// Without a mechanism: which there are (RFC 5034 §4).
    record Auth(String mechanism, Optional<String> initialResponse) implements Command {
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    record Utf8() implements Command {}

    record Lang(String tag) implements Command {}

    record Unknown(String keyword) implements Command {}

    /// Reads one line.
    ///
    /// @throws BadSyntax when a known command has wrong arguments, or the line holds a NUL
    static Command parse(Octets line) {
        if (line.indexOf(0, 0) >= 0) {
            throw new BadSyntax("a command holds no NUL");
        }
        String text = line.utf8();
        int blank = text.indexOf(' ');
        String keyword = (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
        String rest = blank < 0 ? "" : text.substring(blank + 1);
        String[] words = rest.isBlank() ? new String[0] : rest.strip().split(" +");
        return switch (keyword) {
            case "QUIT" -> none(words, new Quit());
            case "STAT" -> none(words, new Stat());
            case "LIST" -> new List(optional(words));
            case "RETR" -> new Retr(one(words));
            case "DELE" -> new Dele(one(words));
            case "NOOP" -> none(words, new Noop());
            case "RSET" -> none(words, new Rset());
            case "TOP" -> {
                if (words.length != 2) {
                    throw new BadSyntax("TOP needs a message number and a number of lines");
                }
                yield new Top(number(words[0], 1), number(words[1], 0));
            }
            case "UIDL" -> new Uidl(optional(words));
            case "USER" -> new User(name(rest.strip()));
            case "PASS" -> new Pass(rest);
            case "CAPA" -> none(words, new Capa());
            case "STLS" -> none(words, new Stls());
            case "AUTH" -> {
                if (words.length > 2) {
                    throw new BadSyntax("AUTH needs a mechanism and at most one initial response");
                }
                yield new Auth(
                        words.length == 0 ? "" : words[0],
                        words.length == 2 ? Optional.of(words[1]) : Optional.empty());
            }
            case "UTF8" -> none(words, new Utf8());
            case "LANG" -> new Lang(words.length == 0 ? "" : words[0]);
            default -> new Unknown(keyword);
        };
    }

    private static Command none(String[] words, Command command) {
        if (words.length != 0) {
            throw new BadSyntax("this command has no arguments");
        }
        return command;
    }

    private static String name(String name) {
        if (name.isEmpty()) {
            throw new BadSyntax("USER needs a name");
        }
        return name;
    }

    private static OptionalInt optional(String[] words) {
        return words.length == 0 ? OptionalInt.empty() : OptionalInt.of(one(words));
    }

    private static int one(String[] words) {
        if (words.length != 1) {
            throw new BadSyntax("one message number is needed");
        }
        return number(words[0], 1);
    }

    private static int number(String word, int least) {
        try {
            int number = Integer.parseInt(word);
            if (number >= least && word.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new BadSyntax("that is not a number");
    }
}
