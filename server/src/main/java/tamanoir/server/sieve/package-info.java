/// Sieve on this server: whose scripts there are, what they may use, how they run on a message (RFC 5228).
///
/// Read [Scripts] first: the scripts of every account, one of them active, with the change log that JMAP tells. It
/// checks what it takes with [Dialect], the language as main.cf allows it. ManageSieve, JMAP and the command line
/// use these two; delivery uses [Sieve], which runs the scripts of an account over a message and gives what is to be
/// done. [Away] puts the answer of somebody who is away around the active script. Nothing here writes mail or
/// queue.
@NullMarked
package tamanoir.server.sieve;

import org.jspecify.annotations.NullMarked;
