package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tamanoir.mail.jmap.Json;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;

/// Whatever happens to an account over IMAP and JMAP, a client that follows the changes from any earlier state has in
/// the end what a client has that gets everything anew.
class ChangesReplayTest {
    private static final List<String> TYPES = List.of("Mailbox", "Thread", "Email");
    private static final String[] FLAGS = {"\\Seen", "\\Flagged", "\\Deleted", "\\Draft", "work", "home"};

    private long seed = Long.getLong("tamanoir.seed", System.nanoTime());
    private Random random = new Random(seed);

    /// What a client knows of one type.
    private static final class Replica {
        private final String type;
        private String state;
        private final Map<String, Map<String, Json>> objects = new TreeMap<>();

        Replica(String type, String state) {
            this.type = type;
            this.state = state;
        }
    }

    @Test
    void changesFollowedFromAnyStateLeadToThePresent() {
        for (int run = 0; run < 12; run++) {
            random = new Random(++seed);
            try (JmapServer server = new JmapServer()) {
                List<Replica> replicas = new ArrayList<>();
                for (int step = 0; step < 200; step++) {
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        operate(server, step);
                    }
                    if (random.nextInt(12) == 0) {
                        TYPES.forEach(type -> replicas.add(fresh(server, type)));
                    }
                    if (random.nextInt(15) == 0 && !replicas.isEmpty()) {
                        check(server, replicas.get(random.nextInt(replicas.size())), step);
                    }
                }
                for (Replica replica : replicas) {
                    check(server, replica, 200);
                }
            }
        }
    }

    private void check(JmapServer server, Replica replica, int step) {
        String since = replica.state;
        catchUp(server, replica);
        Replica present = fresh(server, replica.type);
        Map<String, Map<String, Json>> ours = new TreeMap<>(replica.objects);
        Map<String, Map<String, Json>> theirs = new TreeMap<>(present.objects);
        replica.objects.forEach((id, object) -> {
            if (object.equals(present.objects.get(id))) {
                ours.remove(id);
                theirs.remove(id);
            }
        });
        assertThat(ours)
                .as("seed %d step %d: %s from %s to %s", seed, step, replica.type, since, replica.state)
                .isEqualTo(theirs);
    }

    private static Replica fresh(JmapServer server, String type) {
        Json.Obj all = server.call(type + "/get", properties(type, "\"ids\":null"));
        Replica replica = new Replica(type, text(all, "state"));
        put(replica, all);
        return replica;
    }

    private static String properties(String type, String ids) {
        return switch (type) {
            case "Email" -> "{" + ids + ",\"properties\":[\"threadId\",\"keywords\",\"mailboxIds\"]}";
            default -> "{" + ids + "}";
        };
    }

    private void catchUp(JmapServer server, Replica replica) {
        boolean more = true;
        for (int pages = 0; more; pages++) {
            assertThat(pages).as("seed %d: pages without end", seed).isLessThan(2_000);
            String most = random.nextBoolean() ? "" : ",\"maxChanges\":" + (1 + random.nextInt(5));
            Json.Obj changes =
                    server.call(replica.type + "/changes", "{\"sinceState\":\"" + replica.state + "\"" + most + "}");
            assertThat(changes.has("created"))
                    .as("seed %d: %s", seed, server.write(changes))
                    .isTrue();
            assertThat(text(changes, "oldState")).isEqualTo(replica.state);
            texts(changes, "destroyed").forEach(replica.objects::remove);
            List<String> created = texts(changes, "created");
            get(server, replica, created, Optional.empty());
            Optional<Json> properties = changes.get("updatedProperties").filter(value -> !(value instanceof Json.Null));
            get(server, replica, texts(changes, "updated"), properties);
            replica.state = text(changes, "newState");
            more = changes.get("hasMoreChanges").orElseThrow().equals(Json.of(true));
        }
    }

    private static void get(JmapServer server, Replica replica, List<String> ids, Optional<Json> properties) {
        if (ids.isEmpty()) {
            return;
        }
        Json.Building arguments = Json.object().put("accountId", Ids.of(server.alice.id()));
        arguments.put("ids", Json.Arr.ofTexts(ids));
        if (properties.isPresent()) {
            arguments.put("properties", properties.get());
        } else if (replica.type.equals("Email")) {
            arguments.put("properties", Json.Arr.ofTexts(List.of("threadId", "keywords", "mailboxIds")));
        }
        Json.Obj found = server.call(replica.type + "/get", arguments.build());
        put(replica, found);
        texts(found, "notFound").forEach(replica.objects::remove);
    }

    private static void put(Replica replica, Json.Obj got) {
        for (Json item : ((Json.Arr) got.get("list").orElseThrow()).items()) {
            Json.Obj object = (Json.Obj) item;
            replica.objects
                    .computeIfAbsent(text(object, "id"), _ -> new LinkedHashMap<>())
                    .putAll(object.members());
        }
    }

    private static String text(Json.Obj object, String name) {
        return ((Json.Text) object.get(name).orElseThrow()).value();
    }

    private static List<String> texts(Json.Obj object, String name) {
        return ((Json.Arr) object.get(name).orElseThrow())
                .items().stream().map(item -> ((Json.Text) item).value()).toList();
    }

    // ---- what happens ------------------------------------------------------------------------------------------

    private void operate(JmapServer server, int step) {
        try {
            AccountMail mail = server.mail();
            List<MailboxInfo> boxes =
                    mail.list().stream().filter(MailboxInfo::selectable).toList();
            MailboxInfo box = boxes.get(random.nextInt(boxes.size()));
            MailboxId other = boxes.get(random.nextInt(boxes.size())).id();
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> append(server, box, step);
                case 4, 5 ->
                    mail.store(
                            box.id(),
                            some(mail, box),
                            random.nextBoolean() ? FlagOperation.ADD : FlagOperation.REMOVE,
                            Flags.of(List.of(FLAGS[random.nextInt(FLAGS.length)])),
                            Long.MAX_VALUE);
                case 6 -> mail.copy(box.id(), some(mail, box), other);
                case 7 -> mail.move(box.id(), some(mail, box), other);
                case 8 -> mail.expunge(box.id(), Uids.ALL);
                case 9 -> mail.create("box " + random.nextInt(6), Optional.empty());
                case 10 -> mail.create(box.name() + "/below " + random.nextInt(3), Optional.empty());
                case 11 -> {
                    if (!box.name().equals("INBOX")) {
                        mail.rename(box.name(), "name " + random.nextInt(9));
                    }
                }
                case 12 -> {
                    if (!box.name().equals("INBOX") && random.nextInt(3) == 0) {
                        mail.delete(box.name());
                    }
                }
                case 13, 14 -> set(server, mail, box, other);
                default -> server.mailboxes.tidy(server.alice.id());
            }
        } catch (MailboxRefused no) {
            assertThat(no.reason()).as("seed %d", seed).isNotNull();
        }
    }

    private void append(JmapServer server, MailboxInfo box, int step) {
        server.clock.advance(Duration.ofSeconds(1));
        String id = step + "." + random.nextInt(1000);
        String parent = random.nextInt(Math.max(step, 1)) + "." + random.nextInt(1000);
        server.append(
                box.name(),
                "Subject: s" + random.nextInt(3) + "\nMessage-ID: <" + id + "@x>\nIn-Reply-To: <"
                        + (random.nextBoolean() ? "common" + random.nextInt(4) : parent) + "@x>\n\nx\n",
                FLAGS[random.nextInt(FLAGS.length)]);
    }

    private Uids some(AccountMail mail, MailboxInfo box) {
        View view = mail.view(box.id());
        Uids.Builder uids = new Uids.Builder();
        for (int i = 0; i < view.size(); i++) {
            if (random.nextInt(3) == 0) {
                uids.add(view.uid(i));
            }
        }
        return uids.build();
    }

    private void set(JmapServer server, AccountMail mail, MailboxInfo box, MailboxId other) {
        View view = mail.view(box.id());
        if (view.size() == 0) {
            return;
        }
        Json.Building update = Json.object();
        List<Json> destroy = new ArrayList<>();
        for (int i = 0; i < view.size(); i++) {
            String id = Ids.of(view.message(i));
            switch (random.nextInt(8)) {
                case 0 ->
                    update.put(
                            id,
                            Json.object()
                                    .put("keywords/work", random.nextBoolean() ? Json.of(true) : Json.NULL)
                                    .put("mailboxIds/" + Ids.of(other), true)
                                    .build());
                case 1 ->
                    update.put(
                            id,
                            Json.object()
                                    .put(
                                            "mailboxIds",
                                            Json.object()
                                                    .put(Ids.of(other), true)
                                                    .build())
                                    .put(
                                            "keywords",
                                            Json.object().put("$seen", true).build())
                                    .build());
                case 2 -> destroy.add(Json.of(id));
                default -> {}
            }
        }
        server.call(
                "Email/set",
                Json.object()
                        .put("accountId", Ids.of(server.alice.id()))
                        .put("update", update.build())
                        .put("destroy", destroy)
                        .build());
        assertThat(server.mailboxes.verify(server.alice.id()))
                .as("seed %d", seed)
                .isEmpty();
    }
}
