/// Gathers what vouches for a message, and vouches for ours.
///
/// Read [Examiner] first: SPF, DKIM, ARC side by side, DMARC over what they found, told in one [Evidence].
@NullMarked
package tamanoir.server.authresults;

import org.jspecify.annotations.NullMarked;
