/// May this client do that: the restriction lists of main.cf, asked in Postfix's order
/// (SMTPD_ACCESS_README).
///
/// Read [Policy] first: one method for each stage of a session, a [Question] in, a [Verdict] out, never a
/// side effect. [Checks] holds what each restriction does and how access(5) tables are asked,
/// [RestrictionList] how a list is run. Whatever the lists say or forget, nobody is an open relay:
/// [Policy#recipient].
@NullMarked
package tamanoir.server.policy;

import org.jspecify.annotations.NullMarked;
