/// Asks programs that look at whole messages: rspamd, SpamAssassin's spamd, ClamAV's clamd.
///
/// Read [Scanners] first: all that main.cf names are asked side by side, and their [Opinion]s are made one. Each
/// scanner has its own file with its protocol: [Rspamd], [Spamd], [Clamd].
@NullMarked
package tamanoir.server.filter.scan;

import org.jspecify.annotations.NullMarked;
