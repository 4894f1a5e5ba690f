/// Questions to name servers: [Resolver] asks them, checks what comes back, and remembers.
///
/// What can be asked and answered is [tamanoir.mail.dns.Dns]; `/etc/hosts` speaks first through [HostsFile].
@NullMarked
package tamanoir.server.dns;

import org.jspecify.annotations.NullMarked;
