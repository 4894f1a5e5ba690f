package tamanoir.server.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.json.JsonText;

/// Push by EventSource (RFC 8620 §7.3): one virtual thread waits for as long as the browser listens.
final class Events {
    private static final int LONGEST_PING = 300;
    private static final int SHORTEST_PING = 5;
    private static final JsonText TEXT = new JsonText(64 * 1024);

    private final Jmap jmap;

    Events(Jmap jmap) {
        this.jmap = jmap;
    }

    void serve(Exchange exchange, Visitor visitor) throws IOException {
        Set<String> types =
                Set.copyOf(Arrays.asList(exchange.query("types").orElse("*").split(",")));
        boolean once = exchange.query("closeafter").orElse("no").equals("state");
        int asked = number(exchange.query("ping").orElse("0"));
        int ping = asked == 0 ? 0 : Math.clamp(asked, SHORTEST_PING, LONGEST_PING);
        exchange.set("Content-Type", "text/event-stream");
        Semaphore changed = new Semaphore(0);
        try (AutoCloseable _ = jmap.watch(visitor.caller(), () -> {
                    if (changed.availablePermits() == 0) {
                        changed.release();
                    }
                });
                OutputStream out = exchange.stream(200)) {
            Map<String, String> told = jmap.states(visitor.caller());
            out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            while (true) {
                boolean news = changed.tryAcquire(ping == 0 ? LONGEST_PING : ping, TimeUnit.SECONDS);
                if (!news) {
                    // Without a ping asked for, a comment tells us whether anybody still listens.
                    out.write((ping == 0 ? ":\n\n" : "event: ping\ndata: {\"interval\":" + ping + "}\n\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    continue;
                }
                changed.drainPermits();
                Map<String, String> now = jmap.states(visitor.caller());
                Map<String, String> differ = new TreeMap<>();
                for (Map.Entry<String, String> state : now.entrySet()) {
                    if ((types.contains("*") || types.contains(state.getKey()))
                            && !state.getValue().equals(told.get(state.getKey()))) {
                        differ.put(state.getKey(), state.getValue());
                    }
                }
                told = now;
                if (!differ.isEmpty()) {
                    out.write("event: state\ndata: ".getBytes(StandardCharsets.US_ASCII));
                    out.write(TEXT.write(change(visitor, differ)));
                    out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    if (once) {
                        return;
                    }
                }
            }
        } catch (IOException gone) {
            throw gone;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a watch cannot be closed", e);
        }
    }

    /// RFC 8620 §7.1.
    private static Json change(Visitor visitor, Map<String, String> states) {
        Json.Building types = Json.object();
        states.forEach(types::put);
        return Json.object()
                .put("@type", "StateChange")
                .put(
                        "changed",
                        Json.object()
                                .put(visitor.caller().account().id().toString(), types.build())
                                .build())
                .build();
    }

    private static int number(String digits) {
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
    }
}
