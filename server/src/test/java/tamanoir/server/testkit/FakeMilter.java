package tamanoir.server.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tamanoir.mail.milter.MilterCommand;
import tamanoir.mail.milter.MilterReply;
import tamanoir.mail.milter.Negotiation;
import tamanoir.mail.text.Octets;

/// A milter of a test on loopback: remembers what it is told and answers as it was taught.
public final class FakeMilter implements AutoCloseable {
    private final ServerSocket socket;
    private final List<MilterCommand> heard = new CopyOnWriteArrayList<>();
    private final Map<Character, Function<MilterCommand, List<MilterReply>>> answers = new ConcurrentHashMap<>();
    private volatile Negotiation answer = new Negotiation(6, Negotiation.ALL_ACTIONS, 0, Map.of());

    public FakeMilter() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().name("fake milter").start(this::accept);
    }

    /// How main.cf names it.
    public String endpoint() {
        return "inet:127.0.0.1:" + socket.getLocalPort();
    }

    /// What it negotiates; everything and every event unless said here.
    public FakeMilter negotiates(int actions, int protocol, Map<Integer, List<String>> macros) {
        answer = new Negotiation(6, actions, protocol, macros);
        return this;
    }

    /// Its answers to commands with that letter; none is silence, after which it waits for ever.
    public FakeMilter answers(char letter, MilterReply... replies) {
        return answers(letter, command -> List.of(replies));
    }

    public FakeMilter answers(char letter, Function<MilterCommand, List<MilterReply>> replies) {
        answers.put(letter, replies);
        return this;
    }

    /// Hangs up when it hears a command with that letter.
    public FakeMilter hangsUpAt(char letter) {
        return answers(letter, _ -> {
            throw new IllegalStateException();
        });
    }

    public List<MilterCommand> heard() {
        return List.copyOf(heard);
    }

    /// The letters of what was heard, in order.
    public String letters() {
        StringBuilder letters = new StringBuilder();
        heard.forEach(command -> letters.append(command.letter()));
        return letters.toString();
    }

    /// The macros that came before the first command with that letter.
    public Map<String, String> macros(char letter) {
        return heard.stream()
                .filter(MilterCommand.Macros.class::isInstance)
                .map(MilterCommand.Macros.class::cast)
                .filter(macros -> macros.stage() == letter)
                .map(MilterCommand.Macros::values)
                .findFirst()
                .orElse(Map.of());
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().name("fake milter session").start(() -> talk(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void talk(Socket client) {
        try (client;
                DataInputStream in = new DataInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            while (true) {
                byte[] packet = new byte[in.readInt()];
                in.readFully(packet);
                MilterCommand command = MilterCommand.of(Octets.of(packet));
                heard.add(command);
                for (MilterReply reply : replies(command)) {
                    reply.packet().writeTo(out);
                }
                out.flush();
                if (command instanceof MilterCommand.Quit) {
                    return;
                }
            }
        } catch (EOFException | IllegalStateException e) {
            // The server, or this milter, has hung up.
        } catch (IOException e) {
            // A test that ends closes its sockets.
        }
    }

    private List<MilterReply> replies(MilterCommand command) {
        char letter = command.letter();
        Function<MilterCommand, List<MilterReply>> own = answers.get(letter);
        if (own != null) {
            return own.apply(command);
        }
        if (silent(letter)) {
            return List.of();
        }
        return switch (command) {
            case MilterCommand.Negotiate _ -> List.of(new MilterReply.Negotiated(answer));
            case MilterCommand.Macros _, MilterCommand.Abort _, MilterCommand.Quit _, MilterCommand.QuitAndKeep _ ->
                List.of();
            case MilterCommand.Connect _,
                    MilterCommand.Helo _,
                    MilterCommand.Mail _,
                    MilterCommand.Rcpt _,
                    MilterCommand.Data _,
                    MilterCommand.Header _,
                    MilterCommand.EndOfHeader _,
                    MilterCommand.Body _,
                    MilterCommand.EndOfBody _,
                    MilterCommand.Unknown _ -> List.of(new MilterReply.Continue());
        };
    }

    /// It has negotiated not to answer these.
    private boolean silent(char letter) {
        return switch (letter) {
            case 'L' -> answer.has(Negotiation.NO_REPLY_TO_HEADERS);
            case 'B' -> answer.has(Negotiation.NO_REPLY_TO_BODY);
            case 'C' -> answer.has(Negotiation.NO_REPLY_TO_CONNECT);
            case 'H' -> answer.has(Negotiation.NO_REPLY_TO_HELO);
            case 'M' -> answer.has(Negotiation.NO_REPLY_TO_MAIL);
            case 'R' -> answer.has(Negotiation.NO_REPLY_TO_RECIPIENT);
            case 'T' -> answer.has(Negotiation.NO_REPLY_TO_DATA);
            case 'N' -> answer.has(Negotiation.NO_REPLY_TO_END_OF_HEADER);
            default -> false;
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
