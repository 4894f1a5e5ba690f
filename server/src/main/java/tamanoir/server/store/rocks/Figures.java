package tamanoir.server.store.rocks;

/// What the store has done since its start and what lies on the disk, for counters and `status`.
///
/// @param commits answered, conflicts included
/// @param groups synced writes; commits / groups is what a sync carries
/// @param octets written to the log
/// @param failures times the database had to be closed and opened anew
/// @param diskOctets rows and bodies on the disk, the log apart
/// @param bodyOctets blob files of bodies on the disk
/// @param garbageOctets of these, deleted and not yet reclaimed
/// @param memoryOctets memory tables now
/// @param slowed whether the engine holds writes back because it cannot sort as fast as they come
public record Figures(
        long commits,
        long groups,
        long octets,
        long failures,
        long diskOctets,
        long bodyOctets,
        long garbageOctets,
        long memoryOctets,
        boolean slowed) {}
