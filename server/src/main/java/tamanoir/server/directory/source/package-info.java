/// Where people come from who are not kept in the store: LDAP, SQL, Dovecot's passwd-file, the system's users.
///
/// Read [Sources] first: the list that `directory_sources` names, with a short memory. A [Source] answers for
/// one address with a [Person], with nothing, or with `Unavailable`; an outage is never a "no such person".
/// [LdapSource] and [SqlSource] read the settings files of Dovecot as they stand.
@NullMarked
package tamanoir.server.directory.source;

import org.jspecify.annotations.NullMarked;
