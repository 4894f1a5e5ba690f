/// Ordered rows in atomic batches, one partition at a time; and blobs.
///
/// Read [Store] first. A partition (an account, a shard of the queue, the directory) is the unit of
/// consistency: a [Batch] says which version it was made from and is refused as a conflict when the partition has
/// moved on. `commit` returns after the sync, so what it acknowledges is durable, and nothing is visible before it
/// is durable. Bodies too large for a row are [Blobs], files in [FolderBlobs]; [BlobLinks] says in a commit who refers
/// to which, [BlobSweep] deletes what nobody refers to, [Inspection] compares rows and files. Adapters: `rocks` (the
/// default), `memory` (tests). All pass one contract kit.
@NullMarked
package tamanoir.server.store;

import org.jspecify.annotations.NullMarked;
