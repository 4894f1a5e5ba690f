package tamanoir.server.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// A secret of this server, made once and kept in the store: signs addresses that only we may have written.
/// Immutable.
final class ServerSecret {
    private static final Space SECRET = new Space(0x03, Space.Family.META);
    private static final byte[] KEY = "signing".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 32;
    private static final byte FORMAT = 1;

    private final SecretKeySpec secret;

    private ServerSecret(byte[] row) {
        this.secret = new SecretKeySpec(row, 1, row.length - 1, "HmacSHA256");
    }

    static ServerSecret of(Store store) {
        while (true) {
            long version;
            try (Snapshot snapshot = store.snapshot()) {
                var row = snapshot.get(WebSessions.PARTITION, SECRET, KEY);
                if (row.isPresent()) {
                    return new ServerSecret(row.get());
                }
                version = snapshot.version(WebSessions.PARTITION);
            }
            byte[] made = new byte[LENGTH + 1];
            new SecureRandom().nextBytes(made);
            made[0] = FORMAT;
            Partition partition = WebSessions.PARTITION;
            if (store.commit(new Batch(partition, version).put(SECRET, KEY, made)) instanceof Commit.Done) {
                return new ServerSecret(made);
            }
        }
    }

    /// 128 bits in base64url over the parts, which are kept apart.
    String sign(String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            for (String part : parts) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    boolean isSigned(String signature, String... parts) {
        return MessageDigest.isEqual(
                sign(parts).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }
}
