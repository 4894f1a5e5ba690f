package tamanoir.server.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.OptionalInt;
import tamanoir.mail.pop3.LineWriter;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;
import tamanoir.server.net.Connection;
import tamanoir.server.observe.Refused;
import tamanoir.server.store.Blobs;

/// INBOX as it was at login, and which of its messages the client wants deleted. Used by one session.
///
/// The picture holds no lock: another session may remove a message meanwhile; fetching that one is refused, the numbers
/// stay.
final class Maildrop {
    private final Account account;
    private final AccountMail mail;
    private final Blobs blobs;
    private final MailboxInfo inbox;
    private final View view;
    private final BitSet deleted = new BitSet();

    Maildrop(Account account, AccountMail mail, Blobs blobs) {
        this.account = account;
        this.mail = mail;
        this.blobs = blobs;
        this.inbox = mail.find("INBOX").orElseThrow();
        this.view = mail.view(inbox.id());
    }

    Account account() {
        return account;
    }

    int count() {
        return view.size() - deleted.cardinality();
    }

    long octets() {
        long sum = 0;
        for (int i = deleted.nextClearBit(0); i < view.size(); i = deleted.nextClearBit(i + 1)) {
            sum += view.octets(i);
        }
        return sum;
    }

    /// Message numbers start at 1 and are never given again in a session (RFC 1939 §5).
    private int index(int message) {
        if (message > view.size() || deleted.get(message - 1)) {
            throw new Refused("no such message");
        }
        return message - 1;
    }

    /// The number of the next message after `message` that is not deleted.
    OptionalInt next(int message) {
        int index = deleted.nextClearBit(message);
        return index < view.size() ? OptionalInt.of(index + 1) : OptionalInt.empty();
    }

    long octets(int message) {
        return view.octets(index(message));
    }

    /// Unique for ever: the mailbox's validity and the UID (RFC 1939 §7, UIDL).
    String uniqueId(int message) {
        return view.uidValidity() + "." + view.uid(index(message));
    }

    void delete(int message) {
        deleted.set(index(message));
    }

    void undelete() {
        deleted.clear();
    }

    /// Writes the whole answer; `bodyLines` negative for all of the message.
    ///
    /// @throws Refused before anything is written, when the message is gone
    void write(int message, long bodyLines, Connection to) throws IOException {
        int index = index(message);
        Octets prefix = mail.prefix(view.message(index));
        try (InputStream body = mail.body(view.message(index)).stream(blobs)) {
            to.write("+OK " + view.octets(index) + " octets\r\n");
            LineWriter lines = new LineWriter(to::write, bodyLines);
            lines.feed(prefix.array(), prefix.arrayOffset(), prefix.length());
            byte[] portion = new byte[16 * 1024];
            for (int length; !lines.isDone() && (length = body.read(portion)) > 0; ) {
                lines.feed(portion, 0, length);
            }
            lines.finish();
        }
    }

    /// The update state: removes exactly what was marked (RFC 1939 §6); answers how many.
    int update() {
        if (deleted.isEmpty()) {
            return 0;
        }
        long[] uids = deleted.stream().mapToLong(view::uid).toArray();
        mail.remove(inbox.id(), Uids.of(uids));
        return uids.length;
    }
}
