package tamanoir.server.managesieve;

import java.io.IOException;
import java.util.Optional;
import tamanoir.server.directory.AppPasswords;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.SignIn;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.sieve.Scripts;

/// What stands behind the ManageSieve port: one [Session] a connection. `tls` is empty where STARTTLS cannot be
/// offered.
public final class ManageSieveDoor implements Door {
    final Directory directory;
    final Scripts scripts;
    final SignIn signIn;
    final Optional<TlsServer> tls;
    final ManageSieveSettings settings;

    public ManageSieveDoor(
            Directory directory, Scripts scripts, Optional<TlsServer> tls, ManageSieveSettings settings) {
        this.directory = directory;
        this.scripts = scripts;
        this.signIn = new SignIn(directory, "managesieve", AppPasswords.Scope.SIEVE);
        this.tls = tls;
        this.settings = settings;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection, new Trace("managesieve", String.valueOf(connection.id()))).run();
    }

    @Override
    public String refusal(Crowded why) {
        return switch (why) {
            case CLIENT -> "BYE (TRYLATER) \"too many connections from your address\"\r\n";
            case SERVICE -> "BYE (TRYLATER) \"too many connections, try again later\"\r\n";
        };
    }
}
