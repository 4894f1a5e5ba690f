package tamanoir.app.control;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Carries one command line to the running server and its answer back.
public final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
    }

    /// Empty when no server runs on this home folder.
    ///
    /// @throws IOException when there is one that this user may not talk to
    public static Optional<ControlClient> connect(Path home) throws IOException {
        Path socket = ControlSocket.of(home);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        String owner = Files.getOwner(socket).getName();
        if (!isTrusted(
                owner, System.getProperty("user.name", ""), Files.getOwner(home).getName())) {
            throw new IOException("it belongs to " + owner + ", who is neither root nor the owner of " + home);
        }
        SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return Optional.of(new ControlClient(channel));
        } catch (ConnectException e) {
            // A server that was killed leaves its socket behind.
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// The process of the server that runs on this home folder; empty when none does or it does not say.
    public static Optional<ProcessHandle> process(Path home) {
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readString(ControlSocket.pidFile(home)).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// Whether passwords may be told to a socket of this owner: where it lies in the folder for temporary files,
    /// anybody could have put it there.
    static boolean isTrusted(String owner, String caller, String homeOwner) {
        return owner.equals("root") || owner.equals(caller) || owner.equals(homeOwner);
    }

    /// Sends the words and the input, copies output as it comes, answers the exit code.
    public int run(List<String> words, InputStream input, PrintStream out, PrintStream err) throws IOException {
        DataOutputStream to = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
        for (String word : words) {
            Frame.of(Frame.Kind.WORD, word).writeTo(to);
        }
        for (byte[] piece; (piece = input.readNBytes(Frame.LONGEST)).length > 0; ) {
            new Frame(Frame.Kind.INPUT, piece).writeTo(to);
        }
        Frame.of(Frame.Kind.END, "").writeTo(to);
        to.flush();
        DataInputStream from = new DataInputStream(Channels.newInputStream(channel));
        OptionalInt exit = OptionalInt.empty();
        while (exit.isEmpty()) {
            Frame frame = Frame.read(from)
                    .orElseThrow(() -> new IOException("the server ended the conversation; its log says why"));
            switch (frame.kind()) {
                case OUTPUT -> out.write(frame.octets());
                case ERROR -> err.write(frame.octets());
                case EXIT ->
                    exit = OptionalInt.of(ByteBuffer.wrap(frame.octets()).getInt());
                case WORD, INPUT, END -> throw new IOException("not the control protocol");
            }
        }
        out.flush();
        err.flush();
        return exit.getAsInt();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
