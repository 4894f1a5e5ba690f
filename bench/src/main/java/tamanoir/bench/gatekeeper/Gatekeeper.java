package tamanoir.bench.gatekeeper;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tamanoir.bench.verdicts.ZoneServer;

/// The rate of a bare server and of one with the whole gatekeeper on, in turns in one run:
/// `Gatekeeper FOLDER LAUNCHER [ROUNDS] [MESSAGES] [JVM-OPTIONS]`.
///
/// Guarded means postscreen with its later tests and two DNS lists, restrictions of all stages with a list and access
/// tables, SPF, DKIM, DMARC, ARC, header and body checks, and the junk filter with 40 lessons and a list of link
/// domains; no greylisting, which would refuse at first. The name server is on loopback; after the first message its
/// answers are in the server's cache. Every letter is of 10 KiB and carries a signature of RSA-2048 that is good.
public final class Gatekeeper {
    private static final int DNS_PORT = 35_353;
    private static final int BARE = 35_000;
    private static final int GUARDED = 36_000;
    private static final int LETTERS = 200;
    private static final int[] SESSIONS = {1, 10, 50};

    private static final String BARE_CONFIG = """
            postscreen_greet_action = ignore
            smtpd_client_restrictions =
            smtpd_helo_restrictions =
            smtpd_sender_restrictions =
            smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
            spf_check = no
            dkim_check = no
            arc_check = no
            dmarc_check = no
            junk_filter = no
            dns_servers = 127.0.0.1:%1$d
            """;

    private static final String GUARDED_CONFIG = """
            postscreen_greet_action = enforce
            postscreen_greet_wait = 2s
            postscreen_dnsbl_sites = one.lists.example, two.lists.example*2
            postscreen_dnsbl_action = enforce
            postscreen_pipelining_enable = yes
            postscreen_non_smtp_command_enable = yes
            postscreen_bare_newline_enable = yes
            smtpd_helo_required = yes
            smtpd_client_restrictions = permit_mynetworks, check_client_access cidr:%2$s/clients,
              reject_unknown_client_hostname, reject_rbl_client three.lists.example
            smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname,
              reject_unknown_helo_hostname
            smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain,
              check_sender_access hash:%2$s/senders
            smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_non_fqdn_recipient,
              check_recipient_access regexp:%2$s/recipients
            smtpd_data_restrictions = reject_unauth_pipelining
            header_checks = regexp:%2$s/header
            body_checks = regexp:%2$s/body
            junk_filter = yes
            junk_client_lists = two.lists.example
            junk_uri_lists = uri.lists.example
            greylist_enable = no
            dns_servers = 127.0.0.1:%1$d
            """;

    private Gatekeeper() {}

    public static void main(String[] words) throws Exception {
        Path folder = Path.of(words[0]).toAbsolutePath();
        Path launcher = Path.of(words[1]).toAbsolutePath();
        int rounds = words.length > 2 ? Integer.parseInt(words[2]) : 5;
        int messages = words.length > 3 ? Integer.parseInt(words[3]) : 4_000;
        String options = words.length > 4 ? words[4] : "";
        SignedMail mail = new SignedMail();
        Path zone = Files.writeString(folder.resolve("zone"), mail.zone());
        tables(folder);
        List<byte[]> letters = new ArrayList<>();
        for (int i = 0; i < LETTERS; i++) {
            letters.add(mail.letter(i));
        }
        try (ZoneServer names = new ZoneServer(zone, new InetSocketAddress("127.0.0.1", DNS_PORT));
                House bare = new House(folder.resolve("bare"), launcher, BARE, BARE_CONFIG.formatted(DNS_PORT), "");
                House guarded = new House(
                        folder.resolve("guarded"),
                        launcher,
                        GUARDED,
                        GUARDED_CONFIG.formatted(DNS_PORT, folder),
                        options)) {
            guarded.teach(letters.subList(0, 20), letters.subList(20, 40));
            LockSupport.parkNanos(5_000_000_000L);
            for (House house : List.of(bare, guarded)) { // Compilers and caches are warm then.
                run(house, letters, 10, messages * 2);
            }
            System.out.println("| sessions | bare, messages/s | guarded | guarded / bare (range of rounds)"
                    + " | CPU ms a message: bare | guarded |\n|---|---|---|---|---|---|");
            for (int sessions : SESSIONS) {
                compare(bare, guarded, letters, sessions, rounds, messages);
            }
        }
    }

    private static void tables(Path folder) throws IOException {
        Files.writeString(folder.resolve("clients"), "203.0.113.0/24 REJECT\n198.51.100.128/25 REJECT\n");
        Files.writeString(folder.resolve("senders"), "bad.example REJECT\nworse.example REJECT\n");
        Files.writeString(folder.resolve("recipients"), "/^(root|daemon)@/ REJECT\n/[%!]/ REJECT\n");
        Files.writeString(folder.resolve("header"), """
                /^Subject:.*(lottery|winning number)/ REJECT
                /^Content-(Type|Disposition):.*name *= *"?.*\\.(exe|scr|pif)"?/ REJECT
                /^X-Mailer: *Bulk/ REJECT
                /^From:.*@bad\\.example/ REJECT
                """);
        Files.writeString(folder.resolve("body"), """
                /http:\\/\\/[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+\\// REJECT
                /^TVqQAAMAAAAEAAAA/ REJECT
                """);
    }

    private record Figure(double rate, double cpuMillis) {}

    private static void compare(House bare, House guarded, List<byte[]> letters, int sessions, int rounds, int messages)
            throws InterruptedException, IOException {
        Figure[] plain = new Figure[rounds];
        Figure[] kept = new Figure[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            if (i % 2 == 0) {
                plain[i] = run(bare, letters, sessions, messages);
                kept[i] = run(guarded, letters, sessions, messages);
            } else {
                kept[i] = run(guarded, letters, sessions, messages);
                plain[i] = run(bare, letters, sessions, messages);
            }
            ratios[i] = kept[i].rate / plain[i].rate;
        }
        Arrays.sort(ratios);
        System.out.printf(
                "| %d | %.0f | %.0f | %.2f (%.2f-%.2f) | %.3f | %.3f |%n",
                sessions,
                median(Arrays.stream(plain).mapToDouble(Figure::rate).toArray()),
                median(Arrays.stream(kept).mapToDouble(Figure::rate).toArray()),
                median(ratios),
                ratios[0],
                ratios[rounds - 1],
                median(Arrays.stream(plain).mapToDouble(Figure::cpuMillis).toArray()),
                median(Arrays.stream(kept).mapToDouble(Figure::cpuMillis).toArray()));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Figure run(House house, List<byte[]> letters, int sessions, int messages)
            throws InterruptedException, IOException {
        AtomicInteger left = new AtomicInteger(messages);
        AtomicReference<@Nullable IOException> trouble = new AtomicReference<>();
        long cpu = house.cpu();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    session(house, letters, left);
                } catch (IOException e) {
                    trouble.set(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        IOException met = trouble.get();
        if (met != null) {
            throw met;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Figure(messages / seconds, (house.cpu() - cpu) / 1e6 / messages);
    }

    private static void session(House house, List<byte[]> letters, AtomicInteger left) throws IOException {
        try (Socket socket = house.stranger()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            expect(in, "220");
            say(socket, in, "EHLO out.sender.example\r\n", "250");
            for (int n = left.getAndDecrement(); n > 0; n = left.getAndDecrement()) {
                say(socket, in, "MAIL FROM:<ann@sender.example>\r\n", "250");
                say(socket, in, "RCPT TO:<" + House.user(n % House.USERS + 1) + "@example.com>\r\n", "250");
                say(socket, in, "DATA\r\n", "354");
                socket.getOutputStream().write(letters.get(n % letters.size()));
                expect(in, "250");
            }
            say(socket, in, "QUIT\r\n", "221");
        }
    }

    private static void say(Socket socket, InputStream in, String line, String wanted) throws IOException {
        socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        expect(in, wanted);
    }

    private static void expect(InputStream in, String wanted) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\n') {
                line.append((char) c);
            } else if (line.length() > 3 && line.charAt(3) == '-') {
                line.setLength(0);
            } else if (line.indexOf(wanted) == 0) {
                return;
            } else {
                throw new IOException("wanted " + wanted + ", got " + line);
            }
        }
    }
}
