package tamanoir.server.personal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.personal.Head.Tally;
import tamanoir.server.personal.LogRow.Deed;
import tamanoir.server.personal.LogRow.Step;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// A reading that also gathers changes; what it reads it has changed itself already. Some twenty objects at
/// most fit one commit. Used by one thread, inside [PersonalAccount#change] only.
public final class Edit extends Reading {
    /// Log rows taken away with one commit when the log has grown too long.
    private static final int LOG_STEP = 100;

    private final PersonalSettings settings;
    private final Map<Name, Optional<Json.Obj>> changed = new LinkedHashMap<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private long next;

    private record Name(Kind kind, String id) {}

    Edit(Snapshot snapshot, Partition partition, PersonalSettings settings) {
        super(snapshot, partition);
        this.settings = settings;
        this.next = head.next();
    }

    @Override
    public int count(Kind kind) {
        return counts.getOrDefault(kind, super.count(kind));
    }

    @Override
    public Optional<Stored> find(Kind kind, String id) {
        Optional<Json.Obj> now = changed.get(new Name(kind, id));
        return now == null ? super.find(kind, id) : now.map(value -> new Stored(kind, id, value, version() + 1));
    }

    @Override
    public List<Stored> all(Kind kind) {
        List<Stored> all = new ArrayList<>(super.all(kind));
        all.removeIf(stored -> changed.containsKey(new Name(kind, stored.id())));
        changed.forEach((name, value) -> {
            if (name.kind == kind) {
                value.ifPresent(json -> all.add(new Stored(kind, name.id, json, version() + 1)));
            }
        });
        return all;
    }

    /// Makes an object with an id of its own; answers it.
    ///
    /// @throws PersonalRefused when it is too large, or there are too many
    public String create(Kind kind, Json.Obj value) {
        String id = kind.id(next);
        create(kind, id, value);
        next++;
        return id;
    }

    /// Makes the object of that id.
    public void create(Kind kind, String id, Json.Obj value) {
        if (count(kind) >= settings.mostObjects()) {
            throw new PersonalRefused(
                    PersonalRefused.Reason.TOO_MANY,
                    "there are " + count(kind) + " of these already, which is the most; delete some first");
        }
        ObjectRow.json(kind, value);
        if (find(kind, id).isEmpty()) {
            counts.put(kind, count(kind) + 1);
        }
        changed.put(new Name(kind, id), Optional.of(value));
    }

    /// Replaces an object that is there.
    ///
    /// @throws PersonalRefused when it is too large
    public void update(Kind kind, String id, Json.Obj value) {
        if (find(kind, id).isEmpty()) {
            throw new IllegalArgumentException("there is no " + kind + " " + id);
        }
        ObjectRow.json(kind, value);
        changed.put(new Name(kind, id), Optional.of(value));
    }

    /// Takes an object away; nothing happens when it is not there.
    public void destroy(Kind kind, String id) {
        if (find(kind, id).isPresent()) {
            counts.put(kind, count(kind) - 1);
            changed.put(new Name(kind, id), Optional.empty());
        }
    }

    /// Everything as one batch under the condition that nobody else was quicker; an empty one when nothing
    /// changes.
    Batch batch() {
        Batch batch = new Batch(partition, version());
        long commit = version() + 1;
        List<Step> steps = new ArrayList<>();
        Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
        tallies.putAll(head.tallies());
        changed.forEach((name, value) -> {
            Optional<byte[]> before = row(name.kind, name.id);
            if (before.isEmpty() && value.isEmpty()) {
                return;
            }
            Deed deed = value.isEmpty() ? Deed.DESTROYED : before.isEmpty() ? Deed.CREATED : Deed.UPDATED;
            steps.add(new Step(name.kind, deed, name.id));
            tallies.put(name.kind, new Tally(count(name.kind), commit));
            value.ifPresentOrElse(
                    json -> ObjectRow.put(batch, name.kind, name.id, ObjectRow.json(name.kind, json), commit, before),
                    () -> ObjectRow.delete(batch, name.kind, name.id, before.orElseThrow()));
        });
        if (steps.isEmpty()) {
            return batch;
        }
        batch.put(Keys.LOG, Keys.version(commit), LogRow.encode(steps));
        long floor = head.logFloor();
        if (commit - floor > settings.logCommits() + (long) LOG_STEP) {
            for (int i = 1; i <= LOG_STEP; i++) {
                batch.delete(Keys.LOG, Keys.version(floor + i));
            }
            floor += LOG_STEP;
        }
        return batch.put(Keys.HEAD, Keys.NOTHING, new Head(next, floor, tallies).encode());
    }
}
