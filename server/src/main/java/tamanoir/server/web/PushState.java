package tamanoir.server.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Caller;

/// What somebody was told of: the state of every type. As text it goes to the client, who shows it again after a
/// break (Last-Event-ID, `pushState` of RFC 8887 §4.3.5.2) and then hears of exactly what changed meanwhile. Immutable.
record PushState(Map<String, String> states) {
    private static final int LONGEST = 4_096;

    PushState {
        states = Map.copyOf(states);
    }

    /// Empty when it is none of ours; the client is then told of everything.
    static Optional<PushState> of(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            Map<String, String> states = new TreeMap<>();
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            for (String one : plain.split("\n", -1)) {
                int equals = one.indexOf('=');
                if (equals > 0) {
                    states.put(one.substring(0, equals), one.substring(equals + 1));
                }
            }
            return Optional.of(new PushState(states));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String asText() {
        StringBuilder plain = new StringBuilder();
        new TreeMap<>(states)
                .forEach((type, state) ->
                        plain.append(type).append('=').append(state).append('\n'));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// The states here that `told` had otherwise; of all types where `types` is empty.
    Map<String, String> since(PushState told, Set<String> types) {
        Map<String, String> differ = new TreeMap<>();
        states.forEach((type, state) -> {
            if ((types.isEmpty() || types.contains(type)) && !state.equals(told.states.get(type))) {
                differ.put(type, state);
            }
        });
        return differ;
    }

    /// The StateChange object (RFC 8620 §7.1).
    static Json.Building change(Caller caller, Map<String, String> differ) {
        Json.Building types = Json.object();
        differ.forEach(types::put);
        return Json.object()
                .put("@type", "StateChange")
                .put(
                        "changed",
                        Json.object()
                                .put(caller.account().id().toString(), types.build())
                                .build());
    }
}
