package tamanoir.server.smtp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tamanoir.mail.dns.Dns;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.Resolver;
import tamanoir.server.dns.StubServer;

/// A real name server on loopback with the records of a test, and a resolver that asks it. Names it does not have do
/// not exist; below `silent` names it never answers.
final class Zone implements AutoCloseable {
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final List<String> silent = new ArrayList<>();
    private final StubServer server = new StubServer((question, _) -> answer(question));

    Zone() throws IOException {}

    Dns resolver(Path folder) {
        return new Resolver(new DnsSettings(
                List.of(server.address()), folder.resolve("resolv.conf"), Duration.ofSeconds(3), 1, false, 1000));
    }

    Zone silence(String domain) {
        silent.add(domain + ".");
        return this;
    }

    Zone add(String name, int ttl, String type, String value) {
        try {
            records.computeIfAbsent(key(name + ".", type), _ -> new ArrayList<>())
                    .add(Record.fromString(
                            Name.fromString(name + "."), Type.value(type), DClass.IN, ttl, value, Name.root));
        } catch (IOException e) {
            throw new IllegalArgumentException(name, e);
        }
        return this;
    }

    /// `client` is on a list, with this answer.
    Zone listed(String client, String list, String answer) {
        return listed(client, list, answer, 300);
    }

    Zone listed(String client, String list, String answer, int ttl) {
        String[] parts = client.split("\\.");
        return add(parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0] + "." + list, ttl, "A", answer);
    }

    private static String key(String name, String type) {
        return type + " " + name.toLowerCase(Locale.ROOT);
    }

    private byte @org.jspecify.annotations.Nullable [] answer(Message question) {
        String name = question.getQuestion().getName().toString();
        if (silent.stream().anyMatch(name::endsWith)) {
            return null;
        }
        Message reply = StubServer.reply(question);
        List<Record> found =
                records.get(key(name, Type.string(question.getQuestion().getType())));
        if (found == null) {
            boolean exists = records.keySet().stream().anyMatch(key -> key.endsWith(" " + name));
            reply.getHeader().setRcode(exists ? Rcode.NOERROR : Rcode.NXDOMAIN);
            reply.addRecord(soa(), Section.AUTHORITY);
        } else {
            found.forEach(record -> reply.addRecord(record, Section.ANSWER));
        }
        return reply.toWire();
    }

    private static Record soa() {
        try {
            return Record.fromString(
                    Name.fromString("example."),
                    Type.SOA,
                    DClass.IN,
                    60,
                    "ns.example. root.example. 1 2 3 4 60",
                    Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
