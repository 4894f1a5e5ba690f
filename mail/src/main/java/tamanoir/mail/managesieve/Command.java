package tamanoir.mail.managesieve;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// What a client says (RFC 5804 §2, §4).
public sealed interface Command {
    /// `initial` is base64 as it came.
    record Authenticate(String mechanism, Optional<String> initial) implements Command {}

    record StartTls() implements Command {}

    record Logout() implements Command {}

    record Capability() implements Command {}

    record HaveSpace(String name, long octets) implements Command {}

    record PutScript(String name, String text) implements Command {}

    record ListScripts() implements Command {}

    /// The empty name is for none.
    record SetActive(String name) implements Command {}

    record GetScript(String name) implements Command {}

    record DeleteScript(String name) implements Command {}

    record RenameScript(String from, String to) implements Command {}

    record CheckScript(String text) implements Command {}

    record Noop(Optional<String> echo) implements Command {}

    record Unauthenticate() implements Command {}

    /// Reads a whole command without its last line end; a literal stands in it with its head: `{3+}`, CRLF, three
    /// octets.
    ///
    /// @throws BadSyntax when it is none, with a text for the client
    static Command parse(Octets octets) {
        Words words = new Words(octets);
        String verb = words.atom().toUpperCase(Locale.ROOT);
        Command command = switch (verb) {
            case "AUTHENTICATE" -> new Authenticate(words.string().toUpperCase(Locale.ROOT), words.perhaps());
            case "STARTTLS" -> new StartTls();
            case "LOGOUT" -> new Logout();
            case "CAPABILITY" -> new Capability();
            case "HAVESPACE" -> new HaveSpace(words.string(), words.number());
            case "PUTSCRIPT" -> new PutScript(words.string(), words.string());
            case "LISTSCRIPTS" -> new ListScripts();
            case "SETACTIVE" -> new SetActive(words.string());
            case "GETSCRIPT" -> new GetScript(words.string());
            case "DELETESCRIPT" -> new DeleteScript(words.string());
            case "RENAMESCRIPT" -> new RenameScript(words.string(), words.string());
            case "CHECKSCRIPT" -> new CheckScript(words.string());
            case "NOOP" -> new Noop(words.perhaps());
            case "UNAUTHENTICATE" -> new Unauthenticate();
            default -> throw new BadSyntax("there is no command " + (verb.isEmpty() ? "here" : verb));
        };
        words.end(verb);
        return command;
    }

    /// One string alone, as in a response to a challenge.
    static String string(Octets octets) {
        Words words = new Words(octets);
        String text = words.text(words.value());
        words.end("the response");
        return text;
    }

    /// A text as a server writes it: quoted where it may be, else a literal (RFC 5804 §4: `string`).
    static Octets written(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        boolean plain =
                octets.length <= Words.LONGEST_QUOTED && text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
        return plain
                ? Octets.of("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                : Octets.join(Octets.of("{" + octets.length + "}\r\n"), Octets.of(octets));
    }

    /// Reads words one after another.
    final class Words {
        /// RFC 5804 §4: `quoted`; longer ones are taken from clients.
        private static final int LONGEST_QUOTED = 1024;

        private final Octets octets;
        private int at;

        private Words(Octets octets) {
            this.octets = octets;
        }

        private int peek() {
            return at < octets.length() ? octets.at(at) : -1;
        }

        private String atom() {
            StringBuilder word = new StringBuilder();
            while (peek() > ' ' && peek() < 0x7F && peek() != '"' && peek() != '{') {
                word.append((char) peek());
                at++;
            }
            return word.toString();
        }

        private void blank() {
            if (peek() != ' ') {
                throw new BadSyntax(peek() < 0 ? "an argument is missing" : "a blank is expected between arguments");
            }
            while (peek() == ' ') {
                at++;
            }
        }

        private String string() {
            blank();
            return text(value());
        }

        private Optional<String> perhaps() {
            if (peek() < 0) {
                return Optional.empty();
            }
            return Optional.of(string());
        }

        private long number() {
            blank();
            String digits = atom();
            if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new BadSyntax("a number is expected");
            }
            return Long.parseLong(digits);
        }

        private byte[] value() {
            return switch (peek()) {
                case '"' -> quoted();
                case '{' -> literal();
                default -> throw new BadSyntax("a string is expected: \"...\" or {octets+}");
            };
        }

        private byte[] quoted() {
            at++;
            ByteArrayOutputStream found = new ByteArrayOutputStream();
            while (peek() != '"') {
                if (peek() == '\\') {
                    at++;
                    if (peek() != '"' && peek() != '\\') {
                        throw new BadSyntax("only \" and \\ may follow \\ in a quoted string");
                    }
                }
                if (peek() < 0 || peek() == '\r' || peek() == '\n' || peek() == 0) {
                    throw new BadSyntax("a quoted string is not closed on its line");
                }
                found.write(peek());
                at++;
            }
            at++;
            return found.toByteArray();
        }

        private byte[] literal() {
            int begin = ++at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            String digits = octets.slice(begin, at).latin1();
            if (peek() == '+') {
                at++;
            }
            boolean closed = peek() == '}';
            at += 3; // } CR LF
            long length = digits.isEmpty() || digits.length() > 9 ? -1 : Long.parseLong(digits);
            if (!closed || length < 0 || at + length > octets.length()) {
                throw new BadSyntax("a literal is not {octets+} and so many octets on the next line");
            }
            byte[] found = octets.slice(at, at + (int) length).toByteArray();
            at += (int) length;
            return found;
        }

        private String text(byte[] value) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new BadSyntax("a string is not UTF-8");
            }
        }

        private void end(String verb) {
            if (peek() >= 0) {
                throw new BadSyntax("there is more behind " + verb + " than it takes");
            }
        }
    }
}
