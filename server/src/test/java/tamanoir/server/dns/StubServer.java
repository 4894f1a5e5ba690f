package tamanoir.server.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A name server on loopback that answers as the test says.
public final class StubServer implements AutoCloseable {
    /// From the question and whether it came by TCP; null is silence.
    public interface Mind {
        byte @Nullable [] apply(Message question, boolean tcp);
    }

    public final List<String> questions = new CopyOnWriteArrayList<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Mind mind;

    public StubServer(Mind mind) throws IOException {
        this.mind = mind;
        Sockets sockets = Sockets.open();
        udp = sockets.udp();
        tcp = sockets.tcp();
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    /// Two sockets with one port.
    private record Sockets(DatagramSocket udp, ServerSocket tcp) {
        static Sockets open() throws IOException {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            while (true) {
                DatagramSocket udp = new DatagramSocket(0, loopback);
                try {
                    return new Sockets(udp, new ServerSocket(udp.getLocalPort(), 10, loopback));
                } catch (IOException _) {
                    udp.close(); // Somebody has that port for TCP.
                }
            }
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), udp.getLocalPort());
    }

    private void note(Message question, String how) {
        questions.add(how + " " + Type.string(question.getQuestion().getType()) + " "
                + question.getQuestion().getName() + (question.getOPT() == null ? " plain" : ""));
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message question = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                note(question, "udp");
                byte[] answer = mind.apply(question, false);
                if (answer != null) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // Closed, or noise.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                Message question = new Message(in.readNBytes(in.readUnsignedShort()));
                note(question, "tcp");
                byte[] answer = mind.apply(question, true);
                if (answer != null) {
                    socket.getOutputStream().write(new byte[] {(byte) (answer.length >> 8), (byte) answer.length});
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException _) {
                // Closed.
            }
        }
    }

    void refuseTcp() throws IOException {
        tcp.close();
    }

    public static Message reply(Message question) {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        reply.addRecord(question.getQuestion(), Section.QUESTION);
        return reply;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
