package tamanoir.bench.verdicts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One client's session with one server: what is said does not depend on what is answered.
///
/// `lines` are commands; a line `<<` begins a group that is sent at once and ends with `>>`. After a 354 the message of
/// the comparison follows by itself.
record Conversation(InetAddress client, List<String> lines) {
    private static final String MESSAGE = "From: <someone@good.example>\r\nSubject: verdicts\r\n\r\nHello.\r\n.\r\n";

    Conversation {
        lines = List.copyOf(lines);
    }

    /// The replies, the greeting first; `closed` where the server has hung up.
    List<String> with(InetSocketAddress server) throws IOException {
        List<String> replies = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(client, 0));
            socket.connect(server, 10_000);
            socket.setSoTimeout(60_000);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            replies.add(reply(in));
            List<String> group = new ArrayList<>();
            boolean together = false;
            for (String line : lines) {
                switch (line) {
                    case "<<" -> together = true;
                    case ">>" -> {
                        together = false;
                        say(socket, in, group, replies);
                        group.clear();
                    }
                    default -> {
                        group.add(line);
                        if (!together) {
                            say(socket, in, group, replies);
                            group.clear();
                        }
                    }
                }
            }
        }
        return replies;
    }

    private static void say(Socket socket, InputStream in, List<String> group, List<String> replies) {
        try {
            socket.getOutputStream().write((String.join("\r\n", group) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < group.size(); i++) {
                String reply = reply(in);
                if (reply.startsWith("354")) {
                    socket.getOutputStream().write(MESSAGE.getBytes(StandardCharsets.ISO_8859_1));
                    reply = reply.substring(0, 3) + " then " + reply(in);
                }
                replies.add(reply);
            }
        } catch (IOException gone) {
            for (String _ : group) {
                replies.add("closed");
            }
        }
    }

    /// The last line of a reply.
    private static String reply(InputStream in) throws IOException {
        while (true) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return "closed";
                }
                line.append((char) c);
            }
            String text = line.toString().strip();
            if (text.length() < 4 || text.charAt(3) != '-') {
                return text;
            }
        }
    }
}
