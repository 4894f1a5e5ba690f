package tamanoir.server.filter.draft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// A text that comes piece by piece: in memory while it is small, in a spool after that. Used by one thread.
public final class NewText implements AutoCloseable {
    private final Blobs blobs;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Blobs.@Nullable Spool spool;

    public NewText(Blobs blobs) {
        this.blobs = blobs;
    }

    public void write(Octets octets) throws IOException {
        Blobs.Spool open = spool;
        if (open == null && memory.size() + octets.length() > Body.SMALL) {
            open = blobs.spool();
            spool = open;
            open.write(memory.toByteArray(), 0, memory.size());
            memory.reset();
        }
        if (open != null) {
            open.write(octets.array(), octets.arrayOffset(), octets.length());
        } else {
            octets.writeTo(memory);
        }
    }

    public Body body() {
        Blobs.Spool open = spool;
        if (open == null) {
            return new Body.Small(Octets.of(memory.toByteArray()));
        }
        long size = open.size();
        return new Body.Large(open.keep(), size);
    }

    @Override
    public void close() {
        Blobs.Spool open = spool;
        if (open != null) {
            open.close();
        }
    }
}
