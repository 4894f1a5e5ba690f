/// The store on RocksDB: one folder, one process, one writer.
///
/// Read [RocksStore] first, then [Writer], which is the heart; [Engine] opens and closes the native database, [View]
/// and [Scan] read it.
///
/// **Why one writer thread.** A commit is not durable before the disk has synced, and a disk syncs a few thousand
/// times a second at best, however little each sync carries. So commits that wait at the same time must share one
/// sync. Many virtual threads hand their batches to one platform thread; it takes all that have come, compares each
/// expected version with its table of versions (one process writes, so no read is needed), merges them into one
/// `WriteBatch`, writes that with `sync` once, and wakes the callers. While one sync runs the next group collects;
/// nothing ever waits for a timer, so a single client pays one sync and fifty clients pay about two between them. A
/// call into native code holds its carrier thread, and there are only as many carriers as processors: fifty virtual
/// threads that sync for themselves would stop the whole server. The writer is a platform thread and stops nobody.
///
/// **Why one write, not several and a sync of the log.** Rows of an unsynced write can be read at once. A client that
/// saw UID 17 which a power cut then takes back would meet another message under UID 17 later. Here nothing can be
/// read before it is durable, and what one commit writes is one record of the log: whole or absent after a crash.
///
/// **When the disk fails.** After a failed write or sync nobody knows what the kernel kept of it: a second `fsync` on
/// the same file may say yes and lie. So the writer never tries again on an open database. It answers everybody
/// [tamanoir.server.observe.Unavailable], closes the database and opens it anew when there is room: recovery reads the
/// log up to the last whole record and writes it into new files with new syncs. No restart is needed.
///
/// **Reading.** Reads never go through the writer. They look into the memory tables and the block cache in the
/// caller's thread; where that answers "incomplete" the disk is asked by a small pool of platform threads, so that a
/// cold read does not hold a carrier. (A caller that is a platform thread reads for itself.)
///
/// **Keys.** `partition(8) | space(1) | rest`, in the column family of the space's [Family]
/// [tamanoir.server.store.Space.Family]; the versions of the partitions are alone in the column family `default`, so
/// that the list of partitions is one short scan. `docs/storage.md` has the spaces and the recovery in detail.
///
/// **Looking after.** [Reclaim] gets the room of deleted bodies back, `BlobSweep` that of blobs without links; both run
/// in a thread of [RocksStore]. [NativeLibrary] loads the engine's code without leaving copies behind.
@NullMarked
package tamanoir.server.store.rocks;

import org.jspecify.annotations.NullMarked;
