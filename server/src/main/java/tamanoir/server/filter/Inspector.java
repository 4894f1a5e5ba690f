package tamanoir.server.filter;

import java.io.IOException;
import java.io.InputStream;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;

/// Everybody who reads a message before it is taken, in order: the administrator's patterns first. Immutable; used by
/// many threads.
public final class Inspector {
    private final ContentChecks checks;
    private final Blobs blobs;

    public Inspector(ContentChecks checks, Blobs blobs) {
        this.checks = checks;
        this.blobs = blobs;
    }

    /// @throws Unavailable when somebody who must be asked cannot be asked now
    public Findings inspect(Subject subject) {
        if (checks.isEmpty()) {
            return Findings.NOTHING;
        }
        try (InputStream message = subject.stream(blobs)) {
            return checks.examine(message, subject.trace(), subject.id().toString());
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }
}
