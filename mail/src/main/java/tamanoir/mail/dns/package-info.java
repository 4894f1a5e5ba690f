/// What the domain name system is asked, and answers that cannot be mistaken.
///
/// Read [Answer] first: "there is none" and "could not find out" are different cases, and whoever decides about mail
/// must say what happens in each. [Dns] is what others ask; the server has the resolver behind it.
@NullMarked
package tamanoir.mail.dns;

import org.jspecify.annotations.NullMarked;
