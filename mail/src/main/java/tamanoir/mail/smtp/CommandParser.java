package tamanoir.mail.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Reads command lines: strict about what could be misunderstood, patient with what could not ([Deviation]).
///
/// Stateless. Every failure is a [BadCommand] with its reply; no input makes it throw anything else.
public final class CommandParser {
    /// Octets of a HELO name that are kept at most: a domain or literal is never longer (RFC 5321
    /// §4.5.3.1.2).
    static final int LONGEST_HELO = 255;

    /// RFC 3461 §4.4: an envelope id has at most 100 characters.
    static final int LONGEST_ENVELOPE_ID = 100;

    /// RFC 3461 §4.2: an original recipient has at most 500 characters.
    static final int LONGEST_ORIGINAL_RECIPIENT = 500;

    private CommandParser() {}

    /// @throws BadCommand when the line is not a command, with the reply to send
    public static Command parse(Octets line) {
        int end = line.length();
        while (end > 0 && isBlank(line.at(end - 1))) {
            end--; // trailing blanks are harmless and common (RFC 5321 §4.1.1)
        }
        int at = 0;
        while (at < end && !isBlank(line.at(at))) {
            at++;
        }
        if (at == 0) {
            throw new BadCommand(500, "5.5.2", "Error: bad syntax");
        }
        Octets word = line.slice(0, at);
        int from = at;
        while (from < end && isBlank(line.at(from))) {
            from++;
        }
        Octets rest = line.slice(from, end);
        if (at > 10) {
            return new Command.Unknown(printable(word.slice(0, 10)), line);
        }
        return switch (word.latin1().toUpperCase(Locale.ROOT)) {
            case "EHLO" -> new Command.Ehlo(heloName("EHLO", rest));
            case "HELO" -> new Command.Helo(heloName("HELO", rest));
            case "LHLO" -> new Command.Lhlo(heloName("LHLO", rest));
            case "MAIL" -> mail(rest);
            case "RCPT" -> rcpt(rest);
            case "DATA" -> alone("DATA", rest, new Command.Data());
            case "RSET" -> alone("RSET", rest, new Command.Rset());
            case "NOOP" -> new Command.Noop(); // RFC 5321 §4.1.1.9: a parameter is ignored
            case "QUIT" -> alone("QUIT", rest, new Command.Quit());
            case "VRFY" -> new Command.Vrfy(required("VRFY address", rest));
            case "EXPN" -> new Command.Expn(required("EXPN list", rest));
            case "HELP" -> new Command.Help(printable(rest));
            case "BDAT" -> bdat(rest);
            case "STARTTLS" -> alone("STARTTLS", rest, new Command.StartTls());
            case "AUTH" -> auth(rest);
            case "ETRN" -> new Command.Etrn(required("ETRN domain", rest));
            case "XCLIENT" -> new Command.XClient(required("XCLIENT attribute=value...", rest));
            default -> new Command.Unknown(printable(word), line);
        };
    }

    private static Command alone(String syntax, Octets rest, Command command) {
        if (!rest.isEmpty()) {
            throw new BadCommand(501, "5.5.4", "Syntax: " + syntax);
        }
        return command;
    }

    private static String required(String syntax, Octets rest) {
        if (rest.isEmpty()) {
            throw new BadCommand(501, "5.5.4", "Syntax: " + syntax);
        }
        return printable(rest);
    }

    /// RFC 5321 §4.1.4: the name serves the log; a policy may judge it, the parser does not.
    private static String heloName(String verb, Octets rest) {
        if (rest.isEmpty() || rest.length() > LONGEST_HELO) {
            throw new BadCommand(501, "5.5.4", "Syntax: " + verb + " hostname");
        }
        for (int i = 0; i < rest.length(); i++) {
            int c = rest.at(i);
            if (c < ' ' || c == 127) {
                throw new BadCommand(501, "5.5.4", "Syntax: " + verb + " hostname");
            }
        }
        return rest.utf8();
    }

    // ---- MAIL and RCPT ---------------------------------------------------------------------------------------

    private static Command mail(Octets rest) {
        PathReader path = new PathReader(rest, "FROM:", true);
        long size = 0;
        BodyType body = BodyType.UNSPECIFIED;
        boolean smtpUtf8 = false;
        Return returned = Return.UNSPECIFIED;
        Optional<String> envelopeId = Optional.empty();
        Optional<String> auth = Optional.empty();
        boolean requireTls = false;
        Release release = new Release.Now();
        int at = path.end;
        while ((at = skipBlanks(rest, at)) < rest.length()) {
            int to = wordEnd(rest, at);
            Parameter parameter = Parameter.of(rest, at, to);
            switch (parameter.name) {
                case "SIZE" -> size = size(parameter);
                case "BODY" -> body = body(parameter);
                case "SMTPUTF8" -> {
                    parameter.refuseValue();
                    smtpUtf8 = true;
                }
                case "RET" -> returned = returned(parameter);
                case "ENVID" -> envelopeId = Optional.of(parameter.xtext(LONGEST_ENVELOPE_ID));
                case "AUTH" -> auth = Optional.of(auth(parameter));
                case "HOLDFOR", "HOLDUNTIL" -> release = release(parameter, release);
                case "REQUIRETLS" -> {
                    parameter.refuseValue();
                    requireTls = true;
                }
                default -> throw unsupported(parameter);
            }
            at = to;
        }
        return new Command.Mail(
                path.path, size, body, smtpUtf8, returned, envelopeId, auth, requireTls, path.deviations, release);
    }

    private static Release release(Parameter parameter, Release before) {
        if (!before.equals(new Release.Now())) {
            throw parameter.bad(); // RFC 4865 §4: one of the two, once
        }
        try {
            return parameter.name.equals("HOLDFOR")
                    ? Release.holdFor(parameter.value)
                    : Release.holdUntil(parameter.value);
        } catch (BadSyntax e) {
            throw new BadCommand(501, "5.5.4", "Error: " + e.getMessage());
        }
    }

    private static Command rcpt(Octets rest) {
        PathReader path = new PathReader(rest, "TO:", false);
        Set<Notify> notifications = Set.of();
        Optional<String> originalRecipient = Optional.empty();
        int at = path.end;
        while ((at = skipBlanks(rest, at)) < rest.length()) {
            int to = wordEnd(rest, at);
            Parameter parameter = Parameter.of(rest, at, to);
            switch (parameter.name) {
                case "NOTIFY" -> notifications = notifications(parameter);
                case "ORCPT" -> originalRecipient = Optional.of(originalRecipient(parameter));
                default -> throw unsupported(parameter);
            }
            at = to;
        }
        return new Command.Rcpt(path.path, notifications, originalRecipient, path.deviations);
    }

    private static BadCommand unsupported(Parameter parameter) {
        // RFC 5321 §4.1.1.11: 555 for parameters that are not recognised.
        return new BadCommand(555, "5.5.4", "Unsupported option: " + parameter.name);
    }

    private static long size(Parameter parameter) {
        // RFC 1870 §4: up to 20 digits; what passes a long passes every limit.
        String value = parameter.value;
        if (value.isEmpty() || value.length() > 20) {
            throw parameter.bad();
        }
        long size = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw parameter.bad();
            }
            size = size > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : size * 10 + digit;
        }
        return size;
    }

    private static BodyType body(Parameter parameter) {
        return switch (parameter.value.toUpperCase(Locale.ROOT)) {
            case "7BIT" -> BodyType.SEVEN_BIT;
            case "8BITMIME" -> BodyType.EIGHT_BIT_MIME;
            case "BINARYMIME" -> BodyType.BINARY_MIME;
            default -> throw parameter.bad();
        };
    }

    private static Return returned(Parameter parameter) {
        return switch (parameter.value.toUpperCase(Locale.ROOT)) {
            case "FULL" -> Return.FULL;
            case "HDRS" -> Return.HEADERS;
            default -> throw parameter.bad();
        };
    }

    private static String auth(Parameter parameter) {
        // RFC 4954 §5: an xtext mailbox or <>.
        return parameter.value.equals("<>") ? "<>" : parameter.xtext(LONGEST_ORIGINAL_RECIPIENT);
    }

    private static Set<Notify> notifications(Parameter parameter) {
        Set<Notify> wanted = EnumSet.noneOf(Notify.class);
        for (String word : parameter.value.toUpperCase(Locale.ROOT).split(",", -1)) {
            switch (word) {
                case "NEVER" -> wanted.add(Notify.NEVER);
                case "SUCCESS" -> wanted.add(Notify.SUCCESS);
                case "FAILURE" -> wanted.add(Notify.FAILURE);
                case "DELAY" -> wanted.add(Notify.DELAY);
                default -> throw parameter.bad();
            }
        }
        if (wanted.contains(Notify.NEVER) && wanted.size() > 1) {
            throw parameter.bad(); // RFC 3461 §4.1: NEVER stands alone
        }
        return wanted;
    }

    private static String originalRecipient(Parameter parameter) {
        String value = parameter.value;
        int semicolon = value.indexOf(';');
        if (semicolon <= 0 || semicolon == value.length() - 1 || value.length() > LONGEST_ORIGINAL_RECIPIENT) {
            throw parameter.bad();
        }
        for (int i = 0; i < semicolon; i++) {
            char c = value.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '-') {
                throw parameter.bad();
            }
        }
        if (!Xtext.isValid(value.substring(semicolon + 1))) {
            throw parameter.bad();
        }
        return value;
    }

    /// `NAME` or `NAME=value`.
    private record Parameter(String name, String value) {
        static Parameter of(Octets line, int from, int to) {
            int equals = line.indexOf('=', from);
            if (equals < 0 || equals >= to) {
                return new Parameter(name(line.slice(from, to)), "");
            }
            return new Parameter(name(line.slice(from, equals)), utf8(line.slice(equals + 1, to)));
        }

        private static String name(Octets word) {
            return printable(word).toUpperCase(Locale.ROOT);
        }

        void refuseValue() {
            if (!value.isEmpty()) {
                throw bad();
            }
        }

        String xtext(int longest) {
            if (value.isEmpty() || value.length() > longest || !Xtext.isValid(value)) {
                throw bad();
            }
            return value;
        }

        BadCommand bad() {
            return new BadCommand(501, "5.5.4", "Bad " + name + " parameter syntax");
        }
    }

    /// Reads `FROM:<path>` or `TO:<path>`; `end` is where parameters begin.
    private static final class PathReader {
        private final Octets line;
        private final boolean sender;
        private final Path path;
        private final int end;
        private Set<Deviation> deviations = Set.of();

        PathReader(Octets line, String keyword, boolean sender) {
            this.line = line;
            this.sender = sender;
            int colon = keyword.length();
            if (line.length() <= colon || !line.slice(0, colon).equalsIgnoreCase(keyword)) {
                throw syntax();
            }
            int at = skipBlanks(line, colon);
            if (at > colon) {
                deviate(Deviation.SPACE_AFTER_COLON);
            }
            if (at >= line.length()) {
                throw syntax();
            }
            boolean brackets = line.at(at) == '<';
            int from = brackets ? at + 1 : at;
            int to = pathEnd(from, brackets);
            if (brackets) {
                end = to + 1;
                if (end < line.length() && !isBlank(line.at(end))) {
                    throw badAddress(); // <a@example.net>>
                }
            } else {
                deviate(Deviation.NO_ANGLE_BRACKETS);
                end = to;
            }
            path = path(from, to);
        }

        private BadCommand syntax() {
            return new BadCommand(501, "5.5.4", sender ? "Syntax: MAIL FROM:<address>" : "Syntax: RCPT TO:<address>");
        }

        private BadCommand badAddress() {
            return sender
                    ? new BadCommand(501, "5.1.7", "Bad sender address syntax")
                    : new BadCommand(501, "5.1.3", "Bad recipient address syntax");
        }

        private void deviate(Deviation deviation) {
            Set<Deviation> more = EnumSet.of(deviation);
            more.addAll(deviations);
            deviations = more;
        }

        /// The index of `>` outside quotes, or of the blank that ends a path without brackets.
        private int pathEnd(int from, boolean brackets) {
            boolean quoted = false;
            for (int i = from; i < line.length(); i++) {
                int c = line.at(i);
                if (c == '\\' && quoted) {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (!quoted && (brackets ? c == '>' : isBlank(c))) {
                    return i;
                }
            }
            if (brackets || quoted) {
                throw badAddress();
            }
            return line.length();
        }

        private Path path(int from, int to) {
            if (from == to) {
                if (!sender) {
                    throw badAddress();
                }
                return Path.NULL;
            }
            int start = from;
            if (line.at(from) == '@') {
                // RFC 5321 §4.1.1.3, appendix C: a source route is taken and thrown away.
                int colon = line.indexOf(':', from);
                if (colon < 0 || colon >= to) {
                    throw badAddress();
                }
                deviate(Deviation.SOURCE_ROUTE);
                start = colon + 1;
            }
            String text;
            try {
                text = utf8(line.slice(start, to));
                if (text.indexOf('@') >= 0) {
                    return new Path.Whole(Address.of(text));
                }
            } catch (BadSyntax e) {
                throw badAddress();
            }
            return new Path.Bare(localPart(text));
        }

        private String localPart(String text) {
            if (text.isEmpty() || text.length() > Address.LONGEST_LOCAL_PART) {
                throw badAddress();
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c <= ' ' || c == 127 || "<>()[]\\,;:@\"".indexOf(c) >= 0) {
                    throw badAddress();
                }
            }
            return text;
        }
    }

    // ---- the others ------------------------------------------------------------------------------------------

    private static Command bdat(Octets rest) {
        int to = wordEnd(rest, 0);
        if (to == 0 || to > 18) {
            throw new BadCommand(501, "5.5.4", "Syntax: BDAT count [LAST]");
        }
        long size = 0;
        for (int i = 0; i < to; i++) {
            int digit = rest.at(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new BadCommand(501, "5.5.4", "Syntax: BDAT count [LAST]");
            }
            size = size * 10 + digit;
        }
        Octets flag = rest.from(skipBlanks(rest, to));
        if (!flag.isEmpty() && !flag.equalsIgnoreCase("LAST")) {
            throw new BadCommand(501, "5.5.4", "Syntax: BDAT count [LAST]");
        }
        return new Command.Bdat(size, !flag.isEmpty());
    }

    private static Command auth(Octets rest) {
        int to = wordEnd(rest, 0);
        if (to == 0 || to > 20) {
            throw new BadCommand(501, "5.5.4", "Syntax: AUTH mechanism");
        }
        String mechanism = printable(rest.slice(0, to)).toUpperCase(Locale.ROOT);
        Octets initial = rest.from(skipBlanks(rest, to));
        if (initial.indexOf(' ', 0) >= 0) {
            throw new BadCommand(501, "5.5.4", "Syntax: AUTH mechanism");
        }
        return new Command.Auth(mechanism, initial.isEmpty() ? Optional.empty() : Optional.of(initial.latin1()));
    }

    // ---- characters ------------------------------------------------------------------------------------------

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static int skipBlanks(Octets line, int from) {
        int at = from;
        while (at < line.length() && isBlank(line.at(at))) {
            at++;
        }
        return at;
    }

    private static int wordEnd(Octets line, int from) {
        int at = from;
        while (at < line.length() && !isBlank(line.at(at))) {
            at++;
        }
        return at;
    }

    /// Text that may stand in a reply or log: printable ASCII as it is, all else as `?`.
    private static String printable(Octets octets) {
        int length = Math.min(octets.length(), 500);
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            int c = octets.at(i);
            text[i] = c >= ' ' && c < 127 ? (char) c : '?';
        }
        return new String(text);
    }

    private static String utf8(Octets octets) {
        boolean ascii = true;
        for (int i = 0; i < octets.length() && ascii; i++) {
            ascii = octets.at(i) < 128;
        }
        if (ascii) {
            return octets.latin1();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets.array(), octets.arrayOffset(), octets.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadCommand(501, "5.5.4", "Error: text is neither ASCII nor UTF-8");
        }
    }
}
