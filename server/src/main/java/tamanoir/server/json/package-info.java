/// JSON text to values and back. [JsonText] is all of it: strict I-JSON in, compact UTF-8 out, with limits on depth,
/// length and tokens, since strangers write what it reads. RFC 8259, RFC 7493.
@NullMarked
package tamanoir.server.json;

import org.jspecify.annotations.NullMarked;
