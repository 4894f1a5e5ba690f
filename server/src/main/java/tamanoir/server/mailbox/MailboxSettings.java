package tamanoir.server.mailbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// What an administrator may set of mailboxes.
///
/// @param node the number of this server in message ids, 0 to 1023; two servers on one store need two
/// @param firstMailboxes what a new account has beside INBOX
/// @param imageOctets heap for pictures of accounts at most; what is not used lately goes first
/// @param rememberDeposits how long the name of a deposit keeps a second one away: longer than any retry
/// @param mostMailboxes mailboxes of one account at most
/// @param logKept commits that the change log reaches back at least
/// @param reapAfter how long after a removal its rows are cleared away, so that clients come first
public record MailboxSettings(
        int node,
        Map<String, Role> firstMailboxes,
        long imageOctets,
        Duration rememberDeposits,
        int mostMailboxes,
        long logKept,
        Duration reapAfter) {
    public MailboxSettings {
        firstMailboxes = Map.copyOf(new LinkedHashMap<>(firstMailboxes));
    }

    /// RFC 6154 names the uses; the names are what most clients make themselves.
    public static MailboxSettings defaults() {
        return new MailboxSettings(
                0,
                Map.of(
                        "Drafts", Role.DRAFTS,
                        "Sent", Role.SENT,
                        "Archive", Role.ARCHIVE,
                        "Junk", Role.JUNK,
                        "Trash", Role.TRASH),
                64L << 20,
                Duration.ofDays(7),
                5_000,
                50_000,
                Duration.ofSeconds(2));
    }

    Optional<Role> firstRole(String name) {
        return Optional.ofNullable(firstMailboxes.get(name));
    }
}
