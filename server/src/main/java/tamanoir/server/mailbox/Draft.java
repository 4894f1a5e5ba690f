package tamanoir.server.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.Store;

/// A new message with everything that can be worked out before it is an account's turn: conversation, facts, the values
/// of its rows. Made once for any number of accounts.
///
/// @param factsRow empty when they are worked out at the first question, as for bodies that are not in memory
record Draft(NewMessage message, Kinship kinship, Optional<byte[]> factsRow, byte[] prefixRow, byte[] bodyRow) {
    private static final Trace TRACE = new Trace("mailbox", "");
    private static final int FORMAT = 1;

    /// Facts longer than this are made again at each question: they come of hostile structure, not of mail.
    private static final int LONGEST_FACTS = 32 * 1024;

    /// Of a body that is not in memory, this much is read for its header.
    private static final int HEADER = 64 * 1024;

    static Draft of(NewMessage message, Blobs blobs) {
        if (message.prefix().length() >= Store.LONGEST_VALUE) {
            throw new MailboxRefused(Reason.LIMIT, "too many header fields were added to this message");
        }
        return switch (message.body()) {
            case Body.Small small -> {
                Octets whole =
                        message.prefix().isEmpty() ? small.octets() : Octets.join(message.prefix(), small.octets());
                Optional<MessageFacts> facts = facts(whole);
                yield new Draft(
                        message,
                        facts.map(Kinship::of).orElse(Kinship.NONE),
                        facts.flatMap(Draft::factsRow),
                        row(message.prefix()),
                        row(small.octets()));
            }
            case Body.Large large ->
                new Draft(
                        message,
                        Kinship.of(HeaderFields.of(header(large, blobs))),
                        Optional.empty(),
                        row(message.prefix()),
                        Keys.NOTHING);
        };
    }

    /// A message that our own parser stumbles over is still mail: it is kept, and the log says what happened.
    private static Optional<MessageFacts> facts(Octets whole) {
        try {
            return Optional.of(MessageFacts.of(whole));
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
            return Optional.empty();
        }
    }

    /// The row of facts, unless it is too long to be kept.
    static Optional<byte[]> factsRow(MessageFacts facts) {
        byte[] row = facts.encode();
        return row.length > LONGEST_FACTS ? Optional.empty() : Optional.of(row);
    }

    private static Octets header(Body.Large large, Blobs blobs) {
        try (InputStream in = large.stream(blobs)) {
            return Octets.of(in.readNBytes(HEADER));
        } catch (IOException e) {
            throw new Unavailable("try again later", large.hash() + ": " + e, e);
        }
    }

    /// How many rows it takes in a batch at most, the memory of its deposit included.
    int rows() {
        return 9 + kinship.ids().length;
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
