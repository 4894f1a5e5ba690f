package tamanoir.server.personal;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.server.directory.AccountId;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;

/// The objects of one account. Used by any number of threads; what it answers is durable.
public final class PersonalAccount {
    private static final int MOST_TRIES = 50;

    private final Personal room;
    private final AccountId account;
    private final Partition partition;

    PersonalAccount(Personal room, AccountId account) {
        this.room = room;
        this.account = account;
        this.partition = Keys.partition(account);
    }

    public AccountId account() {
        return account;
    }

    /// Reads from one consistent view.
    public <T> T read(Function<Reading, T> work) {
        try (Snapshot snapshot = room.store().snapshot()) {
            return work.apply(new Reading(snapshot, partition));
        }
    }

    public Optional<Stored> find(Kind kind, String id) {
        return read(reading -> reading.find(kind, id));
    }

    public List<Stored> all(Kind kind) {
        return read(reading -> reading.all(kind));
    }

    public long state(Kind kind) {
        return read(reading -> reading.state(kind));
    }

    /// One change, all of it or nothing: `work` reads what is there and says what becomes of it; done again
    /// when another change came first, so it does nothing else.
    ///
    /// @throws PersonalRefused when it cannot be
    /// @throws Unavailable when the store takes nothing now
    public <T> T change(Function<Edit, T> work) {
        return changeWith(List.of(), work);
    }

    /// The same, in one commit with unconditional batches of other partitions.
    public <T> T changeWith(List<Batch> alongside, Function<Edit, T> work) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Prepared<T> prepared = prepare(work);
            if (prepared.batches.isEmpty() && alongside.isEmpty()) {
                return prepared.answer;
            }
            List<Batch> all = new java.util.ArrayList<>(prepared.batches);
            all.addAll(alongside);
            if (room.store().commit(all) instanceof Commit.Done) {
                return prepared.answer;
            }
        }
        throw new Unavailable("try again", "others change the objects of " + account + " all the time");
    }

    /// A change that somebody else commits, together with what it belongs to.
    ///
    /// @param batches none when nothing changes; conditional, so their commit may meet a conflict
    /// @param version from which it was made
    public record Prepared<T>(T answer, List<Batch> batches, long version) {}

    public <T> Prepared<T> prepare(Function<Edit, T> work) {
        if (!room.isKnown(account)) {
            throw new PersonalRefused(PersonalRefused.Reason.NO_ACCOUNT, "there is no such account");
        }
        try (Snapshot snapshot = room.store().snapshot()) {
            Edit edit = new Edit(snapshot, partition, room.settings());
            T answer = work.apply(edit);
            Batch batch = edit.batch();
            return new Prepared<>(answer, batch.isEmpty() ? List.of() : List.of(batch), edit.version());
        }
    }

    /// The version of all objects together.
    public long version() {
        try (Snapshot snapshot = room.store().snapshot()) {
            return snapshot.version(partition);
        }
    }

    /// Tells `onChange` after commits; a hint, may be merged or spurious. It only wakes someone. Close to stop.
    public Notices.Subscription watch(Runnable onChange) {
        return room.store().notices().subscribe(partition, (_, _) -> onChange.run());
    }
}
