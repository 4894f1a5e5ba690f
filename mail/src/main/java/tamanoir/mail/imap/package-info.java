/// IMAP as the RFCs write it: a record per command, the parser that makes them, the writer of responses.
///
/// Read [Command] first, then [CommandParser], which reads one whole command with its literals in place, exactly as it
/// came over the wire. [AppendParser] is apart, because the messages of an APPEND never are in memory as a whole.
/// [Wire] writes responses so that no string can break the grammar; [ResponseCode] holds the codes in brackets.
/// RFC 3501 and RFC 9051 with the extensions named at the records.
@NullMarked
package tamanoir.mail.imap;

import org.jspecify.annotations.NullMarked;
