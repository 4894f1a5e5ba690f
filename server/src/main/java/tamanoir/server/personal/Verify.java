package tamanoir.server.personal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// Recounts the objects of one account: every row can be read, the head has counted right, the log has no
/// holes, and no piece is without its object. Used once, by one thread.
final class Verify {
    private final Snapshot snapshot;
    private final Partition partition;
    private final List<String> findings = new ArrayList<>();

    Verify(Snapshot snapshot, Partition partition) {
        this.snapshot = snapshot;
        this.partition = partition;
    }

    List<String> findings() {
        try {
            Head head = snapshot.get(partition, Keys.HEAD, Keys.NOTHING)
                    .map(Head::decode)
                    .orElse(Head.FRESH);
            Map<Kind, Integer> counts = objects();
            for (Kind kind : Kind.values()) {
                int counted = counts.getOrDefault(kind, 0);
                if (head.tally(kind).count() != counted) {
                    findings.add("personal objects: the head counts "
                            + head.tally(kind).count() + " of kind " + kind + ", there are " + counted);
                }
            }
            log(head);
            pieces();
        } catch (Unavailable e) {
            findings.add("personal objects: " + e.detail());
        }
        return findings;
    }

    private Map<Kind, Integer> objects() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        snapshot.scan(partition, Keys.OBJECT, Keys.NOTHING, Keys.NOTHING, (key, row) -> {
            Optional<Kind> kind = Kind.of(key[0] & 0xFF);
            if (kind.isEmpty()) {
                findings.add("personal objects: " + Keys.id(key) + " is of kind " + (key[0] & 0xFF));
                return true;
            }
            counts.merge(kind.get(), 1, Integer::sum);
            try {
                ObjectRow.read(snapshot, partition, kind.get(), Keys.id(key), row);
            } catch (Unavailable e) {
                findings.add("personal object " + Keys.id(key) + ": " + e.detail());
            }
            return true;
        });
        return counts;
    }

    private void log(Head head) {
        long[] next = {head.logFloor() + 1};
        snapshot.scan(partition, Keys.LOG, Keys.NOTHING, Keys.NOTHING, (key, row) -> {
            long version = Keys.version(key);
            if (version != next[0]) {
                findings.add("personal objects: the log has a hole before version " + version);
            }
            next[0] = version + 1;
            try {
                LogRow.decode(row);
            } catch (Unavailable e) {
                findings.add("personal objects: the log of version " + version + ": " + e.detail());
            }
            return true;
        });
    }

    private void pieces() {
        Set<String> without = new HashSet<>();
        snapshot.scan(partition, Keys.PIECE, Keys.NOTHING, Keys.NOTHING, (key, _) -> {
            byte[] object = Keys.objectOfPiece(key);
            int piece = (key[key.length - 2] & 0xFF) << 8 | (key[key.length - 1] & 0xFF);
            boolean owned = snapshot.get(partition, Keys.OBJECT, object)
                    .filter(row -> piece < ObjectRow.pieces(row))
                    .isPresent();
            if (!owned && without.add(Arrays.toString(object))) {
                findings.add("personal objects: a piece without its object " + Keys.id(object));
            }
            return true;
        });
    }
}
