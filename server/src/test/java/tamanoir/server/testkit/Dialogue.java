package tamanoir.server.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A conversation between a client (the test) and the server, as a file `*.dialogue` tells it.
///
///     # RFC 1939 §5: comments cite the sentence that is proved
///     S: +OK <any>                 a line that comes; <any> is any text, also in the middle
///     S: 250…                      all lines of one reply: 250-… to 250 …
///     S: * OK [UIDNEXT <next:any>] keeps text under a name; later lines may say $(next)
///     S~: \+OK \d+ \d+             a regular expression for the whole line
///     S>: a1 OK <any>              passes over lines until one fits
///     S{5}: ab\r\nc                five octets, whatever lines they make
///     S64: Password:               a line of base64 of this text
///     C: NOOP                      a line that is sent
///     C: AUTH PLAIN $b64(\0a\0b)   with base64 of a text inside
///     C64: secret                  a line that is sent in base64
///     C!: one\r\ntw                sent as it stands, without CRLF
///     TLS mail.example.com         shakes hands now; the name (SNI) may be left out
///     CLOSE                        the server ends the connection, without another octet
///     HANGUP                       the client does
///     [2] C: NOOP                  the same on a second connection, which is opened where it is first named
///     OPEN submission              (first line of a connection) goes to another service of the server
///
/// Octets that are not text are written `\r \n \t \0 \\ \xNN`; any other backslash is itself. Text is UTF-8.
public record Dialogue(String name, Path file, List<Step> steps) {
    private static final Pattern LINE =
            Pattern.compile("(?:\\[(\\d+)] ?)?(C!|C64|C|S~|S>|S64|S\\{(\\d+)}|S):(?: (.*))?|"
                    + "(?:\\[(\\d+)] ?)?(TLS|CLOSE|HANGUP|OPEN)(?: (\\S+))?");

    public Dialogue {
        steps = List.copyOf(steps);
    }

    /// One line of the file: who speaks on which connection.
    public record Step(int line, int connection, Act act) {}

    public sealed interface Act {
        record Send(String text, boolean crlf) implements Act {}

        record SendBase64(String text) implements Act {}

        record Expect(String pattern) implements Act {}

        record ExpectReply(String code) implements Act {}

        record ExpectMatch(String regex) implements Act {}

        record ExpectLater(String pattern) implements Act {}

        record ExpectOctets(int octets, String pattern) implements Act {}

        record ExpectBase64(String pattern) implements Act {}

        record Tls(Optional<String> serverName) implements Act {}

        record ExpectClose() implements Act {}

        record HangUp() implements Act {}

        record Open(String service) implements Act {}
    }

    public static Dialogue read(Path file) {
        try {
            return parse(file, Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }

    static Dialogue parse(Path file, String text) {
        List<Step> steps = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(file + ":" + number + ": this is no line of a dialogue: " + line);
            }
            String connection = matcher.group(2) != null ? matcher.group(1) : matcher.group(5);
            steps.add(new Step(number, connection == null ? 1 : Integer.parseInt(connection), act(matcher)));
        }
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.dialogue$", "");
        return new Dialogue(name, file, steps);
    }

    private static Act act(Matcher matcher) {
        String text = matcher.group(4) == null ? "" : matcher.group(4);
        if (matcher.group(3) != null) {
            return new Act.ExpectOctets(Integer.parseInt(matcher.group(3)), text);
        }
        return switch (matcher.group(2) == null ? matcher.group(6) : matcher.group(2)) {
            case "C" -> new Act.Send(text, true);
            case "C!" -> new Act.Send(text, false);
            case "C64" -> new Act.SendBase64(text);
            case "S~" -> new Act.ExpectMatch(text);
            case "S>" -> new Act.ExpectLater(text);
            case "S64" -> new Act.ExpectBase64(text);
            case "S" -> text.matches("\\d{3}…") ? new Act.ExpectReply(text.substring(0, 3)) : new Act.Expect(text);
            case "TLS" -> new Act.Tls(Optional.ofNullable(matcher.group(7)));
            case "CLOSE" -> new Act.ExpectClose();
            case "HANGUP" -> new Act.HangUp();
            default -> new Act.Open(matcher.group(7) == null ? "" : matcher.group(7));
        };
    }
}
