package tamanoir.server.smtp;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import tamanoir.server.authresults.Examiner;
import tamanoir.server.delivery.Destinations;
import tamanoir.server.directory.SignIn;
import tamanoir.server.filter.milter.Milters;
import tamanoir.server.intake.Intake;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.TlsServer;
import tamanoir.server.policy.ClientNames;
import tamanoir.server.policy.Policy;
import tamanoir.server.postscreen.Postscreen;
import tamanoir.server.queue.Queue;
import tamanoir.server.store.Blobs;

/// One SMTP or LMTP service: what its sessions share. Immutable but for the counters of [Rates].
///
/// `tls` is empty where no certificate is set. `freeOctets` tells how much room the disk of the store has.
public record SmtpDoor(
        SmtpSettings settings,
        Postscreen postscreen,
        Policy policy,
        Examiner examiner,
        Milters milters,
        Destinations destinations,
        Intake intake,
        Queue queue,
        Blobs blobs,
        SignIn signIn,
        Optional<TlsServer> tls,
        ClientNames names,
        Rates rates,
        Budget budget,
        LongSupplier freeOctets,
        InstantSource clock)
        implements Door {

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection).run();
    }

    @Override
    public String refusal(Crowded why) {
        return switch (why) {
            case CLIENT -> "421 4.7.0 " + settings.hostname() + " Error: too many connections from your host\r\n";
            case SERVICE -> "421 4.3.2 " + settings.hostname() + " Error: too many connections, try again later\r\n";
        };
    }
}
