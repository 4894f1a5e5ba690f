package tamanoir.server.net;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Lets every certificate pass the handshake: mail between servers is encrypted whoever the other is (RFC 7435), and
/// what
/// a certificate is worth is judged afterwards, also for a resumed session, where no certificate travels.
final class Lenient extends X509ExtendedTrustManager {
    private final X509Certificate[] issuers;

    /// `issuers` are named to clients that are asked for a certificate.
    Lenient(X509Certificate... issuers) {
        this.issuers = issuers.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return issuers.clone();
    }
}
