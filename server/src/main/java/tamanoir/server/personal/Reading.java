package tamanoir.server.personal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.personal.LogRow.Deed;
import tamanoir.server.personal.LogRow.Step;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// One consistent view of the objects of an account. Used by one thread, inside [PersonalAccount#read] only.
public class Reading {
    final Snapshot snapshot;
    final Partition partition;
    final Head head;
    private final long version;

    Reading(Snapshot snapshot, Partition partition) {
        this.snapshot = snapshot;
        this.partition = partition;
        this.head = snapshot.get(partition, Keys.HEAD, Keys.NOTHING)
                .map(Head::decode)
                .orElse(Head.FRESH);
        this.version = snapshot.version(partition);
    }

    /// The version of all objects together.
    public long version() {
        return version;
    }

    /// The version in which an object of this kind changed last: what JMAP calls its state.
    public long state(Kind kind) {
        return head.tally(kind).changed();
    }

    public int count(Kind kind) {
        return head.tally(kind).count();
    }

    public Optional<Stored> find(Kind kind, String id) {
        return row(kind, id).map(row -> ObjectRow.read(snapshot, partition, kind, id, row));
    }

    Optional<byte[]> row(Kind kind, String id) {
        return id.isEmpty() || id.length() > 255
                ? Optional.empty()
                : snapshot.get(partition, Keys.OBJECT, Keys.object(kind, id));
    }

    /// Every object of a kind, by id.
    public List<Stored> all(Kind kind) {
        List<Stored> all = new ArrayList<>();
        snapshot.scan(partition, Keys.OBJECT, Keys.kind(kind), Keys.kindEnd(kind), (key, row) -> {
            all.add(ObjectRow.read(snapshot, partition, kind, Keys.id(key), row));
            return true;
        });
        return all;
    }

    /// What happened to a kind after `since`: at most `most` ids of the oldest commits. Empty when the log
    /// does not reach back that far, or one commit alone has more (RFC 8620 §5.2).
    public Optional<Changes> changesSince(Kind kind, long since, int most) {
        if (since < 0 || since > version) {
            return Optional.empty();
        }
        long state = state(kind);
        if (since >= state) {
            return Optional.of(new Changes(since, since, false, List.of(), List.of(), List.of()));
        }
        if (since < head.logFloor()) {
            return Optional.empty();
        }
        Sum sum = new Sum(most);
        snapshot.scan(partition, Keys.LOG, Keys.version(since + 1), Keys.NOTHING, (key, row) -> {
            List<Step> steps =
                    LogRow.decode(row).stream().filter(s -> s.kind() == kind).toList();
            return steps.isEmpty() || sum.add(Keys.version(key), steps);
        });
        return sum.more && sum.last == 0
                ? Optional.empty()
                : Optional.of(sum.changes(since, sum.more ? sum.last : state));
    }

    /// Adds up commits until there are too many ids.
    private static final class Sum {
        private final int most;
        private Map<String, Fate> fates = new LinkedHashMap<>();
        private long last;
        private boolean more;

        Sum(int most) {
            this.most = most;
        }

        /// The first and the last thing that happened to an id decide.
        private record Fate(Deed first, Deed last) {
            boolean isNothing() {
                return first == Deed.CREATED && last == Deed.DESTROYED;
            }
        }

        boolean add(long commit, List<Step> steps) {
            Map<String, Fate> next = new LinkedHashMap<>(fates);
            for (Step step : steps) {
                next.merge(
                        step.id(),
                        new Fate(step.deed(), step.deed()),
                        (before, now) -> new Fate(before.first, now.last));
            }
            if (next.values().stream().filter(f -> !f.isNothing()).count() > most) {
                more = true;
                return false;
            }
            fates = next;
            last = commit;
            return true;
        }

        Changes changes(long since, long upTo) {
            List<String> created = new ArrayList<>();
            List<String> updated = new ArrayList<>();
            List<String> destroyed = new ArrayList<>();
            fates.forEach((id, fate) -> {
                if (!fate.isNothing()) {
                    List<String> where = fate.last == Deed.DESTROYED
                            ? destroyed
                            // Destroyed and made again under the same fixed id: to the client it has changed.
                            : fate.first == Deed.CREATED ? created : updated;
                    where.add(id);
                }
            });
            return new Changes(since, upTo, more, created, updated, destroyed);
        }
    }
}
