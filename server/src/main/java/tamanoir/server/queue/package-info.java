/// What is owed to whom, when next, when to give up.
///
/// Read [Queue] first.
@NullMarked
package tamanoir.server.queue;

import org.jspecify.annotations.NullMarked;
