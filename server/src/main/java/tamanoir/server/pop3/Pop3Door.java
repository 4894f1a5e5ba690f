package tamanoir.server.pop3;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.AppPasswords;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.SignIn;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;

/// What stands behind the POP3 ports: one [Session] a connection. `tls` is empty where STLS cannot be offered.
public final class Pop3Door implements Door {
    final Directory directory;
    final Mailboxes mailboxes;
    final SignIn signIn;
    final Optional<TlsServer> tls;
    final Pop3Settings settings;

    /// Sessions signed in per account; used by all sessions.
    private final Map<AccountId, Integer> seats = new ConcurrentHashMap<>();

    public Pop3Door(Directory directory, Mailboxes mailboxes, Optional<TlsServer> tls, Pop3Settings settings) {
        this.directory = directory;
        this.mailboxes = mailboxes;
        this.signIn = new SignIn(directory, "pop3", AppPasswords.Scope.POP3);
        this.tls = tls;
        this.settings = settings;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection, new Trace("pop3", String.valueOf(connection.id()))).run();
    }

    @Override
    public String refusal(Crowded why) {
        return switch (why) {
            case CLIENT -> "-ERR [IN-USE] too many connections from your address\r\n";
            case SERVICE -> "-ERR [SYS/TEMP] too many connections, try again later\r\n";
        };
    }

    boolean takeSeat(AccountId account) {
        return seats.merge(account, 1, Integer::sum) <= settings.sessionsPerAccount();
    }

    void leaveSeat(AccountId account) {
        seats.computeIfPresent(account, (_, taken) -> taken > 1 ? taken - 1 : null);
    }
}
