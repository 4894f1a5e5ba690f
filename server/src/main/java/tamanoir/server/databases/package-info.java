/// LDAP directories and SQL databases of others, asked by lookup tables and by the sources of people.
///
/// Read [Pool] first: a few connections to the first server that answers, opened when they are needed, by the
/// thread that needs them. [Ldap] searches and binds over it, [Sql] runs queries; [LdapQuery] and [SqlQuery]
/// hold what an administrator wrote with variables in it. A value never becomes part of the language: filters
/// are escaped by the LDAP library's own encoding (RFC 4515 §3), in SQL a variable is always a bound parameter.
///
/// A server that does not answer is `Unavailable`, never "no such person".
@NullMarked
package tamanoir.server.databases;

import org.jspecify.annotations.NullMarked;
