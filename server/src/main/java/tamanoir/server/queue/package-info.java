/// What is owed to whom, when next, when to give up.
///
/// Read [Queue] first: messages enter in the acceptance's own commit ([Queue#rows], then [Queue#entered]) and leave by
/// delivery, by a report to their sender, or because an administrator deleted them. [Scheduler] decides who is served
/// next: messages that are due become active, their recipients are grouped by where [Routing] sends them, and each
/// [Destination] is served fairly within its window. [Run] is one message's turn; what a [Deliverer] did is written
/// before anything else happens, so a restart repeats nothing that was acknowledged. [RetryCurve] says when next.
/// [ReportWriter] turns outcomes into delivery reports (RFC 3464), which re-enter through [Reports].
///
/// [QueueRows] has the rows: partitions of kind `Q`, shards by id; an entry, its recipients, the time it is due, the
/// body.
@NullMarked
package tamanoir.server.queue;

import org.jspecify.annotations.NullMarked;
