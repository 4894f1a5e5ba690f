package tamanoir.server.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority of the test's own and the certificates it issues; each test may have several.
public final class TestCertificates {
    /// A key, its certificate, and the authority's behind it.
    public record Issued(List<X509Certificate> chain, PrivateKey key, PublicKey publicKey) {}

    private final KeyPair keys = pair("EC");
    private final X509Certificate certificate;

    public TestCertificates() {
        this("Authority of a test");
    }

    public TestCertificates(String name) {
        certificate = sign(
                name,
                keys.getPublic(),
                List.of(),
                true,
                name,
                keys,
                Instant.now().plus(2, ChronoUnit.DAYS));
    }

    /// The authority's own certificate.
    public X509Certificate authority() {
        return certificate;
    }

    /// `keyType` is `EC` or `RSA`.
    public Issued issue(String keyType, String... names) {
        return issue(keyType, Instant.now().plus(1, ChronoUnit.DAYS), names);
    }

    public Issued issue(String keyType, Instant notAfter, String... names) {
        KeyPair pair = pair(keyType);
        X509Certificate leaf = sign(
                names[0],
                pair.getPublic(),
                Arrays.asList(names),
                false,
                certificate.getSubjectX500Principal().getName().replaceFirst("^CN=", ""),
                keys,
                notAfter);
        return new Issued(List.of(leaf, certificate), pair.getPrivate(), pair.getPublic());
    }

    private static KeyPair pair(String keyType) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType);
            generator.initialize(keyType.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            String subject,
            PublicKey key,
            List<String> names,
            boolean authority,
            String issuer,
            KeyPair issuerKeys,
            Instant notAfter) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    new BigInteger(100, new SecureRandom()),
                    Date.from(Instant.now().minus(30, ChronoUnit.DAYS)),
                    Date.from(notAfter),
                    new X500Name("CN=" + subject),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!names.isEmpty()) {
                GeneralName[] all = names.stream()
                        .map(name -> new GeneralName(
                                name.matches("[0-9.]+|[0-9a-f]*:[0-9a-f:]*")
                                        ? GeneralName.iPAddress
                                        : GeneralName.dNSName,
                                name))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes objects (keys as PKCS #8, certificates) as PEM into one file, atomically.
    public static Path pem(Path file, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
            }
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        Files.writeString(fresh, text.toString());
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// The chain alone.
    public static Path chain(Path file, Issued issued) throws IOException {
        return pem(file, issued.chain().toArray());
    }

    /// A client's TLS over a connected socket; it believes every certificate.
    public static SSLSocket trustingAll(Socket socket, Optional<String> serverName) throws IOException {
        return over(clientContext(), socket, serverName);
    }

    /// A client's own memory of sessions.
    public static SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A client with a certificate of its own; its key has no password.
    public static SSLContext clientContext(java.security.KeyStore own) {
        try {
            javax.net.ssl.KeyManagerFactory keys = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static SSLSocket over(SSLContext context, Socket socket, Optional<String> serverName) throws IOException {
        SSLSocket layered = (SSLSocket)
                context.getSocketFactory().createSocket(socket, serverName.orElse("127.0.0.1"), socket.getPort(), true);
        layered.setUseClientMode(true);
        if (serverName.isPresent()) {
            SSLParameters parameters = layered.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName.get())));
            layered.setSSLParameters(parameters);
        }
        return layered;
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
