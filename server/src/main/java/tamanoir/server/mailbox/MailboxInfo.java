package tamanoir.server.mailbox;

import java.util.Optional;
import java.util.OptionalInt;

/// A mailbox as LIST and STATUS show it.
///
/// @param parent the mailbox above it
/// @param sortOrder where JMAP clients show it, if any has said so (RFC 8621 §2)
/// @param selectable false for a name that only has children (RFC 9051 §7.3.1 \Noselect); its numbers are 0
public record MailboxInfo(
        MailboxId id,
        String name,
        Optional<Role> role,
        long uidValidity,
        long uidNext,
        long highestModseq,
        int messages,
        int unseen,
        int deleted,
        int recent,
        long octets,
        boolean subscribed,
        boolean hasChildren,
        Optional<MailboxId> parent,
        OptionalInt sortOrder,
        boolean selectable) {
    /// The special uses (RFC 6154 §2, RFC 8457). Each belongs to one mailbox at most.
    public enum Role {
        ALL(1),
        ARCHIVE(2),
        DRAFTS(3),
        FLAGGED(4),
        IMPORTANT(5),
        JUNK(6),
        SENT(7),
        TRASH(8),
        /// Of JMAP's registry alone (RFC 8621 §10.5.1): mail that comes back later.
        SNOOZED(9),
        /// Of the same registry: mail that is sent later.
        SCHEDULED(10);

        /// What stands in the row; never used again for something else.
        private final int code;

        Role(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /// 0 is none.
        static Optional<Role> of(int code) {
            for (Role role : values()) {
                if (role.code == code) {
                    return Optional.of(role);
                }
            }
            return Optional.empty();
        }
    }
}
