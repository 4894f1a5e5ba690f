package tamanoir.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom we believe when somebody shows a certificate. Immutable.
final class Authorities {
    private final X509TrustManager judge;

    private Authorities(X509TrustManager judge) {
        this.judge = judge;
    }

    /// The authorities in these PEM files, or in the files of these folders.
    static Authorities of(List<Path> filesAndFolders) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (Path place : filesAndFolders) {
                for (Path file : files(place)) {
                    for (Certificate certificate : certificates(file)) {
                        store.setCertificateEntry(Integer.toString(n++), certificate);
                    }
                }
            }
            return new Authorities(judge(store));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificates cannot be kept in memory", e);
        }
    }

    /// Those that came with Java, or with the system that packed it.
    static Authorities ofSystem() {
        try {
            return new Authorities(judge(null));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no certificates of authorities", e);
        }
    }

    private static X509TrustManager judge(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager judge) {
                return judge;
            }
        }
        throw new GeneralSecurityException("PKIX makes no X509TrustManager");
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (CertificateException e) {
            throw new IOException(file + ": this is no file of certificates: " + e.getMessage(), e);
        }
    }

    /// Why the server's chain is not to be believed; empty when it is.
    String doubtsAboutServer(X509Certificate[] chain) {
        try {
            judge.checkServerTrusted(chain, "UNKNOWN");
            return "";
        } catch (CertificateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    String doubtsAboutClient(X509Certificate[] chain) {
        try {
            judge.checkClientTrusted(chain, "UNKNOWN");
            return "";
        } catch (CertificateException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    X509Certificate[] issuers() {
        return judge.getAcceptedIssuers();
    }
}
