package tamanoir.app;

import java.util.Optional;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Directory;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.intake.Receipt;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.personal.Personal;
import tamanoir.server.queue.Queue;
import tamanoir.server.setup.Setup;
import tamanoir.server.store.rocks.RocksStore;

/// What a command works on: the parts of the running server, or the same parts opened for this one command.
public record Office(
        Config config,
        RocksStore store,
        Directory directory,
        Mailboxes mailboxes,
        Personal personal,
        Queue queue,
        Lessons lessons,
        Optional<Running> running) {

    /// What only a running server can do.
    public interface Running {
        /// Reads main.cf again, all or nothing; answers what to say.
        ///
        /// @throws tamanoir.server.observe.Refused when the new configuration has errors: the old one stays
        String reload();

        /// Begins to stop; answers at once.
        void stop();

        Status status();

        /// The first steps of a new server.
        Setup setup();

        /// Takes a message from a local user.
        Receipt submit(String user, Envelope envelope, Octets message);
    }
}
