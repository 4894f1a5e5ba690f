package tamanoir.server.setup;

import java.util.Optional;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// How far the set-up of this server has come; a row of the store, so that a restart and a backup know it too.
sealed interface Progress {
    /// Nobody has begun.
    record Fresh() implements Progress {}

    /// The names are chosen, and perhaps the first account is made.
    record Begun(Domain domain, String host, Optional<AccountId> account) implements Progress {}

    /// Over, for good.
    record Finished() implements Progress {}

    Progress FRESH = new Fresh();

    /// The row. Who changes it says what it was: of two at the same time one loses.
    final class Row {
        private static final Partition PARTITION = Partition.of('I', 0);
        private static final Space SPACE = new Space(0x01, Space.Family.META);
        private static final byte[] KEY = {0};
        private static final int FORMAT = 1;

        private final Store store;

        Row(Store store) {
            this.store = store;
        }

        Progress read() {
            try (Snapshot snapshot = store.snapshot()) {
                return read(snapshot);
            }
        }

        private static Progress read(Snapshot snapshot) {
            return snapshot.get(PARTITION, SPACE, KEY).map(Row::decode).orElse(FRESH);
        }

        /// True when this changed it; false when it was not `before` any more.
        boolean change(Progress before, Progress after) {
            Batch batch;
            try (Snapshot snapshot = store.snapshot()) {
                if (!read(snapshot).equals(before)) {
                    return false;
                }
                batch = new Batch(PARTITION, snapshot.version(PARTITION));
            }
            batch.put(SPACE, KEY, encode(after));
            return store.commit(batch) instanceof Commit.Done;
        }

        private static byte[] encode(Progress progress) {
            RowWriter row = new RowWriter(FORMAT, 64);
            switch (progress) {
                case Fresh _ -> row.number(0);
                case Begun begun ->
                    row.number(1)
                            .text(begun.domain().name())
                            .text(begun.host())
                            .fixed(begun.account().map(AccountId::number).orElse(0L));
                case Finished _ -> row.number(2);
            }
            return row.row();
        }

        private static Progress decode(byte[] octets) {
            RowReader row = RowReader.of(octets, FORMAT);
            int stage = row.count();
            if (stage == 1) {
                Domain domain = Domain.of(row.text());
                String host = row.text();
                long account = row.fixed();
                return new Begun(domain, host, account == 0 ? Optional.empty() : Optional.of(new AccountId(account)));
            }
            return stage == 0 ? FRESH : new Finished();
        }
    }
}
