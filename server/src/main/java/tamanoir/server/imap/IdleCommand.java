package tamanoir.server.imap;

import java.io.IOException;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Stopping;

/// IDLE (RFC 2177): what happens is told as it happens, until the client says DONE.
///
/// The account's watch only wakes this thread, which then compares pictures. A client in IDLE is never logged out for
/// being quiet (RFC 9051 §5.4 wants 30 minutes at least); the still-here line finds out whether it is there.
final class IdleCommand {
    private final Session session;
    private final Connection connection;
    private final CommandReader reader;

    IdleCommand(Session session, Connection connection, CommandReader reader) {
        this.session = session;
        this.connection = connection;
        this.reader = reader;
    }

    Answer run(Wire wire) throws IOException {
        AccountMail mail = session.mail();
        connection.write("+ idling\r\n");
        try (AccountMail.Watch _ = mail.watch(connection::wake)) {
            // Changes before the watch began wake nobody
            say(wire);
            long quietSince = System.nanoTime();
            while (!connection.awaitInput(session.settings().stillHere())) {
                if (connection.isStopping()) {
                    throw new Stopping();
                }
                if (say(wire)) {
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince
                        >= session.settings().stillHere().toNanos()) {
                    connection.write("* OK still here\r\n");
                    quietSince = System.nanoTime();
                }
            }
        }
        Octets line = reader.line();
        if (!line.equalsIgnoreCase("DONE")) {
            throw new BadSyntax("IDLE ends with DONE"); // RFC 2177 §3
        }
        return Answer.ok("that was it");
    }

    private boolean say(Wire wire) throws IOException {
        if (!session.hasSelected() || !session.selected().hasNews()) {
            return false;
        }
        session.tellNews(wire, true);
        wire.spill();
        return true;
    }
}
