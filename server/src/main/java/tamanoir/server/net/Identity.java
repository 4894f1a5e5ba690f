package tamanoir.server.net;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// A private key and the certificates that prove whose it is, its own first.
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    public Identity {
        chain = List.copyOf(chain);
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// The kind of key as JSSE asks for it: `EC`, `RSA`, `EdDSA`.
    String keyType() {
        String algorithm = certificate().getPublicKey().getAlgorithm();
        return algorithm.toUpperCase(Locale.ROOT).startsWith("ED") ? "EdDSA" : algorithm;
    }

    /// Reads PEM files that together hold keys (PKCS #8, PKCS #1, SEC 1) and certificates, in any order: a key goes
    /// with
    /// the certificate of its public half, and the certificates behind that one are its chain.
    ///
    /// @throws IOException that says which file is wrong and why, also when a key has no certificate or there is
    ///     none
    public static List<Identity> read(List<Path> files) throws IOException {
        List<PrivateKey> keys = new ArrayList<>();
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : files.stream().distinct().toList()) {
            read(file, keys, certificates);
        }
        String names = files.stream().distinct().map(Path::toString).collect(Collectors.joining(", "));
        if (keys.isEmpty() || certificates.isEmpty()) {
            throw new IOException(names + ": there is no " + (keys.isEmpty() ? "private key" : "certificate")
                    + " in it; it must be in PEM form, -----BEGIN …");
        }
        List<Integer> leaves = new ArrayList<>();
        for (PrivateKey key : keys) {
            leaves.add(leaf(key, certificates, names));
        }
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            int from = leaves.get(i);
            int to = from + 1;
            while (to < certificates.size() && !leaves.contains(to)) {
                to++;
            }
            identities.add(new Identity(certificates.subList(from, to), keys.get(i)));
        }
        return identities;
    }

    private static void read(Path file, List<PrivateKey> keys, List<X509Certificate> certificates) throws IOException {
        JcaPEMKeyConverter keyConverter = new JcaPEMKeyConverter();
        JcaX509CertificateConverter certificateConverter = new JcaX509CertificateConverter();
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                switch (object) {
                    case X509CertificateHolder holder -> certificates.add(certificateConverter.getCertificate(holder));
                    case PrivateKeyInfo info -> keys.add(keyConverter.getPrivateKey(info));
                    case PEMKeyPair pair -> keys.add(keyConverter.getPrivateKey(pair.getPrivateKeyInfo()));
                    case PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
                        throw new IOException(file + ": the private key is encrypted, and nobody is there to type the "
                                + "password; store it without one (openssl pkey -in … -out …)");
                    default -> {
                        // Parameters of a curve, a request: not ours.
                    }
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new IOException(file + ": the server may not read it; check owner and mode", e);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException(file + ": this is no valid certificate or key: " + e.getMessage(), e);
        } catch (IOException e) {
            String told = String.valueOf(e.getMessage());
            throw told.startsWith(file.toString()) ? e : new IOException(file + ": " + told, e);
        }
    }

    private static int leaf(PrivateKey key, List<X509Certificate> certificates, String names) throws IOException {
        for (int i = 0; i < certificates.size(); i++) {
            if (belong(key, certificates.get(i).getPublicKey())) {
                return i;
            }
        }
        throw new IOException(names + ": the private key belongs to none of the certificates; were only some of the "
                + "files replaced?");
    }

    private static boolean belong(PrivateKey key, PublicKey other) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] message = new byte[32];
        new SecureRandom().nextBytes(message);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false; // Keys of different kinds.
        }
    }
}
