package tamanoir.server.mailbox;

import java.time.Duration;
import java.util.Map;
import tamanoir.server.config.Config;
import tamanoir.server.config.StoreParameters;
import tamanoir.server.mailbox.MailboxInfo.Role;

/// What an administrator may set of mailboxes.
///
/// @param node the number of this server in message ids, 0 to 1023; two servers on one store need two
/// @param firstMailboxes what a new account has beside INBOX
/// @param imageOctets heap for pictures of accounts at most; what is not used lately goes first
/// @param rememberDeposits how long the name of a deposit keeps a second one away: longer than any retry
/// @param mostMailboxes mailboxes of one account at most
/// @param logKept commits that the change log reaches back at least
/// @param defaultQuota octets of an account that has no quota of its own, 0 for no limit
/// @param reapAfter how long after a removal its rows are cleared away, so that clients come first
public record MailboxSettings(
        int node,
        Map<String, Role> firstMailboxes,
        long imageOctets,
        Duration rememberDeposits,
        int mostMailboxes,
        long logKept,
        long defaultQuota,
        Duration reapAfter) {
    public MailboxSettings {
        firstMailboxes = Map.copyOf(firstMailboxes);
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
                0,
                Duration.ofSeconds(2));
    }

    /// As main.cf says.
    public static MailboxSettings from(Config config) {
        MailboxSettings standard = defaults();
        return new MailboxSettings(
                standard.node,
                standard.firstMailboxes,
                standard.imageOctets,
                standard.rememberDeposits,
                standard.mostMailboxes,
                standard.logKept,
                config.get(StoreParameters.QUOTA_DEFAULT),
                standard.reapAfter);
    }
}
