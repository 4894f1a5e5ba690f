/// Questions to name servers: [Resolver] asks them, checks what comes back, and remembers.
///
/// What can be asked and answered is [tamanoir.mail.dns.Dns]; `/etc/hosts` speaks first through [HostsFile].
/// Lists of addresses and names in the DNS are [DnsList]; [ListHealth] knows which of them can be believed.
@NullMarked
package tamanoir.server.dns;

import org.jspecify.annotations.NullMarked;
