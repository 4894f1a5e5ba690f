package tamanoir.server.queue;

/// Hears that something has happened to mail that it follows: it was released, a recipient has its copy or
/// will not get one. A hint: it may come twice, or be lost at a crash; [Queue#progress] has the truth.
/// Called by the deliveries themselves, so it only wakes someone.
@FunctionalInterface
public interface Follower {
    Follower NOBODY = (id, owner) -> {};

    void moved(QueueId id, long owner);
}
