package tamanoir.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// How long a person waits for a list or a search, as a client sees it: JMAP and IMAP over loopback.
///
/// `SearchFigures HOST IMAP_PORT HTTP_PORT USER PASSWORD`: the mailbox comes from
/// [tamanoir.bench.sample.SampleMailbox];
/// one message with rare words is appended. Each figure is the median (and the worst) of some rounds; in those called
/// *changed* a flag changes before every round, so that nothing that is kept from the last one holds.
public final class SearchFigures implements AutoCloseable {
    private static final int ROUNDS = 30;
    private static final String RARE = "From: \"Quetzal\" <quetzal@example.org>\r\nSubject: xylophone lessons\r\n"
            + "X-Bench: 4711-77\r\nMessage-ID: <rare@example.org>\r\n\r\nThe feathered quetzalcoatl plays.\r\n";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String authorization;
    private final String account;
    private final String inbox;

    private SearchFigures(List<String> a) throws IOException, InterruptedException {
        socket = new Socket(a.get(0), Integer.parseInt(a.get(1)));
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        line();
        imap("LOGIN \"" + a.get(3) + "\" \"" + a.get(4) + "\"");
        append();
        imap("SELECT INBOX");
        api = URI.create("http://" + a.get(0) + ":" + a.get(2) + "/jmap/api");
        authorization = "Basic "
                + Base64.getEncoder().encodeToString((a.get(3) + ":" + a.get(4)).getBytes(StandardCharsets.UTF_8));
        String session = http.send(
                        HttpRequest.newBuilder(api.resolve("/.well-known/jmap"))
                                .header("Authorization", authorization)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        account = between(session, "\"urn:ietf:params:jmap:mail\":\"", "\"");
        String boxes =
                jmap("[\"Mailbox/query\",{\"accountId\":\"" + account + "\",\"filter\":{\"role\":\"inbox\"}},\"0\"]");
        inbox = between(boxes, "\"ids\":[\"", "\"");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 5) {
            say("SearchFigures HOST IMAP_PORT HTTP_PORT USER PASSWORD");
            return;
        }
        try (SearchFigures figures = new SearchFigures(List.of(arguments))) {
            figures.run();
        }
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private void run() throws IOException, InterruptedException {
        say("| what | median | worst |");
        say("|---|---|---|");
        String list = query("{\"inMailbox\":\"" + inbox + "\"}");
        measure("first 50 threads of the inbox, Email/query + Email/get", () -> jmap(list));
        measure("the same, changed", this::flag, () -> jmap(list));
        String unread = query("{\"inMailbox\":\"" + inbox + "\",\"notKeyword\":\"$seen\"}");
        measure("first 50 unread threads, changed", this::flag, () -> jmap(unread));
        long start = System.nanoTime();
        jmap(query("{\"text\":\"quetzalcoatl\"}"));
        say("| first search of all, index not ready | " + milliseconds(System.nanoTime() - start) + " | |");
        for (String words : List.of("quetzalcoatl", "quet", "invoice", "invoice budget")) {
            String search = query("{\"text\":\"" + words + "\"}");
            measure("search " + words + ", changed", this::flag, () -> jmap(search));
        }
        for (String search : List.of(
                "SUBJECT xylophone",
                "FROM quetzal@",
                "BODY quetzalcoatl",
                "TEXT quetzalcoatl",
                "HEADER X-Bench 4711-77",
                "HEADER X-Bench 77",
                "BODY zebrafish",
                "BODY invoice")) {
            measure("SEARCH " + search, () -> imap("SEARCH " + search));
        }
    }

    private String query(String filter) {
        return "[\"Email/query\",{\"accountId\":\"" + account + "\",\"filter\":" + filter
                + ",\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}],\"collapseThreads\":true,"
                + "\"calculateTotal\":true,\"limit\":50},\"0\"],[\"Email/get\",{\"accountId\":\"" + account
                + "\",\"#ids\":{\"resultOf\":\"0\",\"name\":\"Email/query\",\"path\":\"/ids\"},\"properties\":[\"id\","
                + "\"threadId\",\"mailboxIds\",\"keywords\",\"from\",\"subject\",\"receivedAt\",\"preview\","
                + "\"hasAttachment\"]},\"1\"]";
    }

    private boolean flagged;

    private void flag() throws IOException {
        flagged = !flagged;
        imap("STORE 1 " + (flagged ? "+" : "-") + "FLAGS.SILENT (\\Flagged)");
    }

    private static void measure(String what, Task task) throws IOException, InterruptedException {
        measure(what, () -> {}, task);
    }

    private static void measure(String what, Task before, Task task) throws IOException, InterruptedException {
        long[] times = new long[ROUNDS];
        for (int i = -5; i < ROUNDS; i++) {
            before.run();
            long start = System.nanoTime();
            task.run();
            if (i >= 0) {
                times[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(times);
        say("| " + what + " | " + milliseconds(times[ROUNDS / 2]) + " | " + milliseconds(times[ROUNDS - 1]) + " |");
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.1f ms", nanoseconds / 1e6);
    }

    // ---- the wires ---------------------------------------------------------------------------------------------

    private String jmap(String calls) throws IOException, InterruptedException {
        String request = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":["
                + calls + "]}";
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(api)
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(request))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().contains("[\"error\"")) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static String between(String text, String before, String after) throws IOException {
        int at = text.indexOf(before);
        if (at < 0) {
            throw new IOException("no " + before + " in " + text);
        }
        return text.substring(at + before.length(), text.indexOf(after, at + before.length()));
    }

    private void append() throws IOException {
        send("a APPEND INBOX {" + RARE.length() + "+}\r\n" + RARE + "\r\n");
        tagged();
    }

    private void imap(String command) throws IOException {
        send("a " + command + "\r\n");
        tagged();
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void tagged() throws IOException {
        String line = line();
        while (!line.startsWith("a ")) {
            line = line();
        }
        if (!line.startsWith("a OK")) {
            throw new IOException(line);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server has closed the connection");
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    private static void say(String line) {
        System.out.println(line);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        http.close();
    }
}
