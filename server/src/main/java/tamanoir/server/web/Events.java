package tamanoir.server.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.json.JsonText;

/// Push by EventSource (RFC 8620 §7.3): one virtual thread waits for as long as the browser listens.
final class Events {
    private static final int LONGEST_PING = 300;
    private static final int SHORTEST_PING = 5;
    private static final JsonText TEXT = new JsonText(64 * 1024);

    private final Jmap jmap;
    private final SignInPaths signIn;
    private final Live live;

    Events(Jmap jmap, SignInPaths signIn, Live live) {
        this.jmap = jmap;
        this.signIn = signIn;
        this.live = live;
    }

    void serve(Exchange exchange, Visitor visitor) throws IOException {
        Push push = new Push(jmap, visitor, signIn::isStillIn);
        Optional<Live.Stream> stream = live.enter(visitor, push::end);
        if (stream.isEmpty()) {
            exchange.refuse(429, "too many streams of this account are open; close some windows");
            return;
        }
        exchange.set("Content-Type", "text/event-stream");
        try (OutputStream out = exchange.stream(200)) {
            // What the client saw last, it need not see again; what it missed comes at once (§7.3).
            PushState told =
                    exchange.header("Last-Event-ID").flatMap(PushState::of).orElseGet(push::now);
            say(out, ":\n\n");
            push.run(told, types(exchange), new Stream(exchange, visitor, out));
        } finally {
            live.leave(stream.get());
        }
    }

    /// No name is every type.
    private static Set<String> types(Exchange exchange) {
        Set<String> types = Arrays.stream(exchange.query("types").orElse("*").split(","))
                .map(String::strip)
                .filter(type -> !type.isEmpty())
                .collect(Collectors.toSet());
        return types.contains("*") ? Set.of() : types;
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// The lines of one stream.
    private static final class Stream implements Push.Listener {
        private final Visitor visitor;
        private final OutputStream out;
        private final boolean once;
        private final int ping;
        private long lastPing = System.nanoTime();

        Stream(Exchange exchange, Visitor visitor, OutputStream out) {
            this.visitor = visitor;
            this.out = out;
            this.once = exchange.query("closeafter").orElse("no").equals("state");
            int asked = number(exchange.query("ping").orElse("0"));
            // §7.3: the server may choose another interval than was asked for, and says which.
            this.ping = asked == 0 ? 0 : Math.clamp(asked, SHORTEST_PING, LONGEST_PING);
        }

        @Override
        public boolean changed(Map<String, String> differ, PushState now) throws IOException {
            String change = new String(
                    TEXT.write(PushState.change(visitor.caller(), differ).build()), StandardCharsets.UTF_8);
            say(out, "event: state\nid: " + now.asText() + "\ndata: " + change + "\n\n");
            return !once;
        }

        @Override
        public void quiet() throws IOException {
            if (ping > 0
                    && System.nanoTime() - lastPing
                            >= Duration.ofSeconds(ping).toNanos() - interval().toNanos() / 2) {
                lastPing = System.nanoTime();
                say(out, "event: ping\ndata: {\"interval\":" + ping + "}\n\n");
            } else {
                say(out, ":\n\n");
            }
        }

        @Override
        public Duration interval() {
            return ping == 0 || ping > Push.QUIET.toSeconds() ? Push.QUIET : Duration.ofSeconds(ping);
        }

        private static int number(String digits) {
            return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
        }
    }
}
