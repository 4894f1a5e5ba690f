package tamanoir.bench.sample;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.app.Ground;
import tamanoir.mail.address.Address;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Fills a mailbox with letters made from a seed.
///
/// `SampleMailbox --home DIR ...` writes into the store of a stopped Tamanoir, thousands a second; domain and account
/// are made where they are missing. `SampleMailbox --imap HOST:PORT ...` appends the same letters to any server, the
/// peer of a comparison for instance. More options: `--user ADDRESS --password P --name "A. Name" --messages N
/// --elsewhere N --seed N --until INSTANT`.
public final class SampleMailbox {
    private static final int BATCH = 40;
    private static final int BATCH_OCTETS = 160_000;

    private SampleMailbox() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        String user = options.getOrDefault("--user", "user001@example.com");
        String password = options.getOrDefault("--password", "secret");
        int messages = Integer.parseInt(options.getOrDefault("--messages", "10000"));
        Letters letters = new Letters(
                Long.parseLong(options.getOrDefault("--seed", "7")),
                user,
                options.getOrDefault("--name", "Ada Ameisenbär"),
                Instant.parse(options.getOrDefault("--until", "2026-11-25T08:00:00Z")),
                messages,
                Integer.parseInt(options.getOrDefault("--elsewhere", String.valueOf(messages / 10))));
        long start = System.nanoTime();
        String home = options.get("--home");
        String imap = options.get("--imap");
        if (home != null) {
            intoStore(Path.of(home), user, password, options.getOrDefault("--name", "Ada Ameisenbär"), letters);
        } else if (imap != null) {
            overImap(imap, user, password, letters);
        } else {
            say("Say where to: --home DIR (a stopped Tamanoir) or --imap HOST:PORT.");
            System.exit(64);
        }
        say(letters.total() + " letters for " + user + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    // ---- into the store --------------------------------------------------------------------------------------

    private static void intoStore(Path home, String user, String password, String name, Letters letters)
            throws IOException {
        Address address = Address.of(user);
        Files.createDirectories(home);
        if (Files.notExists(home.resolve("main.cf"))) {
            Files.writeString(
                    home.resolve("main.cf"),
                    "mydomain = " + address.domain() + "\nmyhostname = mail.$mydomain\nmyorigin = $mydomain\n"
                            + "mynetworks = 127.0.0.0/8\nrecipient_delimiter = +\nsmtpd_sasl_auth_enable = yes\n");
        }
        try (Ground ground = Ground.open(home, Map.of())) {
            Directory directory = ground.office().directory();
            if (!directory.hasDomain(address.domain())) {
                directory.addDomain(address.domain());
            }
            Account account =
                    directory.account(address).orElseGet(() -> directory.addAccount(address, name, password, 0));
            AccountMail mail = ground.office().mailboxes().open(account.id());
            Map<String, List<NewMessage>> waiting = new HashMap<>();
            Map<String, Integer> octets = new HashMap<>();
            while (letters.hasNext()) {
                Letter letter = letters.next();
                if (octets.getOrDefault(letter.folder(), 0) + letter.octets().length > BATCH_OCTETS) {
                    append(mail, letter.folder(), waiting, octets);
                }
                waiting.computeIfAbsent(letter.folder(), _ -> new ArrayList<>())
                        .add(new NewMessage(
                                Octets.EMPTY,
                                body(letter.octets(), ground.office().store().blobs()),
                                Flags.of(letter.flags()),
                                letter.date()));
                octets.merge(letter.folder(), letter.octets().length, Integer::sum);
                if (waiting.get(letter.folder()).size() == BATCH) {
                    append(mail, letter.folder(), waiting, octets);
                }
            }
            for (String folder : List.copyOf(waiting.keySet())) {
                append(mail, folder, waiting, octets);
            }
        }
    }

    private static Body body(byte[] octets, Blobs blobs) throws IOException {
        if (octets.length <= Body.SMALL) {
            return new Body.Small(Octets.of(octets));
        }
        try (Blobs.Spool spool = blobs.spool()) {
            spool.write(octets, 0, octets.length);
            return new Body.Large(spool.keep(), octets.length);
        }
    }

    private static void append(
            AccountMail mail, String folder, Map<String, List<NewMessage>> waiting, Map<String, Integer> octets) {
        List<NewMessage> some = waiting.remove(folder);
        octets.remove(folder);
        if (some != null) {
            MailboxId box = mail.find(folder)
                    .orElseGet(() -> {
                        MailboxInfo made = mail.create(folder, Optional.empty());
                        mail.subscribe(folder, true);
                        return made;
                    })
                    .id();
            mail.append(box, some);
        }
    }

    // ---- over IMAP -------------------------------------------------------------------------------------------

    private static void overImap(String server, String user, String password, Letters letters) throws IOException {
        int colon = server.lastIndexOf(':');
        DateTimeFormatter date = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        Set<String> made = new HashSet<>(Set.of("INBOX"));
        try (Socket socket = new Socket(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            line(in);
            command(in, out, "LOGIN \"" + user + "\" \"" + password + "\"");
            // RFC 9051 §6.3.9: which sign stands between the levels of a name here.
            String levels = command(in, out, "LIST \"\" \"\"").replaceAll("(?s).*\\) \"(.)\".*", "$1");
            while (letters.hasNext()) {
                Letter letter = letters.next();
                // Names beyond ASCII are written differently here and there (RFC 6855); one plain folder stands for
                // them.
                String folder = StandardCharsets.US_ASCII.newEncoder().canEncode(letter.folder())
                        ? letter.folder().replace("/", levels)
                        : "Elsewhere";
                if (made.add(folder)) {
                    command(in, out, "CREATE \"" + folder + "\"");
                }
                out.write(("a APPEND \"" + folder + "\" (" + String.join(" ", letter.flags()) + ") \""
                                + date.format(letter.date()) + "\" {" + letter.octets().length + "}\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                String answer = line(in);
                if (!answer.startsWith("+")) {
                    throw new IOException("the server refused the letter: " + answer);
                }
                out.write(letter.octets());
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                String done = tagged(in);
                if (!done.contains("a OK")) {
                    throw new IOException("the server refused the letter: " + done);
                }
            }
            command(in, out, "LOGOUT");
        }
    }

    private static String command(InputStream in, OutputStream out, String text) throws IOException {
        out.write(("a " + text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return tagged(in);
    }

    /// The lines of an answer, the tagged one last.
    private static String tagged(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        String line = line(in);
        while (!line.startsWith("a ")) {
            answer.append(line).append('\n');
            line = line(in);
        }
        return answer + line;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server closed the connection");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    @SuppressWarnings("SystemOut") // A program for a person at a console.
    private static void say(String line) {
        System.out.println(line);
    }
}
