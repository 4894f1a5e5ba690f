package tamanoir.server.net;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The server's certificates and its memory of sessions.
///
/// @param hostName whom a certificate is made for when the files are missing
/// @param certificates groups of PEM files, each group holding keys and their chains: certificate and key file, or one
///     file with both; shown when a client asks for no name that is known
/// @param byName such a group for each name (RFC 6066 §3); a name that begins with a dot stands for all below it
/// @param authorities PEM files with certificates of authorities for client certificates
public record TlsSettings(
        String hostName,
        List<List<Path>> certificates,
        Map<String, List<Path>> byName,
        List<Path> authorities,
        int cacheSize,
        Duration cacheTimeout) {
    public TlsSettings {
        certificates = certificates.stream().map(List::copyOf).toList();
        byName = Map.copyOf(byName);
        authorities = List.copyOf(authorities);
    }

    /// One certificate from `chain` and `key` (which may be the same file), for tests and small things.
    public static TlsSettings of(String hostName, Path chain, Path key) {
        return new TlsSettings(
                hostName, List.of(List.of(chain, key)), Map.of(), List.of(), 20_000, Duration.ofHours(1));
    }
}
