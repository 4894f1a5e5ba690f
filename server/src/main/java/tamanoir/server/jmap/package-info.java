/// JMAP over the domain floor: the methods, their states and errors. It knows nothing of HTTP; the web's door carries
/// requests here and answers back.
///
/// Read [Jmap] first: it takes a request apart, resolves back-references and calls one [Method] after the other. A
/// [Capability] brings the methods of one data family. RFC 8620, RFC 8621.
@NullMarked
package tamanoir.server.jmap;

import org.jspecify.annotations.NullMarked;
