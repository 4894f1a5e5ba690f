/// The only way into the queue and the mailboxes.
///
/// Read [Intake] first: header completion, canonical and virtual mapping, one durable commit. Used by MX, submission,
/// LMTP, `sendmail`, bounces and forwards.
@NullMarked
package tamanoir.server.intake;

import org.jspecify.annotations.NullMarked;
