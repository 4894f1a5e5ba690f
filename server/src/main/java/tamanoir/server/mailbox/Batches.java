package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;

/// One commit takes one batch of each partition; several parts of one step may want the same one.
final class Batches {
    private Batches() {}

    /// The same changes with one batch a partition.
    ///
    /// @throws IllegalArgumentException when two of one partition expect different versions
    static List<Batch> merged(List<Batch> batches) {
        Map<Partition, List<Batch>> byPartition = LinkedHashMap.newLinkedHashMap(batches.size());
        for (Batch batch : batches) {
            if (!batch.isEmpty()) {
                byPartition
                        .computeIfAbsent(batch.partition(), _ -> new ArrayList<>(1))
                        .add(batch);
            }
        }
        List<Batch> merged = new ArrayList<>(byPartition.size());
        for (List<Batch> same : byPartition.values()) {
            merged.add(same.size() == 1 ? same.getFirst() : merge(same));
        }
        return merged;
    }

    private static Batch merge(List<Batch> batches) {
        Batch first = batches.getFirst();
        Batch all = new Batch(first.partition(), first.expectedVersion());
        for (Batch batch : batches) {
            if (batch.expectedVersion() != first.expectedVersion()) {
                throw new IllegalArgumentException(
                        "two batches of partition " + first.partition() + " expect different versions");
            }
            for (Batch.Change change : batch.changes()) {
                byte[] value = change.value();
                if (value == null) {
                    all.delete(change.space(), change.key());
                } else {
                    all.put(change.space(), change.key(), value);
                }
            }
        }
        return all;
    }
}
