package tamanoir.server.mailbox;

import java.util.Optional;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;

/// A new message with everything that can be worked out before it is an account's turn: conversation, facts, the values
/// of its rows. Made once for any number of accounts.
///
/// @param factsRow empty when they are worked out at the first question, as for bodies that are not in memory
record Draft(NewMessage message, Kinship kinship, Optional<byte[]> factsRow, byte[] prefixRow, byte[] bodyRow) {
    private static final int FORMAT = 1;

    static Draft of(NewMessage message) {
        if (message.prefix().length() >= Store.LONGEST_VALUE) {
            throw new MailboxRefused(Reason.LIMIT, "too many header fields were added to this message");
        }
        byte[] body = switch (message.body()) {
            case Body.Small small -> row(small.octets());
            case Body.Large _ -> Keys.NOTHING;
        };
        return new Draft(message, Kinship.NONE, Optional.empty(), row(message.prefix()), body);
    }

    /// Octets that its rows take in a batch, body apart, at most.
    int rowOctets() {
        return prefixRow.length + factsRow.map(row -> row.length).orElse(0) + 1_024 + 64 * Kinship.MOST;
    }

    private static byte[] row(Octets octets) {
        byte[] row = new byte[octets.length() + 1];
        row[0] = FORMAT;
        octets.copyTo(row, 1);
        return row;
    }

    /// The octets of a prefix or body row.
    static Octets octets(byte[] row) {
        RowReader.of(row, FORMAT);
        return Octets.of(row, 1, row.length - 1);
    }
}
