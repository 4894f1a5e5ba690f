package tamanoir.server.jmap.personal;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import tamanoir.mail.jmap.Json;
import tamanoir.server.json.JsonText;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// The key by which push services know this server (VAPID, RFC 8292; RFC 9749 for JMAP). Made once and kept
/// in the store, since browsers bind their subscriptions to it. Immutable.
public final class PushKey {
    private static final Partition PARTITION = Partition.of('V', 0);
    private static final Space KEY = new Space(0x01, Space.Family.META);
    private static final int FORMAT = 1;
    private static final Duration VALID = Duration.ofHours(12);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final JsonText JSON = new JsonText(10_000);

    private final ECPublicKey open;
    private final PrivateKey secret;

    private PushKey(ECPublicKey open, PrivateKey secret) {
        this.open = open;
        this.secret = secret;
    }

    public static PushKey of(Store store) {
        while (true) {
            long version;
            try (Snapshot snapshot = store.snapshot()) {
                var row = snapshot.get(PARTITION, KEY, new byte[0]);
                if (row.isPresent()) {
                    return decode(row.get());
                }
                version = snapshot.version(PARTITION);
            }
            KeyPair made = WebPush.newKeys();
            byte[] row = new RowWriter(FORMAT, 256)
                    .octets(made.getPublic().getEncoded())
                    .octets(made.getPrivate().getEncoded())
                    .row();
            if (store.commit(new Batch(PARTITION, version).put(KEY, new byte[0], row)) instanceof Commit.Done) {
                return new PushKey((ECPublicKey) made.getPublic(), made.getPrivate());
            }
        }
    }

    private static PushKey decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            return new PushKey(
                    (ECPublicKey) keys.generatePublic(new X509EncodedKeySpec(in.octets())),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(in.octets())));
        } catch (GeneralSecurityException e) {
            throw RowReader.damaged("the key of push: " + e.getMessage());
        }
    }

    /// As a browser wants it, `applicationServerKey`.
    String text() {
        return BASE64.encodeToString(WebPush.point(open));
    }

    /// The value of Authorization for one push service (RFC 8292 §3).
    String authorization(URI endpoint, String contact, Instant now) {
        String audience = endpoint.getScheme() + "://" + endpoint.getRawAuthority();
        String head = part(Json.object().put("typ", "JWT").put("alg", "ES256").build());
        String claims = part(Json.object()
                .put("aud", audience)
                .put("exp", now.plus(VALID).getEpochSecond())
                .put("sub", contact)
                .build());
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(secret);
            signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return "vapid t=" + head + "." + claims + "." + BASE64.encodeToString(signature.sign()) + ", k=" + text();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has ECDSA", e);
        }
    }

    private static String part(Json.Obj object) {
        return BASE64.encodeToString(JSON.write(object));
    }
}
