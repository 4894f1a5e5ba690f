package tamanoir.app.control;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import tamanoir.server.observe.Trace;

/// Listens on the control socket; each call is one virtual thread that runs one command line in the server.
public final class ControlServer implements AutoCloseable {
    /// Input of one command at most: a message for `sendmail`; beyond it the command is refused.
    private static final int LONGEST_INPUT = 128 * 1024 * 1024;

    private static final int MOST_WORDS = 10_000;

    /// Commands at once; more wait.
    private final Semaphore room = new Semaphore(16);

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Commands commands;
    private final Trace trace = new Trace("control", "");

    /// Runs one command line on behalf of a local user.
    @FunctionalInterface
    public interface Commands {
        /// `privileged`: the caller is the server's own user or root.
        int run(String user, boolean privileged, List<String> words, InputStream in, PrintStream out, PrintStream err);
    }

    private ControlServer(Path socket, ServerSocketChannel listener, Commands commands) {
        this.socket = socket;
        this.listener = listener;
        this.commands = commands;
    }

    /// Opens the socket and begins to answer.
    ///
    /// @throws IOException when the folder cannot be written
    public static ControlServer open(Path home, Commands commands) throws IOException {
        Path socket = ControlSocket.of(home);
        Path folder = Optional.ofNullable(socket.getParent()).orElseThrow();
        Files.createDirectories(folder);
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        // Everybody may connect, for sendmail; what else they may do is decided by who they are.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.writeString(ControlSocket.pidFile(home), ProcessHandle.current().pid() + "\n");
        ControlServer server = new ControlServer(socket, listener, commands);
        Thread.ofVirtual().name("control").start(server::accept);
        return server;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel caller = listener.accept();
                Thread.ofVirtual().name("control call").start(() -> answer(caller));
            } catch (IOException e) {
                if (listener.isOpen()) {
                    trace.warn("accept failed", "reason", e);
                }
            }
        }
    }

    private void answer(SocketChannel caller) {
        try (caller) {
            UnixDomainPrincipal principal = caller.getOption(ExtendedSocketOptions.SO_PEERCRED);
            String user = principal.user().getName();
            boolean privileged = isPrivileged(user, Files.getOwner(socket).getName());
            DataInputStream from = new DataInputStream(new BufferedInputStream(Channels.newInputStream(caller)));
            DataOutputStream to = new DataOutputStream(Channels.newOutputStream(caller));
            List<String> words = new ArrayList<>();
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            boolean whole = readCall(from, words, input);
            PrintStream out = new PrintStream(new FrameStream(to, Frame.Kind.OUTPUT), false, StandardCharsets.UTF_8);
            PrintStream err = new PrintStream(new FrameStream(to, Frame.Kind.ERROR), false, StandardCharsets.UTF_8);
            int exit;
            if (whole) {
                room.acquire();
                try {
                    exit = commands.run(
                            user, privileged, words, new ByteArrayInputStream(input.toByteArray()), out, err);
                } finally {
                    room.release();
                }
            } else {
                err.println("tamanoir: the input is longer than " + LONGEST_INPUT + " octets");
                exit = 65;
            }
            out.flush();
            err.flush();
            new Frame(Frame.Kind.EXIT, ByteBuffer.allocate(4).putInt(exit).array()).writeTo(to);
            to.flush();
        } catch (IOException e) {
            trace.debug("caller left", "reason", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            trace.bug(bug);
        }
    }

    /// Whether a caller may do everything; anybody else may only hand in mail. `owner` is who runs the server.
    static boolean isPrivileged(String user, String owner) {
        return user.equals("root") || user.equals(owner);
    }

    private static boolean readCall(DataInputStream from, List<String> words, ByteArrayOutputStream input)
            throws IOException {
        boolean whole = true;
        while (true) {
            Frame frame = Frame.read(from).orElseThrow(() -> new IOException("the caller left"));
            switch (frame.kind()) {
                case WORD -> {
                    if (words.size() >= MOST_WORDS) {
                        throw new IOException("too many words");
                    }
                    words.add(frame.text());
                }
                case INPUT -> {
                    whole &= input.size() + frame.octets().length <= LONGEST_INPUT;
                    if (whole) {
                        input.writeBytes(frame.octets());
                    }
                }
                case END -> {
                    return whole;
                }
                case OUTPUT, ERROR, EXIT -> throw new IOException("not the control protocol");
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket.resolveSibling("pid"));
        Files.deleteIfExists(socket);
    }

    /// Output of a command as frames; every flush or full buffer is one.
    private static final class FrameStream extends OutputStream {
        private final DataOutputStream to;
        private final Frame.Kind kind;
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

        FrameStream(DataOutputStream to, Frame.Kind kind) {
            this.to = to;
            this.kind = kind;
        }

        @Override
        public void write(int octet) throws IOException {
            waiting.write(octet);
            if (waiting.size() == Frame.LONGEST) {
                flush();
            }
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int some = Math.min(length - done, Frame.LONGEST - waiting.size());
                waiting.write(octets, offset + done, some);
                done += some;
                if (waiting.size() == Frame.LONGEST) {
                    flush();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (waiting.size() > 0) {
                new Frame(kind, waiting.toByteArray()).writeTo(to);
                to.flush();
                waiting.reset();
            }
        }
    }
}
