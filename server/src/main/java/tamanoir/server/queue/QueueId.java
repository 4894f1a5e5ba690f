package tamanoir.server.queue;

import tamanoir.mail.text.BadSyntax;

/// Names one acceptance in replies, logs, Received fields and the queue: 64 bits, unique by construction,
/// ascending in time.
///
/// The low five bits are zero in a new one: a message with very many recipients is kept as up to 32 parts,
/// and a part is a queue entry with an id of its own.
public record QueueId(long number) implements Comparable<QueueId> {
    private static final String DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    static final int PARTS = 32;

    /// Base 52 without vowels, as people see it: about 11 characters.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(12);
        for (long rest = number; rest != 0 || text.isEmpty(); rest = Long.divideUnsigned(rest, DIGITS.length())) {
            text.append(DIGITS.charAt((int) Long.remainderUnsigned(rest, DIGITS.length())));
        }
        return text.reverse().toString();
    }

    /// Reads what [#toString] wrote.
    ///
    /// @throws BadSyntax when it is no queue id
    public static QueueId of(String text) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0 || text.length() > 12) {
                throw new BadSyntax("\"" + text + "\" is not a queue id");
            }
            number = number * DIGITS.length() + digit;
        }
        if (text.isEmpty()) {
            throw new BadSyntax("a queue id is missing");
        }
        return new QueueId(number);
    }

    /// The id of the message that this is a part of.
    QueueId whole() {
        return new QueueId(number - Long.remainderUnsigned(number, PARTS));
    }

    QueueId part(int part) {
        return new QueueId(number + part);
    }

    @Override
    public int compareTo(QueueId other) {
        return Long.compareUnsigned(number, other.number);
    }
}
