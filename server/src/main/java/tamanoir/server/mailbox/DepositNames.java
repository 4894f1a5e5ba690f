package tamanoir.server.mailbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import tamanoir.mail.text.Sha256;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;

/// The memory of what was deposited: a delivery that is tried again after a crash finds its name and stores nothing
/// twice. Rows 30 answer, rows 31 lead the sweep to those that have expired. Used by one thread for one commit.
final class DepositNames {
    private static final int DELIVERY = 1;

    private final Snapshot snapshot;
    private final long now;
    private final long expires;

    DepositNames(Snapshot snapshot, InstantSource clock, Duration remember) {
        this.snapshot = snapshot;
        this.now = clock.instant().getEpochSecond();
        this.expires = now + remember.toSeconds();
    }

    boolean isKnown(Deposit deposit, Edit edit) {
        if (deposit.once().isEmpty()) {
            return false;
        }
        Partition partition = deposit.account().partition();
        return edit.deposited(deposit.once())
                || snapshot.get(partition, Keys.ONCE, key(deposit.once()))
                        .filter(row -> RowReader.of(row, 1).number() > now)
                        .isPresent();
    }

    void remember(Deposit deposit, Edit edit) {
        if (deposit.once().isEmpty()) {
            return;
        }
        edit.depositOnce(deposit.once());
        byte[] key = key(deposit.once());
        edit.rows().put(Keys.ONCE, key, new RowWriter(1, 10).number(expires).row());
        byte[] expiry = new byte[4 + key.length];
        Keys.write32(expiry, 0, (int) (expires / 3600) + 1);
        System.arraycopy(key, 0, expiry, 4, key.length);
        edit.rows().put(Keys.EXPIRY, expiry, Keys.PRESENT);
    }

    private static byte[] key(String once) {
        byte[] hash = Sha256.of(once);
        byte[] key = Arrays.copyOf(new byte[] {DELIVERY}, 17);
        System.arraycopy(hash, 0, key, 1, 16);
        return key;
    }
}
