/// May this client do that: the restriction lists of main.cf, asked in Postfix's order (SMTPD_ACCESS_README).
///
/// Read [Policy] first: one method for each stage of a session, a [Question] in, a [Verdict] out. [RestrictionList]
/// says how a list is run and [Carry] what one list leaves for the next; [Checks] turns names into classes that each
/// know one subject: [HostNames], [Addresses], [Destinations], [AccessTables] and [AccessAction], [ServerAccess],
/// [DnsLists], [Certificates], [PolicyService], [VerifiedAddresses], [Greylist]. Each answers with a [Ruling] that
/// says why; `tamanoir explain` collects them as [Step]s.
///
/// What is remembered from one client to the next is in the [Notebook]. Whatever the lists say or forget, nobody is an
/// open relay: [Policy#recipient].
@NullMarked
package tamanoir.server.policy;

import org.jspecify.annotations.NullMarked;
