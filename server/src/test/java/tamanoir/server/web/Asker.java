package tamanoir.server.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A web client that says exactly what it is told to, over one plain connection a request.
final class Asker {
    private final int port;
    private final List<String> always = new ArrayList<>();

    Asker(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    /// Sends this header with every request from now on.
    Asker with(String header) {
        always.add(header);
        return this;
    }

    record Answer(int status, List<String> headers, byte[] octets) {
        Optional<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst();
        }

        String body() {
            return new String(octets, StandardCharsets.UTF_8);
        }

        /// `name=value` of the cookie that was set.
        String cookie() {
            return header("Set-Cookie").orElseThrow().split(";", 2)[0];
        }
    }

    Answer get(String path, String... headers) throws IOException {
        return ask("GET", path, "", headers);
    }

    Answer post(String path, String json, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Content-Type"))) {
            all.add("Content-Type: application/json");
        }
        return ask("POST", path, json, all.toArray(String[]::new));
    }

    Answer ask(String method, String path, String body, String... headers) throws IOException {
        try (Stream stream = open(method, path, body, headers)) {
            return stream.rest();
        }
    }

    /// The request is sent and the head of the answer read; the body may never end.
    Stream open(String method, String path, String body, String... headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        List<String> all = new ArrayList<>(always);
        all.addAll(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: localhost:" + port + "\r\n");
        }
        all.forEach(header -> head.append(header).append("\r\n"));
        if (all.stream().noneMatch(header -> header.startsWith("Connection:"))) {
            head.append("Connection: close\r\n");
        }
        if (octets.length > 0 || method.equals("POST")) {
            head.append("Content-Length: " + octets.length + "\r\n");
        }
        head.append("\r\n");
        socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(octets);
        return new Stream(socket, method.equals("HEAD"));
    }

    /// One answer on its way.
    static final class Stream implements Closeable {
        final int status;
        final List<String> headers = new ArrayList<>();
        final Socket socket;
        final InputStream in;
        private final boolean headOnly;

        Stream(Socket socket, boolean headOnly) throws IOException {
            this.socket = socket;
            this.headOnly = headOnly;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.status = Integer.parseInt(line().split(" ")[1]);
            for (String line = line(); !line.isEmpty(); line = line()) {
                headers.add(line);
            }
        }

        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw new EOFException("the server closed the connection");
                }
                line.write(octet);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        /// The next line that is not the size of a chunk and not empty, and does not begin with a colon.
        String event() throws IOException {
            while (true) {
                String line = line();
                if (!line.isEmpty() && !line.startsWith(":") && !line.matches("[0-9A-Fa-f]{1,6}")) {
                    return line;
                }
            }
        }

        Answer rest() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            Answer head = new Answer(status, headers, new byte[0]);
            if (headOnly || status == 304 || status == 204) {
                return head;
            }
            if (head.header("Transfer-Encoding").filter("chunked"::equals).isPresent()) {
                while (true) {
                    int size = Integer.parseInt(line(), 16);
                    body.write(in.readNBytes(size));
                    line();
                    if (size == 0) {
                        break;
                    }
                }
            } else if (head.header("Content-Length").isPresent()) {
                body.write(in.readNBytes(
                        Integer.parseInt(head.header("Content-Length").orElseThrow())));
            } else {
                body.write(in.readAllBytes());
            }
            return new Answer(status, headers, body.toByteArray());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
