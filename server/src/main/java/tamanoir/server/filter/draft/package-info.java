/// A message while filters read and change it, and the sockets to the programs that do.
///
/// Read [Draft] first: fields that come and go, a text that may be replaced, an envelope that may change; at the end it
/// tells what is different. [Conversation] is a connection to a filter, each step with a time limit.
@NullMarked
package tamanoir.server.filter.draft;

import org.jspecify.annotations.NullMarked;
