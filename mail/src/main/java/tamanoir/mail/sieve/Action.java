package tamanoir.mail.sieve;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// What a script wants done. `message` is the message as it was when that was said: header fields may have been added
/// or taken away by then (RFC 5293 §1).
public sealed interface Action {
    Place place();

    /// Into the INBOX, or wherever mail goes that nobody sorts (RFC 5228 §4.3).
    record Keep(Place place, List<String> flags, Octets message) implements Action {
        public Keep {
            flags = List.copyOf(flags);
        }
    }

    /// RFC 5228 §4.1. `specialUse` (RFC 8579) and `mailboxId` (RFC 9042) come before the name where they lead
    /// somewhere;
    /// `create` makes a missing one (RFC 5490 §3.2).
    record FileInto(
            Place place,
            String mailbox,
            Optional<String> mailboxId,
            Optional<String> specialUse,
            boolean create,
            List<String> flags,
            Octets message)
            implements Action {
        public FileInto {
            flags = List.copyOf(flags);
        }
    }

    /// RFC 5228 §4.2; `notifyWhen` and `returned` are NOTIFY and RET of RFC 3461, empty for none; `list` tells that the
    /// address names an external list (RFC 6134 §2.4).
    record Redirect(Place place, String address, boolean list, String notifyWhen, String returned, Octets message)
            implements Action {}

    /// RFC 5228 §4.4.
    record Discard(Place place) implements Action {}

    /// RFC 5429. `extended` is `ereject`: in the protocol, or not at all.
    record Reject(Place place, String reason, boolean extended) implements Action {}

    /// RFC 5230, RFC 6131.
    record Vacation(
            Place place,
            String reason,
            Duration interval,
            String subject,
            String from,
            List<String> addresses,
            boolean mime,
            String handle,
            Optional<Copy> fcc)
            implements Action {
        public Vacation {
            addresses = List.copyOf(addresses);
        }
    }

    /// RFC 5435; `importance` is 1 (high) to 3 (low).
    record Notify(
            Place place,
            String method,
            String from,
            int importance,
            String message,
            List<String> options,
            Optional<Copy> fcc)
            implements Action {
        public Notify {
            options = List.copyOf(options);
        }
    }

    /// Where a copy of a generated message goes (RFC 8580).
    record Copy(String mailbox, boolean create, List<String> flags, Optional<String> specialUse) {
        public Copy {
            flags = List.copyOf(flags);
        }
    }

    /// A complaint about the message in the abuse reporting format, to an address (vnd.dovecot.report).
    record Report(Place place, String feedbackType, String text, String address, boolean headersOnly, Octets message)
            implements Action {}
}
