/// What domains are told about mail in their name, and what others tell us: DMARC aggregate reports (RFC 9990, before
/// it RFC 7489 §7.2).
///
/// Read [Ledger] first: it counts what [tamanoir.server.authresults.Examiner] saw, by day and domain. [Reporter] sends
/// each night what the day before brought, as an [AggregateReport] in XML ([ReportWriter]). [ReportMail] finds the
/// reports in a message that came to us, [ReportReader] reads one; both treat what they read as hostile.
@NullMarked
package tamanoir.server.authresults.reports;

import org.jspecify.annotations.NullMarked;
