package tamanoir.server.search;

/// What a query has found, in order.
///
/// @param version of the account, for which this is right: with the same version it would be found again
/// @param messages numbers of [tamanoir.server.mailbox.MessageId]; not to be changed
/// @param complete false when time ran out before everything was looked through
@SuppressWarnings("ArrayRecordComponent")
public record Found(long version, long[] messages, boolean complete) {
    public int size() {
        return messages.length;
    }

    /// The place of a message, -1 when it was not found.
    public int indexOf(long message) {
        for (int i = 0; i < messages.length; i++) {
            if (messages[i] == message) {
                return i;
            }
        }
        return -1;
    }
}
