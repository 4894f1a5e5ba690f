/// What header and body of a message say, judged by the administrator's patterns (header_checks(5)).
///
/// Read [ContentChecks] first: it walks through a message once and answers with [Findings]. [CheckAction] is one
/// right-hand side of a table.
@NullMarked
package tamanoir.server.filter;

import org.jspecify.annotations.NullMarked;
