package tamanoir.mail.smtp;

import tamanoir.mail.address.Address;

/// A path as a client writes it in MAIL and RCPT, source routes dropped (RFC 5321 §4.1.1.3, appendix C).
public sealed interface Path {
    /// `<>`, in MAIL only (RFC 5321 §4.5.5).
    record Null() implements Path {
        @Override
        public String toString() {
            return "";
        }
    }

    /// A local part without a domain: `<postmaster>`, and what local programs write. The server completes it.
    record Bare(String localPart) implements Path {
        @Override
        public String toString() {
            return localPart;
        }
    }

    /// A whole address.
    record Whole(Address address) implements Path {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    Path NULL = new Null();
}
