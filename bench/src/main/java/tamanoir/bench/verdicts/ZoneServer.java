package tamanoir.bench.verdicts;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/// A name server that knows what one zone file says, and fails for every name below `servfail.example`.
public final class ZoneServer implements AutoCloseable {
    private static final Name TROUBLE = Name.fromConstantString("servfail.example.");
    private static final Name MASTER = Name.fromConstantString("ns.example.");

    private final Map<Name, List<Record>> records = new HashMap<>();
    private final Set<Name> names = new HashSet<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    public ZoneServer(Path zone, InetSocketAddress address) throws IOException {
        try (Master master = new Master(zone.toString(), Name.root, 60)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.computeIfAbsent(record.getName(), _ -> new ArrayList<>())
                        .add(record);
                // A name that has something below it exists (RFC 8020).
                for (Name name = record.getName(); name.labels() > 1; name = new Name(name, 1)) {
                    names.add(name);
                }
            }
        }
        udp = new DatagramSocket(address);
        tcp = new ServerSocket(address.getPort(), 50, address.getAddress());
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    private byte[] answer(byte[] octets) throws IOException {
        Message question = new Message(octets);
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        if (question.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        Record asked = question.getQuestion();
        reply.addRecord(asked, Section.QUESTION);
        if (asked.getName().subdomain(TROUBLE)) {
            reply.getHeader().setRcode(Rcode.SERVFAIL);
            return reply.toWire();
        }
        for (Record record : records.getOrDefault(asked.getName(), List.of())) {
            if (record.getType() == asked.getType()) {
                reply.addRecord(record, Section.ANSWER);
            }
        }
        if (reply.getSection(Section.ANSWER).isEmpty()) {
            if (!names.contains(asked.getName())) {
                reply.getHeader().setRcode(Rcode.NXDOMAIN);
            }
            reply.addRecord(
                    new SOARecord(Name.root, DClass.IN, 60, MASTER, MASTER, 1, 60, 60, 60, 60), Section.AUTHORITY);
        }
        return reply.toWire();
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] reply = answer(Arrays.copyOf(buffer, packet.getLength()));
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException _) {
                // Closed, or noise.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] reply = answer(in.readNBytes(in.readUnsignedShort()));
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            } catch (IOException _) {
                // Closed, or noise.
            }
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
