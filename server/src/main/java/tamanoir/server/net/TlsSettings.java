package tamanoir.server.net;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.TlsParameters;

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

    /// What main.cf says.
    ///
    /// @throws IOException when a table of tls_server_sni_maps cannot be read
    /// @throws tamanoir.mail.text.BadSyntax when its grammar is broken
    public static TlsSettings from(Config config) throws IOException {
        Path home = config.home();
        List<List<Path>> groups = new ArrayList<>();
        List<String> chains = config.get(TlsParameters.SMTPD_TLS_CHAIN_FILES);
        if (!chains.isEmpty()) {
            groups.add(chains.stream().map(home::resolve).toList());
        } else {
            pair(config, TlsParameters.SMTPD_TLS_CERT_FILE, TlsParameters.SMTPD_TLS_KEY_FILE, groups);
            pair(config, TlsParameters.SMTPD_TLS_ECCERT_FILE, TlsParameters.SMTPD_TLS_ECKEY_FILE, groups);
        }
        List<Path> authorities = new ArrayList<>();
        if (config.get(TlsParameters.SMTPD_TLS_ASK_CCERT) || config.get(TlsParameters.SMTPD_TLS_REQ_CCERT)) {
            config.get(TlsParameters.SMTPD_TLS_CAFILE).ifPresent(authorities::add);
            config.get(TlsParameters.SMTPD_TLS_CAPATH).ifPresent(authorities::add);
        }
        return new TlsSettings(
                config.get(NetParameters.MYHOSTNAME),
                groups,
                SniMaps.read(home, config.get(TlsParameters.TLS_SERVER_SNI_MAPS)),
                authorities,
                config.get(TlsParameters.SMTPD_TLS_SESSION_CACHE_SIZE),
                config.get(TlsParameters.SMTPD_TLS_SESSION_CACHE_TIMEOUT));
    }

    private static void pair(
            Config config,
            Parameter<Optional<Path>> certificate,
            Parameter<Optional<Path>> key,
            List<List<Path>> groups) {
        Optional<Path> chain = config.get(certificate);
        if (chain.isPresent()) {
            groups.add(List.of(chain.get(), config.get(key).orElse(chain.get())));
        }
    }

    /// One certificate from `chain` and `key` (which may be the same file), for tests and small things.
    public static TlsSettings of(String hostName, Path chain, Path key) {
        return new TlsSettings(
                hostName, List.of(List.of(chain, key)), Map.of(), List.of(), 20_000, Duration.ofHours(1));
    }
}
