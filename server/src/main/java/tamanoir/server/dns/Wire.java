package tamanoir.server.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// One question to one server and its answer: UDP with EDNS, TCP when the answer is cut short.
///
/// Each question has a socket of its own, and so a port that a forger must guess beside the id (RFC 5452). Blocking,
/// in the caller's virtual thread. Immutable.
final class Wire {
    /// Small enough never to be fragmented (DNS flag day 2020): forged fragments have been an attack.
    private static final int PAYLOAD = 1232;

    private static final int LARGEST = 65_535;
    private final SecureRandom random = new SecureRandom();

    /// @throws IOException when there is no usable answer in time
    Message ask(InetSocketAddress server, Name name, int type, Duration timeout) throws IOException {
        Message answer = exchange(server, name, type, timeout, true);
        int rcode = answer.getRcode();
        if (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS) {
            return exchange(server, name, type, timeout, false); // RFC 6891 §7: a server from before EDNS.
        }
        return answer;
    }

    private Message exchange(InetSocketAddress server, Name name, int type, Duration timeout, boolean edns)
            throws IOException {
        Message question = Message.newQuery(Record.newRecord(name, type, org.xbill.DNS.DClass.IN));
        question.getHeader().setID(random.nextInt(65_536));
        question.getHeader().setFlag(Flags.AD); // RFC 6840 §5.7: we understand AD in the answer.
        if (edns) {
            question.addRecord(new OPTRecord(PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        long until = System.nanoTime() + timeout.toNanos();
        Message answer = overUdp(server, question, until);
        return answer.getHeader().getFlag(Flags.TC) ? overTcp(server, question, until) : answer;
    }

    private static Message overUdp(InetSocketAddress server, Message question, long until) throws IOException {
        byte[] query = question.toWire();
        byte[] buffer = new byte[LARGEST];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server); // The kernel drops what others send.
            socket.send(new DatagramPacket(query, query.length));
            while (true) {
                socket.setSoTimeout(millis(until));
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message answer = parse(buffer, packet.getLength());
                if (answer != null && answers(answer, question)) {
                    return answer;
                }
                // Something else: a late answer to an older question from this port, or a forger. Wait for the right
                // one.
            }
        }
    }

    private static Message overTcp(InetSocketAddress server, Message question, long until) throws IOException {
        byte[] query = question.toWire();
        byte[] framed = new byte[query.length + 2]; // RFC 1035 §4.2.2
        framed[0] = (byte) (query.length >> 8);
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        try (Socket socket = new Socket()) {
            socket.connect(server, millis(until));
            OutputStream out = socket.getOutputStream();
            out.write(framed);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.setSoTimeout(millis(until));
            byte[] octets = new byte[in.readUnsignedShort()];
            int done = 0;
            while (done < octets.length) {
                socket.setSoTimeout(millis(until));
                int n = in.read(octets, done, octets.length - done);
                if (n < 0) {
                    throw new IOException("the answer ends in the middle");
                }
                done += n;
            }
            Message answer = parse(octets, octets.length);
            if (answer == null || !answers(answer, question)) {
                throw new IOException("the answer is to another question");
            }
            return answer;
        }
    }

    private static int millis(long until) throws SocketTimeoutException {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, left);
    }

    private static @org.jspecify.annotations.Nullable Message parse(byte[] octets, int length) {
        try {
            return new Message(java.util.Arrays.copyOf(octets, length));
        } catch (IOException | RuntimeException _) {
            return null; // Noise.
        }
    }

    /// RFC 5452 §9.1: id and question are ours.
    private static boolean answers(Message answer, Message question) {
        Record asked = question.getQuestion();
        Record echoed = answer.getQuestion();
        return answer.getHeader().getFlag(Flags.QR)
                && answer.getHeader().getID() == question.getHeader().getID()
                && echoed != null
                && echoed.getName().equals(asked.getName())
                && echoed.getType() == asked.getType();
    }
}
