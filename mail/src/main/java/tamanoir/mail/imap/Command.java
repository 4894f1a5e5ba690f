package tamanoir.mail.imap;

import java.util.List;
import java.util.Set;
import tamanoir.mail.text.Octets;

/// One command of a client, after its tag. In the order of RFC 9051 §6, extensions beside what they extend.
///
/// Mailbox names are the octets as sent: whether they are modified UTF-7 or UTF-8 depends on what the session enabled.
public sealed interface Command {
    // ---- any state ---------------------------------------------------------------------------------------------

    record Capability() implements Command {}

    record Noop() implements Command {}

    record Logout() implements Command {}

    /// RFC 2971: names and values of the client; for the log only.
    record Id(List<String> fields) implements Command {
        public Id {
            fields = List.copyOf(fields);
        }
    }

    // ---- not authenticated -------------------------------------------------------------------------------------

    record StartTls() implements Command {}

    /// `initial` is the base64 text of SASL-IR (RFC 4959), `=` for an empty response, "" for none.
    record Authenticate(String mechanism, String initial) implements Command {}

    record Login(Octets user, Octets password) implements Command {
        /// The password never reaches a log.
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    // ---- authenticated -----------------------------------------------------------------------------------------

    /// RFC 5161; names in upper case.
    record Enable(List<String> capabilities) implements Command {
        public Enable {
            capabilities = List.copyOf(capabilities);
        }
    }

    /// SELECT, or EXAMINE when `readOnly`.
    record Select(Octets mailbox, boolean readOnly, boolean condstore, Resync resync) implements Command {}

    /// QRESYNC's parameters (RFC 7162 §3.2.5). [#NONE] when it was not given.
    record Resync(
            boolean asked,
            long uidValidity,
            long modseq,
            List<SequenceSet.Range> knownUids,
            List<SequenceSet.Range> knownSequence,
            List<SequenceSet.Range> knownSequenceUids) {
        public static final Resync NONE = new Resync(false, 0, 0, List.of(), List.of(), List.of());

        public Resync {
            knownUids = List.copyOf(knownUids);
            knownSequence = List.copyOf(knownSequence);
            knownSequenceUids = List.copyOf(knownSequenceUids);
        }
    }

    /// `uses` are the special uses asked for (`\Sent`; RFC 6154 §3).
    record Create(Octets mailbox, List<String> uses) implements Command {
        public Create {
            uses = List.copyOf(uses);
        }
    }

    record Delete(Octets mailbox) implements Command {}

    record Rename(Octets from, Octets to) implements Command {}

    record Subscribe(Octets mailbox) implements Command {}

    record Unsubscribe(Octets mailbox) implements Command {}

    /// LIST with all of RFC 5258, RFC 5819 and RFC 6154. `extended` when any of their syntax was used.
    record Listing(
            boolean extended,
            Set<ListSelection> selection,
            Octets reference,
            List<Octets> patterns,
            Set<ListReturn> returns,
            List<StatusItem> status)
            implements Command {
        public Listing {
            selection = Set.copyOf(selection);
            patterns = List.copyOf(patterns);
            returns = Set.copyOf(returns);
            status = List.copyOf(status);
        }
    }

    enum ListSelection {
        SUBSCRIBED,
        REMOTE,
        RECURSIVEMATCH,
        SPECIAL_USE
    }

    enum ListReturn {
        SUBSCRIBED,
        CHILDREN,
        SPECIAL_USE
    }

    record Lsub(Octets reference, Octets pattern) implements Command {}

    record Namespace() implements Command {}

    record Status(Octets mailbox, List<StatusItem> items) implements Command {
        public Status {
            items = List.copyOf(items);
        }
    }

    enum StatusItem {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN,
        DELETED,
        /// RFC 8438.
        SIZE,
        /// RFC 7162 §3.1.7.
        HIGHESTMODSEQ,
        /// RFC 7889 §3.
        APPENDLIMIT,
        /// RFC 8474 §4.3.
        MAILBOXID
    }

    record Idle() implements Command {}

    /// RFC 9208 §4.1.2.
    record GetQuota(Octets root) implements Command {}

    /// RFC 9208 §4.1.3.
    record GetQuotaRoot(Octets mailbox) implements Command {}

    // ---- selected ----------------------------------------------------------------------------------------------

    record Check() implements Command {}

    record Close() implements Command {}

    record Unselect() implements Command {}

    record Expunge() implements Command {}

    /// RFC 4315 §2.1.
    record UidExpunge(SequenceSet uids) implements Command {}

    record Search(boolean uid, SearchReturn returns, SearchKey key) implements Command {}

    /// RFC 5256 §3; `returns` is RFC 5267's.
    record Sort(boolean uid, SearchReturn returns, List<SortKey> order, SearchKey key) implements Command {
        public Sort {
            order = List.copyOf(order);
        }
    }

    record SortKey(Field field, boolean reverse) {
        public enum Field {
            ARRIVAL,
            CC,
            DATE,
            FROM,
            SIZE,
            SUBJECT,
            TO,
            /// RFC 5957.
            DISPLAYFROM,
            DISPLAYTO
        }
    }

    /// RFC 5256 §3; `algorithm` in upper case.
    record Threads(boolean uid, String algorithm, SearchKey key) implements Command {}

    /// `changedSince` is -1 without CHANGEDSINCE; `vanished` is QRESYNC's (RFC 7162 §3.1.4, §3.2.6).
    record Fetch(boolean uid, SequenceSet set, List<FetchItem> items, long changedSince, boolean vanished)
            implements Command {
        public Fetch {
            items = List.copyOf(items);
        }
    }

    /// `unchangedSince` is [Long#MAX_VALUE] without UNCHANGEDSINCE (RFC 7162 §3.1.3).
    record Store(boolean uid, SequenceSet set, StoreMode mode, boolean silent, List<String> flags, long unchangedSince)
            implements Command {
        public Store {
            flags = List.copyOf(flags);
        }
    }

    enum StoreMode {
        REPLACE,
        ADD,
        REMOVE
    }

    record Copy(boolean uid, SequenceSet set, Octets mailbox) implements Command {}

    /// RFC 6851.
    record Move(boolean uid, SequenceSet set, Octets mailbox) implements Command {}

    /// A word that is no command here.
    record Unknown(String word) implements Command {}
}
