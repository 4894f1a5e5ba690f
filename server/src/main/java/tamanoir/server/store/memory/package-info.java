/// The store in memory: for tests and for tools that need a store and no disk.
///
/// [MemoryStore] keeps the whole contract, snapshots and conflicts included, and loses everything at close. It has no
/// native code and starts at once. Each row is a chain of values by commit number; a snapshot is a number, and reads
/// the newest value that is not younger. Chains are cut as far as the oldest open snapshot allows.
@NullMarked
package tamanoir.server.store.memory;

import org.jspecify.annotations.NullMarked;
