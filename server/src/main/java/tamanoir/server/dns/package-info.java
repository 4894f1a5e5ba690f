/// Questions to the domain name system, and answers that cannot be mistaken.
///
/// Read [Answer] first: "there is none" and "could not find out" are different cases, and whoever decides about mail
/// must
/// say what happens in each. [Dns] is what others ask; [Resolver] asks name servers and remembers.
@NullMarked
package tamanoir.server.dns;

import org.jspecify.annotations.NullMarked;
