package tamanoir.bench.verdicts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Says the same to Postfix and to Tamanoir and compares the answers.
///
/// `Verdicts FOLDER WORK [SCENARIO...]`: FOLDER has the zone, the scenarios and the list of differences that are known
/// and wanted; WORK is a folder to work in, which gets the `report`. Exit code 1 when an answer is of another class
/// (2xx, 4xx, 5xx) and nobody
/// has said why.
public final class Verdicts {
    private static final int POSTFIX_PORT = 2525;
    private static final int OUR_PORT = 2526;

    /// A difference: where, what was said, and both answers.
    private record Difference(String scenario, String session, String said, String postfix, String ours) {
        boolean isOfClass() {
            return kind(postfix) != kind(ours);
        }

        /// After 354 the answer to the message is what counts.
        private static char kind(String reply) {
            return reply.charAt(reply.contains(" then ") ? 9 : 0);
        }

        boolean isOfCode() {
            return !code(postfix).equals(code(ours));
        }

        private static String code(String reply) {
            return reply.contains(" then ")
                    ? "354 " + reply.substring(9, Math.min(12, reply.length()))
                    : reply.substring(0, Math.min(3, reply.length()));
        }

        @Override
        public String toString() {
            return scenario + " | " + said + " | " + postfix + " | " + ours + " | " + session;
        }
    }

    /// A difference that is wanted: pattern over scenario, command, both answers; and the reason.
    private record Known(Pattern pattern, String reason, AtomicInteger uses) {
        static List<Known> in(Path file) throws IOException {
            List<Known> all = new ArrayList<>();
            String reason = "";
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("# ")) {
                    reason = line.substring(2);
                } else if (!line.isBlank()) {
                    all.add(new Known(Pattern.compile(line), reason, new AtomicInteger()));
                }
            }
            return all;
        }

        boolean covers(Difference difference) {
            boolean yes = pattern.matcher(difference.toString()).find();
            if (yes) {
                uses.incrementAndGet();
            }
            return yes;
        }
    }

    private Verdicts() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Path work = Path.of(args[1]).toAbsolutePath();
        List<String> wanted = List.of(args).subList(2, args.length);
        List<Known> known = Known.in(folder.resolve("known-differences"));
        Map<String, Conversation> sessions = Sessions.all();
        int replies = 0;
        List<Difference> differences = new ArrayList<>();
        try (ZoneServer _ =
                new ZoneServer(folder.resolve("zone"), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53))) {
            for (Scenario scenario : Scenario.in(folder)) {
                if (!wanted.isEmpty() && !wanted.contains(scenario.name())) {
                    continue;
                }
                Map<String, List<String>> postfix = postfix(scenario, work, sessions);
                Map<String, List<String>> ours = ours(scenario, work, sessions);
                for (Map.Entry<String, Conversation> session : sessions.entrySet()) {
                    replies += compare(
                            scenario,
                            session.getKey(),
                            session.getValue(),
                            postfix.getOrDefault(session.getKey(), List.of()),
                            ours.getOrDefault(session.getKey(), List.of()),
                            differences);
                }
            }
        }
        try (PrintStream out = new PrintStream(Files.newOutputStream(work.resolve("report")), false, UTF_8)) {
            System.exit(report(differences, known, replies, out));
        }
    }

    private static Map<String, List<String>> postfix(Scenario scenario, Path work, Map<String, Conversation> sessions)
            throws Exception {
        Path root = work.resolve("postfix-" + scenario.name());
        try (PostfixPeer _ = new PostfixPeer(root, Integer.toString(POSTFIX_PORT), scenario.config(), scenario)) {
            return answers(sessions, POSTFIX_PORT);
        }
    }

    private static Map<String, List<String>> ours(Scenario scenario, Path work, Map<String, Conversation> sessions)
            throws Exception {
        Path home = work.resolve("tamanoir-" + scenario.name());
        try (Ours _ = new Ours(home, "all", OUR_PORT, scenario.config(), scenario)) {
            return answers(sessions, OUR_PORT);
        }
    }

    /// Four sessions at a time: neither server may notice that others talk.
    private static Map<String, List<String>> answers(Map<String, Conversation> sessions, int port) throws Exception {
        Map<String, List<String>> answers = new java.util.concurrent.ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Map.Entry<String, Conversation>> left = new ConcurrentLinkedQueue<>(sessions.entrySet());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (Map.Entry<String, Conversation> next = left.poll(); next != null; next = left.poll()) {
                    boolean six = next.getValue().client() instanceof java.net.Inet6Address;
                    InetSocketAddress server = new InetSocketAddress(
                            InetAddress.ofLiteral(six ? Sessions.SERVER_SIX : Sessions.SERVER), port);
                    try {
                        answers.put(next.getKey(), next.getValue().with(server));
                    } catch (IOException e) {
                        answers.put(next.getKey(), List.of("no session: " + e.getMessage()));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return answers;
    }

    private static int compare(
            Scenario scenario,
            String name,
            Conversation session,
            List<String> postfix,
            List<String> ours,
            List<Difference> differences) {
        List<String> said = new ArrayList<>(List.of("CONNECT"));
        session.lines().stream()
                .filter(line -> !line.equals("<<") && !line.equals(">>"))
                .forEach(said::add);
        for (int i = 0; i < said.size(); i++) {
            Difference difference = new Difference(
                    scenario.name(),
                    name,
                    said.get(i),
                    i < postfix.size() ? postfix.get(i) : "closed",
                    i < ours.size() ? ours.get(i) : "closed");
            if (difference.isOfCode()) {
                differences.add(difference);
                if (difference.isOfClass() && said.get(i).startsWith("MAIL")) {
                    return i + 1; // what follows is about two different transactions
                }
            }
        }
        return said.size();
    }

    /// Queue names are different each time.
    private static String masked(String reply) {
        return reply.replaceAll("queued as .*", "queued as …");
    }

    private static int report(List<Difference> differences, List<Known> known, int replies, PrintStream out) {
        Map<String, List<Difference>> classes = new LinkedHashMap<>();
        Map<String, Integer> codes = new TreeMap<>();
        int explained = 0;
        int unexplained = 0;
        for (Difference difference : differences) {
            String kind = difference.scenario() + " | " + difference.said() + " | " + masked(difference.postfix())
                    + " | " + masked(difference.ours());
            if (known.stream().anyMatch(one -> one.covers(difference))) {
                explained++;
            } else if (difference.isOfClass()) {
                unexplained++;
                classes.computeIfAbsent(kind, _ -> new ArrayList<>()).add(difference);
            } else {
                codes.merge(kind, 1, Integer::sum);
            }
        }
        out.printf(
                "%d answers compared: %d differ in class without a reason, %d in code alone, %d differ on purpose%n",
                replies, unexplained, codes.values().stream().mapToInt(n -> n).sum(), explained);
        classes.forEach((kind, all) -> out.println("CLASS x" + all.size() + ": " + kind + "   in: "
                + all.getFirst().session()));
        codes.forEach((kind, count) -> out.println("code x" + count + ": " + kind));
        known.forEach(one -> out.println("on purpose x" + one.uses() + ": " + one.reason()));
        out.flush();
        return unexplained == 0 ? 0 : 1;
    }
}
