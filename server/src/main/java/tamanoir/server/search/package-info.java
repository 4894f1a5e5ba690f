/// What is found: the question that JMAP's Email/query and IMAP's SEARCH ask, and its answer.
///
/// Read [Query] first, the question, then [Search], the front of the room. A question is answered from the cheapest
/// evidence that decides it: [Emails], the columns of all mailboxes at one version, then the facts of a message (its
/// envelope), then its text. [Evaluation] asks in that order, [Ordering] sorts, and what was found is kept for as long
/// as the account does not change. RFC 8621 §4.4, RFC 8620 §5.5.
@NullMarked
package tamanoir.server.search;

import org.jspecify.annotations.NullMarked;
