package tamanoir.server.jmap.personal;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.sieve.Scripts;

/// The texts of scripts as blobs (RFC 9661 §2.2). An older text is no blob any more.
public record SieveBlobs(Supplier<Scripts> scripts) implements AccountBlobs.Others {
    @Override
    public Optional<Jmap.Download> find(AccountId account, String blobId) {
        int end = blobId.indexOf('_');
        if (end < 0) {
            return Optional.empty();
        }
        return scripts.get()
                .byId(account, blobId.substring(0, end))
                .filter(script ->
                        SieveScriptType.blobId(script.id(), script.text()).equals(blobId))
                .map(script -> {
                    byte[] octets = script.text().getBytes(StandardCharsets.UTF_8);
                    return new Jmap.Download(
                            "application/sieve; charset=utf-8",
                            Optional.of(script.name() + ".sieve"),
                            octets.length,
                            () -> new ByteArrayInputStream(octets));
                });
    }
}
