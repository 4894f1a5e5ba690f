package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.MessageFacts;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;

/// A file of requests and what must be answered. A step is a line and the indented ones below it:
///
/// - `C:` one or more method calls `Name {arguments}`, each on a line of its own; `accountId` is added
/// - `S:` their responses; a member `"<more>": true` allows others beside those named, `"<any>"` is anything,
///   `"<name:any>"` keeps it for `$(name)`
/// - `R:` a whole request; `A:` its answer, `E:` the error of the whole request
/// - `M: mailbox flags` a message arrives, its lines below after `|`; its ids are `$(e1)`, `$(b1)`, `$(t1)` and so on
/// - `F: mailbox uid +\Flag` or `-\Flag`: somebody changes flags over IMAP
/// - `X: mailbox` somebody expunges it
final class Dialogue {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([a-zA-Z0-9]+)\\)");
    private static final Pattern KEEP = Pattern.compile("<([a-zA-Z0-9]+):any>");

    private final JmapServer server;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<Json> responses = new ArrayList<>();
    private Json.Obj answer = Json.Obj.EMPTY;
    private RequestError failure = new RequestError("none", 0, "", Json.Obj.EMPTY);
    private int messages;

    Dialogue(JmapServer server) {
        this.server = server;
        names.put("account", Ids.of(server.alice.id()));
        server.mail()
                .list()
                .forEach(info -> names.put(info.name().toLowerCase(java.util.Locale.ROOT), Ids.of(info.id())));
    }

    void play(List<String> lines) {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.isBlank() || line.startsWith("#")) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < lines.size() && lines.get(end).startsWith("  ")) {
                end++;
            }
            List<String> step = new ArrayList<>();
            step.add(line.substring(2).strip());
            lines.subList(at + 1, end).forEach(more -> step.add(more.strip()));
            try {
                step(line.charAt(0), step);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("line " + (at + 1) + ": " + line + "\n" + e.getMessage(), e);
            }
            at = end;
        }
        assertThat(responses).as("responses nobody asked for").isEmpty();
    }

    private void step(char kind, List<String> step) {
        switch (kind) {
            case 'C' -> calls(chunks(step));
            case 'S' -> chunks(step).forEach(this::response);
            case 'R' -> request(filled(String.join("\n", step)));
            case 'A' -> match(server.json(filled(String.join("\n", step))), answer, "answer");
            case 'E' -> match(server.json(filled(String.join("\n", step))), failure.asJson(), "error");
            case 'M' -> message(step);
            case 'F' -> flags(step.getFirst().split(" "));
            case 'X' -> server.mail().expunge(server.mailbox(step.getFirst()), Uids.ALL);
            default -> throw new IllegalArgumentException("a step of kind " + kind);
        }
    }

    /// Lines joined to calls: each begins with the name of a method.
    private static List<String> chunks(List<String> step) {
        List<String> chunks = new ArrayList<>();
        for (String line : step) {
            if (line.matches("([A-Z][A-Za-z]*/[a-zA-Z]+|error) .*")) {
                chunks.add(line);
            } else if (!line.isEmpty()) {
                chunks.add(chunks.removeLast() + "\n" + line);
            }
        }
        return chunks;
    }

    private void calls(List<String> calls) {
        assertThat(responses).as("responses nobody asked for").isEmpty();
        List<Json> all = new ArrayList<>();
        for (String call : calls) {
            int cut = call.indexOf(' ');
            Json.Obj arguments = (Json.Obj) server.json(filled(call.substring(cut + 1)));
            Json.Building with = Json.object();
            if (!arguments.has("accountId")) {
                with.put("accountId", names.getOrDefault("account", ""));
            }
            arguments.members().forEach(with::put);
            all.add(new Json.Arr(
                    List.of(Json.of(call.substring(0, cut)), with.build(), Json.of(String.valueOf(all.size())))));
        }
        Json.Obj request = Json.object()
                .put("using", Json.Arr.ofTexts(JmapServer.USING))
                .put("methodCalls", all)
                .build();
        answer = server.jmap.answer(server.caller(), request);
        responses.addAll(((Json.Arr) answer.get("methodResponses").orElseThrow()).items());
    }

    private void response(String expected) {
        assertThat(responses).as("a response is missing: %s", expected).isNotEmpty();
        Json.Arr response = (Json.Arr) responses.removeFirst();
        int cut = expected.indexOf(' ');
        String name = ((Json.Text) response.items().get(0)).value();
        assertThat(name).as("%s", server.write(response)).isEqualTo(expected.substring(0, cut));
        match(server.json(filled(expected.substring(cut + 1))), response.items().get(1), name);
    }

    private void request(String request) {
        responses.clear();
        answer = Json.Obj.EMPTY;
        failure = new RequestError("none", 0, "", Json.Obj.EMPTY);
        try {
            answer = server.answer(request);
        } catch (RequestError e) {
            failure = e;
        }
    }

    private void message(List<String> step) {
        String[] head = step.getFirst().split(" ");
        StringBuilder raw = new StringBuilder();
        for (String line : step.subList(1, step.size())) {
            raw.append(line.length() > 2 ? line.substring(2) : "").append('\n');
        }
        String[] flags = new String[head.length - 1];
        System.arraycopy(head, 1, flags, 0, flags.length);
        server.clock.advance(java.time.Duration.ofSeconds(1));
        MessageId id = server.append(head[0], raw.toString(), flags);
        messages++;
        names.put("e" + messages, Ids.of(id));
        names.put("b" + messages, AccountBlobs.ofMessage(id));
        names.put("t" + messages, Ids.of(server.mail().threadOf(id)));
        MessageFacts facts = server.mail().facts(id);
        names.put("size" + messages, String.valueOf(facts.size()));
    }

    private void flags(String[] words) {
        server.mail()
                .store(
                        server.mailbox(words[0]),
                        Uids.of(Long.parseLong(words[1])),
                        words[2].startsWith("+") ? FlagOperation.ADD : FlagOperation.REMOVE,
                        Flags.of(List.of(words[2].substring(1))),
                        Long.MAX_VALUE);
    }

    private String filled(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(names.getOrDefault(found.group(1), "no $(" + found.group(1) + ")")));
    }

    private void match(Json expected, Json found, String where) {
        switch (expected) {
            case Json.Text(String text) when text.equals("<any>") -> {}
            case Json.Text(String text)
            when KEEP.matcher(text).matches() -> {
                Matcher keep = KEEP.matcher(text);
                assertThat(keep.matches()).isTrue();
                assertThat(found).as(where).isInstanceOf(Json.Text.class);
                names.put(keep.group(1), ((Json.Text) found).value());
            }
            case Json.Obj object -> {
                assertThat(found).as("%s: %s", where, server.write(found)).isInstanceOf(Json.Obj.class);
                Json.Obj other = (Json.Obj) found;
                object.members().forEach((name, value) -> {
                    if (!name.equals("<more>")) {
                        assertThat(other.members().keySet())
                                .as("%s in %s", where, server.write(found))
                                .contains(name);
                        match(value, other.get(name).orElseThrow(), where + "/" + name);
                    }
                });
                if (!object.has("<more>")) {
                    assertThat(other.members().keySet())
                            .as("%s in %s", where, server.write(found))
                            .containsExactlyInAnyOrderElementsOf(
                                    object.members().keySet());
                }
            }
            case Json.Arr array -> {
                assertThat(found).as("%s: %s", where, server.write(found)).isInstanceOf(Json.Arr.class);
                List<Json> items = ((Json.Arr) found).items();
                assertThat(items).as("%s: %s", where, server.write(found)).hasSameSizeAs(array.items());
                for (int i = 0; i < items.size(); i++) {
                    match(array.items().get(i), items.get(i), where + "/" + i);
                }
            }
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Text _ ->
                assertThat(server.write(found)).as(where).isEqualTo(server.write(expected));
        }
    }
}
