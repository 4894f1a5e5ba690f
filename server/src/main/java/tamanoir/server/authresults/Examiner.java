package tamanoir.server.authresults;

import java.net.InetAddress;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Checks where messages come from. Immutable; used by many sessions.
public final class Examiner {
    /// A message of a stranger as it came, before anything was added.
    public record Subject(Trace trace, InetAddress client, String helo, ReversePath sender, Body body) {}

    private Examiner() {}

    /// Checks nothing.
    public static Examiner off() {
        return new Examiner();
    }

    /// Everything that can be found out about a message. Trouble with the DNS is part of the answer, never an error.
    public Evidence examine(Subject subject, Blobs blobs) {
        return Evidence.NONE;
    }
}
