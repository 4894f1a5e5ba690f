package tamanoir.mail.address;

/// Who gets the bounce: the sender of the envelope, or nobody (RFC 5321 §4.5.5).
public sealed interface ReversePath {
    /// `<>`: a report or an automatic answer, which must never be answered itself.
    record Null() implements ReversePath {
        @Override
        public String toString() {
            return "";
        }
    }

    /// An ordinary sender.
    record Sender(Address address) implements ReversePath {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    ReversePath NULL = new Null();

    static ReversePath of(Address address) {
        return new Sender(address);
    }
}
