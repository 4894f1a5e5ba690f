package tamanoir.server.queue;

/// Names one acceptance in replies, logs, Received fields and the queue: 64 bits, unique by construction, ascending in
/// time.
public record QueueId(long number) {
    private static final String DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    /// Base 52 without vowels, as people see it: about 11 characters.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(12);
        for (long rest = number; rest != 0 || text.isEmpty(); rest = Long.divideUnsigned(rest, DIGITS.length())) {
            text.append(DIGITS.charAt((int) Long.remainderUnsigned(rest, DIGITS.length())));
        }
        return text.reverse().toString();
    }
}
