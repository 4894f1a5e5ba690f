package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.mailbox.AccountMail.Copied;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Random sequences of operations, done to the room and to a mailbox as simple as can be; both must look the same, the
/// change log must lead a reader from one state to the next, and the rows must verify.
class ModelTest {
    private static final List<String> NAMES = List.of("INBOX", "a", "a/b", "a/b/c", "d", "Trash");
    private static final List<String> FLAGS = List.of("\\Seen", "\\Deleted", "\\Flagged", "red", "Green");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    /// The naive one.
    private static final class Box {
        final Map<Long, Message> messages = new TreeMap<>();
        long next = 1;
    }

    private record Message(String subject, Flags flags) {}

    private final Map<String, Box> model = new TreeMap<>();

    /// What a reader of the change log knows: mailbox → UID → message.
    private final Map<MailboxId, Map<Long, MessageId>> replica = new HashMap<>();

    private long replicaAt;

    @Test
    void overTheMemoryStore() {
        try (MailRoom room = new MailRoom()) {
            run(room, 2_500);
        }
    }

    @Test
    void overRocksDb(@TempDir Path folder) {
        try (MailRoom room = new MailRoom(
                new RocksStore(folder, Settings.standard().withReserve(0), new Trace("store", "")),
                MailRoom.settings())) {
            run(room, 600);
        }
    }

    private void run(MailRoom room, int steps) {
        model.clear();
        replica.clear();
        replicaAt = 0;
        model.put("INBOX", new Box());
        model.put("Trash", new Box());
        for (int step = 0; step < steps; step++) {
            try {
                step(room, step);
                compare(room);
                if (step % 50 == 0) {
                    assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("run with -Dseed=" + seed + ", step " + step, e);
            }
        }
        room.mailboxes.tidy(room.alice.id());
        assertThat(room.mailboxes.verify(room.alice.id())).as("seed %d", seed).isEmpty();
    }

    private String existing() {
        List<String> names = new ArrayList<>(model.keySet());
        return names.get(random.nextInt(names.size()));
    }

    private MailboxId id(MailRoom room, String name) {
        return room.mail().find(name).orElseThrow().id();
    }

    private Flags flags() {
        Set<String> some = new HashSet<>();
        for (String flag : FLAGS) {
            if (random.nextInt(3) == 0) {
                some.add(flag);
            }
        }
        return Flags.of(some);
    }

    private Uids uids(Box box) {
        return switch (random.nextInt(4)) {
            case 0 -> Uids.ALL;
            case 1 -> Uids.ofRange(1 + random.nextLong(box.next), 1 + random.nextLong(box.next));
            default -> {
                long[] some = new long[1 + random.nextInt(6)];
                for (int i = 0; i < some.length; i++) {
                    some[i] = 1 + random.nextLong(box.next);
                }
                yield Uids.of(some);
            }
        };
    }

    private void step(MailRoom room, int step) {
        AccountMail mail = room.mail();
        String name = existing();
        Box box = java.util.Objects.requireNonNull(model.get(name));
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> {
                List<NewMessage> messages = new ArrayList<>();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    String subject = "s" + step + "." + n;
                    Flags flags = flags();
                    NewMessage plain = room.message(subject);
                    messages.add(new NewMessage(plain.prefix(), plain.body(), flags, plain.internalDate()));
                    box.messages.put(box.next++, new Message(subject, flags));
                }
                mail.append(id(room, name), messages);
            }
            case 5 -> {
                room.mailboxes.deliver(
                        List.of(new Deposit(room.alice.id(), name, false, room.message("d" + step), "")), List.of());
                box.messages.put(box.next++, new Message("d" + step, Flags.NONE));
            }
            case 6, 7 -> {
                FlagOperation operation = List.of(FlagOperation.values()).get(random.nextInt(3));
                Flags flags = flags();
                Uids uids = uids(box);
                mail.store(id(room, name), uids, operation, flags, Long.MAX_VALUE);
                box.messages.replaceAll((uid, message) -> !uids.contains(uid)
                        ? message
                        : new Message(
                                message.subject,
                                switch (operation) {
                                    case REPLACE -> flags;
                                    case ADD -> message.flags.plus(flags);
                                    case REMOVE -> message.flags.minus(flags);
                                }));
            }
            case 8, 9 -> {
                boolean move = random.nextBoolean();
                String to = existing();
                Box target = java.util.Objects.requireNonNull(model.get(to));
                Uids uids = uids(box);
                List<Long> from =
                        box.messages.keySet().stream().filter(uids::contains).toList();
                Copied copied = move
                        ? mail.move(id(room, name), uids, id(room, to))
                        : mail.copy(id(room, name), uids, id(room, to));
                assertThat(copied.from().stream().boxed().toList()).isEqualTo(from);
                List<Long> arrived = new ArrayList<>();
                for (long uid : from) {
                    arrived.add(target.next);
                    target.messages.put(target.next++, box.messages.get(uid));
                }
                assertThat(copied.to().stream().boxed().toList()).isEqualTo(arrived);
                if (move) {
                    box.messages.keySet().removeAll(from);
                }
            }
            case 10 -> {
                Uids uids = uids(box);
                Uids gone = mail.expunge(id(room, name), uids);
                List<Long> expected = new ArrayList<>();
                box.messages.forEach((uid, message) -> {
                    if (uids.contains(uid) && message.flags.has(Flags.DELETED)) {
                        expected.add(uid);
                    }
                });
                assertThat(gone.stream().boxed().toList()).isEqualTo(expected);
                box.messages.keySet().removeAll(expected);
            }
            case 11 -> {
                long modseq = mail.view(id(room, name)).highestModseq();
                Uids before = mail.view(id(room, name)).uids();
                Uids uids = uids(box);
                Uids gone = mail.remove(id(room, name), uids);
                box.messages.keySet().removeIf(uids::contains);
                assertThat(mail.vanishedSince(id(room, name), modseq, before)).isEqualTo(gone);
            }
            case 12 -> {
                String made = NAMES.get(random.nextInt(NAMES.size()));
                if (!model.containsKey(made)) {
                    mail.create(made, Optional.empty());
                    for (String above = made; !above.isEmpty(); above = Names.parent(above)) {
                        // A placeholder above stays one.
                        if (above.equals(made) || mail.find(above).orElseThrow().selectable()) {
                            model.putIfAbsent(above, new Box());
                        }
                    }
                }
            }
            case 13 -> {
                if (!name.equals("INBOX")) {
                    mail.delete(name);
                    model.remove(name);
                }
            }
            case 14 -> {
                String to = NAMES.get(random.nextInt(NAMES.size()));
                if (!name.equals("INBOX") && mail.find(to).isEmpty() && !Names.isBelow(to, name)) {
                    mail.rename(name, to);
                    Map<String, Box> moved = new HashMap<>();
                    model.keySet().removeIf(each -> {
                        if (each.equals(name) || Names.isBelow(each, name)) {
                            moved.put(to + each.substring(name.length()), model.get(each));
                            return true;
                        }
                        return false;
                    });
                    model.putAll(moved);
                    for (String above = Names.parent(to); !above.isEmpty(); above = Names.parent(above)) {
                        if (mail.find(above).orElseThrow().selectable()) {
                            model.putIfAbsent(above, new Box());
                        }
                    }
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    room.mailboxes.tidy(room.alice.id());
                } else {
                    room.restart();
                }
            }
        }
    }

    private void compare(MailRoom room) {
        AccountMail mail = room.mail();
        Map<String, MailboxInfo> there = new TreeMap<>();
        mail.list().stream().filter(MailboxInfo::selectable).forEach(info -> there.put(info.name(), info));
        assertThat(there.keySet()).isEqualTo(model.keySet());
        Changes changes = mail.changesSince(replicaAt).orElseThrow();
        changes.changes().forEach(this::follow);
        replicaAt = changes.upTo();
        assertThat(replicaAt).isEqualTo(mail.version());
        long octets = 0;
        for (Map.Entry<String, Box> each : model.entrySet()) {
            MailboxInfo info = java.util.Objects.requireNonNull(there.get(each.getKey()));
            Box box = each.getValue();
            View view = mail.view(info.id());
            assertThat(view.uids().stream().boxed().toList()).isEqualTo(new ArrayList<>(box.messages.keySet()));
            assertThat(info.messages()).isEqualTo(box.messages.size());
            assertThat(info.uidNext()).isEqualTo(box.next);
            int unseen = 0;
            List<MessageId> ids = new ArrayList<>();
            int i = 0;
            for (Message message : box.messages.values()) {
                assertThat(view.flags(i)).isEqualTo(message.flags);
                assertThat(view.modseq(i)).isLessThanOrEqualTo(view.highestModseq());
                unseen += message.flags.has(Flags.SEEN) ? 0 : 1;
                octets += view.octets(i);
                ids.add(view.message(i++));
            }
            assertThat(info.unseen()).isEqualTo(unseen);
            if (random.nextInt(20) == 0) {
                assertThat(mail.facts(ids).stream()
                                .map(facts -> facts.orElseThrow().subject())
                                .toList())
                        .isEqualTo(box.messages.values().stream()
                                .map(Message::subject)
                                .toList());
            }
            Map<Long, MessageId> known = replica.getOrDefault(info.id(), Map.of());
            assertThat(new ArrayList<>(known.values())).isEqualTo(ids);
        }
        assertThat(mail.quota().usedOctets()).isEqualTo(octets);
    }

    private void follow(Change change) {
        switch (change) {
            case Change.Added added ->
                replica.computeIfAbsent(added.mailbox(), _ -> new TreeMap<>()).put(added.uid(), added.message());
            case Change.Removed removed ->
                replica.getOrDefault(removed.mailbox(), new TreeMap<>()).remove(removed.uid());
            case Change.MailboxGone gone -> replica.remove(gone.mailbox());
            case Change.Flagged _, Change.MailboxMade _, Change.MailboxChanged _ -> {}
        }
    }
}
