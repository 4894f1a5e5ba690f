package tamanoir.server.personal;

import java.util.Optional;

/// What an object is. Code and letter stand in rows and ids and are never used again for something else.
public enum Kind {
    /// RFC 8621 §6.
    IDENTITY(1, 'i', 64 << 10),
    /// RFC 8621 §7.
    SUBMISSION(2, 's', 1 << 20),
    /// RFC 8620 §7.2.
    PUSH_SUBSCRIPTION(3, 'p', 16 << 10),
    /// RFC 9610 §2.
    ADDRESS_BOOK(4, 'b', 16 << 10),
    /// RFC 9610 §3.
    CONTACT_CARD(5, 'c', 1 << 20),
    SETTINGS(6, 'g', 64 << 10),
    TEMPLATE(7, 'x', 512 << 10),
    SAVED_SEARCH(8, 'q', 16 << 10),
    SNOOZE(9, 'z', 16 << 10),
    /// Somebody the person wrote to.
    CORRESPONDENT(10, 'h', 4 << 10),
    /// RFC 9661 §2; what it says is the business of room `sieve`.
    SIEVE_SCRIPT(11, 'v', 8 << 20),
    /// RFC 8621 §8; one an account, and room `sieve` makes something of it.
    VACATION_RESPONSE(12, 'o', 1 << 20);

    private final int code;
    private final char letter;
    private final int mostOctets;

    Kind(int code, char letter, int mostOctets) {
        this.code = code;
        this.letter = letter;
        this.mostOctets = mostOctets;
    }

    int code() {
        return code;
    }

    static Optional<Kind> of(int code) {
        for (Kind kind : values()) {
            if (kind.code == code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// How the id of the n-th object begins with its letter: RFC 8620 §1.2 advises against a digit first.
    String id(long number) {
        return letter + Long.toHexString(number);
    }

    /// Octets of one object's JSON at most.
    public int mostOctets() {
        return mostOctets;
    }
}
