package tamanoir.server.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.WebParameters;
import tamanoir.server.net.Service;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.setup.Checks.OpenPort;
import tamanoir.server.setup.Finding.Grade;

/// Do the services have the ports that others look for, and does our own address lead to them?
final class PortChecks {
    private static final int SMTP = 25;

    private PortChecks() {}

    static List<Check> all(Ground ground) {
        return List.of(
                Check.of("ports", () -> ground.services().isEmpty() ? free(ground.config()) : open(ground)),
                Check.of("reach", () -> reach(ground)));
    }

    /// A server runs: does it listen where the world expects it?
    private static Finding open(Ground ground) {
        Map<String, String> values = Map.of(
                "ports",
                String.join(
                        ", ",
                        ground.services().stream()
                                .map(one -> one.service() + " " + one.port())
                                .toList()),
                "offset",
                Integer.toString(ground.config().get(NetParameters.PORT_OFFSET)));
        OptionalInt smtp = smtp(ground.services());
        if (smtp.isEmpty()) {
            return Finding.of("ports", Grade.FAIL, "noSmtp", values);
        }
        return smtp.getAsInt() == SMTP
                ? Finding.of("ports", Grade.OK, "ok", values)
                : Finding.of("ports", Grade.WARN, "moved", values);
    }

    private static OptionalInt smtp(List<OpenPort> services) {
        return services.stream()
                .filter(one -> one.service().equals("smtp"))
                .mapToInt(OpenPort::port)
                .findFirst();
    }

    /// No server runs: could one have the ports?
    private static Finding free(Config config) {
        Map<String, Parameter<OptionalInt>> wanted = new LinkedHashMap<>();
        wanted.put("smtp", NetParameters.SMTPD_PORT);
        wanted.put("submission", NetParameters.SUBMISSION_PORT);
        wanted.put("submissions", NetParameters.SUBMISSIONS_PORT);
        wanted.put("imap", ImapParameters.IMAP_PORT);
        wanted.put("imaps", ImapParameters.IMAPS_PORT);
        wanted.put("http", WebParameters.HTTP_PORT);
        wanted.put("https", WebParameters.HTTPS_PORT);
        List<String> taken = new ArrayList<>();
        List<String> free = new ArrayList<>();
        String reason = "";
        for (Map.Entry<String, Parameter<OptionalInt>> one : wanted.entrySet()) {
            OptionalInt port = config.port(one.getValue());
            if (port.isEmpty()) {
                continue;
            }
            String told = one.getKey() + " " + port.getAsInt();
            try {
                for (InetSocketAddress address : Service.addresses(config, one.getKey(), port.getAsInt())) {
                    try (ServerSocket socket = new ServerSocket()) {
                        socket.setReuseAddress(true);
                        socket.bind(address);
                    }
                }
                free.add(told);
            } catch (IOException e) {
                taken.add(told);
                reason = String.valueOf(e.getMessage());
            }
        }
        return taken.isEmpty()
                ? Finding.of("ports", Grade.OK, "free", Map.of("ports", String.join(", ", free)))
                : Finding.of("ports", Grade.FAIL, "taken", Map.of("ports", String.join(", ", taken), "reason", reason));
    }

    /// Calls the own name from here. That is no proof that others get through a firewall, but where not even this
    /// works they will not either, except behind a router that does not lead its own address back.
    private static Finding reach(Ground ground) {
        OptionalInt smtp = smtp(ground.services());
        if (smtp.isEmpty()) {
            return Finding.of("reach", Grade.UNKNOWN, "notRunning");
        }
        List<InetAddress> addresses = ground.dns().addresses(ground.host()).recordsOrNone();
        if (addresses.isEmpty()) {
            return Finding.of("reach", Grade.UNKNOWN, "noAddress", Map.of("host", ground.host()));
        }
        List<String> ours = new ArrayList<>();
        List<String> strangers = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (InetAddress address : addresses) {
            String told = Addresses.text(address) + " port " + smtp.getAsInt();
            try (Call call = Call.to(new InetSocketAddress(address, smtp.getAsInt()))) {
                String greeting = call.line();
                // RFC 5321 §4.3.1: the first word of the greeting is the name of the server.
                String configured = ground.config().get(NetParameters.MYHOSTNAME);
                (greeting.startsWith("220 " + configured) || greeting.startsWith("220-" + configured)
                                ? ours
                                : strangers)
                        .add(told);
            } catch (IOException _) {
                silent.add(told);
            }
        }
        Map<String, String> values = Map.of(
                "ours", String.join(", ", ours),
                "others", String.join(", ", strangers.isEmpty() ? silent : strangers),
                "host", ground.host());
        if (!strangers.isEmpty()) {
            return Finding.of("reach", Grade.FAIL, "stranger", values);
        }
        return silent.isEmpty()
                ? Finding.of("reach", Grade.OK, "ok", values)
                : Finding.of("reach", Grade.WARN, "silent", values);
    }
}
