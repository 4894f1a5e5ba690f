package tamanoir.mail.imap;

import java.util.List;

/// What stands in brackets after OK, NO, BAD or BYE (RFC 9051 §7.1).
///
/// [#text] is the code without the brackets. A code whose numbers are all empty does not exist: the constructors of the
/// UIDPLUS codes refuse it, so `[COPYUID 14  ]` cannot be written.
public sealed interface ResponseCode {
    String text();

    /// Codes that are a word alone.
    enum Plain implements ResponseCode {
        ALERT,
        ALREADYEXISTS,
        APPENDLIMIT,
        AUTHENTICATIONFAILED,
        AUTHORIZATIONFAILED,
        CANNOT,
        CLIENTBUG,
        CLOSED,
        EXPIRED,
        EXPUNGEISSUED,
        HASCHILDREN,
        INUSE,
        LIMIT,
        NOMODSEQ,
        NONEXISTENT,
        NOPERM,
        NOTSAVED,
        OVERQUOTA,
        PARSE,
        PRIVACYREQUIRED,
        READ_ONLY,
        READ_WRITE,
        SERVERBUG,
        TOOBIG,
        TRYCREATE,
        UIDNOTSTICKY,
        UNAVAILABLE,
        UNKNOWN_CTE,
        USEATTR;

        @Override
        public String text() {
            return name().replace('_', '-');
        }
    }

    /// No code at all.
    record None() implements ResponseCode {
        @Override
        public String text() {
            return "";
        }
    }

    ResponseCode NONE = new None();

    record BadCharset(List<String> known) implements ResponseCode {
        public BadCharset {
            known = List.copyOf(known);
        }

        @Override
        public String text() {
            return "BADCHARSET (" + String.join(" ", known) + ")";
        }
    }

    record Capability(String names) implements ResponseCode {
        @Override
        public String text() {
            return "CAPABILITY " + names;
        }
    }

    record PermanentFlags(List<String> flags) implements ResponseCode {
        public PermanentFlags {
            flags = List.copyOf(flags);
        }

        @Override
        public String text() {
            return "PERMANENTFLAGS (" + String.join(" ", flags) + ")";
        }
    }

    /// UIDNEXT, UIDVALIDITY, UNSEEN and HIGHESTMODSEQ.
    record Value(String name, long value) implements ResponseCode {
        @Override
        public String text() {
            return name + " " + value;
        }
    }

    /// RFC 4315 §3: the validity first, then the UIDs in the order of the messages.
    record AppendUid(long uidValidity, String uids) implements ResponseCode {
        public AppendUid {
            notEmpty(uids);
        }

        @Override
        public String text() {
            return "APPENDUID " + uidValidity + " " + uids;
        }
    }

    /// RFC 4315 §3: the validity of the target; two sets that pair up when expanded.
    record CopyUid(long targetUidValidity, String from, String to) implements ResponseCode {
        public CopyUid {
            notEmpty(from);
            notEmpty(to);
        }

        @Override
        public String text() {
            return "COPYUID " + targetUidValidity + " " + from + " " + to;
        }
    }

    /// RFC 7162 §3.1.3: numbers or UIDs, as the command used them.
    record Modified(String set) implements ResponseCode {
        public Modified {
            notEmpty(set);
        }

        @Override
        public String text() {
            return "MODIFIED " + set;
        }
    }

    /// RFC 8474 §4.1.
    record MailboxId(String id) implements ResponseCode {
        @Override
        public String text() {
            return "MAILBOXID (" + id + ")";
        }
    }

    private static void notEmpty(String set) {
        if (set.isEmpty()) {
            throw new IllegalArgumentException("an empty set has no response code");
        }
    }
}
