package tamanoir.server.directory;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 06: how an account proves who it is. A row of its own, so that lists of accounts never touch it.
///
/// @param password `{SCHEME}…`, empty when nobody can sign in with a password
record Secrets(String password, @Nullable Scram scram) {
    private static final int FORMAT = 1;

    static final Secrets NONE = new Secrets("", null);

    /// SCRAM-SHA-256 keys (RFC 5802 §3).
    record Scram(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
        /// The keys are as good as the password.
        @Override
        public String toString() {
            return "Scram";
        }
    }

    Optional<Scram> scramKeys() {
        return Optional.ofNullable(scram);
    }

    byte[] encode() {
        RowWriter out = new RowWriter(FORMAT, 256).text(password).octet(scram == null ? 0 : 1);
        if (scram != null) {
            out.octets(scram.salt())
                    .number(scram.iterations())
                    .octets(scram.storedKey())
                    .octets(scram.serverKey());
        }
        return out.row();
    }

    static Secrets decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        String password = in.text();
        return new Secrets(
                password, in.octet() == 0 ? null : new Scram(in.octets(), in.count(), in.octets(), in.octets()));
    }

    @Override
    public String toString() {
        return "Secrets";
    }
}
