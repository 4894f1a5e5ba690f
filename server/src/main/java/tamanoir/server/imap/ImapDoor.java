package tamanoir.server.imap;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import tamanoir.server.directory.AppPasswords;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.SignIn;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.search.Search;

/// IMAP on a listener, with or without TLS from the start. One for all connections; immutable but for [Seats].
public final class ImapDoor implements Door {
    private final ImapSettings settings;
    private final Directory directory;
    private final Mailboxes mailboxes;
    private final Search search;
    private final Optional<TlsServer> tls;
    private final InstantSource clock;
    private final Seats seats;
    private final SignIn signIn;

    /// `tls` is what STARTTLS upgrades to; without it STARTTLS is not offered.
    public ImapDoor(
            ImapSettings settings,
            Directory directory,
            Mailboxes mailboxes,
            Search search,
            Optional<TlsServer> tls,
            InstantSource clock) {
        this.settings = settings;
        this.directory = directory;
        this.mailboxes = mailboxes;
        this.search = search;
        this.tls = tls;
        this.clock = clock;
        this.signIn = new SignIn(directory, "imap", AppPasswords.Scope.IMAP);
        this.seats = new Seats(settings.sessionsPerAccount());
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(connection, this, new Trace("imap", Long.toString(connection.id()))).run();
    }

    @Override
    public String refusal(Crowded why) {
        return switch (why) {
            case CLIENT -> "* BYE [LIMIT] too many connections from your address\r\n";
            case SERVICE -> "* BYE [UNAVAILABLE] too many connections, please try later\r\n";
        };
    }

    ImapSettings settings() {
        return settings;
    }

    Directory directory() {
        return directory;
    }

    SignIn signIn() {
        return signIn;
    }

    Mailboxes mailboxes() {
        return mailboxes;
    }

    Search search() {
        return search;
    }

    Optional<TlsServer> tls() {
        return tls;
    }

    InstantSource clock() {
        return clock;
    }

    Seats seats() {
        return seats;
    }
}
