/// Gathers what vouches for a message, and vouches for ours.
///
/// Read [Examiner] first: SPF, DKIM, ARC side by side, DMARC over what they found, told in one [Evidence] and in one
/// field ([ResultsField], RFC 8601). [ForgedResults] finds the fields of strangers that claim to be ours,
/// [TrustedChain] what a forwarder we trust saw before. Nothing here decides about mail.
@NullMarked
package tamanoir.server.authresults;

import org.jspecify.annotations.NullMarked;
