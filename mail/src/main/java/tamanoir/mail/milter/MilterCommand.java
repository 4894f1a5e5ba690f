package tamanoir.mail.milter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// What a mail server says to a milter.
public sealed interface MilterCommand {
    /// The letter of the packet.
    char letter();

    record Negotiate(Negotiation offer) implements MilterCommand {
        @Override
        public char letter() {
            return 'O';
        }
    }

    /// Values for the command with `stage` as its letter, which follows.
    record Macros(char stage, Map<String, String> values) implements MilterCommand {
        public Macros {
            values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public char letter() {
            return 'D';
        }
    }

    /// `family` is `4`, `6`, `L` (a local socket) or `U` (unknown: port and address are not sent).
    record Connect(String name, char family, int port, String address) implements MilterCommand {
        @Override
        public char letter() {
            return 'C';
        }
    }

    record Helo(String name) implements MilterCommand {
        @Override
        public char letter() {
            return 'H';
        }
    }

    /// `<address>`, then the ESMTP parameters.
    record Mail(List<String> arguments) implements MilterCommand {
        public Mail {
            arguments = List.copyOf(arguments);
        }

        @Override
        public char letter() {
            return 'M';
        }
    }

    record Rcpt(List<String> arguments) implements MilterCommand {
        public Rcpt {
            arguments = List.copyOf(arguments);
        }

        @Override
        public char letter() {
            return 'R';
        }
    }

    record Data() implements MilterCommand {
        @Override
        public char letter() {
            return 'T';
        }
    }

    /// Octets, for a header may hold anything but NUL.
    record Header(Octets name, Octets value) implements MilterCommand {
        @Override
        public char letter() {
            return 'L';
        }
    }

    record EndOfHeader() implements MilterCommand {
        @Override
        public char letter() {
            return 'N';
        }
    }

    record Body(Octets octets) implements MilterCommand {
        /// Octets of one chunk at most.
        public static final int LONGEST = 65_535;

        @Override
        public char letter() {
            return 'B';
        }
    }

    record EndOfBody() implements MilterCommand {
        @Override
        public char letter() {
            return 'E';
        }
    }

    record Unknown(String line) implements MilterCommand {
        @Override
        public char letter() {
            return 'U';
        }
    }

    record Abort() implements MilterCommand {
        @Override
        public char letter() {
            return 'A';
        }
    }

    record Quit() implements MilterCommand {
        @Override
        public char letter() {
            return 'Q';
        }
    }

    /// The client has gone; the connection is kept for another one.
    record QuitAndKeep() implements MilterCommand {
        @Override
        public char letter() {
            return 'K';
        }
    }

    /// The whole packet, length and letter included.
    default Octets packet() {
        Packet.Writer out = new Packet.Writer(letter());
        switch (this) {
            case Negotiate(Negotiation offer) -> offer.write(out);
            case Macros macros -> {
                out.letter(macros.stage);
                macros.values.forEach((name, value) -> out.text(name).text(value));
            }
            case Connect connect -> {
                out.text(connect.name).letter(connect.family);
                if (connect.family != 'U') {
                    out.letter((char) (connect.port >>> 8 & 0xFF)).letter((char) (connect.port & 0xFF));
                    out.text(connect.address);
                }
            }
            case Helo(String name) -> out.text(name);
            case Mail(List<String> arguments) -> arguments.forEach(out::text);
            case Rcpt(List<String> arguments) -> arguments.forEach(out::text);
            case Header(Octets name, Octets value) ->
                out.octets(name).letter('\0').octets(value).letter('\0');
            case Body(Octets octets) -> out.octets(octets);
            case Unknown(String line) -> out.text(line);
            case Data _, EndOfHeader _, EndOfBody _, Abort _, Quit _, QuitAndKeep _ -> {}
        }
        return out.packet();
    }

    /// Reads what stands behind the length of a packet.
    ///
    /// @throws BadSyntax when it is no command
    static MilterCommand of(Octets letterAndData) {
        Packet.Reader in = new Packet.Reader(letterAndData);
        MilterCommand command = switch (in.letter()) {
            case 'O' -> new Negotiate(Negotiation.read(in));
            case 'D' -> {
                char stage = in.letter();
                Map<String, String> values = new LinkedHashMap<>();
                while (in.hasMore()) {
                    String name = in.text();
                    values.put(name, in.text());
                }
                yield new Macros(stage, values);
            }
            case 'C' -> {
                String name = in.text();
                char family = in.letter();
                if (family == 'U') {
                    yield new Connect(name, family, 0, "");
                }
                int port = in.letter() << 8 | in.letter();
                yield new Connect(name, family, port, in.text());
            }
            case 'H' -> new Helo(in.text());
            case 'M' -> new Mail(texts(in));
            case 'R' -> new Rcpt(texts(in));
            case 'T' -> new Data();
            case 'L' -> {
                Octets rest = in.rest();
                int end = rest.indexOf(0, 0);
                int last = end < 0 ? -1 : rest.indexOf(0, end + 1);
                if (last != rest.length() - 1 || end < 0) {
                    throw new BadSyntax("a header without end");
                }
                yield new Header(rest.slice(0, end), rest.slice(end + 1, last));
            }
            case 'N' -> new EndOfHeader();
            case 'B' -> new Body(in.rest());
            case 'E' -> new EndOfBody();
            case 'U' -> new Unknown(in.text());
            case 'A' -> new Abort();
            case 'Q' -> new Quit();
            case 'K' -> new QuitAndKeep();
            default -> throw new BadSyntax("no command begins with this letter");
        };
        in.end();
        return command;
    }

    private static List<String> texts(Packet.Reader in) {
        List<String> texts = new ArrayList<>();
        while (in.hasMore()) {
            texts.add(in.text());
        }
        return texts;
    }
}
