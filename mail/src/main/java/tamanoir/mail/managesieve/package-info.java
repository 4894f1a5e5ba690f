/// ManageSieve on the wire (RFC 5804): a record for each command, and how strings are written.
///
/// Read [Command] first.
@NullMarked
package tamanoir.mail.managesieve;

import org.jspecify.annotations.NullMarked;
