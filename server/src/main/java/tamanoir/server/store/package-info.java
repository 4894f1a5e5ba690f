/// Ordered rows in atomic batches, one partition at a time; and blobs.
///
/// Read [Store] first. A partition (an account, a shard of the queue, the directory) is the unit of
/// consistency: a [Batch] says which version it was made from and is refused as a conflict when the partition has
/// moved on. `commit` returns after the sync, so what it acknowledges is durable, and nothing is visible before it
/// is durable. Adapters: `rocks` (the default), `memory` (tests). All pass one contract kit.
@NullMarked
package tamanoir.server.store;

import org.jspecify.annotations.NullMarked;
